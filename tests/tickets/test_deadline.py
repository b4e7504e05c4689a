"""The deadline as a clock: what is left, how late, that it stands still, or that it was met (SPEC T15)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.tickets.deadline import clock
from app.tickets.lifecycle import STATUSES
from app.tickets.ticket import Ticket

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DUE = BEGAN + timedelta(minutes=100)


def shown(status="open", minutes=0, resolved=None):
    at = None if resolved is None else BEGAN + timedelta(minutes=resolved)
    return clock(status, DUE, BEGAN, at, at=BEGAN + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "state", "share", "left"),
    [(0, "ok", 0, 100), (74, "ok", 74, 26), (75, "warn", 75, 25), (100, "warn", 100, 0), (101, "late", 0, 1)],
)
def test_it_warns_from_three_quarters_on_and_is_late_after_the_last_minute(minutes, state, share, left):
    it = shown(minutes=minutes)
    assert (it.state, it.share, it.minutes) == (state, share, left)


@pytest.mark.parametrize("status", STATUSES)
def test_it_runs_stands_still_or_is_over_as_the_status_says(status):
    """Late or not: while it is the customer's turn nobody is."""
    expected = {"runs": ["ok", "late"], "paused": ["paused", "paused"], "stopped": [None, None]}[STATUSES[status].clock]
    found = [shown(status, minutes) for minutes in (10, 200)]
    assert [it and it.state for it in found] == expected


def test_what_was_solved_in_time_says_so_and_what_was_not_says_nothing():
    assert shown("resolved", 200, resolved=100).state == "met"
    assert shown("resolved", 200, resolved=101) is None


def test_without_a_deadline_there_is_no_clock():
    assert clock("open", None, BEGAN) is None


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("it", "label", "hidden"),
    [
        (shown(minutes=58), "42 min", "42 min left"),
        (shown(minutes=142), "−42 min", "Overdue by 42 min"),
        (shown("pending"), "Paused", ""),
        (shown("resolved", resolved=1), "In time", ""),
    ],
)
def test_it_is_said_in_words(app, it, label, hidden):
    with app.test_request_context():
        assert (it.label, it.hidden) == (label, hidden)


def test_a_ticket_that_ended_in_time_goes_on_saying_so(desk, world, clock):
    """Closed at once, or by itself days after it was solved; taken up again its time runs on."""
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x")
    for ticket in (world.leak, other):
        ticket.set_due(ticket.created_at + timedelta(days=2), by=world.ben)
    world.leak.set_status("resolved", by=world.ben)
    other.close("Done", by=world.ben)
    clock.shift(timedelta(days=8))
    assert Ticket.close_resolved() == 1
    ben = desk(world.ben)
    for ticket in (world.leak, other):
        assert "In time" in ben.get(f"/desk/tickets/{ticket.number}").by_id("ticket-head")
    assert ben.get("/desk/tickets", view="closed").region("Tickets").text.count("In time") == 2
    world.leak.lock().reopen(by=world.ben)
    assert "Overdue by" in ben.get(f"/desk/tickets/{world.leak.number}").by_id("ticket-head")
