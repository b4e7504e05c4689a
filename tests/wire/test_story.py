"""One ticket's whole life on real parts: a mailbox of each kind, SMTP, the consumer's process, no script."""

import io
import os
import re
import subprocess
import time
from dataclasses import replace

import pypdfium2
import pytest

from app.authorizations.decision import Decision
from app.lib.jobs import announcer, open_queue
from app.mail.mailbox import Mailbox
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings, is_live
from app.surveys.settings import SurveySettings
from app.surveys.survey import Answer, Survey
from app.tickets.ticket import Ticket
from app.timeline.event import announce_to
from tests import needs
from tests.mail.incoming import mail
from tests.mail.test_mailbox_desk import URL
from tests.wire.mailboxes import KINDS, until
from tests.wire.mailserver import free_port, wait_for_port
from tests.wire.visiting import Visitor
from tests.wire.worker import Worker

NORA = "nora@new.example"
TEXT = "A new blade for 120 € plus VAT."
LINK = re.compile(r"https?://\S+/[ts]/[\w.-]+")


@pytest.fixture
def redis(tmp_path):
    """A throwaway Redis on a port of its own."""
    needs.insist("redis")
    port = free_port()
    command = [needs.program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    prefix = ["setpriv", "--pdeathsig", "TERM"]
    process = subprocess.Popen([*prefix, *command], cwd=tmp_path, stdout=subprocess.DEVNULL)
    wait_for_port(port, process, tmp_path / "none")
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


class Story:
    """The people of the story, and their programs."""

    def __init__(self, app, world, desk, postbag) -> None:
        self.world, self.postbag = world, postbag
        self.ada, self.ben = desk(world.ada), desk(world.ben)
        self.nora = Visitor(app.extensions["ventanilla"].base_url)
        self.address = f"help-{os.urandom(4).hex()}@acme.example"  # an inbox of its own in the shared servers
        self.mailbox = None  # of one of the KINDS
        self.read = 0

    def next_letter(self, *, to=NORA):
        """The next letter that Nora gets."""
        end = time.monotonic() + 30
        while len(letters := self.postbag.to(to)) <= self.read:
            written = Delivery.select().where(Delivery.to_address == to)
            assert time.monotonic() < end, [(row.letter, row.state, row.answer) for row in written]
            time.sleep(0.05)
        self.read += 1
        return letters[self.read - 1]

    def nora_writes(self, text, **headers):
        """By mail."""
        raw = mail(text, sender=f"Nora Vega <{NORA}>", to=self.address, **headers)
        self.mailbox.deliver(self.ada, NORA, raw)


@pytest.fixture(
    params=[
        *(("sqlite", kind) for kind in KINDS),
        pytest.param(("redis", "imap"), marks=[pytest.mark.sqlite_only, needs.needs("redis")]),
    ],
    ids=lambda chosen: f"{chosen[1]}, queue on {chosen[0]}",
)
def story(request, app, world, desk, live_server, postbag):
    """An installation whose events go to the queue, a worker on that queue, a mailbox, and a survey to send."""
    queue, kind = request.param
    config = app.extensions["ventanilla"]
    if queue == "redis":
        config = app.extensions["ventanilla"] = replace(config, queue_url=request.getfixturevalue("redis"))
    announce_to(announcer(open_queue(config)))
    survey = Survey.write(by=world.ada, title="How did it go?")
    survey.ask(by=world.ada, text="Was it solved?", kind="yes_no", choices=[], is_required=True)
    SurveySettings.set(send_on_close=True)
    told = Story(app, world, desk, postbag)
    told.mailbox = KINDS[kind](request, told.address)
    worker = Worker(config).start()
    yield told
    worker.stop()
    told.mailbox.end()


def test_from_the_first_mail_to_the_pdf(story):
    go_live(story)
    ticket, first = a_mail_becomes_a_ticket(story)
    answer = the_agent_replies(story, ticket, first)
    the_customer_answers_by_mail(story, ticket, answer)
    an_authorization_is_signed_by_link(story, ticket)
    the_ticket_is_closed(story, ticket)
    the_survey_is_answered(story)
    the_pdf_is_made(story, ticket)
    sent = [letter["Message-ID"] for letter in story.postbag.letters]
    assert len(sent) == len(set(sent)), "a letter left twice"
    assert not Delivery.select().where(Delivery.state != "sent", Delivery.wire == "live").exists()


def go_live(story):
    """A mailbox tested by the worker and confirmed; then the wire is opened."""
    story.mailbox.confirm(story.ada)
    page = story.ada.get(f"{URL}/{Mailbox.get().id}")
    assert page.has_button("Back to draft"), page.text
    WireSettings.set(mode="live")
    assert is_live()


def a_mail_becomes_a_ticket(story):
    story.nora_writes("The saw stands still.", subject="The saw", message_id="<first@new.example>")
    letter = story.next_letter()
    ticket = Ticket.select().order_by(Ticket.id.desc()).get()
    assert (ticket.subject, ticket.channel, ticket.email) == ("The saw", "email", NORA)
    assert letter["Subject"] == f"[#{ticket.number}] We have received: The saw"
    assert (letter["In-Reply-To"], letter["References"]) == ("<first@new.example>", "<first@new.example>")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}
    page = story.nora.get(link_in(letter))
    assert page.h1 == "The saw"
    assert "The saw stands still." in page
    return ticket, letter


def the_agent_replies(story, ticket, first):
    page = story.ben.get(f"/desk/tickets/{ticket.number}")
    page.press("Send reply Ctrl ↵", text="Is the plug in?")
    letter = story.next_letter()
    assert letter["Subject"] == f"[#{ticket.number}] The saw"
    assert letter["From"].addresses[0].addr_spec == story.address
    assert letter["In-Reply-To"] == "<first@new.example>"
    assert letter["References"].split() == [first["Message-ID"], "<first@new.example>"]  # what is answered comes last
    assert letter["Auto-Submitted"] is None
    assert letter["Message-ID"] != first["Message-ID"]
    assert letter["Message-ID"] == Delivery.get(letter="messages.replied").mail_id
    assert "Is the plug in?" in letter.get_body(("plain",)).get_content()
    assert Ticket.get_by_id(ticket.id).status == "answered_by_team"
    return letter


def the_customer_answers_by_mail(story, ticket, answer):
    quoted = "\n".join(f"> {line}" for line in answer.get_body(("plain",)).get_content().splitlines())
    story.nora_writes(
        f"It is, and nothing moves.\n\n{quoted}", subject=f"Re: {answer['Subject']}", message_id="<second@new.example>",
        in_reply_to=answer["Message-ID"], references=f"<first@new.example> {answer['Message-ID']}",
    )  # fmt: skip
    until(lambda: Ticket.get_by_id(ticket.id).status == "answered_by_customer")
    heard = Message.select().where(Message.ticket == ticket).order_by(Message.id.desc()).get()
    assert (heard.text, heard.channel, heard.is_incoming) == ("It is, and nothing moves.", "email", True)
    assert Ticket.select().where(Ticket.channel == "email").count() == 1


def an_authorization_is_signed_by_link(story, ticket):
    asking = story.ben.get(f"/desk/tickets/{ticket.number}", compose="authorization")
    asking.press("Request authorization Ctrl ↵", text=TEXT, way="signature")
    letter = story.next_letter()
    assert letter["In-Reply-To"] == "<second@new.example>"
    assert {"<first@new.example>", "<second@new.example>"} <= set(letter["References"].split())
    assert letter["Auto-Submitted"] is None
    assert TEXT in letter.get_body(("plain",)).get_content()
    page = story.nora.get(link_in(letter))
    sheet = page.follow("Authorize and sign")
    assert TEXT in sheet
    decided = sheet.press("Confirm authorization", name="Nora Vega", typed="y")
    assert "Authorized by Nora Vega" in decided
    decision = Decision.get()
    assert (decision.outcome, decision.text, decision.way) == ("authorized", TEXT, "link")
    assert (decision.signature_kind, decision.ip, decision.user_agent) == ("typed", "127.0.0.1", "A plain browser")
    assert decision.mail_id == letter["Message-ID"]
    confirmation = story.next_letter()
    assert confirmation["Auto-Submitted"] == "auto-generated"
    assert Ticket.get_by_id(ticket.id).status == "authorized"


def the_ticket_is_closed(story, ticket):
    closing = story.ben.get(f"/desk/tickets/{ticket.number}/closure")
    closing.press("Close ticket", text="The blade is new.")
    letter = story.next_letter()
    assert f"[#{ticket.number}]" in letter["Subject"]
    assert "The blade is new." in letter.get_body(("plain",)).get_content()
    assert Ticket.get_by_id(ticket.id).status == "closed_by_team"


def the_survey_is_answered(story):
    letter = story.next_letter()
    assert letter["Auto-Submitted"] == "auto-generated"
    address = next(each for each in LINK.findall(letter.get_body(("plain",)).get_content()) if "/s/" in each)
    page = story.nora.get(address)
    question = next(each for each in page.all("input") if each.get("name", "").startswith("question-"))
    assert "Thank you" in page.press("Send my opinion", **{question["name"]: "1"})
    assert Answer.get().text == "1"
    assert story.nora.get(address).status == 409


def the_pdf_is_made(story, ticket):
    """The customer waits for the worker with the link Refresh, as a browser without script does."""
    page = story.nora.get(f"/portal/tickets/{ticket.number}").press("Download PDF")
    end = time.monotonic() + 60
    while page.is_html:
        assert time.monotonic() < end, page.text
        time.sleep(0.2)
        page = page.follow("Refresh")
    document = pypdfium2.PdfDocument(io.BytesIO(page.response.get_data()))
    said = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    for words in ("The saw stands still.", "Is the plug in?", "nothing moves", "A new blade", "Nora Vega"):
        assert words in said, said


def link_in(letter):
    return LINK.search(letter.get_body(("plain",)).get_content()).group()
