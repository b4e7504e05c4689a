"""Writing at the desk: replies, notes, templates, files, letters in their frame, mails that failed."""

import io
import re
from datetime import timedelta

import pytest

from app.accounts.group import Group
from app.attachments.attachment import Attachment
from app.attachments.inline import behind
from app.messages.message import Message
from app.messages.reply_template import ReplyTemplate
from app.outbox.delivery import Delivery
from app.surveys.survey import Survey
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from tests.page import both_ways

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def there(world, rest=""):
    return f"/desk/tickets/{world.leak.number}{rest}"


def fresh(world):
    return Ticket.get_by_id(world.leak.id)


def pdf(name="plan.pdf"):
    return io.BytesIO(b"%PDF-1.4 a plan"), name


@both_ways
def test_a_reply_goes_out_and_stands_in_the_conversation(desk, world, htmx):
    client = desk(world.ben)
    page = client.get(there(world), htmx=False)
    page.press("Send reply Ctrl ↵", within=page.region("Reply"), htmx=htmx, text="We come tomorrow", cc="x@y.example")
    ticket = fresh(world)
    assert ticket.status == "answered_by_team"
    shown = client.get(there(world))
    assert "We come tomorrow" in shown.region("Reply by Ben Ortiz")
    assert "Queued" in shown.region("Reply by Ben Ortiz")
    mails = Delivery.select().where(Delivery.letter == "messages.replied")
    assert {mail.to_address for mail in mails} == {"carol@marlow.example", "x@y.example"}
    assert shown.field("Copies to").value == "x@y.example"


@both_ways
def test_an_empty_reply_is_refused_and_keeps_the_files(desk, world, htmx):
    page = desk(world.ben).post(there(world, "/replies"), htmx=htmx, text="", cc="nonsense", files=pdf())
    assert page.status == 422
    assert "“nonsense” is not an e-mail address." in page
    composer = page.by_id("composer")
    assert composer.region("Already added").all("input")[0].get("name") == "kept"
    kept = composer.region("Already added").all("input")[0]["value"]
    key = next(each["value"] for each in composer.all("input") if each.get("name") == "draft_key")
    desk(world.ben).post(there(world, "/replies"), htmx=htmx, text="Here", cc="", kept=kept, draft_key=key)
    message = Message.select().where(Message.text == "Here").get()
    assert [file.name for file in message.attachments] == ["plan.pdf"]


def test_a_second_press_sends_nothing_twice(desk, world):
    client = desk(world.ben)
    key = "k" * 32
    for _ in range(2):
        client.post(there(world, "/replies"), text="Only once", cc="", draft_key=key)
    assert Message.select().where(Message.text == "Only once").count() == 1


def test_a_reply_that_says_what_a_note_said_is_sent(desk, portal, world):
    """The note is the team's: the customer has heard nothing yet."""
    world.leak.note("The part comes on Monday.", by=world.ben)
    desk(world.ben).get(there(world)).press("Send reply Ctrl ↵", text="The part comes on Monday.")
    assert "The part comes on Monday." in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


def test_a_form_sent_again_after_going_back_sends_nothing_twice(desk, portal, world, clock):
    """The browser fills a fresh form, with a key of its own, with the same words."""
    ben, carol, mine = desk(world.ben), portal(world.carol), f"/portal/tickets/{world.leak.number}/replies"
    for key in ("k" * 32, "l" * 32):
        ben.post(there(world, "/replies"), text="Only once", cc="", draft_key=key)
    for key in ("m" * 32, "n" * 32):
        carol.post(mine, text="Fine", draft_key=key)
    told = [each.text for each in Message.select().order_by(Message.id)]
    assert told[-2:] == ["Only once", "Fine"]
    carol.post(mine, text="Fine, really", draft_key="o" * 32)
    clock.shift(timedelta(minutes=11))
    carol.post(mine, text="Fine, really", draft_key="p" * 32)
    assert [each.text for each in Message.select().order_by(Message.id)][-2:] == ["Fine, really"] * 2


@both_ways
def test_a_note_is_internal_and_changes_no_status(desk, world, htmx):
    client = desk(world.ines)
    page = client.get(there(world))
    assert "composer--note" in page.by_id("composer")["class"]
    client.post(there(world, "/notes"), htmx=htmx, text="Ask the supplier", files=pdf("offer.pdf"))
    shown = client.get(there(world))
    assert "Ask the supplier" in shown.all("article")[-1]
    assert "only the team sees it" in shown.all("article")[-1]
    assert next(each for each in shown.all("a") if "offer.pdf" in each)["href"].endswith("/original")
    assert fresh(world).status == "open"
    assert client.post(there(world, "/notes"), htmx=htmx, text=" ").status == 422


@both_ways
def test_the_tabs_of_the_composer_are_pages(desk, world, htmx):
    page = desk(world.ben).get(there(world, "?compose=note"), htmx=htmx)
    assert page.whole is not htmx
    assert page.region("Internal note").has_field("Internal note")
    assert (
        desk(world.ben).get(there(world, "?compose=authorization"), htmx=htmx).has_field("What the customer authorizes")
    )


@both_ways
def test_a_template_is_added_to_what_was_typed_and_filled_in(desk, world, htmx):
    ReplyTemplate.create(name="Visit", text="Dear {name}, about {subject} ({number}). {agent}, {company}")
    ReplyTemplate.create(name="Other team", text="x", group=Group.create(name="Bills"))
    client = desk(world.ben)
    picking = client.post(there(world, "/replies"), htmx=htmx, text="Hello", cc="", pick="1")
    assert "Visit" in picking.region("Begin with a template")
    assert "Other team" not in picking
    assert picking.field("Reply").value == "Hello"
    button = next(each for each in picking.all("button") if each.get("name") == "template" and each["value"])
    filled = client.post(there(world, "/replies"), htmx=htmx, text="Hello", cc="", template=button["value"])
    assert filled.field("Reply").value == "Hello\n\nDear Carol, about The press leaks (1). Ben Ortiz, Acme Service"
    assert not Message.select().where(Message.text.startswith("Hello")).exists()


def test_a_placeholder_that_stayed_open_is_not_sent(desk, world):
    page = desk(world.ben).post(there(world, "/replies"), text="Dear {name}", cc="")
    assert page.status == 422
    assert "{name}" in page.by_id("composer")
    assert fresh(world).status == "open"


def test_send_and_close_closes_with_these_words(desk, world):
    desk(world.ben).post(there(world, "/replies"), text="All done", cc="", then="close", files=pdf())
    ticket = fresh(world)
    assert ticket.status == "closed_by_team"
    assert [file.name for file in ticket.messages.order_by(Message.id.desc()).get().attachments] == ["plan.pdf"]


def test_a_closed_ticket_takes_notes_only_and_says_why(desk, world):
    world.leak.close("Done", by=world.ben)
    client = desk(world.ben)
    assert client.get(there(world)).has_field("Internal note")
    page = client.post(there(world, "/replies"), text="One more thing", cc="")
    assert page.status == 409
    assert "One more thing" in page.html


def test_without_copies_the_field_is_gone_and_they_stay(desk, world):
    world.leak.set_copies(["x@y.example"], by=world.ben)
    TicketSettings.set(fields_off=["cc"])
    client = desk(world.ben)
    assert not client.get(there(world)).has_field("Copies to")
    client.post(there(world, "/replies"), text="Hello", cc="other@y.example")
    assert [copy.person.email for copy in fresh(world).copies] == ["x@y.example"]


def test_a_failed_mail_says_so_and_is_sent_again(desk, world):
    world.leak.reply("Hello", by=world.ben)
    mail = Delivery.select().where(Delivery.letter == "messages.replied").get()
    mail.failed("550 no such user")
    client = desk(world.ben)
    page = client.get(there(world))
    assert "Failed: carol@marlow.example" in page.region("Reply by Ben Ortiz")
    page.press("Send again")
    assert Delivery.get_by_id(mail.id).state == "waiting"
    assert "sent the mail to carol@marlow.example again" in client.get(there(world, "/history"))
    assert client.post(there(world, f"/deliveries/{mail.id}/retry")).status == 422
    assert client.post(there(world, "/deliveries/999/retry")).status == 404


def test_no_mail_of_an_internal_ticket_is_sent_again(desk, world):
    world.leak.reply("Hello", by=world.ben)
    mail = Delivery.select().where(Delivery.letter == "messages.replied").get()
    mail.failed("550 no such user")
    world.leak.close("Done", by=world.ben)
    client = desk(world.ben)
    assert client.get(there(world)).has_button("Send again")
    world.leak.set_visibility(internal=True, by=world.ben)
    assert not client.get(there(world)).has_button("Send again")
    assert client.post(there(world, f"/deliveries/{mail.id}/retry")).status == 422
    assert Delivery.get_by_id(mail.id).state == "failed"


def test_an_automatic_message_is_folded(desk, world):
    world.leak.file_automatic("I am away", by=world.carol, said_at=world.leak.created_at)
    page = desk(world.ben).get(there(world))
    assert page.region(next(each for each in page.regions() if each.startswith("Automatic message"))).tag == "details"


def test_a_letter_stands_in_a_frame_that_runs_nothing(desk, world, client):
    message = world.leak.hear(
        "Hello", by=world.carol, channel="email", quoted="> before",
        html='<p>Hello <img src="cid:logo"><img data-remote="https://far.example/x.png">'
        '<img width="1" data-remote="https://far.example/p.gif"></p>',
    )  # fmt: skip
    file = Attachment.keep_part(PICTURE, "logo.png", content_id="<logo>", is_inline=True)
    file.attach_to(message)
    agent = desk(world.ben)
    page = agent.get(there(world))
    frame = page.all("iframe")[0]
    assert "allow-scripts" not in frame["sandbox"]
    assert "> before" in page.region("Quoted text")
    letter = agent.http.get(frame["src"])
    assert letter.headers["Content-Security-Policy"].startswith("sandbox ")
    assert "https:" not in letter.headers["Content-Security-Policy"]
    text = letter.get_data(as_text=True)
    assert "far.example" not in re.sub(r'data-remote="https://far.example/[xp].(?:png|gif)"', "", text)
    assert "1 tracking pixel is not loaded" in page
    inline = re.search(r'src="(/inline/[^"]+)"', text)[1]
    picture = client.http.get(inline)
    assert (picture.status_code, picture.headers["Cross-Origin-Resource-Policy"]) == (200, "cross-origin")
    assert client.http.get(inline[:-2] + "xx").status_code == 404
    assert behind("nonsense") is None
    shown = page.follow("Show them").all("iframe")[0]["src"]
    assert "https:" in agent.http.get(shown).headers["Content-Security-Policy"]
    assert desk(world.eve).get(frame["src"]).status == 403


def test_files_are_downloads_and_pictures_have_a_page(desk, world):
    desk(world.ben).post(there(world, "/notes"), text="See", files=(io.BytesIO(PICTURE), "spot.png"))
    client = desk(world.vic)
    page = client.get(there(world))
    link = next(each for each in page.all("a") if "spot.png" in each)
    shown = client.get(link["href"])
    assert shown.h1 == "spot.png"
    original = client.get(shown.link("Download")["href"])
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert client.get(shown.all("img")[0]["src"]).headers["Content-Type"].startswith("image/")
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="x", text="x")
    file = Attachment.get(Attachment.name == "spot.png")
    assert client.get(f"/desk/tickets/{other.number}/attachments/{file.id}").status == 404


@pytest.mark.parametrize("kind", ["replies", "notes", "authorizations"])
def test_each_composer_stands_alone_too(desk, world, kind):
    assert desk(world.ben).get(there(world, f"/{kind}")).by_id("composer")


def test_a_survey_is_sent_by_hand(desk, world):
    client = desk(world.ben)
    assert client.post(there(world, "/survey-invitations")).status == 422
    Survey.create(title="How was it?", is_generic=True)
    page = client.get(there(world))
    sent = page.press("Send survey", within=page.region("Position in the list").page)
    assert "The survey is on its way." in sent
    assert Delivery.select().where(Delivery.letter == "surveys.sent").count() == 1
    assert "How was it?" in sent.region("Surveys")


def test_no_survey_goes_to_another_ticket_s_customer(desk, world):
    """From a page that was open when the ticket was merged."""
    Survey.create(title="How was it?", is_generic=True)
    client, other = (
        desk(world.ben),
        Ticket.open(by=world.eve, channel="form", requester=world.eve, subject="x", text="x"),
    )
    page = client.get(there(world))
    world.leak.merge_into(other, by=world.ben)
    assert page.press("Send survey").status == 409
    assert not Delivery.select().where(Delivery.letter == "surveys.sent").exists()


@both_ways
def test_a_stopped_reply_is_a_draft(desk, world, htmx):
    """The page takes what it gets back as kept: the server has to have kept it (T19)."""
    ben = desk(world.ben)
    page = ben.get(there(world))
    world.leak.reply("I come on Monday", by=world.bea)
    stopped = page.press("Send reply Ctrl ↵", within=page.region("Reply"), htmx=htmx, text="We come on Friday")
    assert stopped.status == 409
    assert ben.get(there(world)).field("Reply").value == "We come on Friday"
    assert desk(world.bea).get(there(world)).field("Reply").value == ""


@both_ways
def test_a_reply_begun_with_a_template_is_a_draft(desk, world, htmx):
    ReplyTemplate.create(name="Visit", text="Dear {name}")
    ben = desk(world.ben)
    picking = ben.post(there(world, "/replies"), htmx=htmx, text="Hello", cc="", pick="1")
    assert ben.get(there(world)).field("Reply").value == "Hello"
    picking.press("Visit Dear {name}", htmx=htmx)
    assert "Dear Carol" in ben.get(there(world)).field("Reply").value


@both_ways
def test_a_refused_note_is_a_draft(desk, world, htmx):
    ben = desk(world.ben)
    ben.post(there(world, "/notes"), htmx=htmx, text="Ask them", files=(io.BytesIO(b""), "empty.txt"))
    assert ben.get(there(world, "?compose=note")).field("Internal note").value == "Ask them"


@both_ways
def test_a_reply_to_what_was_closed_meanwhile_says_so_and_reopens_it(desk, world, htmx):
    ben = desk(world.ben)
    page = ben.get(there(world))
    world.leak.close("Solved by phone", by=world.bea)
    stopped = page.press("Send reply Ctrl ↵", within=page.region("Reply"), htmx=htmx, text="One more thing")
    assert stopped.status == 409
    assert "Bea Lund closed this ticket meanwhile." in stopped
    assert "Solved by phone" in stopped.region("Said meanwhile")
    assert "Closed by team" in stopped.by_id("composer")
    assert not stopped.has_button("Send reply Ctrl ↵")
    assert "Your reply that was not sent is kept" in ben.get(there(world)).by_id("composer")
    stopped.press("Reopen", within=stopped.by_id("composer"), htmx=htmx)
    again = ben.get(there(world))
    assert fresh(world).status == "open"
    assert again.field("Reply").value == "One more thing"
    again.press("Send reply Ctrl ↵", within=again.region("Reply"), htmx=htmx)
    assert Message.select().where(Message.text == "One more thing").count() == 1


def test_closed_by_the_customer_meanwhile_names_them(desk, world):
    ben = desk(world.ben)
    page = ben.get(there(world))
    world.leak.close_by_customer(by=world.carol)
    stopped = page.press("Send reply Ctrl ↵", within=page.region("Reply"), text="One more thing")
    assert "Carol Ruiz closed this ticket meanwhile." in stopped
