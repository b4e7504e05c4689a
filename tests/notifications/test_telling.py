"""Who is told of what happened on a ticket."""

import pytest

from app.accounts.agent import Agent
from app.accounts.group import GroupMember
from app.lib import db
from app.notifications.settings import HEADLINES, switched_on
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
        with db.transaction():
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


def test_where_who_had_it_has_left_the_group_is_told(world):
    """Else nobody would hear of it."""
    world.press_team.take_in(world.bea)
    world.leak.give_to_group(world.press_team, by=world.ada)
    world.ben.agent.become(role="agent", is_internal=False, is_active=False)
    world.leak.hear("Hello?", by=world.carol, channel="link")
    assert told() == ["Bea Lund"]


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


@pytest.mark.parametrize("kind", sorted(HEADLINES))
def test_an_administrator_switches_each_kind_off(world, desk, kind):
    assert kind in switched_on()
    names = {each.replace(".", "_"): "y" for each in HEADLINES if each != kind}
    desk(world.ada).post("/desk/settings/sections/NotificationSettings", **names)
    assert set(switched_on()) == set(HEADLINES) - {kind}
    Delivery.delete().execute()
    with db.transaction():
        record(kind, by=world.carol, ticket=world.leak)
    assert told() == []


def test_all_are_on_and_on_the_page_from_the_start(world, desk):
    page = desk(world.ada).get("/desk/settings/sections/NotificationSettings")
    switches = [each for each in page.all("input") if each.get("role") == "switch"]
    assert len(switches) == len(HEADLINES)
    assert all("checked" in each.element.attrib for each in switches)


def test_somebody_may_do_without_one_kind(world, desk):
    ben = desk(world.ben)
    page = ben.get("/desk/profile")
    kept = [kind for kind in HEADLINES if kind != "message.received"]
    page.press("Save", wanted=kept)
    assert Agent.get(Agent.person == world.ben).unwanted == ["message.received"]
    world.leak.hear("It leaks more", by=world.carol, channel="link")
    assert told() == []
    world.leak.close("Done", by=world.ada)
    world.leak.reopen(by=world.ada)
    assert told() == ["Ben Ortiz"]
    boxes = [each for each in ben.get("/desk/profile").all("input") if each.get("name") == "wanted"]
    assert ["checked" in each.element.attrib for each in boxes] == [kind in kept for kind in HEADLINES]
