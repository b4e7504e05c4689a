"""What a report looks at: which days, and whose tickets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.accounts.group import Group
from app.accounts.teams import Teams
from app.catalog.lists import Category
from app.lib.clock import now
from app.reports.flow import ByCategory, ByChannel, OpenNow, PerDay
from app.reports.promptness import FirstResponse, InTime, InTimeOverTime
from app.reports.satisfaction import Satisfaction, Scores
from app.reports.scope import PERIODS, Scope
from app.surveys.survey import Survey
from app.tickets.ticket import Ticket

MADRID = ZoneInfo("Europe/Madrid")


def scope(me, **args):
    return Scope.from_args(args, me=me, teams=Teams(me), zone=MADRID)


def opened(world, **fields):
    return Ticket.open(
        by=world.ben, channel="desk", requester=world.eve, subject="A matter", text="Words", acknowledge=False, **fields
    )


@pytest.mark.parametrize("days", PERIODS)
def test_the_spans_cover_the_days_without_a_gap_and_end_with_today(world, days):
    asked = scope(world.ada, days=str(days))
    lengths = {(end.date() - start.date()).days for start, end in asked.spans}
    assert len(lengths) == 1, "a shorter bar would look like a bad week"
    assert (asked.end.date() - asked.start.date()).days == days
    assert asked.start <= now() < asked.end
    assert asked.before.end == asked.start


def test_a_day_begins_at_the_readers_midnight(world, clock):
    clock.move_to(datetime(2026, 11, 18, 9, 0, tzinfo=UTC))
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)  # half past midnight in Madrid
    Ticket.update(created_at=late).where(Ticket.id == world.leak.id).execute()
    figures = {start.date().isoformat(): new for start, new, _closed in PerDay(scope(world.ada, days="7")).rows}
    assert figures["2026-11-17"] == 1
    assert sum(figures.values()) == 1


def test_what_the_address_says_wrongly_is_left_out(world):
    asked = scope(world.ada, days="12", group="x", agent="99999999999999999999", category="-1")
    assert (asked.days, asked.chosen("group"), asked.chosen("category")) == (30, None, None)
    assert OpenNow(asked).value == 1


def test_a_restricted_group_counts_only_for_those_who_see_it(world):
    closed = Group.create(name="Board", is_restricted=True)
    closed.take_in(world.ben)
    world.leak.change(group=closed, assignee=None)
    assert [OpenNow(scope(me)).value for me in (world.ada, world.ben, world.bea)] == [1, 1, 0]


def test_merged_and_deleted_ones_count_nowhere(world):
    other = Ticket.open(by=world.ben, channel="desk", requester=world.carol, subject="Again", text="The same.")
    assert OpenNow(scope(world.ada)).value == 2
    other.merge_into(world.leak, by=world.ben)
    assert OpenNow(scope(world.ada)).value == 1
    assert sum(new for _start, new, _closed in PerDay(scope(world.ada)).rows) == 1


def test_filters_join(world):
    mine = scope(world.ada, agent=str(world.ben.id))
    assert OpenNow(mine).value == 1
    assert OpenNow(scope(world.ada, agent=str(world.bea.id))).value == 0
    assert mine.query() == f"agent={world.ben.id}"


@pytest.mark.parametrize("name", ["group", "agent", "category"])
def test_each_filter_narrows_every_figure(world, name):
    """One ticket passes; the other, of the same customer and days, counts nowhere."""
    values = {"group": world.press_team, "agent": world.bea, "category": Category.add("Presses")}
    fields = {"assignee" if name == "agent" else name: values[name]}
    wanted, other = (opened(world, **more) for more in (fields, {}))
    survey = Survey.write(by=world.ada, title="How did it go?", introduction="")
    question = survey.ask(by=world.ada, text="Happy?", kind="score", choices=[], is_required=True)
    for ticket, score in ((wanted, "5"), (other, "1")):
        ticket.set_due(now() + timedelta(hours=1), by=world.ben)
        ticket.reply("Done?", by=world.ben)
        ticket.send_survey(by=world.ben).answer({f"question-{question.id}": score})
        ticket.change(first_response_at=ticket.created_at + timedelta(minutes=30 if ticket == wanted else 5))
    narrow = scope(world.ada, **{name: str(values[name].id)})
    assert (OpenNow(narrow).value, FirstResponse(narrow).said, Satisfaction(narrow).value) == (1, "30", 5)
    for ticket in (wanted, other):
        ticket.close("Done.", by=world.ben)
    assert InTime(narrow).counts == (1, 1)
    assert InTimeOverTime(narrow).rows[-1][1:] == (100, 1)
    assert PerDay(narrow).rows[-1][1:] == (1, 1)
    assert [sum(row[1] for row in report(narrow).rows) for report in (ByChannel, ByCategory, Scores)] == [1, 1, 1]


def test_each_figure_is_of_the_days_asked_for_and_is_compared_with_those_before(world, clock):
    survey = Survey.write(by=world.ada, title="How did it go?", introduction="")
    question = survey.ask(by=world.ada, text="Happy?", kind="score", choices=[], is_required=True)
    for minutes, score in ((60, "1"), (20, "5")):
        ticket = opened(world, category=Category.by_key("problem"), due_at=now() + timedelta(minutes=30))
        clock.shift(timedelta(minutes=minutes))
        ticket.send_survey(by=world.ben).answer({f"question-{question.id}": score})
        ticket.close("Done.", by=world.ben)
        clock.shift(timedelta(days=30))
    clock.shift(timedelta(days=-1))
    asked = scope(world.ada)
    assert [(sum(row[1] for row in report(asked).rows)) for report in (ByChannel, ByCategory, Scores)] == [1, 1, 1]
    figures = [report(asked) for report in (FirstResponse, InTime, Satisfaction)]
    assert [figure.said for figure in figures] == ["20", "100", "5"]
    said = [(figure.trend.words, figure.trend.is_better) for figure in figures]
    assert said == [
        ("40 min less than before", True), ("100 points more than before", True), ("4 more than before", True),
    ]  # fmt: skip
    assert figures[1].counts == (1, 1)


def test_the_days_before_are_as_many(world):
    Ticket.update(created_at=now() - timedelta(days=35)).where(Ticket.id == world.leak.id).execute()
    asked = scope(world.ada)
    assert asked.count(asked.during(Ticket.created_at)) == 0
    assert asked.before.count(asked.before.during(Ticket.created_at)) == 1
