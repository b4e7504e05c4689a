"""Every letter, in every language: whole, addressed, marked as what it is."""

import io
import re
from types import SimpleNamespace

import pytest

from app.accounts import mailing
from app.accounts.invitation import Invitation
from app.accounts.visitor import Access
from app.attachments.attachment import Attachment
from app.branding.company import Company
from app.catalog.lists import Priority
from app.lib import db, message_ids, secrets
from app.mail import loop, outgoing
from app.mail.reading import read
from app.outbox.delivery import Delivery
from app.outbox.letters import LETTERS
from app.outbox.wire import WireSettings
from app.surveys.survey import Survey
from app.tickets.batch import Batch
from app.tickets.held_form import HeldForm
from app.tickets.ticket import Ticket
from app.timeline.event import record
from tasks import batches
from tests.mail.incoming import support

pytestmark = pytest.mark.sqlite_only

LANGUAGES = ("es", "en", "pt")
ACCESS = Access(ip="127.0.0.1", user_agent="tests")


def upload(name: str, content: bytes) -> SimpleNamespace:
    return SimpleNamespace(filename=name, stream=io.BytesIO(content))


@pytest.fixture
def deliveries(world) -> dict[str, Delivery]:
    """One delivery of each letter, written by the verbs."""
    leak, ben, carol = world.leak, world.ben, world.carol
    files = [Attachment.keep(upload("quote.txt", b"1.248,50 euro"), by=ben)]
    leak.reply("A new seal is needed.\n\nIs Friday fine?\nhttps://acme.example/seals", by=ben, files=files)
    request = leak.request_authorization("Replace the seal <PK-90> & test, 1,248.50 €", by=ben, needs_signature=False)
    Delivery.update(created_at=request.created_at).execute()
    type(request).update(created_at=request.created_at.replace(year=2025)).execute()
    request = type(request).get_by_id(request.id)
    request.remind(by=ben)
    request.send_code(by=carol)
    leak.point_to_decision(leak.messages[0], by=carol)
    request.authorize(by=carol, name="Carol Ruiz", signature=None, access=ACCESS, language="en")
    again = leak.request_authorization("Two seals", by=ben, needs_signature=False)
    leak.point_to_decision(leak.messages[0], by=carol)
    again.deny(by=carol, reasons="Too dear", access=ACCESS, language="en")
    Survey.create(title="Generic", introduction="Tell us.", is_generic=True)
    leak.send_survey(by=ben)
    with db.transaction():
        event = record("link.renewed", by=carol, ticket=leak)
    leak.mail_customer("tickets.fresh_link", event=event, only=carol)
    leak.close("The seal is in.", by=ben)
    other = Ticket.open(by=carol, subject="Ink", text="No ink", channel="form", requester=carol)
    other.close_by_customer(by=carol)
    invitation = Invitation.invite_agent("Zoe", "zoe@acme.example", role="agent", is_internal=False, by=world.ada)
    with db.transaction():
        event = record("agent.invited", by=world.ada)
    account = Invitation.issue("account", person=carol)
    mailing.mail(
        "accounts.account", event=event, to_name=carol.name, to_address=carol.email, about=account, person=carol
    )
    mailing.mail("accounts.invited", event=event, to_name="Zoe", to_address="zoe@acme.example", about=invitation)
    link = Invitation.issue("sign-in", person=carol)
    mailing.mail(
        "accounts.sign_in_link", event=event, to_name=carol.name, to_address=carol.email, about=link, person=carol
    )
    password = Invitation.issue("password", person=carol)
    mailing.mail(
        "accounts.password_link", event=event, to_name=carol.name, to_address=carol.email, about=password, person=carol
    )
    HeldForm.hold({"email": "olga@prat.example"}, files=[], draft_key="a-key-of-the-tests-xx", language="en")
    Batch.ask("priority", [leak.id, other.id], by=world.ada, to=Priority.by_key("urgent").id).run(quiet=batches._quiet)
    with db.transaction():
        record("message.received", by=carol, ticket=leak, about=leak.messages[0])  # its reaction writes to Ben
    support()
    return {delivery.letter: delivery for delivery in Delivery.select().order_by(Delivery.id.desc())}


def test_there_is_a_delivery_of_each_letter(deliveries):
    assert set(deliveries) == set(LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_is_whole_in_each_language(deliveries, language):
    for name, delivery in deliveries.items():
        delivery.language = language
        letter = outgoing.written(delivery)
        mail = read(letter.to_bytes())
        assert mail.text, name
        for text in (letter.subject, letter.text, letter.html):
            assert not re.search(r"%\(|\{\{|\{%|\bNone\b|Undefined", text), (name, text)
        assert f'lang="{language}"' in letter.html
        assert "<style" not in mail.html
        assert "\n\n\n" not in letter.text
        assert mail.header("content-language") == language
        if delivery.ticket:
            assert letter.subject.startswith(f"[#{delivery.ticket.number}]"), name


# Who speaks in each letter: a person, or the program by itself (RFC 3834; MAIL.md, section 3, rule 2).
PERSON, BY_ITSELF = "", "auto-generated"
SPEAKS = {
    "accounts.account": BY_ITSELF, "accounts.invited": BY_ITSELF, "accounts.password_link": BY_ITSELF,
    "accounts.sign_in_link": BY_ITSELF, "authorizations.claimed": BY_ITSELF, "authorizations.code": BY_ITSELF,
    "notifications.batched": BY_ITSELF, "authorizations.authorized": BY_ITSELF, "authorizations.denied": BY_ITSELF,
    "authorizations.reminded": PERSON, "authorizations.requested": PERSON, "messages.replied": PERSON,
    "notifications.happened": BY_ITSELF, "surveys.sent": BY_ITSELF, "tickets.closed_by_customer": BY_ITSELF,
    "tickets.closed_by_team": BY_ITSELF, "tickets.confirm_form": BY_ITSELF, "tickets.fresh_link": BY_ITSELF,
    "tickets.opened": BY_ITSELF,
}  # fmt: skip


def test_every_letter_has_a_row_in_this_table():
    assert set(LETTERS) - set(SPEAKS) == set(), "say who speaks in it"


@pytest.mark.parametrize("name", sorted(SPEAKS))
def test_the_headers_say_what_a_letter_is(deliveries, name):
    delivery = deliveries[name]
    letter = outgoing.written(delivery)
    mail, said = read(letter.to_bytes()), {key for key, _ in read(letter.to_bytes()).headers}
    assert (mail.from_address, mail.from_name) == ("help@acme.example", "Acme Service")
    assert mail.message_id == delivery.mail_id
    assert mail.header("x-ventanilla-loop") == loop.token(secrets.keys().derive("loop"))
    assert (mail.auto_submitted, delivery.is_automatic) == (SPEAKS[name], SPEAKS[name])
    assert mail.header("x-auto-response-suppress") == ("All" if SPEAKS[name] else "")
    assert letter.envelope_from == "help@acme.example"  # a person's address would be asked to answer; reports come here
    # No letter is a list's; who gets notices for their work can find where to end them (RFC 2369).
    assert "list-id" not in said
    assert ("list-unsubscribe" in said) == (name == "notifications.happened")
    assert "precedence" not in said


def test_an_acknowledgement_of_a_mail_is_an_automatic_reply_in_its_thread(world):
    """It answers the mail, goes out with nobody as its sender, and asks robots to stay quiet (MAIL.md, rule 2)."""
    said = {"mail_id": "<2@marlow.example>", "references": "<0@marlow.example> <1@marlow.example>"}
    ticket = Ticket.open(
        by=world.carol, subject="Ink", text="No ink", channel="email", requester=world.carol, message=said
    )
    letter = outgoing.written(ticket.deliveries.get())
    mail = read(letter.to_bytes())
    assert (mail.auto_submitted, mail.header("precedence"), letter.envelope_from) == ("auto-replied", "bulk", "")
    assert mail.header("x-auto-response-suppress") == "All"
    assert mail.in_reply_to == ["<2@marlow.example>"]
    assert mail.references == ["<0@marlow.example>", "<1@marlow.example>", "<2@marlow.example>"]


def test_the_letters_of_a_ticket_are_one_thread(world):
    """Each answers the customer's last mail, else what we wrote last, and names those before."""
    leak = world.leak
    ours = leak.deliveries.where(Delivery.letter == "tickets.opened").get().mail_id
    leak.reply("First", by=world.ben)
    first = read(outgoing.written(_last(leak)).to_bytes())
    assert (first.in_reply_to, first.references) == ([ours], [ours])
    leak.hear("Yes", by=world.carol, channel="email", mail_id="<y@marlow.example>", references=first.message_id)
    leak.reply("Second", by=world.ben)
    second = read(outgoing.written(_last(leak)).to_bytes())
    assert second.in_reply_to == ["<y@marlow.example>"]
    assert set(second.references) == {ours, first.message_id, "<y@marlow.example>"}
    assert second.references[-1] == "<y@marlow.example>"


def _last(ticket: Ticket) -> Delivery:
    return Delivery.select().where(Delivery.ticket == ticket, Delivery.letter == "messages.replied").order_by(
        Delivery.id.desc()
    ).get()  # fmt: skip


def test_its_message_id_says_where_an_answer_belongs(deliveries):
    delivery = deliveries["messages.replied"]
    ours = message_ids.verify(delivery.mail_id, secrets.keys().derive_all("message-id"))
    assert (ours.ticket, ours.delivery) == (delivery.ticket.number, delivery.id)


def test_a_reply_carries_its_words_its_files_and_the_personal_link(deliveries):
    letter = outgoing.written(deliveries["messages.replied"])
    assert "Is Friday fine?" in letter.text
    assert "quote.txt" in letter.text
    assert [file.name for file in letter.attachments] == ["quote.txt"]
    assert f"/t/{deliveries['messages.replied'].link.token}" in letter.text
    assert letter.html.count(f"/t/{deliveries['messages.replied'].link.token}") >= 1


def test_a_request_shows_the_exact_text_and_nothing_in_it_decides(deliveries):
    for name in ("authorizations.requested", "authorizations.reminded"):
        letter = outgoing.written(deliveries[name])
        assert deliveries[name].about.text in letter.text
        assert "&lt;PK-90&gt; &amp; test" in letter.html or "Two seals" in letter.html
        links = set(re.findall(r'href="([^"]+)"', letter.html))
        assert {link for link in links if "127.0.0.1" in link} == {
            re.search(r"http://127.0.0.1\S+/t/\S+", letter.text).group()
        }


def test_a_survey_has_its_own_link(deliveries):
    letter = outgoing.written(deliveries["surveys.sent"])
    assert f"/s/{deliveries['surveys.sent'].about.token}" in letter.text
    assert "/t/" not in letter.text


def test_what_is_answered_above_the_line_comes_without_our_letter(deliveries):
    """A program that quotes nothing and puts our text below the answer, as some do."""
    letter = outgoing.written(deliveries["messages.replied"])
    for language in LANGUAGES:
        deliveries["messages.replied"].language = language
        letter = outgoing.written(deliveries["messages.replied"])
        answer = b"From: carol@marlow.example\r\nSubject: Re\r\n\r\nFriday is fine.\r\n\r\n" + letter.text.encode()
        assert read(answer).visible.strip() == "Friday is fine."


def test_the_theme_is_written_out(deliveries):
    Company.update(theme="teja").execute()
    letter = outgoing.written(Delivery.get_by_id(deliveries["messages.replied"].id))
    html = letter.to_message().get_body(("html",)).get_content()
    assert "#9c4022" in html
    assert "var(" not in html


def test_a_mailbox_that_takes_subaddresses_gets_a_signed_one(deliveries):
    delivery = deliveries["messages.replied"]
    mailbox = outgoing.mailbox_for(delivery)
    mailbox.change(uses_subaddress=True)
    reply_to = outgoing.written(delivery).reply_to
    keys = secrets.keys().derive_all("message-id")
    assert message_ids.verify_reply_address(reply_to, keys) == (delivery.ticket.number, delivery.person_id)
    assert outgoing.written(deliveries["notifications.happened"]).reply_to == ""


def test_who_works_on_the_program_sees_every_letter(deliveries, desk, world):
    page = desk(world.ada).get("/desk/dev/emails")
    for name, delivery in Delivery.latest_of_each().items():
        assert page.link(name)["href"].endswith(f"/{delivery.id}")
        one = desk(world.ada).get(f"/desk/dev/emails/{delivery.id}", language="pt")
        assert delivery.to_address in one.region("Headers").text
        frame = desk(world.ada).http.get(f"/desk/dev/emails/{delivery.id}/body")
        assert "default-src 'none'" in frame.headers["Content-Security-Policy"]
    assert desk(world.ben).get("/desk/dev/emails").status == 403
    WireSettings.set(mode="live")
    assert desk(world.ada).get("/desk/dev/emails").status == 404


@pytest.mark.parametrize("face", ["desk", "portal"])
def test_and_every_component(desk, world, face):
    page = desk(world.ada).http.get(f"/desk/dev/patterns?face={face}")
    assert page.status_code == 200
    assert b"Say which server the mail is on." in page.get_data()
