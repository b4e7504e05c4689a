"""Changing a ticket in place: what the history says, what is found by it, and what is no change at all."""

from datetime import UTC, datetime

import pytest

from app.accounts.person import Person
from app.catalog.lists import Justification, Priority, Tag
from app.tickets.corresponding import MOST_COPIES, TooManyCopies
from app.tickets.editable import MOST_TAGS, NoSubject, TooManyTags
from app.tickets.ticket import Ticket
from tests.tickets.test_listing import numbers

FRIDAY = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def said(ticket):
    """The latest entry of the history: (its kind, its details)."""
    event = ticket.events.order_by(ticket.events.model.id.desc()).first()
    return event.kind, event.details


def revised(ticket):
    return Ticket.get_by_id(ticket.id).revision


CHANGES = {
    "subject": (lambda t, by: t.edit(by=by, subject=" The press drips "), "ticket.edited",
                {"field": "subject", "was": "The press leaks", "now": "The press drips"}),
    "deadline": (lambda t, by: t.set_due(FRIDAY, by=by), "ticket.due_set", {"due": FRIDAY.isoformat()}),
    "copies": (lambda t, by: t.set_copies(["dan@marlow.example", "acc@marlow.example"], by=by), "ticket.copied",
               {"to": ["acc@marlow.example", "dan@marlow.example"]}),
    "visibility": (lambda t, by: t.set_visibility(internal=True, by=by), "ticket.hidden", {}),
    "tags": (lambda t, by: t.tag_with(["oil", "Night"], by=by), "ticket.tagged", {"tags": ["Night", "oil"]}),
    "status": (lambda t, by: t.set_status("pending", by=by), "ticket.status_set",
               {"was": "open", "status": "pending", "why": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_and_the_same_again_is_none(world, name):
    change, kind, details = CHANGES[name]
    before = revised(world.leak)
    change(world.leak, world.ben)
    assert said(world.leak) == (kind, details)
    after, events = revised(world.leak), world.leak.events.count()
    assert after > before, "who has the page open is told that it has changed"
    change(Ticket.get_by_id(world.leak.id), world.ben)
    assert (revised(world.leak), world.leak.events.count()) == (after, events)


def test_only_what_has_changed_is_told(world):
    urgent = Priority.by_key("urgent")
    world.leak.edit(by=world.ben, subject="The press leaks", priority=urgent, serial="PX-9")
    told = [event.details["field"] for event in world.leak.events if event.kind == "ticket.edited"]
    assert told == ["priority", "serial"]


def test_a_field_with_a_verb_of_its_own_is_not_set_in_passing(world):
    with pytest.raises(KeyError):
        world.leak.edit(by=world.ben, serial="PX-9", status="closed_by_team")
    with pytest.raises(NoSubject):
        world.leak.edit(by=world.ben, serial="PX-9", subject="  ")
    there = Ticket.get_by_id(world.leak.id)
    assert (there.serial, there.status, there.subject) == ("", "open", "The press leaks")


def test_a_requester_who_is_put_right_is_told_and_found(world):
    world.leak.set_requester(by=world.ben, name="Eve Stone", email="eve@rival.example", phone="600 100 200")
    assert said(world.leak) == ("ticket.requester_set", {"to": "Eve Stone"})
    there = Ticket.get_by_id(world.leak.id)
    assert (there.requester, there.organization, there.phone) == (world.eve, world.rival, "600 100 200")
    assert numbers(world.ben, q="eve@rival.example leaks") == [there.number]
    assert numbers(world.ben, q="carol@marlow.example") == []


def test_somebody_known_by_the_address_alone_gets_a_name_everywhere(world):
    first, second = (
        Ticket.open(
            by=world.ben, channel="desk", subject=subject, text="x", email="new@vega.example", name="new@vega.example",

        )
        for subject in ("One", "Two")
    )  # fmt: skip
    for ticket in (first, second):
        ticket.set_requester(by=world.ben, name="", email="new@vega.example")
    first.set_requester(by=world.ben, name="Nora Vega", email="new@vega.example")
    assert Ticket.get_by_id(second.id).name == "Nora Vega"
    assert Ticket.get_by_id(second.id).requester.name == "Nora Vega"
    assert set(numbers(world.ben, q="Nora")) == {first.number, second.number}


def test_who_gets_copies_is_found(world):
    world.leak.set_copies(["boss@marlow.example"], by=world.ben)
    assert numbers(world.ben, q="boss@marlow.example") == [world.leak.number]
    world.leak.set_copies([], by=world.ben)
    assert numbers(world.ben, q="boss@marlow.example") == []


def test_the_same_status_for_another_reason_is_a_change(world):
    parts = Justification.add("Waiting for parts", status="pending")
    world.leak.set_status("pending", by=world.ben)
    world.leak.set_status("pending", by=world.ben, justification=parts)
    assert said(world.leak) == (
        "ticket.status_set",
        {"was": "pending", "status": "pending", "why": "Waiting for parts"},
    )


def test_tags_and_copies_have_an_end(world):
    """Else one form holds everybody else up."""
    with pytest.raises(TooManyTags):
        world.leak.tag_with([f"word {number}" for number in range(MOST_TAGS + 1)], by=world.ben)
    assert not Tag.select().where(Tag.name.startswith("word")).exists()
    world.leak.tag_with([f"word {number}" for number in range(MOST_TAGS)], by=world.ben)
    assert len(world.leak.tags) == MOST_TAGS
    with pytest.raises(TooManyCopies):
        world.leak.set_copies([f"c{number}@x.example" for number in range(MOST_COPIES + 1)], by=world.ben)
    assert not world.leak.copies.exists()


@pytest.mark.parametrize("moment", ["9999-12-31T23:30", "0001-01-01T00:00", "9001-01-01T00:00"])
def test_a_moment_beyond_every_calendar_is_refused(world, desk, moment):
    """It would have no place in the zone of somebody else who opens the ticket."""
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    for zone in ("Europe/Lisbon", "Asia/Tokyo", "America/New_York"):
        Person.get_by_id(world.ben.id).change(timezone=zone)
        assert ben.post(f"{here}/properties/due_at", due_at=moment).status == 422
        given = {"text": "Looked.", "done_at": moment, "hours": "1", "minutes": "0"}
        assert ben.post(f"{here}/interventions", **given).status == 422
    assert Ticket.get_by_id(world.leak.id).due_at is None
    assert desk(world.ada).get(here).status == 200


def test_a_new_ticket_for_nobody_there_is(world, desk):
    for what in ("contact", "organization", "equipment"):
        assert desk(world.ben).get(f"/desk/tickets/new?{what}={'9' * 25}").status == 200
