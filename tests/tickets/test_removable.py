"""The bin: out of every list, back for 30 days, then only the number and what was decided."""

from datetime import timedelta

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.robot import Robot
from app.accounts.visitor import Access
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision
from app.authorizations.signature import TypedSignature
from app.catalog.lists import Category, CustomField
from app.lib.db import Record
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.mail.ledger import LedgerEntry
from app.messages.draft import Draft
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets import removable
from app.tickets.batch import Batch
from app.tickets.removable import NotInTheBin, TicketAway
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket, TicketRead
from app.timeline.event import Event
from tests.mail.incoming import mail, receive, support
from tests.tickets.test_listing import numbers


def test_a_ticket_in_the_bin_is_in_no_list_and_takes_nothing(world, desk, portal):
    world.leak.remove(by=world.ben)
    assert "The press leaks" not in desk(world.ben).get("/desk/tickets", view="any", q="press")
    assert "The press leaks" not in portal(world.carol).get("/portal")
    with pytest.raises(TicketAway):
        world.leak.reply("Too late", by=world.ben)


def test_what_waits_for_customers_never_leaves_once_its_ticket_is_in_the_bin(world, desk):
    """A link in it would lead nowhere; and it is said before, and in the history."""
    world.leak.hear("When do you come?", by=world.carol, channel="portal")
    Delivery.update(state="sent").where(Delivery.ticket == world.leak).execute()
    here, said = f"/desk/tickets/{world.leak.number}/removal", "1 mail to the customer that has not left yet"
    assert said not in desk(world.ada).get(here)
    world.leak.reply("On Friday.", by=world.ada)
    Delivery.update(state="waiting").where(Delivery.letter << ["messages.replied", "notifications.happened"]).execute()
    page = desk(world.ada).get(here)
    assert said in page
    page.press("Delete ticket")
    states = {(each.letter, each.state) for each in world.leak.deliveries}
    assert states == {
        ("tickets.opened", "sent"),
        ("messages.replied", "cancelled"),
        ("notifications.happened", "waiting"),
    }
    told = world.leak.events.where(Event.kind == "delivery.cancelled").get()
    assert (told.by_id, told.details["to"]) == (world.ada.id, world.carol.email)


@pytest.mark.parametrize(("days", "state"), [(0, "waiting"), (2, "cancelled")])
def test_what_had_not_left_leaves_when_the_ticket_is_back_the_same_day(world, clock, days, state):
    """A request does not: the bin withdrew it."""
    Delivery.update(state="sent").where(Delivery.ticket == world.leak).execute()
    asked = world.leak.request_authorization("A new seal for 120 €.", by=world.ada)
    reply = world.leak.lock().reply("On Friday.", by=world.ada)
    Delivery.update(state="waiting").where(Delivery.state != "sent").execute()
    batch = Batch.ask("remove", [world.leak.id], by=world.ada)
    assert reply.deliveries.get().state == "cancelled"
    clock.shift(timedelta(days=days))
    if days:
        Ticket.get_by_id(world.leak.id).restore(by=world.ada)
    else:
        Batch.get_by_id(batch.id).undo(by=world.ada)
    assert Ticket.get_by_id(world.leak.id).removed_at is None
    assert reply.deliveries.get().state == state
    assert Delivery.get(Delivery.about_kind == "Authorization", Delivery.about_id == asked.id).state == "cancelled"


def test_mails_of_a_ticket_that_was_merged_into_it_never_leave_either(world):
    ink = {"subject": "Ink", "text": "No ink", "channel": "desk", "requester": world.carol}
    other = Ticket.open(by=world.ben, **ink)
    other.merge_into(world.leak, by=world.ben)
    Delivery.update(state="waiting").where(Delivery.ticket == other).execute()
    Ticket.get_by_id(world.leak.id).remove(by=world.ben)
    assert {mail.state for mail in other.deliveries} == {"cancelled"}


def test_a_customer_finds_nothing_of_what_is_in_the_bin_until_it_is_back(world, portal):
    """Neither its page nor its thread: their answer is a new matter."""
    support()
    letter = Delivery.select().where(Delivery.ticket == world.leak, Delivery.letter == "tickets.opened").get()
    world.leak.remove(by=world.ben)
    here = f"/portal/tickets/{world.leak.number}"
    assert portal(world.carol).get(here).status == 404
    answer = receive(mail("And?", sender="carol@marlow.example", in_reply_to=letter.mail_id))
    assert (answer.outcome, answer.ticket == world.leak) == ("opened", False)
    Ticket.get_by_id(world.leak.id).restore(by=world.ben)
    assert portal(world.carol).get(here).status == 200
    answer = receive(mail("And now?", sender="carol@marlow.example", in_reply_to=letter.mail_id))
    assert (answer.outcome, answer.ticket) == ("joined", world.leak)


def test_how_long_it_lies_in_the_bin_is_a_setting(world, clock, desk):
    TicketSettings.set(keep_removed_for=5)
    assert "can be restored for 5 days" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}/removal")
    world.leak.remove(by=world.ben)
    assert "What lies here for 5 days is deleted for good." in desk(world.ben).get("/desk/bin")
    clock.shift(timedelta(days=4))
    assert not Ticket.purge_old()
    clock.shift(timedelta(days=2))
    assert Ticket.purge_old() == 1


def test_what_is_restored_is_as_it_was(world):
    before = world.leak.status
    world.leak.remove(by=world.ben)
    world.leak.restore(by=world.ben)
    assert (world.leak.status, world.leak.removed_at) == (before, None)
    assert world.leak.turn == world.leak.state.turn
    assert len(world.leak.conversation(public_only=False)) == 2
    with pytest.raises(NotInTheBin):
        world.leak.restore(by=world.ben)


def test_deleting_withdraws_what_was_asked(world):
    asked = world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    world.leak.remove(by=world.ben)
    assert asked.lock().state == "withdrawn"
    assert world.leak.status == "in_progress"


def test_after_30_days_the_conversation_is_gone_and_the_decision_stays(world, clock):
    asked = world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    asked.authorize(
        by=world.carol, name="Carol Ruiz", signature=TypedSignature("Carol Ruiz"), access=Access(), language="en"
    )
    number = world.leak.number
    world.leak.lock().remove(by=world.ben)
    clock.shift(timedelta(days=29))
    assert not Ticket.purge_old()
    clock.shift(timedelta(days=2))
    assert Ticket.purge_old() == 1
    ticket = Ticket.get(Ticket.number == number)
    assert (ticket.subject, ticket.email, ticket.requester) == ("", None, None)
    assert not Message.select().where(Message.ticket == ticket).exists()
    assert Decision.get(Decision.authorization == asked).text == "A new seal for 120 €."
    assert not Ticket.purge_old()
    assert Ticket.open(by=world.eve, requester=world.eve, subject="Next", text="x", channel="form").number > number


def test_only_an_administrator_purges_at_once(world):
    world.leak.remove(by=world.ben)
    with pytest.raises(NotAllowed):
        world.leak.purge(by=world.ben)
    world.leak.purge(by=world.ada)
    with pytest.raises(NotInTheBin):
        world.leak.restore(by=world.ben)


def test_what_is_purged_is_not_found_again_when_its_category_is_renamed(world):
    """What is only in the bin is: it may come back."""
    category = Category.add("Lima")
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Ink", text="x", channel="form", category=category)
    world.leak.edit(by=world.ben, category=category)
    for ticket in (world.leak, other):
        Ticket.get_by_id(ticket.id).remove(by=world.ben)
    Ticket.get_by_id(world.leak.id).purge(by=world.ada)
    category.amend(by=world.ada, name="Caracas")
    assert not SearchEntry.select().where(SearchEntry.ticket == world.leak).exists()
    Ticket.get_by_id(other.id).restore(by=world.ben)
    assert numbers(world.ben, q="caracas") == [other.number]


def test_the_clock_purges_what_was_merged_in_too(world, clock):
    second = Ticket.open(by=world.eve, requester=world.eve, subject="Mine", text="Mine leaks.", channel="form")
    second.merge_into(world.leak, by=world.ben)
    world.leak.remove(by=world.ben)
    world.leak.purge(by=Robot.clock())
    assert Ticket.get_by_id(second.id).email is None


def test_only_what_is_in_the_bin_comes_out_of_it_or_is_purged(world):
    for act in (world.leak.restore, world.leak.purge):
        with pytest.raises(NotInTheBin):
            act(by=world.ada)
    world.leak.remove(by=world.ada)
    world.leak.purge(by=world.ada)
    for act in (world.leak.restore, world.leak.purge):
        with pytest.raises(NotInTheBin):
            act(by=world.ada)


def test_of_what_is_purged_only_the_decision_is_left(world):
    """No word of it is found, no request that nobody decided stands, and of the history what the decision needs."""
    world.leak.note("Of the chirimoya.", by=world.ben)
    pending = world.leak.request_authorization("A pump", by=world.ben)
    world.leak.remove(by=world.ada)
    world.leak.purge(by=world.ada)
    assert not SearchEntry.select().where(SearchEntry.ticket == world.leak).exists()
    assert Authorization.get_or_none(Authorization.id == pending.id) is None
    kinds = {event.kind for event in world.leak.events}
    assert "message.noted" not in kinds
    assert "ticket.purged" in kinds


def test_mails_as_they_came_go_with_what_is_purged(world):
    """Else the ledger would still show them, and could make a ticket of them again."""
    mailbox = support()
    first, second = receive(mail("Of the chirimoya."), mailbox), receive(mail("Of the maracuya."), mailbox)
    ticket = first.ticket
    second.ticket.merge_into(ticket, by=world.ben)
    invoice = receive(mail("And the invoice.", in_reply_to=first.mail_id), mailbox)
    assert invoice.ticket == ticket
    ticket = Ticket.get_by_id(ticket.id)
    ticket.split_off([invoice.message_id], subject="Invoice", by=world.ben)
    ticket.remove(by=world.ada)
    ticket.purge(by=world.ada)
    gone, too, kept = LedgerEntry.select().order_by(LedgerEntry.id)
    for entry in (gone, too):
        assert (entry.raw_sha256, entry.excerpt, entry.subject, entry.from_name) == ("", "", "", "")
        assert entry.from_address, "a line of the ledger says whose mail it was"
    assert kept.raw_sha256, "it is of another ticket"
    assert kept.subject
    with pytest.raises(Refused):
        LedgerEntry.get_by_id(first.id).process_again(by=world.ada)


def test_of_a_purged_ticket_no_row_is_left_but_those_that_say_that_it_was(world, things):
    """Nothing anybody said, did, sent, got or noted beside it."""
    ticket = world.leak
    ticket.note_intervention("Looked.", minutes=5, by=world.ben)
    ticket.set_custom(CustomField.add("Floor"), "3rd", by=world.ben)
    ticket.set_copies(["boss@marlow.example"], by=world.ben)
    ticket.tag_with(["oil"], by=world.ben)
    ticket.follow(by=world.ada)
    ticket.relate("related", Ticket.get(Ticket.number == things["linked"]), by=world.ben)
    Draft.keep(ticket, world.ben, "note", "Half")
    TicketRead.mark(ticket)
    ticket = Ticket.get_by_id(ticket.id)
    ticket.remove(by=world.ada)
    ticket.purge(by=world.ada)

    def left() -> set[str]:
        named = [(name, record) for name, record in Record.records.items() if "ticket" in record._meta.fields]
        here = {name for name, record in named if record.select().where(record.ticket == ticket.id).exists()}
        return here - {"BatchItem"}  # the list of a change of many: no words of it

    assert left() == {"Authorization", "Event"}
    assert [asked.state for asked in ticket.authorizations] == ["authorized"], "what was decided"


def test_the_bin_has_pages(world, monkeypatch, clock):
    monkeypatch.setattr(removable, "PER_PAGE", 2)
    for number in range(3):
        clock.shift(timedelta(minutes=1))
        Ticket.open(by=world.ben, channel="desk", name="Eve", subject=f"Old {number}", text="x").remove(by=world.ben)
    first = Ticket.in_bin(world.ben)
    assert [ticket.subject for ticket in first] == ["Old 2", "Old 1", "Old 0"]  # one more than a page
    assert [ticket.subject for ticket in Ticket.in_bin(world.ben, before=first[1].number)] == ["Old 0"]
