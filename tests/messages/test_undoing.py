"""Undo: what was just sent can be taken back for some seconds; nobody outside has heard of it before (T19)."""

import io
from datetime import timedelta

import pytest
from werkzeug.datastructures import FileStorage

from app.accounts.address import OtherAddress
from app.accounts.contact import Contact
from app.attachments.attachment import Attachment
from app.lib.clock import now
from app.mail import outgoing
from app.messages.draft import Draft
from app.messages.message import Message
from app.messages.undoable import TooLateToUndo
from app.outbox.delivery import Delivery
from app.outbox.settings import SendingSettings
from app.surveys.settings import SurveySettings
from app.surveys.survey import Survey, SurveyInvitation
from app.tickets.corresponding import MOST_COPIES
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tasks import reactions
from tests.page import both_ways
from tests.tickets.test_listing import numbers

KEY = "a-form-key-of-the-tests-xx"


@pytest.fixture(autouse=True)
def _ten_seconds(world, clock):
    SendingSettings.set(undo_seconds=10)
    Delivery.update(state="sent").execute()


def fresh(world) -> Ticket:
    return Ticket.get_by_id(world.leak.id)


def there(world, rest: str = "") -> str:
    return f"/desk/tickets/{world.leak.number}{rest}"


def after(answer, client):
    """The page that htmx is sent to, or that has been followed already."""
    sent_to = answer.headers.get("HX-Redirect")
    return client.get(sent_to) if sent_to else answer


def facts(ticket: Ticket) -> tuple:
    return ticket.status, ticket.turn, ticket.snippet, ticket.first_response_at, ticket.closed_at, ticket.has_files


def test_it_is_taken_back_though_the_ticket_became_internal(world):
    """Its mail was cancelled with that, so that it has not left either."""
    message = world.leak.reply("Oops", by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ada)
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert not Message.select().where(Message.text == "Oops").exists()
    assert not Delivery.select().where(Delivery.state == "cancelled").exists()


def test_taken_back_it_is_as_if_it_had_never_been(world):
    before, links = facts(fresh(world)), PersonalLink.select().count()
    message = world.leak.reply("Oops", by=world.ben, cc=["copy@marlow.example"])
    assert Delivery.select().where(Delivery.state == "waiting").count() == 2
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert facts(fresh(world)) == before
    assert not Message.select().where(Message.text == "Oops").exists()
    assert not Delivery.select().where(Delivery.state == "waiting").exists()
    assert PersonalLink.select().count() == links
    assert not Event.select().where(Event.kind == "message.replied").exists()
    assert Event.select().where(Event.kind == "message.taken_back", Event.ticket == world.leak).count() == 1


def test_nobody_outside_opens_its_files_or_finds_its_words_before_it_leaves(world, portal, clock):
    upload = FileStorage(io.BytesIO(b"secret"), filename="secret.txt")
    message = world.leak.reply("About the gasket", by=world.ben, files=[Attachment.keep(upload, by=world.ben)])
    carol, file = portal(world.carol), f"/portal/tickets/{world.leak.number}/attachments/{message.attachments[0].id}"
    ways = [file, f"{file}/original"]
    assert [carol.get(way).status for way in ways] == [404, 404]
    assert "Nothing found" in carol.get("/portal?q=gasket")
    clock.shift(timedelta(seconds=11))
    assert [carol.get(way).status for way in ways] == [200, 200]
    assert "Nothing found" not in carol.get("/portal?q=gasket")


def test_its_words_answer_for_no_other_text(world, portal, clock):
    """Where a number of a text is given again, what was said under it before is not found in its place."""
    message = world.leak.reply("About the gasket", by=world.ben)
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    world.leak.reply("Something else", by=world.ben)
    clock.shift(timedelta(seconds=11))
    assert "Nothing found" in portal(world.carol).get("/portal?q=gasket")


def test_nobody_outside_sees_it_before_it_leaves(world, portal, clock):
    world.leak.reply("Not yet for you", by=world.ben)
    carol = portal(world.carol)
    assert "Not yet for you" not in carol.get(f"/portal/tickets/{world.leak.number}")
    assert outgoing.Delivery.claim_due(wires=["sandbox"]) == []
    clock.shift(timedelta(seconds=11))
    assert "Not yet for you" in carol.get(f"/portal/tickets/{world.leak.number}")
    assert [mail.to_address for mail in Delivery.claim_due(wires=["sandbox"])] == ["carol@marlow.example"]


def test_its_event_reacts_when_the_seconds_are_over_and_once(world, clock):
    world.leak.reply("Hello", by=world.ben)
    event = Event.get(Event.kind == "message.replied")
    reactions.react_to(event.id)
    assert Event.get_by_id(event.id).settled_at is None
    clock.shift(timedelta(seconds=61))
    reactions.sweep()
    assert Event.get_by_id(event.id).settled_at is not None


def test_a_taken_back_event_never_reacts(world):
    message = world.leak.reply("Hello", by=world.ben)
    event = Event.get(Event.kind == "message.replied")
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    reactions.react_to(event.id)
    assert not Event.select().where(Event.kind == "message.replied").exists()


def test_too_late_and_by_somebody_else_it_stays(world, clock):
    message = world.leak.reply("Hello", by=world.ben)
    with pytest.raises(TooLateToUndo):
        world.leak.take_back(message, by=world.bea, draft_key=KEY)
    clock.shift(timedelta(seconds=10))
    with pytest.raises(TooLateToUndo):
        world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert fresh(world).status == "answered_by_team"


def test_an_undo_of_another_window_never_meets_the_next_reply(world, desk):
    """The taken-back row's number is not given again, to none of message, mail, event."""
    ben, url = desk(world.ben), there(world, "/messages/{}/withdrawal")
    message = world.leak.reply("Oops", by=world.ben)
    numbers = [max(row.id for row in each.select()) for each in (Message, Delivery, Event)]
    assert "The message is taken back." in ben.post(url.format(message.id))
    after = world.leak.reply("Now it is right", by=world.ben)
    assert ben.post(url.format(message.id)).status == 404  # the other window's
    assert Message.get_by_id(after.id).text == "Now it is right"
    mail, event = (each.select().order_by(each.id.desc()).first() for each in (Delivery, Event))
    assert all(new > old for new, old in zip((after.id, mail.id, event.id), numbers, strict=True))


def test_a_mail_already_taken_by_a_worker_cannot_be_called_back(world):
    message = world.leak.reply("Hello", by=world.ben)
    Delivery.update(state="sending").where(Delivery.message == message).execute()
    with pytest.raises(TooLateToUndo):
        world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert Message.get_by_id(message.id).text == "Hello"
    assert fresh(world).status == "answered_by_team"


def test_a_word_of_the_customer_meanwhile_is_not_undone(world):
    message = world.leak.reply("Hello", by=world.ben)
    world.leak.hear("It leaks more", by=world.carol, channel="link")
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    ticket = fresh(world)
    assert (ticket.status, ticket.snippet, ticket.first_response_at) == ("answered_by_customer", "It leaks more", None)


def test_what_was_put_off_until_a_day_is_so_again(world):
    until = now() + timedelta(days=3)
    world.leak.snooze(until, by=world.ben)
    for say in (world.leak.reply, world.leak.close):
        say("Hello", by=world.ben)
        message = world.leak.messages.order_by(Message.id.desc()).get()
        world.leak.take_back(message, by=world.ben, draft_key=KEY)
        assert (fresh(world).status, fresh(world).wakes_at) == ("pending", until)


def test_of_a_ticket_that_was_merged_meanwhile_the_other_one_stays_as_it_is(world):
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x", acknowledge=False)
    other.reply("It comes.", by=world.bea)
    message = world.leak.reply("Oops", by=world.ben)
    world.leak.merge_into(other, by=world.ben)
    other.take_back(Message.get_by_id(message.id), by=world.ben, draft_key=KEY)
    assert Ticket.get_by_id(other.id).status == "answered_by_team"
    assert not Message.select().where(Message.text == "Oops").exists()


def test_a_closing_is_taken_back_with_its_mail(world):
    before = facts(fresh(world))
    world.leak.close("Done", by=world.ben)
    message = world.leak.messages.order_by(Message.id.desc()).get()
    assert message.is_held
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert facts(fresh(world)) == before


def test_what_also_withdraws_a_request_leaves_at_once(world):
    world.leak.request_authorization("A new seal", by=world.ben, needs_signature=False)
    world.leak.close("Done", by=world.ben)
    assert not world.leak.messages.order_by(Message.id.desc()).get().is_held


def test_a_closing_that_asks_for_an_opinion_is_taken_back_with_its_survey(world, clock):
    Survey.create(title="Generic", is_generic=True)
    SurveySettings.set(send_on_close=True)
    before = facts(fresh(world))
    world.leak.close("Done", by=world.ben)
    assert outgoing.Delivery.claim_due(wires=["sandbox"]) == []  # neither the words nor the survey
    world.leak.take_back(world.leak.messages.order_by(Message.id.desc()).get(), by=world.ben, draft_key=KEY)
    assert facts(fresh(world)) == before
    assert not SurveyInvitation.select().exists()
    assert not Event.select().where(Event.kind.in_(["survey.sent", "ticket.closed"])).exists()
    world.leak.close("Done", by=world.ben)
    clock.shift(timedelta(seconds=11))
    sent = {delivery.letter for delivery in outgoing.Delivery.claim_due(wires=["sandbox"])}
    assert sent == {"tickets.closed_by_team", "surveys.sent"}


@both_ways
def test_the_page_offers_it_and_the_words_and_files_come_back(desk, world, clock, htmx):
    ben = desk(world.ben)
    ben.post(there(world, "/replies"), text="Half a thou", cc="", files=(io.BytesIO(b"plan"), "plan.txt"))
    page = ben.get(there(world))
    assert "The reply leaves in a moment." in page
    action = page.form_of(page.button("Undo Z"))["action"]
    back = after(ben.post(action, htmx=htmx), ben)
    assert "The message is taken back." in back
    assert "There is oil under the press." in back.region("Conversation")
    assert back.field("Reply").value == "Half a thou"
    assert "plan.txt" in back.by_id("composer")
    assert ben.post(action).status == 404
    key = next(each for each in back.all("input") if each.get("name") == "draft_key").value
    kept = [each.get("value") for each in back.all("input") if each.get("name") == "kept"]
    ben.post(there(world, "/replies"), text="A whole thought", cc="", draft_key=key, kept=kept)
    last = world.leak.messages.order_by(Message.id.desc()).get()
    assert (last.text, [file.name for file in last.attachments]) == ("A whole thought", ["plan.txt"])
    clock.shift(timedelta(seconds=11))
    assert not ben.get(there(world)).has_button("Undo Z")


@both_ways
def test_too_late_it_says_so_on_the_ticket_s_page(desk, world, clock, htmx):
    ben = desk(world.ben)
    message = world.leak.reply("Hello", by=world.ben)
    clock.shift(timedelta(seconds=11))
    page = after(ben.post(there(world, f"/messages/{message.id}/withdrawal"), htmx=htmx), ben)
    assert "It has left already." in page
    assert "There is oil under the press." in page.region("Conversation")


def test_what_was_begun_since_is_not_lost_by_an_undo(desk, world):
    message = world.leak.reply("First", by=world.ben)
    Draft.keep(world.leak, world.ben, "reply", "Second")
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    assert desk(world.ben).get(there(world)).field("Reply").value == "First\n\nSecond"


def test_the_copies_it_changed_are_as_before_and_stand_in_the_draft_as_typed(desk, portal, world):
    """By whatever address of theirs; sent again it goes to the same people, and to nobody who was taken out."""
    OtherAddress.keep(world.eve, ["eve@home.example"])
    world.leak.set_copies(["boss@marlow.example", "amy@marlow.example"], by=world.ben)
    message = fresh(world).reply("We come on Friday.", by=world.ben, cc=["eve@home.example", "amy@marlow.example"])
    assert set(fresh(world).copied_addresses) == {"eve@rival.example", "amy@marlow.example"}
    fresh(world).take_back(message, by=world.ben, draft_key=KEY)
    assert set(fresh(world).copied_addresses) == {"boss@marlow.example", "amy@marlow.example"}
    assert portal(world.eve).get(f"/portal/tickets/{world.leak.number}").status == 404
    assert numbers(world.ben, q="eve@rival.example") == []
    page = desk(world.ben).get(there(world))
    assert page.field("Copies to").value == "amy@marlow.example, eve@rival.example"
    assert set(desk(world.bea).get(there(world)).field("Copies to").value.split(", ")) == set(
        fresh(world).copied_addresses
    )
    page.press("Send reply Ctrl ↵")
    again = Message.get(text="We come on Friday.")
    assert {mail.to_address for mail in again.deliveries} == {
        "carol@marlow.example",
        "amy@marlow.example",
        "eve@rival.example",
    }


@pytest.mark.parametrize("since", ["copies", "reply"])
def test_the_copies_stay_where_somebody_changed_or_used_them_since(world, since):
    message = world.leak.reply("We come on Friday.", by=world.ben, cc=["eve@rival.example"])
    if since == "copies":
        fresh(world).set_copies(["eve@rival.example", "amy@marlow.example"], by=world.ada)
    else:
        fresh(world).reply("Or on Monday.", by=world.ada)
    before = fresh(world).copied_addresses
    fresh(world).take_back(message, by=world.ben, draft_key=KEY)
    assert fresh(world).copied_addresses == before
    assert "eve@rival.example" in before


def test_the_copies_are_none_on_the_ticket_it_was_merged_into_either(world, portal):
    """Nor do they come back with the merge undone."""
    message = world.leak.reply("Oops", by=world.ben, cc=["eve@rival.example"])
    ink = {"subject": "Ink", "text": "No ink", "channel": "desk", "requester": world.dan}
    other = Ticket.open(by=world.ben, **ink)
    fresh(world).merge_into(other, by=world.ada)
    assert portal(world.eve).get(f"/portal/tickets/{other.number}").status == 200
    other.lock().take_back(Message.get_by_id(message.id), by=world.ben, draft_key=KEY)
    assert portal(world.eve).get(f"/portal/tickets/{other.number}").status == 404
    fresh(world).separate(by=world.ada)
    assert [ticket.lock().copied_addresses for ticket in (other, fresh(world))] == [[], []]


def test_more_copies_than_may_be_added_are_no_reason_to_send_it(world):
    world.leak.set_copies([f"{place}@marlow.example" for place in range(MOST_COPIES)], by=world.ben)
    person = Contact.register("Eve", "late@rival.example").id
    fresh(world).change_copies(added=[person], ended=[])
    message = fresh(world).reply("Oops", by=world.ben, cc=fresh(world).copied_addresses[:-1])
    fresh(world).take_back(message, by=world.ben, draft_key=KEY)
    assert len(fresh(world).copied_addresses) == MOST_COPIES + 1


def test_what_is_sent_and_closed_goes_to_whom_was_typed_and_back(desk, world):
    form = desk(world.ben).get(there(world))
    form.press("Send and close", text="It is done.", cc="boss@marlow.example")
    closing = Message.get(text="It is done.")
    assert {mail.to_address for mail in closing.deliveries} == {"carol@marlow.example", "boss@marlow.example"}
    fresh(world).take_back(closing, by=world.ben, draft_key=KEY)
    assert (fresh(world).copied_addresses, fresh(world).is_closed) == ([], False)


def test_files_without_a_word_wait_though_the_copies_are_changed(desk, world):
    photo = Attachment.keep(FileStorage(io.BytesIO(b"a pump"), "pump.txt"), by=world.ben)
    message = world.leak.reply("", by=world.ben, files=[photo])
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    ben = desk(world.ben)
    ben.post(there(world, "/drafts"), kind="reply", text="", cc="boss@marlow.example")
    page = ben.get(there(world))
    assert "pump.txt" in page.by_id("composer")
    assert page.field("Copies to").value == "boss@marlow.example"
    ben.post(there(world, "/drafts"), kind="reply", text="", cc="")
    assert "pump.txt" in ben.get(there(world)).by_id("composer")


def test_its_files_wait_with_the_draft_though_one_leaves_the_page(desk, world):
    """And go on with it when it is sent, by itself kept again since."""
    photo = Attachment.keep(FileStorage(io.BytesIO(b"a pump"), "pump.txt"), by=world.ben)
    message = world.leak.reply("See the photo.", by=world.ben, files=[photo])
    world.leak.take_back(message, by=world.ben, draft_key=KEY)
    ben = desk(world.ben)
    ben.get("/desk/tickets")
    ben.post(there(world, "/drafts"), kind="reply", text="See the photo of it.")
    page = ben.get(there(world))
    assert page.field("Reply").value == "See the photo of it."
    assert "pump.txt" in page.by_id("composer")
    assert "pump.txt" not in desk(world.bea).get(there(world))
    page.press("Send reply Ctrl ↵")
    assert [file.name for file in Message.get(text="See the photo of it.").attachments] == ["pump.txt"]
    assert "pump.txt" not in ben.get(there(world)).by_id("composer")


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_draft_that_is_saved_by_its_button_keeps_its_files(desk, world, kind):
    ben = desk(world.ben)
    form = ben.get(there(world, f"?compose={kind}"))
    told = {"files": (io.BytesIO(b"a pump"), "pump.txt"), "text": "Look."}
    form.press("Save draft", **told)
    again = ben.get(there(world, f"?compose={kind}"))
    assert again.field("Reply" if kind == "reply" else "Internal note").value == "Look."
    assert "pump.txt" in again.by_id("composer")


def test_a_colleague_is_not_offered_it(desk, world):
    world.leak.reply("Hello", by=world.ben)
    assert not desk(world.bea).get(there(world)).has_button("Undo Z")
    assert desk(world.ben).get(there(world)).has_button("Undo Z")


def test_ten_seconds_are_the_rule(world):
    """Beside that of the other tests."""
    assert SendingSettings.kinds()["undo_seconds"].default == 10


def test_without_seconds_it_leaves_at_once(world):
    SendingSettings.set(undo_seconds=0)
    message = world.leak.reply("Hello", by=world.ben)
    assert not message.is_held
    SendingSettings.set(undo_seconds=3000)
    assert world.leak.reply("Again", by=world.ben).held_until == now() + timedelta(seconds=300)
