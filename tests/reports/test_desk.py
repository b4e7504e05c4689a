"""Panels at the desk: looked at, put together, taken away as a file."""

import csv
import io
from datetime import timedelta

import pytest

from app.accounts.group import Group
from app.catalog.lists import Category
from app.lib.clock import now
from app.reports.index import REPORTS
from app.reports.panel import MOST, Panel
from app.surveys.survey import Survey
from app.tickets.ticket import Ticket
from tests.counting import statements
from tests.page import both_ways


def test_somebody_who_has_made_none_sees_the_usual_one(desk, world):
    shown = desk(world.vic).get("/desk/panels")
    assert shown.heading("Overview").tag == "h1"
    assert "1 in the team's turn" in shown.region("Open now").text
    assert Panel.select().count() == 0, "looking makes nothing"


@both_ways
def test_the_period_and_the_group_are_in_the_address(desk, world, htmx):
    shown = desk(world.ada).get(f"/desk/panels?days=7&agent={world.bea.id}", htmx=htmx)
    assert "0" in shown.region("Open now").text
    assert shown.link("CSV: By status")["href"].endswith(f"?agent={world.bea.id}&days=7")
    assert shown.field("Period").value == "7"


def test_what_is_chosen_stands_there_though_it_is_offered_no_more(desk, world):
    """Somebody who has left, a category that is switched off; of a group that is hidden from them no name."""
    category, board = Category.add("Presses"), Group.create(name="Board", is_restricted=True)
    category.change(is_active=False)
    world.ben.agent.become(role="agent", is_internal=False, is_active=False)
    bea = desk(world.bea)
    page = bea.get(f"/desk/panels?agent={world.ben.id}&category={category.id}&group={board.id}")
    chosen = page.region("Filters")
    assert "Assigned to Ben Ortiz" in chosen
    assert "Category Presses" in chosen
    assert "Board" not in page
    values = [page.field(label).value for label in ("Assigned to", "Category", "Group")]
    assert values == [str(world.ben.id), str(category.id), str(board.id)]
    assert "Category Presses" not in page.press("Apply", category="").region("Filters")
    assert "Ben Ortiz" not in bea.get("/desk/panels").region("Filters")


def test_a_panel_is_put_together_in_the_order_of_its_numbers(desk, world):
    ben = desk(world.ben)
    ben.post("/desk/panels", title="Mine", cards=["per-day", "open"], **{"place-per-day": "2", "place-open": "1"})
    panel = Panel.get()
    assert (panel.person, panel.title, panel.cards) == (world.ben, "Mine", ["open", "per-day"])
    assert ben.get("/desk/panels").heading("Mine").tag == "h1"
    ben.post(f"/desk/panels/{panel.id}", title="Ours", cards=["open"])
    assert (Panel.get().title, Panel.get().cards) == ("Ours", ["open"])
    ben.post(f"/desk/panels/{panel.id}/removal")
    assert not Panel.select().exists()


@both_ways
def test_a_refused_panel_keeps_what_was_chosen(desk, world, htmx):
    refused = desk(world.ben).post("/desk/panels", title="", cards=["scores"], htmx=htmx, **{"place-scores": "1"})
    assert refused.status == 422
    assert "checked" in refused.field("Satisfaction by answer").element.attrib
    refused = desk(world.ben).post("/desk/panels", title="None of them", htmx=htmx)
    assert "Choose at least one figure or chart." in refused.text


def test_a_panel_is_its_owners(desk, world):
    panel = Panel.compose(by=world.ben, title="Mine", cards=["open"])
    assert desk(world.ada).get(f"/desk/panels/{panel.id}").status == 404
    assert desk(world.ada).post(f"/desk/panels/{panel.id}/removal").status == 404


def test_there_are_no_more_than_twelve(desk, world):
    for _ in range(MOST):
        Panel.compose(by=world.ben, title="One", cards=["open"])
    assert "twelve" in desk(world.ben).post("/desk/panels", title="More", cards=["open"]).text


def everything(world):
    """A panel of all there is, of tickets that give each chart something to draw."""
    ticket = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x", acknowledge=False)
    survey = Survey.write(by=world.ada, title="How did it go?", introduction="")
    question = survey.ask(by=world.ada, text="Happy?", kind="score", choices=[], is_required=True)
    ticket.set_due(now() + timedelta(hours=1), by=world.ben)
    ticket.send_survey(by=world.ben).answer({f"question-{question.id}": "4"})
    ticket.close("Done.", by=world.ben)
    return f"/desk/panels/{Panel.compose(by=world.ada, title='All', cards=list(REPORTS)).id}"


CHARTS = {
    "New and closed tickets": "New and closed tickets: New 2, Closed 1",
    "Deadlines met": "Deadlines met: latest 100 %",
    "By status": "", "By channel": "", "By category": "", "Workload by person": "", "Satisfaction by answer": "",
}  # fmt: skip


@pytest.mark.parametrize("title", CHARTS)
def test_each_chart_is_drawn_and_says_the_same_in_a_table_and_a_file(desk, world, title):
    """A drawing with words of its own has its table behind it; bars stand in the cells of theirs, unseen by the ear."""
    ada, panel = desk(world.ada), everything(world)
    chart = ada.get(panel).region(title)
    (table,) = chart.all("table")
    assert [each.name for each in chart.all() if each.get("role") == "img"] == [CHARTS[title]] * bool(CHARTS[title])
    assert chart.has_button("See the data") is bool(CHARTS[title])
    if not CHARTS[title]:
        bars = [each for each in table.all() if each.get("class") == "bars__bar"]
        assert [each.get("aria-hidden") for each in bars] == ["true"] * (len(table.all("tr")) - 1)
    rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
    assert {head["scope"] for head in table.all("th")} == {"col", "row"}
    file = ada.get(chart.link(f"CSV: {title}")["href"]).html.removeprefix("\ufeff")
    kept = list(csv.reader(io.StringIO(file)))
    assert rows[0] == kept[0]
    assert len(rows) == len(kept) > 1
    assert [[cell or "–" for cell in row[1:]] for row in kept[1:]] == [row[1:] for row in rows[1:]]


def test_a_figure_says_how_it_was_before_and_a_chart_how_many_in_all(desk, world):
    ada, panel = desk(world.ada), everything(world)
    world.leak.change(created_at=now() - timedelta(days=40), first_response_at=now() - timedelta(days=39))
    page = ada.get(panel)
    assert "less than before" in page.region("First response")
    assert {"New 1", "Closed 1"} <= {each.text for each in page.region("New and closed tickets").all("span")}


def test_filters_are_cleared_at_once(desk, world):
    ada = desk(world.ada)
    narrowed = ada.get(f"/desk/panels?days=7&agent={world.bea.id}")
    cleared = narrowed.follow("Clear filters")
    assert [cleared.field(label).value for label in ("Period", "Assigned to")] == ["30", ""]
    assert not cleared.has_link("Clear filters")


def test_a_line_that_would_be_drawn_of_nothing_says_so(desk, world):
    panel = Panel.compose(by=world.ada, title="Mine", cards=["in-time-over-time"])
    chart = desk(world.ada).get(f"/desk/panels/{panel.id}").region("Deadlines met")
    assert "Nothing in these days." in chart
    assert not chart.all("table")


def test_a_file_is_narrowed_as_its_panel_is(desk, world):
    ada = desk(world.ada)
    for agent, expected in ((world.ben, [["Open", "1"]]), (world.bea, [])):
        page = ada.get("/desk/panels").press("Apply", agent=str(agent.id))
        file = ada.get(page.link("CSV: By status")["href"]).html
        assert list(csv.reader(io.StringIO(file)))[1:] == expected


def test_a_file_holds_nothing_of_a_group_that_is_hidden_from_its_reader(desk, world):
    world.press_team.change(is_restricted=True)
    world.leak.give_to_group(world.press_team, by=world.ada)
    for who, rows in ((world.ben, 2), (world.bea, 1)):
        assert len(desk(who).get("/desk/panels/figures/by-status.csv").html.splitlines()) == rows


def test_a_file_is_as_spreadsheets_of_its_readers_language_expect(desk, world):
    world.ada.change(language="es")
    file = desk(world.ada).get("/desk/panels/figures/workload.csv").html.removeprefix("\ufeff")
    assert file.splitlines() == ["Asignado a;Tickets", "Ben Ortiz;1"]


def test_each_has_panels_of_their_own_and_goes_from_one_to_the_other(desk, world):
    """Who only looks, too; the filters of one stay with it."""
    vic = desk(world.vic)
    for title, card in (("Mine", "open"), ("Answers", "scores")):
        vic.post("/desk/panels", title=title, cards=[card], **{f"place-{card}": "1"})
    page = vic.get("/desk/panels")
    assert page.h1 == "Mine"
    other = page.region("My panels").link("Answers")["href"]
    assert vic.get(other).h1 == "Answers"
    assert vic.get(other).region("Satisfaction by answer")
    assert "Open now" not in vic.get(other).regions()
    assert desk(world.ben).get("/desk/panels").h1 == "Overview"


def test_the_figures_leave_as_a_file(desk, world):
    answer = desk(world.ada).get("/desk/panels/figures/workload.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.html.removeprefix("\ufeff")))) == [
        ["Assigned to", "Tickets"],
        ["Ben Ortiz", "1"],
    ]
    assert desk(world.ada).get("/desk/panels/figures/nothing.csv").status == 404
    world.ada.change(language="es")
    named = desk(world.ada).get("/desk/panels/figures/workload.csv").headers["Content-Disposition"]
    assert named == 'attachment; filename="Carga por persona.csv"'


@pytest.mark.parametrize("days", ["", "?days=364"])
def test_the_page_costs_few_statements(desk, world, days):
    ada = desk(world.ada)
    ada.get("/desk/panels")
    with statements() as seen:
        ada.get(f"/desk/panels{days}")
    assert len(seen) <= 32, "\n".join(seen)
