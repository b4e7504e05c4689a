"""Panels at the desk: looked at, put together, taken away as a file."""

import csv
import io

import pytest

from app.accounts.group import Group
from app.catalog.lists import Category
from app.reports.panel import MOST, Panel
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
    assert named == "attachment; filename=\"Carga por persona.csv\""


@pytest.mark.parametrize("days", ["", "?days=364"])
def test_the_page_costs_few_statements(desk, world, days):
    ada = desk(world.ada)
    ada.get("/desk/panels")
    with statements() as seen:
        ada.get(f"/desk/panels{days}")
    assert len(seen) <= 32, "\n".join(seen)
