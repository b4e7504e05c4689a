"""Who is told of what happened on a ticket."""

import pytest

from app.accounts.group import GroupMember
from app.notifications.telling import LETTER, tell_assignee
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from app.timeline.event import Event, record


@pytest.fixture(autouse=True)
def _nothing_told_yet(world):
    Delivery.delete().execute()


def told() -> list[str]:
    return sorted(delivery.person.name for delivery in Delivery.select().where(Delivery.letter == LETTER))


def test_the_assignee_is_told_of_an_answer(world):
    world.leak.hear("It leaks more", by=world.carol, channel="link")
    assert told() == ["Ben Ortiz"]


def test_of_a_decision_and_of_a_reopening(world):
    for kind in ("authorization.authorized", "authorization.denied", "delivery.failed", "message.claimed"):
        record(kind, by=world.carol, ticket=world.leak)
    world.leak.close("Done", by=world.ada)
    world.leak.reopen(by=world.ada)
    assert told() == ["Ben Ortiz"] * 5


def test_nobody_is_told_of_their_own(world):
    world.leak.close("Done", by=world.ben)
    world.leak.reopen(by=world.ben)
    assert told() == []


def test_a_ticket_handed_over_is_told_to_the_new_one_only(world):
    world.leak.hand_over(to=world.bea, by=world.ada)
    assert told() == ["Bea Lund"]
    world.leak.hand_over(to=world.ada, by=world.ada)
    assert told() == ["Bea Lund"]
    world.leak.hand_over(to=None, by=world.ada)
    assert told() == ["Bea Lund"]


def test_without_an_assignee_the_group_is_told(world):
    world.press_team.take_in(world.bea)
    ticket = Ticket.open(by=world.carol, subject="Ink", text="None left", channel="form", requester=world.carol)
    ticket.give_to_group(world.press_team, by=world.ada)
    ticket.hear("Hello?", by=world.carol, channel="link")
    assert told() == ["Bea Lund", "Ben Ortiz"]
    assert GroupMember.select().count() == 2


def test_who_has_left_is_told_nothing(world):
    world.ben.agent.become(role="agent", is_internal=False, is_active=False)
    world.leak.hear("Hello?", by=world.carol, channel="link")
    assert told() == []


def test_a_reaction_that_runs_twice_tells_once(world):
    world.leak.hear("Hello?", by=world.carol, channel="link")
    event = Event.select().where(Event.kind == "message.received").get()
    tell_assignee(event)
    tell_assignee(event)
    assert told() == ["Ben Ortiz"]


def test_what_is_no_business_of_an_agent_is_not_told(world):
    world.leak.note("Between us", by=world.bea)
    world.leak.edit(by=world.ada, subject="The press leaks oil")
    assert told() == []
