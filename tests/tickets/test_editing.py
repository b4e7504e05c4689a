"""Changing a ticket in place: what the history says, what is found by it, and what is no change at all."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from app.accounts.agent import NotAllowed
from app.accounts.person import Person
from app.accounts.robot import Robot
from app.catalog.lists import CustomField, Justification, Priority, Tag
from app.lib.clock import now
from app.messages.conversational import NothingSaid
from app.messages.message import Message
from app.organizations.equipment import Equipment
from app.outbox.delivery import Delivery
from app.tickets import findable
from app.tickets.assignable import NotOneOfUs
from app.tickets.batch import Batch
from app.tickets.corresponding import MOST_COPIES, TooManyCopies
from app.tickets.editable import MOST_TAGS, NoRequester, NoSubject, TooManyTags
from app.tickets.intervention import Intervention
from app.tickets.lifecycle import StatusForbids
from app.tickets.opening import open_at_desk
from app.tickets.saved_view import MOST as MOST_VIEWS
from app.tickets.saved_view import SavedView, TooManyViews
from app.tickets.settings import TicketSettings
from app.tickets.snoozable import NotYetPast
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from app.timeline.wording import plain
from tests.counting import statements
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
    "deadline": (lambda t, by: t.set_due(FRIDAY, by=by), "ticket.due_set",
                 {"was": None, "due": FRIDAY.isoformat()}),
    "copies": (lambda t, by: t.set_copies(["dan@marlow.example", "acc@marlow.example"], by=by), "ticket.copied",
               {"to": ["acc@marlow.example", "dan@marlow.example"]}),
    "visibility": (lambda t, by: t.set_visibility(internal=True, by=by), "ticket.hidden", {}),
    "tags": (lambda t, by: t.tag_with(["oil", "Night"], by=by), "ticket.tagged", {"tags": ["Night", "oil"]}),
    "status": (lambda t, by: t.set_status("pending", by=by), "ticket.status_set",
               {"was": "open", "status": "pending", "why": None}),
}  # fmt: skip


def test_only_a_change_of_whose_turn_it_is_is_written_to_tags_and_values(world):
    def written(change):
        with statements() as seen:
            change(world.leak, world.ben)
        return [record for record in ("ticket_tag", "custom_value") if f'UPDATE "{record}"' in "\n".join(seen)]

    assert written(CHANGES["subject"][0]) == []
    assert written(lambda ticket, by: ticket.close("The seal is new.", by=by)) == ["ticket_tag", "custom_value"]


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
    assert sorted(told) == ["priority", "serial"]


def test_yes_and_nothing_are_told_as_they_are(world):
    """In each reader's language, later."""
    world.leak.edit(by=world.ben, online_signature=False)
    assert said(world.leak)[1] == {"field": "online_signature", "was": True, "now": False}
    world.leak.edit(by=world.ben, priority=None)
    assert said(world.leak)[1]["now"] is None


def test_what_was_shipped_is_told_in_each_readers_language(world):
    """And under its own name once it has one: so it was called then."""
    part = Justification.by_key("part")
    world.leak.edit(by=world.ben, priority=Priority.by_key("urgent"))
    world.leak.set_status("pending", by=world.ben, justification=part)
    Priority.by_key("high").rename("Next")
    world.leak.edit(by=world.ben, priority=Priority.by_key("high"))
    world.leak.edit(by=world.ben, language="pt")
    visit = CustomField.add("Visit", kind="date")
    with force_locale("es"):
        world.leak.set_custom(visit, "2026-12-05", by=world.ben)
    told = world.leak.events.order_by(Event.id.desc()).limit(5)[::-1]
    assert [plain(event) for event in told] == [
        "Ben Ortiz changed “Priority” to Urgent",
        "Ben Ortiz set the ticket to pending: Waiting for a part",
        "Ben Ortiz changed “Priority” to Next",
        "Ben Ortiz changed “Language” to Português",
        "Ben Ortiz changed “Visit” to 5 Dec 2026",
    ]
    with force_locale("pt"):
        assert "Urgente" in plain(told[0])
        assert "À espera de uma peça" in plain(told[1])
        assert "5 dez 2026" in plain(told[4])


def test_a_field_with_a_verb_of_its_own_is_not_set_in_passing(world):
    with pytest.raises(KeyError):
        world.leak.edit(by=world.ben, serial="PX-9", status="closed_by_team")
    with pytest.raises(NoSubject):
        world.leak.edit(by=world.ben, serial="PX-9", subject="  ")
    with pytest.raises(NoRequester):
        world.leak.edit(by=world.ben, serial="PX-9", name=" ")
    there = Ticket.get_by_id(world.leak.id)
    assert (there.serial, there.status, there.subject, there.name) == ("", "open", "The press leaks", "Carol Ruiz")


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


def test_who_is_renamed_is_called_so_on_their_tickets(desk, portal, world):
    """By an agent or by themselves; a ticket that called them otherwise keeps what it said."""
    asked = {"subject": "Ink", "text": "No ink", "channel": "email", "requester": world.carol}
    sales = Ticket.open(by=world.carol, name="Sales at Marlow", **asked)
    page = desk(world.ben).get(f"/desk/contacts/{world.carol.id}/edit")
    page.press("Save", name="Carol Montes")
    assert numbers(world.ben, q="from:montes") == [world.leak.number]
    assert numbers(world.ben, q="ruiz") == []
    portal(world.carol).get("/portal/profile").press("Save", name="Carolina Montes")
    assert [Ticket.get_by_id(each.id).name for each in (world.leak, sales)] == ["Carolina Montes", "Sales at Marlow"]
    assert numbers(world.ben, q="carolina") == [world.leak.number]
    assert Event.select().where(Event.kind == "person.renamed").count() == 2, "to save without another name is none"


def test_what_somebody_says_meanwhile_of_a_requester_stands(world, monkeypatch):
    """Between the look for who was called so and the change of each."""
    chunks = findable.chunked

    def meanwhile(ids, size):
        world.leak.lock().edit(by=world.ben, name="Sales at Marlow")
        return chunks(ids, size)

    monkeypatch.setattr(findable, "chunked", meanwhile)
    world.carol.call("Carol Montes", by=world.ben)
    assert Ticket.get_by_id(world.leak.id).name == "Sales at Marlow"


def test_mails_leave_in_the_order_in_which_copies_were_added(world):
    for addresses in (["zoe@marlow.example"], ["zoe@marlow.example", "amy@marlow.example"]):
        world.leak.lock().set_copies(addresses, by=world.ben)
    said = world.leak.reply("We come.", by=world.ben)
    told = [mail.to_address for mail in said.deliveries.order_by(Delivery.id)]
    assert told == ["carol@marlow.example", "zoe@marlow.example", "amy@marlow.example"]


def test_mail_goes_to_the_tickets_address_and_to_each_in_copy_once(world):
    """Whatever address the contact has by now; nobody is in copy of what they get anyway."""
    world.leak.set_copies(["dan@marlow.example", "Carol@Marlow.example", "eve@rival.example"], by=world.ben)
    assert {copy.person for copy in world.leak.copies} == {world.dan, world.eve}
    Person.get_by_id(world.carol.id).change(email="carol@home.example")
    leak = Ticket.get_by_id(world.leak.id)
    said = [leak.reply("We come tomorrow.", by=world.ben)]
    leak.set_requester(by=world.ben, name="Eve Stone", email="eve@rival.example")
    leak.close("Done.", by=world.ben)
    said.append(leak.messages.order_by(Message.id.desc()).first())
    mails = [sorted(mail.to_address for mail in message.deliveries) for message in said]
    assert mails == [
        ["carol@marlow.example", "dan@marlow.example", "eve@rival.example"],
        ["dan@marlow.example", "eve@rival.example"],
    ]


def test_who_gets_copies_is_found(world):
    world.leak.set_copies(["boss@marlow.example"], by=world.ben)
    assert numbers(world.ben, q="boss@marlow.example") == [world.leak.number]
    world.leak.set_copies([], by=world.ben)
    assert numbers(world.ben, q="boss@marlow.example") == []


def test_a_tag_is_found_as_a_word_until_it_is_taken_away(world):
    world.leak.tag_with(["chirimoya"], by=world.ben)
    assert numbers(world.ben, q="chirimoya") == [world.leak.number]
    world.leak.tag_with([], by=world.ben)
    assert numbers(world.ben, q="chirimoya") == []


def test_a_page_names_tags_in_the_order_of_their_list_and_copies_as_they_were_added(desk, world):
    world.leak.tag_with(["night", "oil", "blade"], by=world.ben)
    Tag.get(Tag.name == "blade").move(up=True)
    for addresses in (["zoe@marlow.example"], ["zoe@marlow.example", "amy@marlow.example"]):
        world.leak.set_copies(addresses, by=world.ben)
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    said = [each.text for each in page.region("Details of the ticket").all("dd")]
    for shown in ("zoe@marlow.example, amy@marlow.example", ", ".join(tag.label for tag in Tag.all())):
        assert any(each.startswith(shown) for each in said), shown
    assert page.field("Copies to").value == "zoe@marlow.example, amy@marlow.example"


def test_a_tag_typed_without_its_accent_is_the_same_tag(world):
    world.leak.tag_with(["Garantía"], by=world.ben)
    world.leak.tag_with(["garantia", "GARANTÍA"], by=world.ben)
    assert [tag.label for tag in world.leak.tags] == ["Garantía"]
    batch = Batch.ask("tag", [world.leak.id], by=world.ben, add=["Prensa"], remove=["garantia"])
    batch.run()
    assert [tag.label for tag in Ticket.get_by_id(world.leak.id).tags] == ["Prensa"]


def test_the_same_status_for_another_reason_is_a_change(world):
    parts = Justification.add("Waiting for parts", status="pending")
    world.leak.set_status("pending", by=world.ben)
    world.leak.set_status("pending", by=world.ben, justification=parts)
    assert said(world.leak) == (
        "ticket.status_set",
        {"was": "pending", "status": "pending", "why": "Waiting for parts"},
    )


def test_a_reason_goes_with_its_status(world):
    parts = Justification.add("Waiting for parts", status="pending")
    for leaves in (
        lambda ticket: ticket.reply("It came.", by=world.ben),
        lambda ticket: ticket.hear("Did it come?", by=world.carol, channel="portal"),
        lambda ticket: ticket.snooze(None, by=world.ben) or ticket.set_status("in_progress", by=world.ben),
        lambda ticket: ticket.close("It came.", by=world.ben),
    ):
        ticket = Ticket.open(by=world.carol, requester=world.carol, subject="S", text="T", channel="form")
        ticket.set_status("pending", by=world.ben, justification=parts)
        leaves(ticket)
        assert Ticket.get_by_id(ticket.id).justification is None


def test_a_closed_ticket_is_given_no_reason(world):
    parts = Justification.add("Waiting for parts")
    world.leak.close("Done", by=world.ben)
    with pytest.raises(StatusForbids):
        world.leak.set_status("pending", by=world.ben, justification=parts)
    assert Ticket.get_by_id(world.leak.id).justification is None


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


def test_who_has_it_already_is_given_it_no_second_time(world):
    world.leak.give_to_group(world.press_team, by=world.ben)
    before, events = revised(world.leak), world.leak.events.count()
    world.leak.hand_over(to=world.ben, by=world.ada)
    world.leak.give_to_group(world.press_team, by=world.ada)
    assert (revised(world.leak), world.leak.events.count()) == (before, events)


def test_only_an_active_agent_is_given_a_ticket(world):
    world.bea.agent.change(is_active=False)
    for somebody in (world.carol, world.vic, Person.get_by_id(world.bea.id)):
        with pytest.raises(NotOneOfUs):
            world.leak.hand_over(to=somebody, by=world.ada)
    assert Ticket.get_by_id(world.leak.id).assignee == world.ben


def test_who_works_here_no_more_is_given_no_new_ticket(world):
    """By a mailbox that still names them, or by a split of theirs: it would be in nobody's queue."""
    TicketSettings.set(status_after_assignment="in_progress")
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.bea.agent.change(is_active=False)
    gone = Person.get_by_id(world.bea.id)
    new = Ticket.open(by=world.carol, requester=world.carol, subject="S", text="T", channel="email", assignee=gone)
    leak = Ticket.get_by_id(world.leak.id)
    split = leak.split_off([leak.messages.first().id], subject="Oil", by=world.ben)
    assert [(each.assignee, each.status) for each in (new, split)] == [(None, "open"), (None, "open")]


def test_the_history_says_from_whom_it_went_and_that_the_status_went_with_it(world):
    TicketSettings.set(status_after_assignment="in_progress")
    new = Ticket.open(by=world.carol, requester=world.carol, subject="S", text="T", channel="form")
    new.hand_over(to=world.ben, by=world.ada)
    assert said(new) == ("ticket.status_set", {"was": "open", "status": "in_progress"})
    new.hand_over(to=world.bea, by=world.ada)
    assert said(new) == ("ticket.assigned", {"to": "Bea Lund", "was": "Ben Ortiz"})


def test_the_first_who_gets_it_begins_it_where_the_setting_says_so(world):
    """Whoever gets it after that, or where it is not new any more, leaves its status alone."""
    TicketSettings.set(status_after_assignment="in_progress")
    new, waiting = (
        Ticket.open(by=world.carol, requester=world.carol, subject="S", text="T", channel="form") for _ in range(2)
    )
    new.hand_over(to=world.bea, by=world.ada)
    waiting.set_status("pending", by=world.ben)
    waiting.hand_over(to=world.bea, by=world.ada)
    assert [Ticket.get_by_id(each.id).status for each in (new, waiting)] == ["in_progress", "pending"]
    new.hand_over(to=None, by=world.ada)
    assert Ticket.get_by_id(new.id).status == "in_progress"


def test_a_closed_ticket_is_not_snoozed_and_a_snoozed_one_wakes_when_it_is_time(world, clock):
    with pytest.raises(NotYetPast):
        world.leak.snooze(now() - timedelta(minutes=1), by=world.ben)
    world.leak.snooze(now() + timedelta(hours=1), by=world.ben)
    world.leak.wake(by=Robot.clock())
    assert Ticket.get_by_id(world.leak.id).status == "pending"
    clock.shift(timedelta(hours=2))
    assert Ticket.wake_due() == 1
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"
    world.leak.close("Done", by=world.ben)
    with pytest.raises(StatusForbids):
        world.leak.snooze(now() + timedelta(hours=1), by=world.ben)
    assert Ticket.get_by_id(world.leak.id).status == "closed_by_team"


def test_a_field_of_ones_own_is_told_once_and_moves_the_ticket(world):
    floor = CustomField.add("Floor")
    before = revised(world.leak)
    world.leak.set_custom(floor, " 3rd ", by=world.ben)
    kept = {"kind": "text", "text": "3rd"}
    assert said(world.leak) == ("ticket.edited", {"field": "Floor", "was": None, "now": kept})
    after, events = revised(world.leak), world.leak.events.count()
    assert after > before
    world.leak.set_custom(floor, "3rd", by=world.ben)
    assert (revised(world.leak), world.leak.events.count()) == (after, events)


@pytest.mark.parametrize("typed", ["12,5", "12.50", "12.5"])
def test_a_number_is_found_however_its_fraction_is_written(world, typed):
    hours = CustomField.add("Hours", kind="number")
    world.leak.set_custom(hours, "12,50", by=world.ben)
    assert numbers(world.ben, **{f"custom_{hours.id}": typed}) == [world.leak.number]


def test_only_its_writer_or_an_administrator_takes_an_intervention_back(world):
    noted = world.leak.note_intervention("Looked.", minutes=5, by=world.ben)
    with pytest.raises(NotAllowed):
        world.leak.retract_intervention(noted.id, by=world.bea)
    assert Intervention.find(id=noted.id)
    world.leak.retract_intervention(noted.id, by=world.ada)
    assert Intervention.find(id=noted.id) is None
    world.leak.retract_intervention(noted.id, by=world.ben)  # gone already: no error
    assert [event.kind for event in world.leak.events].count("intervention.retracted") == 1


def test_a_message_is_not_reworded_to_nothing(world):
    note = world.leak.note("Oil again.", by=world.ben)
    with pytest.raises(NothingSaid):
        world.leak.reword(note, " ", by=world.ben)
    assert Message.get_by_id(note.id).text == "Oil again."


def test_a_ticket_for_a_machine_knows_its_number_and_whose_it_is(world):
    """And who is known by a name already keeps it where only the address was written."""
    press = Equipment.create(organization=world.marlow, name="Press", serial="OP-77")
    ticket = open_at_desk(
        by=world.ben, name="carol@marlow.example", email="carol@marlow.example", subject="S", text="T", equipment=press
    )
    assert (ticket.serial, ticket.organization, ticket.name) == ("OP-77", world.marlow, "Carol Ruiz")
    other = open_at_desk(by=world.ben, name="X", email=None, subject="S", text="T", equipment=press, serial="OP-78")
    assert other.serial == "OP-78"


def test_views_have_an_end(world):
    for number in range(MOST_VIEWS):
        SavedView.keep(by=world.ben, name=f"View {number}", query="view=all", shared=False)
    with pytest.raises(TooManyViews):
        SavedView.keep(by=world.ben, name="One more", query="view=all", shared=False)
