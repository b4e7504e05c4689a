"""What each report says of tickets that are known."""

import re
from datetime import timedelta

import pytest

from app.accounts.teams import Teams
from app.catalog.lists import Category, Origin
from app.lib.clock import now
from app.reports.flow import ByCategory, ByChannel, ByStatus, OpenNow, PerDay, Workload
from app.reports.index import REPORTS
from app.reports.promptness import FirstResponse, InTime, InTimeOverTime
from app.reports.report import compared
from app.reports.satisfaction import Satisfaction, Scores
from app.reports.scope import Scope
from app.surveys.survey import Survey
from app.tickets.lifecycle import NOT_CLOSED
from app.tickets.ticket import Ticket
from tests.counting import plan, statements
from tests.reports.test_scope import MADRID


def asked(report, me):
    return report(Scope.from_args({}, me=me, teams=Teams(me), zone=MADRID))


def opened(world, **fields):
    return Ticket.open(
        by=world.ben, channel="desk", requester=world.eve, subject="A matter", text="Words", acknowledge=False, **fields
    )


def test_open_ones_are_counted_with_those_in_the_teams_turn(world):
    opened(world).reply("Done?", by=world.ben)
    opened(world).close(by=world.ben, text="Done.")
    report = asked(OpenNow, world.ada)
    assert (report.said, report.detail) == ("2", "1 in the team's turn")


def test_new_and_closed_ones_stand_under_their_day(world):
    old = opened(world)
    old.change(created_at=now() - timedelta(days=3))
    old.close(by=world.ben, text="Done.")
    rows = asked(PerDay, world.ada).rows
    assert [row[1:] for row in rows[-4:]] == [(1, 0), (0, 0), (0, 0), (1, 1)]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("report", [OpenNow, ByStatus, PerDay, FirstResponse, InTime, InTimeOverTime])
def test_a_figure_over_many_tickets_reads_no_ticket(world, report):
    """At a million tickets that is the difference between half a second and fifteen."""
    with statements() as seen:
        shown = asked(report, world.ada)
        assert shown.rows
    asked_of_tickets = [sql for sql in seen if '"ticket"' in sql]
    assert asked_of_tickets
    for sql in asked_of_tickets:
        assert any("t1 USING COVERING INDEX" in step for step in plan(sql)), (sql, plan(sql))
        assert not any("TEMP B-TREE FOR GROUP BY" in step for step in plan(sql)), (sql, plan(sql))


@pytest.mark.sqlite_only
def test_satisfaction_is_found_by_its_answers_not_among_all_tickets(world):
    with statements() as seen:
        assert asked(Satisfaction, world.ada).value is None
    (sql,) = (each for each in seen if '"answer"' in each)
    steps = [step for step in plan(sql) if re.search(r"\bt\d USING", step)]
    assert "answered_at>? AND answered_at<?" in steps[0]
    assert "t4 USING INTEGER PRIMARY KEY" in steps[-1], steps


@pytest.mark.parametrize(("waits", "said"), [((30, 90, 600), "1 h 30"), ((5, 7), "5"), ((3000, 6000), "2.1")])
def test_the_first_response_is_the_median(world, waits, said):
    world.leak.change(first_response_at=None)
    for minutes in waits:
        ticket = opened(world)
        ticket.change(first_response_at=ticket.created_at + timedelta(minutes=minutes))
    report = asked(FirstResponse, world.ada)
    assert report.count == len(waits)
    assert report.median == pytest.approx(sorted(waits)[(len(waits) - 1) // 2], abs=0.1)
    expected = {"1 h 30": ("90", "min"), "5": ("5", "min"), "2.1": ("2.1", "d")}[said]
    assert (report.said, report.unit) == expected


def test_what_had_a_deadline_is_held_against_it(world):
    for late in (False, False, True):
        ticket = opened(world, due_at=now() + timedelta(hours=1))
        if late:
            ticket.change(due_at=now() - timedelta(hours=1))
        ticket.close(by=world.ben, text="Done.")
    opened(world).close(by=world.ben, text="It had none.")
    assert (asked(InTime, world.ada).said, asked(InTime, world.ada).detail) == ("67", "2 of 3 with a deadline")
    over_time = asked(InTimeOverTime, world.ada).rows
    assert over_time[-1][1:] == (67, 3)
    assert {row[1] for row in over_time[:-1]} == {None}


def test_what_was_resolved_in_time_is_so_though_it_is_closed_days_later(world, clock):
    ticket = opened(world, due_at=now() + timedelta(hours=1))
    ticket.set_status("resolved", by=world.ben)
    clock.shift(timedelta(days=8))
    Ticket.close_resolved()
    assert Ticket.get_by_id(ticket.id).is_closed
    assert asked(InTime, world.ada).counts == (1, 1)
    assert asked(InTimeOverTime, world.ada).rows[-1][1:] == (100, 1)


def test_satisfaction_is_the_mean_of_what_customers_answered(world):
    survey = Survey.write(by=world.ada, title="How did it go?", introduction="")
    question = survey.ask(by=world.ada, text="Happy?", kind="score", choices=[], is_required=True)
    for score in ("5", "4"):
        opened(world).send_survey(by=world.ben).answer({f"question-{question.id}": score})
    report = asked(Satisfaction, world.ada)
    assert (report.said, report.unit, report.detail) == ("4.5", "of 5", "2 answers")
    assert asked(Scores, world.ada).rows[:3] == [("Very good", 1), ("Good", 1), ("Fair", 0)]


def test_bars_are_named_and_the_longest_comes_first(world):
    for _ in range(2):
        opened(world, assignee=world.bea)
    assert asked(Workload, world.ada).rows == [("Bea Lund", 2), ("Ben Ortiz", 1)]
    assert dict(asked(ByStatus, world.ada).rows) == {"Open": 3}
    assert asked(ByCategory, world.ada).rows == [("None", 3)]


def test_what_waits_for_the_customer_is_no_workload(world):
    opened(world, assignee=world.bea).reply("Done?", by=world.bea)
    assert asked(Workload, world.ada).rows == [("Ben Ortiz", 1)]


def test_channels_are_counted_by_the_name_people_give_them(world):
    by_mail = Origin.by_key("email")
    for _ in range(2):
        opened(world, origin=by_mail)
    assert asked(ByChannel, world.ada).rows == [("E-mail", 2), ("Web form", 1)]
    by_mail.change(name="Letters")
    assert asked(ByChannel, world.ada).rows[0] == ("Letters", 2)


def test_the_rest_is_one_bar_and_no_status_is_among_it(world):
    for place in range(10):
        opened(world, category=Category.create(name=f"Category {place}", position=place))
    rows = asked(ByCategory, world.ada).rows
    assert (len(rows), rows[-1]) == (9, ("Others", 3))
    whole = asked(ByCategory, world.ada).whole  # for a file
    assert whole == [(f"Category {place}", 1) for place in range(10)] + [("None", 1)], "of as many, in one order"
    for status in NOT_CLOSED:
        ticket = opened(world)
        ticket.become(status)
        ticket.touch()
    assert len(asked(ByStatus, world.ada).rows) == len(NOT_CLOSED)


def test_a_difference_is_good_or_bad_by_what_is_counted():
    said = compared(40, 50, unit="min", less_is_better=True)
    assert (said.words, said.is_up, said.is_better) == ("10 min less than before", False, True)
    assert compared(40, 50, unit="points").is_better is False
    assert compared(40, None, unit="") is compared(40, 40.04, unit="") is None


@pytest.mark.parametrize("key", REPORTS)
def test_every_report_says_something_of_an_installation_without_tickets(world, key):
    Ticket.update(turn=5).execute()
    report = asked(REPORTS[key], world.ada)
    assert report.title
    assert isinstance(report.rows, list)
    assert report.note is not None
    if report.shape == "figure":
        assert report.said in ("–", "0")
    else:
        assert report.is_empty


def test_a_closing_that_the_customer_reads_is_a_response(world):
    world.leak.close("The seal is new", by=world.ben)
    opened(world, is_internal=True).close("Between us", by=world.ben)
    assert asked(FirstResponse, world.ada).count == 1


def test_the_first_response_says_what_its_figure_is(world):
    for minutes in (10, 38, 50):
        ticket = opened(world)
        ticket.change(first_response_at=ticket.created_at + timedelta(minutes=minutes))
        if minutes == 10:
            assert asked(FirstResponse, world.ada).detail == "The only answer took 10 min"
    assert asked(FirstResponse, world.ada).detail == "Half of the 3 answers came within 38 min"
