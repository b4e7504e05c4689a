"""Merging two tickets and taking it apart: nothing is lost, nobody reads what is not theirs."""

import io
import threading
from types import SimpleNamespace

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.attachments.attachment import Attachment
from app.lib import db
from app.messages.draft import Draft
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.settings import SendingSettings
from app.tickets.mergeable import MergedWithItself, NotMerged, StillPending, WouldHide
from app.tickets.personal_link import PersonalLink
from app.tickets.removable import MergedMeanwhile
from app.tickets.ticket import Ticket
from tests.page import both_ways
from tests.tickets.test_listing import numbers
from tests.world import CANARY


def another(world, *, of=None, **fields):
    of = of or world.eve
    given = {"subject": "Also leaks", "text": "Mine leaks too.", "channel": "form", "requester": of} | fields
    return Ticket.open(by=of, **given)


def texts(ticket):
    return [message.text for message in ticket.conversation(public_only=False)]


def test_what_was_said_and_who_hears_of_it_join_the_other_ticket(world):
    second = another(world, cc=["boss@rival.example"])
    second.tag_with(["oil"], by=world.ben)
    second.merge_into(world.leak, by=world.ben)
    assert texts(world.leak) == ["There is oil under the press.", f"Third time this year. {CANARY}", "Mine leaks too."]
    moved = Message.get(Message.text == "Mine leaks too.")
    assert moved.origin == second
    assert {copy.person.email for copy in world.leak.copies} == {world.eve.email, "boss@rival.example"}
    assert [tag.label for tag in world.leak.tags] == ["oil"]
    assert not texts(second)
    assert second.is_away
    reply = world.leak.reply("We come tomorrow.", by=world.ben)
    assert Delivery.select().where(Delivery.message == reply).count() == 3


def test_a_merge_is_taken_apart_again(world):
    second = another(world, cc=["boss@rival.example"])
    second.tag_with(["oil"], by=world.ben)
    before = texts(world.leak)
    second.merge_into(world.leak, by=world.ben)
    heard = world.leak.hear("And now?", by=world.eve, channel="portal")
    second.separate(by=world.ben)
    assert texts(second) == ["Mine leaks too."]
    assert texts(world.leak) == [*before, "And now?"]
    assert heard.origin is None
    assert not list(world.leak.copies)
    assert not world.leak.tags
    assert not second.is_away
    assert second.state.turn == second.turn
    with pytest.raises(NotMerged):
        second.separate(by=world.ben)


def test_who_merged_what_is_in_both_histories(world):
    second = another(world)
    second.merge_into(world.leak, by=world.ben)
    kinds = [event.kind for ticket in (second, world.leak) for event in ticket.events]
    assert "ticket.merged" in kinds
    assert "ticket.joined" in kinds


def test_a_chain_of_merges_ends_at_one_ticket_and_comes_apart_from_its_end(world):
    first, second = another(world), another(world, text="A third.")
    first.merge_into(second, by=world.ben)
    second.merge_into(world.leak, by=world.ben)
    assert Ticket.survivor_of(first.number) == world.leak
    with pytest.raises(NotMerged):
        Ticket.get_by_id(first.id).separate(by=world.ben)
    Ticket.get_by_id(second.id).separate(by=world.ben)
    assert texts(second) == ["Mine leaks too.", "A third."]
    Ticket.get_by_id(first.id).separate(by=world.ben)
    assert texts(first) == ["Mine leaks too."]
    assert texts(second) == ["A third."]


def test_what_waits_for_an_authorization_is_merged_only_after_withdrawing_it(world):
    second = another(world)
    asked = second.request_authorization("A new seal for 120 €.", by=world.ben)
    with pytest.raises(StillPending):
        second.merge_into(world.leak, by=world.ben)
    asked.withdraw(by=world.ben)
    Ticket.get_by_id(second.id).merge_into(world.leak, by=world.ben)
    assert asked.lock().ticket == second


def test_what_waits_in_the_ticket_that_stays_goes_on_waiting(world):
    asked = world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    another(world).merge_into(world.leak, by=world.ben)
    assert (asked.lock().state, world.leak.lock().status) == ("pending", "awaiting_authorization")


def test_followers_and_who_had_it_go_on_hearing_of_it_until_it_is_taken_apart(world):
    second = another(world, assignee=world.bea)
    second.follow(by=world.vic)
    world.leak.follow(by=world.ada)
    second.merge_into(world.leak, by=world.ben)
    assert {person.name for person in world.leak.followers} == {"Ada Moss", "Bea Lund", "Vic Hale"}
    Ticket.get_by_id(second.id).separate(by=world.ben)
    assert [person.name for person in world.leak.followers] == ["Ada Moss"]
    assert [person.name for person in Ticket.get_by_id(second.id).followers] == ["Vic Hale"]


def test_nobody_is_let_into_a_restricted_ticket_by_what_they_followed(world):
    vault = Group.create(name="Vault", is_restricted=True)
    vault.take_in(world.bea)
    world.leak.give_to_group(vault, by=world.ada)
    second = another(world, assignee=world.ines)
    for follower in (world.vic, world.bea):
        second.follow(by=follower)
    second.merge_into(world.leak, by=world.ada)
    assert [person.name for person in world.leak.followers] == ["Bea Lund"]
    assert not world.leak.is_seen_by_agent(world.vic)


def test_files_are_of_the_ticket_that_stays_and_its_customers(desk, portal, world):
    paper = Attachment.keep(SimpleNamespace(filename="invoice.txt", stream=io.BytesIO(b"12")), by=world.eve)
    second = another(world, files=[paper])
    second.merge_into(world.leak, by=world.ben)
    for number in (world.leak.number, second.number):
        assert desk(world.ben).get(f"/desk/tickets/{number}/attachments/{paper.id}/original").html == "12"
        assert portal(world.carol).get(f"/portal/tickets/{number}/attachments/{paper.id}/original").html == "12"
    Ticket.get_by_id(second.id).separate(by=world.ben)
    assert portal(world.carol).get(f"/portal/tickets/{world.leak.number}/attachments/{paper.id}/original").status == 404


def test_an_internal_ticket_gives_notes_and_tells_its_customer_nothing(world):
    hidden = another(world)
    hidden.set_visibility(internal=True, by=world.ben)
    hidden.merge_into(world.leak, by=world.ben)
    assert not Message.get(Message.text == "Mine leaks too.").is_public
    assert not list(world.leak.copies)
    hidden.separate(by=world.ben)
    assert Message.get(Message.text == "Mine leaks too.").is_public


def test_a_public_ticket_does_not_vanish_in_an_internal_one(world):
    second = another(world)
    world.leak.set_visibility(internal=True, by=world.ben)
    with pytest.raises(WouldHide):
        second.merge_into(world.leak, by=world.ben)


def test_not_with_itself_and_not_by_whoever_may_not(world):
    with pytest.raises(MergedWithItself):
        world.leak.merge_into(Ticket.get_by_id(world.leak.id), by=world.ben)
    for person in (world.vic, world.ines):
        with pytest.raises(NotAllowed):
            another(world).merge_into(world.leak, by=person)


def test_what_is_done_to_a_merged_ticket_is_refused(world):
    second = another(world)
    second.merge_into(world.leak, by=world.ben)
    with pytest.raises(MergedMeanwhile):
        second.reply("Too late", by=world.ben)


@both_ways
@pytest.mark.parametrize("kind", ["replies", "notes"])
def test_what_was_written_before_the_merge_goes_to_the_other_ticket_only_when_its_writer_has_seen_that(
    desk, world, htmx, kind
):
    """Its customer may be somebody else."""
    second = another(world, of=world.carol)
    client = desk(world.ben)
    page = client.get(f"/desk/tickets/{second.number}", compose="note" if kind == "notes" else "reply")
    third = another(world, subject="Of Eve")
    second.merge_into(third, by=world.ada)
    button = "Save note Ctrl ↵" if kind == "notes" else "Send reply Ctrl ↵"
    stopped = page.press(button, text="Dear Carol", htmx=htmx)
    assert stopped.status == 409
    assert ("The note was not saved." if kind == "notes" else "The reply was not sent.") in stopped
    assert f"Ticket {second.number} has been merged into ticket {third.number}." in stopped
    assert stopped.field("Internal note" if kind == "notes" else "Reply").value == "Dear Carol"
    assert not Message.select().where(Message.text == "Dear Carol").count()
    if kind == "replies":
        assert "To Eve Stone" in stopped
        assert stopped.field("Copies to").value == world.carol.email
    stopped.press(button)
    message = Message.get(Message.text == "Dear Carol")
    assert (message.ticket, message.is_public) == (third, kind == "replies")


def test_no_form_about_a_merged_ticket_changes_the_other_one(desk, world):
    second = another(world)
    second.merge_into(world.leak, by=world.ben)
    client, here = desk(world.ben), f"/desk/tickets/{second.number}"
    for noun, fields in (
        ("closure", {"text": "Done"}), ("column", {"status": "pending"}), ("removal", {}), ("following", {}),
        ("assignment", {"assignee": str(world.ben.id)}), ("drafts", {"kind": "note", "text": "Half"}),
    ):  # fmt: skip
        answer = client.post(f"{here}/{noun}", **fields)
        assert answer.status == 409, noun
        assert f"Ticket {second.number} was merged into another one meanwhile." in answer
    assert Ticket.get_by_id(world.leak.id).status == "open"
    assert not Ticket.get_by_id(world.leak.id).is_away


def test_what_was_half_written_waits_in_the_other_ticket(world):
    second = another(world)
    Draft.keep(second, world.ben, "reply", "Dear Eve, ")
    Draft.keep(second, world.ada, "note", "For us: ")
    Draft.keep(world.leak, world.ada, "note", "Written first")
    second.merge_into(world.leak, by=world.bea)
    kept = {(draft.person.name, draft.text) for draft in Draft.select().where(Draft.ticket == world.leak)}
    assert kept == {("Ben Ortiz", "Dear Eve, "), ("Ada Moss", "Written first")}


def test_a_link_of_a_mail_opens_the_ticket_it_was_merged_into(world, client):
    second = another(world)
    token = PersonalLink.get(PersonalLink.ticket == second).token
    second.merge_into(world.leak, by=world.ben)
    page = client.get(f"/t/{token}")
    assert "There is oil under the press." in page
    assert CANARY not in page
    assert "There is oil under the press." in client.get(f"/portal/tickets/{second.number}")


def test_two_who_merge_the_same_two_both_ways_at_once_lose_nothing(app, world):
    second, said = another(world), []

    def merge(one, two):
        with app.app_context(), db.connection():
            try:
                Ticket.get_by_id(one).merge_into(Ticket.get_by_id(two), by=world.ben)
            except MergedMeanwhile:
                said.append("refused")

    pairs = [(second.id, world.leak.id), (world.leak.id, second.id)]
    threads = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert said == ["refused"]
    away = [ticket for ticket in Ticket.select() if ticket.is_away]
    assert len(away) == 1
    assert len(texts(away[0].merged_into)) == 3


def test_what_an_internal_ticket_held_is_found_by_no_customer(world, portal):
    """Also what was public there once; and taken apart again it is found as before."""
    second = another(world, text="Of the archilexeme.")
    second.set_visibility(internal=True, by=world.ben)
    second.merge_into(world.leak, by=world.ben)
    assert "Nothing found" in portal(world.carol).get("/portal", q="archilexeme")
    assert numbers(world.ben, q="archilexeme") == [world.leak.number]
    Ticket.get_by_id(second.id).separate(by=world.ben)
    Ticket.get_by_id(second.id).set_visibility(internal=False, by=world.ben)
    assert "Also leaks" in portal(world.eve).get("/portal", q="archilexeme")


def test_nobody_takes_apart_what_is_hidden_from_them(world, desk):
    secret = Group.create(name="Board", is_restricted=True)
    second = another(world)
    second.merge_into(world.leak, by=world.ada)
    world.leak.hand_over(to=None, by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    with pytest.raises(NotMerged):
        Ticket.get_by_id(second.id).separate(by=world.bea)
    assert Ticket.get_by_id(second.id).is_away
    Ticket.get_by_id(second.id).separate(by=world.ada)
    assert not Ticket.get_by_id(second.id).is_away


def test_whoever_had_it_is_not_let_into_what_is_hidden_from_them(world):
    secret = Group.create(name="Board", is_restricted=True)
    second, third = another(world, assignee=world.bea), another(world, assignee=world.bea)
    world.leak.hand_over(to=None, by=world.ada)
    second.merge_into(world.leak, by=world.ada)
    assert world.leak.is_seen_by_agent(world.bea)
    Ticket.get_by_id(second.id).separate(by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    third.merge_into(world.leak, by=world.ada)
    assert not world.leak.is_seen_by_agent(world.bea)


def test_the_number_of_a_merged_ticket_leads_on_whatever_the_address_asks(world, desk):
    second = another(world)
    second.merge_into(world.leak, by=world.ben)
    for asked in ("endpoint=x", "_anchor=x", "_scheme=x", "_method=POST", "_external=1", "compose=note"):
        answer = desk(world.ben).get(f"/desk/tickets/{second.number}?{asked}", follow=False)
        assert answer.status == 303
        assert answer.headers["Location"] == f"/desk/tickets/{world.leak.number}?{asked}"


def test_a_merge_moves_what_is_found_heard_and_attached_and_gives_it_back(world):
    paper = Attachment.keep(SimpleNamespace(filename="invoice.txt", stream=io.BytesIO(b"12")), by=world.eve)
    second = another(world, text="Of the chirimoya.", files=[paper])
    second.tag_with(["quito"], by=world.ben)
    link = PersonalLink.select().where(PersonalLink.ticket == second).first()
    mail = Delivery.get(Delivery.message == second.reply("We bring one.", by=world.ben))
    second.merge_into(world.leak, by=world.ben)
    leak = Ticket.get_by_id(world.leak.id)
    assert Delivery.get_by_id(mail.id).ticket == leak
    assert numbers(world.ben, q="chirimoya") == [leak.number]
    assert numbers(world.ben, q="quito eve@rival.example") == [leak.number]
    assert (leak.has_files, leak.snippet, leak.last_heard_at) == (True, "We bring one.", second.last_heard_at)
    assert PersonalLink.get_by_id(link.id).ticket == leak
    Ticket.get_by_id(second.id).separate(by=world.ben)
    second, leak = Ticket.get_by_id(second.id), Ticket.get_by_id(leak.id)
    assert (leak.has_files, leak.snippet) == (False, "There is oil under the press.")
    assert (second.has_files, second.snippet) == (True, "We bring one.")
    assert numbers(world.ben, q="chirimoya") == [second.number]
    assert numbers(world.ben, q="quito") == numbers(world.ben, q="eve@rival.example") == [second.number]
    assert Delivery.get_by_id(mail.id).ticket == second
    assert second.messages.first().origin is None
    assert PersonalLink.get_by_id(link.id).ticket == second
    with pytest.raises(NotMerged):
        second.separate(by=world.ben)
    second.merge_into(Ticket.get_by_id(leak.id), by=world.ben)
    Ticket.get_by_id(second.id).separate(by=world.ben)
    assert not Ticket.get_by_id(second.id).is_away


def test_interventions_go_along_say_whose_they_are_and_come_back(desk, portal, world):
    """Also where their ticket was merged twice; the customer of the one that stays reads them too."""
    first, second = another(world), another(world)
    noted = first.note_intervention("Changed the chirimoya.", minutes=5, by=world.ben)
    first.merge_into(second, by=world.ben)
    Ticket.get_by_id(second.id).merge_into(world.leak, by=world.ben)
    here, there = f"/desk/tickets/{world.leak.number}", f"/portal/tickets/{world.leak.number}"
    ben, carol = desk(world.ben), portal(world.carol)
    assert f"from ticket {first.number}" in ben.get(here).region("Intervention by Ben Ortiz")
    assert "Changed the chirimoya." in carol.get(there)
    assert numbers(world.ben, q="chirimoya") == [world.leak.number]
    assert "The press leaks" in carol.get("/portal", q="chirimoya")
    Ticket.get_by_id(second.id).separate(by=world.ben)
    Ticket.get_by_id(first.id).separate(by=world.ben)
    assert "Changed the chirimoya." not in ben.get(here)
    assert "Changed the chirimoya." not in carol.get(there)
    assert numbers(world.ben, q="chirimoya") == [first.number]
    assert "Changed the chirimoya." in portal(world.eve).get(f"/portal/tickets/{first.number}")
    Ticket.get_by_id(first.id).merge_into(Ticket.get_by_id(world.leak.id), by=world.ben)
    Ticket.get_by_id(world.leak.id).retract_intervention(noted.id, by=world.ben)
    assert "Changed the chirimoya." not in ben.get(here)


def test_tags_and_who_gets_copies_are_found_where_they_are(world):
    second = another(world, cc=["boss@rival.example"])
    second.tag_with(["chirimoya"], by=world.ben)
    second.merge_into(world.leak, by=world.ben)
    for words in ("chirimoya", "boss@rival.example"):
        assert numbers(world.ben, q=words) == [world.leak.number]
    Ticket.get_by_id(second.id).separate(by=world.ben)
    for words in ("chirimoya", "boss@rival.example"):
        assert numbers(world.ben, q=words) == [second.number]


def test_a_customer_without_an_address_goes_along_and_is_written_no_mail(desk, world):
    """By a portal link one writes without an address; the ticket they are in copy of is read and answered as any."""
    nora = Contact.register("Nora Vale", None)
    second = another(world, of=nora)
    second.merge_into(world.leak, by=world.ben)
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    assert ben.get(f"{here}/properties/cc").field("Copies to").value == ""
    page = ben.get(here)
    assert page.field("Copies to").value == ""
    page.press("Send reply Ctrl ↵", text="We come.", cc="dan@marlow.example")
    reply = Message.get(Message.text == "We come.")
    assert {mail.to_address for mail in reply.deliveries} == {"carol@marlow.example", "dan@marlow.example"}
    world.leak.lock().set_copies([], by=world.ben)
    assert [copy.person for copy in world.leak.copies] == [nora], "they still read it"


def test_a_reply_that_is_taken_back_after_the_merge_leaves_the_other_ticket_as_it_was(world):
    SendingSettings.set(undo_seconds=10)
    second = another(world)
    world.leak.reply("We come.", by=world.ada)
    reply = second.reply("We look.", by=world.ben)
    second.merge_into(world.leak, by=world.ada)
    leak = Ticket.get_by_id(world.leak.id)
    assert leak.snippet == "We look."
    leak.take_back(Message.get_by_id(reply.id), by=world.ben, draft_key="k" * 24)
    leak = Ticket.get_by_id(leak.id)
    assert (leak.status, leak.snippet) == ("answered_by_team", "We come.")


def test_what_was_done_on_an_internal_ticket_is_read_by_no_customer_of_another(desk, portal, world):
    hidden = another(world)
    hidden.note_intervention("Changed the chirimoya.", minutes=5, by=world.ben)
    hidden.set_visibility(internal=True, by=world.ben)
    hidden.merge_into(world.leak, by=world.ben)
    assert "Only the team" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}").region(
        "Intervention by Ben Ortiz"
    )
    assert "Changed the chirimoya." not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert "The press leaks" not in portal(world.carol).get("/portal", q="chirimoya")
