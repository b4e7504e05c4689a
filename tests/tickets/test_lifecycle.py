"""The life cycle of SPEC section 2: every act from every status, for every role, allowed and refused."""

from datetime import timedelta

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.robot import Robot
from app.accounts.visitor import Access
from app.authorizations.authorization import AlreadyAsked, Authorization
from app.authorizations.decision import NotPending
from app.catalog.lists import Justification
from app.lib.clock import now
from app.lib.refusals import Refused
from app.messages.conversational import OnlyNotesHere
from app.outbox.delivery import Delivery
from app.surveys.settings import SurveySettings
from app.surveys.survey import Survey, SurveyInvitation
from app.tickets.editable import NoRequester
from app.tickets.lifecycle import CLOSED_ONES, NOT_CLOSED, ON_HAND, STATUSES, StatusForbids
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tasks import timetable
from tests.tickets.test_listing import numbers

ROLES = ["ada", "ben", "bea", "vic", "ines"]
SPEAKS = {"ada", "ben", "bea"}


def put(ticket, status):
    """Places the ticket in a status without a verb, as the start of one case."""
    Ticket.update(status=status, turn=STATUSES[status].turn, closed_at=now()).where(Ticket.id == ticket.id).execute()
    return ticket.lock()


def reply(ticket, world, by):
    ticket.reply("An answer", by=by)


def close(ticket, world, by):
    ticket.close("It is done", by=by)


def reopen(ticket, world, by):
    ticket.reopen(by=by)


def ask(ticket, world, by):
    ticket.request_authorization("Replace the seal", by=by)


def pend(ticket, world, by):
    ticket.set_status("pending", by=by)


TEAM_ACTS = [
    (reply, NOT_CLOSED, "answered_by_team"),
    (close, NOT_CLOSED, "closed_by_team"),
    (reopen, CLOSED_ONES, "open"),
    (ask, NOT_CLOSED, "awaiting_authorization"),
    (pend, NOT_CLOSED, "pending"),
]
NEEDS_SPEECH = {reply, close, reopen, ask}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("act", "allowed", "after"), TEAM_ACTS, ids=[act.__name__ for act, _, _ in TEAM_ACTS])
def test_what_the_team_may_do(world, act, allowed, after, role):
    by = getattr(world, role)
    may = role in SPEAKS or (act not in NEEDS_SPEECH and role == "ines")
    for status in STATUSES:
        ticket = put(world.leak, status)
        if pending := ticket.pending_authorization:
            pending.end("withdrawn", by=world.ben)
        before, events = ticket.status, ticket.events.count()
        if may and status in allowed:
            act(ticket, world, by)
            assert ticket.lock().status == after, status
        else:
            with pytest.raises(StatusForbids if may else NotAllowed):
                act(ticket, world, by)
            assert ticket.lock().status == before
            assert ticket.events.count() == events, "a refused act leaves nothing behind"


@pytest.mark.parametrize("status", STATUSES)
def test_a_customers_word(world, status):
    ticket = put(world.leak, status)
    ticket.hear("One more thing", by=world.carol, channel="portal")
    assert ticket.lock().status == "answered_by_customer"


@pytest.mark.parametrize("status", sorted(CLOSED_ONES))
def test_a_word_after_closing_joins_but_does_not_reopen_where_the_setting_is_off(world, status):
    TicketSettings.set(reopen_on_reply=False)
    ticket = put(world.leak, status)
    ticket.hear("One more thing", by=world.carol, channel="portal")
    assert ticket.lock().status == status
    assert ticket.messages.order_by(ticket.messages.model.id.desc()).first().text == "One more thing"


@pytest.mark.parametrize("status", STATUSES)
def test_a_customer_closes(world, status):
    ticket = put(world.leak, status)
    if status in CLOSED_ONES:
        with pytest.raises(StatusForbids):
            ticket.close_by_customer(by=world.carol)
        assert ticket.lock().status == status
    else:
        ticket.close_by_customer(by=world.carol)
        assert ticket.lock().status == "closed_by_customer"
        assert "tickets.closed_by_customer" in [each.letter for each in ticket.deliveries]


@pytest.mark.parametrize("outcome", ["authorized", "denied"])
@pytest.mark.parametrize("status", sorted(NOT_CLOSED))
def test_a_pending_request_can_be_decided_in_every_open_status(world, status, outcome):
    request = world.leak.request_authorization("A new seal", by=world.ben, needs_signature=False)
    put(world.leak, status)
    decide(request, world, outcome)
    assert world.leak.lock().status == outcome
    with pytest.raises(NotPending):
        decide(request, world, "denied" if outcome == "authorized" else "authorized")
    assert world.leak.lock().status == outcome


def decide(request, world, outcome):
    if outcome == "authorized":
        request.authorize(by=world.carol, name="Carol Ruiz", signature=None, access=Access(), language="en")
    else:
        request.deny(by=world.carol, reasons="Too dear", access=Access(), language="en")


@pytest.mark.parametrize("status", sorted(NOT_CLOSED))
def test_closing_withdraws_what_is_pending(world, status):
    request = world.leak.request_authorization("A new seal", by=world.ben)
    put(world.leak, status)
    world.leak.close("Not needed any more", by=world.ben)
    assert request.lock().state == "withdrawn"


def test_a_message_leaves_the_request_open(world):
    request = world.leak.request_authorization("A new seal", by=world.ben)
    world.leak.reply("A question first", by=world.ben)
    assert (world.leak.status, request.lock().state) == ("answered_by_team", "pending")
    world.leak.hear("Yes?", by=world.carol, channel="portal")
    assert (world.leak.status, request.lock().state) == ("answered_by_customer", "pending")


def test_a_ticket_waits_for_one_answer_at_a_time(world):
    first = world.leak.request_authorization("A new seal", by=world.ben)
    with pytest.raises(AlreadyAsked):
        world.leak.request_authorization("And a pump", by=world.ben)
    second = world.leak.request_authorization("A seal and a pump", by=world.ben, replace=True)
    assert (first.lock().state, second.state, second.number) == ("superseded", "pending", 2)
    second.withdraw(by=world.ben)
    assert (second.lock().state, world.leak.lock().status) == ("withdrawn", "in_progress")


@pytest.mark.parametrize("status", sorted(set(STATUSES) - ON_HAND))
def test_only_three_statuses_are_set_by_hand(world, status):
    with pytest.raises(Refused):
        world.leak.set_status(status, by=world.ben)


def test_a_customer_reopens_for_as_long_as_the_setting_says(world, clock):
    world.leak.close("Done", by=world.ben)
    world.leak.reopen_by_customer(by=world.carol)
    assert world.leak.status == "open"
    world.leak.close("Done again", by=world.ben)
    clock.shift(timedelta(days=TicketSettings.reopen_within, minutes=1))
    with pytest.raises(Refused):
        world.leak.reopen_by_customer(by=world.carol)
    world.leak.reopen(by=world.ben)
    assert world.leak.status == "open"


def test_a_resolved_ticket_closes_by_itself(world):
    world.leak.set_status("resolved", by=world.ben)
    world.leak.close_stale(by=Robot.clock())
    assert world.leak.lock().status == "closed_by_team"
    assert world.leak.events.order_by(world.leak.events.model.id.desc()).first().details["rule"] == "resolved"


def test_only_what_was_resolved_long_enough_ago_closes_by_itself(world, clock):
    """The days of the setting; none at all where it is 0; not what was taken up again meanwhile."""
    later = Ticket.open(by=world.carol, subject="Ink", text="No ink", channel="form", requester=world.carol)
    world.leak.set_status("resolved", by=world.ben)
    clock.shift(timedelta(days=TicketSettings.close_resolved_after, hours=-1))
    later.set_status("resolved", by=world.ben)
    assert Ticket.close_resolved() == 0
    clock.shift(timedelta(hours=2))
    TicketSettings.set(close_resolved_after=0)
    assert Ticket.close_resolved() == 0
    TicketSettings.set(close_resolved_after=7)
    assert Ticket.close_resolved() == 1
    assert (world.leak.lock().status, later.lock().status) == ("closed_by_team", "resolved")
    read_before = Ticket.get_by_id(later.id)
    later.set_status("in_progress", by=world.ben)
    read_before.close_stale(by=Robot.clock())
    assert later.lock().status == "in_progress"


def test_an_answer_begins_the_days_anew(world, clock):
    world.leak.set_status("resolved", by=world.ben)
    clock.shift(timedelta(days=5))
    world.leak.hear("It leaks again", by=world.carol, channel="portal")
    world.leak.set_status("resolved", by=world.ben)
    clock.shift(timedelta(days=3))
    assert Ticket.close_resolved() == 0
    clock.shift(timedelta(days=5))
    assert Ticket.close_resolved() == 1


@pytest.mark.parametrize("duty", [timetable.close_resolved_tickets, timetable.wake_tickets])
def test_time_alone_closes_what_is_resolved_and_wakes_what_was_put_off(world, clock, duty):
    """Without anybody asking for it: both stand in the timetable."""
    if duty is timetable.wake_tickets:
        world.leak.snooze(now() + timedelta(days=7), by=world.ben)
    else:
        world.leak.set_status("resolved", by=world.ben)
    clock.shift(timedelta(days=7, minutes=1))
    duty.call_local()
    assert world.leak.lock().status == ("in_progress" if duty is timetable.wake_tickets else "closed_by_team")


def test_a_reason_goes_with_its_status(world):
    late = Justification.add("The carrier is late")
    world.leak.set_status("pending", by=world.ben, justification=late)
    world.leak.hear("Where is it?", by=world.carol, channel="portal")
    assert world.leak.lock().justification is None


def test_what_is_answered_after_closing_is_back_before_its_assignee(world, desk):
    world.leak.close("Done", by=world.ben)
    ben = desk(world.ben)
    assert "The press leaks" not in ben.get("/desk/tickets?view=mine")
    world.leak.hear("It leaks again", by=world.carol, channel="portal")
    assert "The press leaks" in ben.get("/desk/tickets?view=mine")


@pytest.mark.parametrize("away", ["in the bin", "merged"])
def test_what_was_resolved_and_is_away_keeps_no_other_from_closing(world, clock, away):
    """And closes when it is back."""
    gone, into = (
        Ticket.open(by=world.carol, subject="Ink", text="No ink", channel="form", requester=world.carol)
        for _ in range(2)
    )
    gone.set_status("resolved", by=world.ben)
    world.leak.set_status("resolved", by=world.ben)
    gone.remove(by=world.ben) if away == "in the bin" else gone.merge_into(into, by=world.ben)
    clock.shift(timedelta(days=8))
    assert Ticket.close_resolved() == 1
    assert (world.leak.lock().status, Ticket.get_by_id(gone.id).status) == ("closed_by_team", "resolved")
    gone = Ticket.get_by_id(gone.id)
    gone.restore(by=world.ben) if away == "in the bin" else gone.separate(by=world.ben)
    assert Ticket.close_resolved() == 1


@pytest.mark.parametrize("ends", ["by the customer", "by itself"])
def test_what_ends_withdraws_the_request_that_waits(world, ends):
    request = world.leak.request_authorization("A new seal", by=world.ben)
    if ends == "by the customer":
        world.leak.close_by_customer(by=world.carol)
    else:
        put(world.leak, "resolved").close_stale(by=Robot.clock())
    assert Authorization.get_by_id(request.id).state == "withdrawn"
    assert world.leak.lock().pending_authorization is None


@pytest.mark.parametrize(
    ("closing", "asks"),
    [
        (lambda world: world.leak.close("Done", by=world.ben), True),
        (lambda world: world.leak.close_by_customer(by=world.carol), False),
        (lambda world: put(world.leak, "resolved").close_stale(by=Robot.clock()), False),
        (
            lambda world: (world.leak.set_visibility(internal=True, by=world.ben), close(world.leak, world, world.ben)),
            False,
        ),
        (lambda world: (world.leak.change(email=None), close(world.leak, world, world.ben)), False),
        (lambda world: (Survey.update(is_generic=False).execute(), close(world.leak, world, world.ben)), False),
        (lambda world: (SurveySettings.set(send_on_close=False), close(world.leak, world, world.ben)), False),
    ],
    ids=[
        "by the team",
        "by the customer",
        "by itself",
        "internal",
        "without address",
        "without survey",
        "switched off",
    ],
)
def test_the_team_s_closing_asks_for_an_opinion_where_there_is_somebody_to_ask(world, closing, asks):
    Survey.create(title="How was it?", is_generic=True)
    SurveySettings.set(send_on_close=True)
    closing(world)
    assert world.leak.lock().is_closed
    assert SurveyInvitation.select().exists() is asks


def test_whoever_reopens_is_heard(world, clock):
    """The ticket is unread again for those who had read it."""
    world.leak.close("Done", by=world.ben)
    clock.shift(timedelta(hours=1))
    world.leak.reopen_by_customer(by=world.carol)
    assert Ticket.get_by_id(world.leak.id).last_heard_at == now()


def test_numbers_have_no_gaps_when_an_opening_fails(world):
    with pytest.raises(Refused):
        Ticket.open(by=world.carol, subject="Nothing", text="  ", channel="form", requester=world.carol)
    ticket = Ticket.open(by=world.carol, subject="Something", text="Here", channel="form", requester=world.carol)
    assert ticket.number == world.leak.number + 1


@pytest.mark.parametrize(
    ("whose", "name", "email"),
    [
        ({"name": "Zoe"}, "Zoe", None),
        ({"email": "zoe@lind.example"}, "zoe@lind.example", "zoe@lind.example"),
        ({"requester": "carol"}, "Carol Ruiz", "carol@marlow.example"),
    ],
)
def test_a_name_an_address_or_a_contact_is_enough_and_one_is_needed(world, whose, name, email):
    told = {"by": world.ben, "subject": "New", "text": "x", "channel": "desk"}
    with pytest.raises(NoRequester):
        Ticket.open(**told, name="  ")
    world.carol.contact.change(phone="600 100 200")
    whose = {"requester": world.carol} if "requester" in whose else whose
    ticket = Ticket.open(**told, **whose)
    assert (ticket.name, ticket.email) == (name, email)
    assert ticket.phone == ("600 100 200" if ticket.requester else "")


# SPEC section 2: what the queue shows of a status, and whether the clock of the solution runs.
KINDS = {
    "open": ("unattended", "runs"), "in_progress": ("unattended", "runs"), "answered_by_team": ("attended", "paused"),
    "answered_by_customer": ("unattended", "runs"), "awaiting_authorization": ("attended", "paused"),
    "authorized": ("unattended", "runs"), "denied": ("unattended", "runs"), "pending": ("attended", "paused"),
    "resolved": ("attended", "stopped"), "closed_by_customer": ("closed", "stopped"),
    "closed_by_team": ("closed", "stopped"),
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_whether_it_is_attended_follows_from_its_status(world, status):
    """And with it the queues it stands in: by the verbs, the turn is never set apart from the status."""
    kind, clock = KINDS[status]
    assert (STATUSES[status].kind, STATUSES[status].clock) == (kind, clock)
    world.leak.become(status)
    world.leak.touch()
    views = {"unattended": ["unattended", "all"], "attended": ["all"], "closed": ["closed"]}[kind]
    assert [view for view in ("unattended", "all", "closed") if numbers(world.ben, view=view)] == views


@pytest.mark.parametrize(
    ("settings", "assignee", "status"),
    [
        ({}, None, "open"),
        ({}, "ben", "open"),
        ({"status_after_creation": "pending"}, None, "pending"),
        ({"status_after_assignment": "in_progress"}, "ben", "in_progress"),
        ({"status_after_assignment": "in_progress"}, None, "open"),
    ],
)
def test_the_first_status_follows_the_settings(world, settings, assignee, status):
    TicketSettings.set(**settings)
    who = getattr(world, assignee) if assignee else None
    ticket = Ticket.open(by=world.ben, subject="New", text="Text", channel="desk", requester=world.carol, assignee=who)
    assert ticket.status == status
    if who is None:
        ticket.hand_over(to=world.bea, by=world.ada)
        assert ticket.lock().status == TicketSettings.status_after_assignment, "it was still in the first"


def test_an_internal_ticket_writes_to_nobody_and_takes_notes_only(world):
    ticket = Ticket.open(
        by=world.ben, subject="Inside", text="Between us", channel="desk", requester=world.carol, is_internal=True
    )
    assert ticket.deliveries.count() == 0
    for act in (reply, ask):
        with pytest.raises(Refused):
            act(ticket, world, world.ben)
    ticket.note("Still between us", by=world.ben)
    ticket.close("Over", by=world.ben)
    assert ticket.deliveries.count() == 0
    assert not [message for message in ticket.messages if message.is_public]


def test_what_waits_for_customers_never_leaves_once_a_ticket_is_internal(world):
    """Whoever works on it is written to as before."""
    world.leak.hear("When do you come?", by=world.carol, channel="portal")
    world.leak.reply("On Friday.", by=world.ada)
    Delivery.update(state="waiting").where(Delivery.ticket == world.leak).execute()
    world.leak.set_visibility(internal=True, by=world.ada)
    states = {(each.is_to_customer, each.state) for each in world.leak.deliveries}
    assert states == {(True, "cancelled"), (False, "waiting")}
    told = world.leak.events.where(Event.kind == "delivery.cancelled").get()
    assert (told.by_id, told.details["to"]) == (world.ada.id, world.carol.email)


def test_only_the_team_opens_an_internal_ticket(world):
    with pytest.raises(NotAllowed):
        Ticket.open(by=world.carol, requester=world.carol, subject="Mine", text="x", channel="form", is_internal=True)
    assert Ticket.select().count() == 1


def test_an_internal_ticket_hears_no_customer(world):
    world.leak.set_visibility(internal=True, by=world.ben)
    with pytest.raises(OnlyNotesHere):
        world.leak.hear("Are you there?", by=world.carol, channel="portal")
    assert world.leak.lock().status == "open"
