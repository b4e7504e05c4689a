"""The sandbox at the desk: reading inboxes, answering as somebody, writing as somebody new."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from app.accounts.address import OtherAddress
from app.accounts.group import Group
from app.accounts.invitation import Invitation
from app.lib.clock import now
from app.lib.files import store
from app.lib.letters import Enclosure, Letter
from app.lib.listener import Listener
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.sandbox.letter import SandboxLetter
from app.sandbox.sample import Stranger
from app.tickets.ticket import Ticket

PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\xff" * 3 + b"\0" * 3 + b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"


@pytest.fixture
def letter(world: Any) -> SandboxLetter:
    """What Carol got from us."""
    raw = Letter(
        from_name="Acme Service",
        from_address="help@acme.example",
        to_name="Carol Ruiz",
        to_address="carol@marlow.example",
        subject="We have received your message [#1]",
        text="Work has started.\n",
        html='<html lang="en"><head><title>x</title></head><body><p>Work has <b>started</b>.</p>'
        '<img src="cid:logo"></body></html>',
        message_id="<one@acme.example>",
        references=["<zero@marlow.example>"],
        language="en",
        attachments=[
            Enclosure("logo.gif", "image/gif", PIXEL, content_id="logo"),
            Enclosure("part.txt", "text/plain", b"a part"),
        ],
    ).to_bytes()
    return SandboxLetter.create(
        recipient="carol@marlow.example",
        sender="help@acme.example",
        subject="We have received your message [#1]",
        mail_id="<one@acme.example>",
        raw_sha256=store().put(raw).sha256,
        received_at=now(),
    )


@pytest.fixture
def listening(app: Any) -> Any:
    """A real receiver on a free port, and what it took."""
    taken: list[tuple[str, list[str], bytes]] = []
    listener = Listener(
        "127.0.0.1",
        0,
        accepts=lambda address: address == "help@acme.example",
        received=lambda *each: taken.append(each),
    ).start()
    object.__setattr__(app.extensions["ventanilla"], "smtp_listener_port", listener.port)
    yield taken
    listener.stop()


def test_the_inbox_of_somebody_shows_what_they_got(desk, world, letter):
    shown = desk(world.ben).get("/desk/sandbox")
    assert "Carol Ruiz" in shown.region("People")
    assert "We have received your message [#1]" in shown.region("Letters")


def test_a_letter_is_shown_as_text_and_as_source(desk, world, letter):
    ben = desk(world.ben)
    assert "Work has started." in ben.get(f"/desk/sandbox/letters/{letter.id}", **{"as": "text"}).region("Letter")
    assert "Message-ID" in ben.get(f"/desk/sandbox/letters/{letter.id}", **{"as": "source"}).region("Letter")


def test_its_page_stands_alone_with_its_images_inside(desk, world, letter):
    response = desk(world.ben).http.get(f"/desk/sandbox/letters/{letter.id}/body")
    assert response.headers["Content-Security-Policy"].startswith("sandbox ")
    assert "data:image/gif;base64," in response.text
    assert '<base target="_blank">' in response.text


def test_its_files_are_downloads(desk, world, letter):
    ben = desk(world.ben)
    ben.get(f"/desk/sandbox/letters/{letter.id}")
    link = ben.get(f"/desk/sandbox/letters/{letter.id}").region("Letter").all("a")
    href = next(each["href"] for each in link if "part.txt" in each.text)
    response = ben.http.get(href)
    assert response.data == b"a part"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_opening_a_letter_takes_its_mark_away(desk, world, letter):
    ben = desk(world.ben)
    assert "not opened yet" in ben.get("/desk/sandbox").region("People")
    ben.get(f"/desk/sandbox/letters/{letter.id}")
    assert "not opened yet" not in ben.get("/desk/sandbox").region("People")


def test_an_answer_goes_to_the_listener_as_their_mail_program_would_send_it(desk, world, letter, listening):
    shown = desk(world.ben).post(f"/desk/sandbox/letters/{letter.id}/answers", text="Please hurry.")
    assert "Sent as Carol Ruiz" in shown.text
    sender, recipients, raw = listening[0]
    mail = message_from_bytes(raw, policy=policy.default)
    assert (sender, recipients) == ("carol@marlow.example", ["help@acme.example"])
    assert mail["Subject"] == "Re: We have received your message [#1]"
    assert mail["In-Reply-To"] == "<one@acme.example>"
    assert mail["References"].split() == ["<zero@marlow.example>", "<one@acme.example>"]
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("Please hurry.")
    assert "\n> Work has started." in text


def test_with_nobody_listening_the_text_stays(desk, world, letter):
    config = desk(world.ben).app.extensions["ventanilla"]
    object.__setattr__(config, "smtp_listener_port", 1)
    shown = desk(world.ben).post(f"/desk/sandbox/letters/{letter.id}/answers", text="Please hurry.")
    assert shown.status == 503
    assert "The mail receiver is not running" in shown.text
    assert shown.field("Answer as Carol Ruiz").value == "Please hurry."


def test_somebody_new_writes_in_and_has_an_inbox(desk, world, listening):
    Mailbox.create(name="Help", address="help@acme.example", kind="forwarded", state="confirmed", creates="ticket")
    shown = desk(world.ben).post(
        "/desk/sandbox/letters",
        name="Zoe Lind", email="Zoe@Lind.example", to="help@acme.example", subject="A squeak", text="It squeaks.",
    )  # fmt: skip
    assert "Zoe Lind" in shown.region("People")
    assert listening[0][0] == "zoe@lind.example"
    assert Stranger.get().name == "Zoe Lind"


def test_somebody_new_without_a_subject_is_asked_for_it(desk, world):
    Mailbox.create(name="Help", address="help@acme.example", kind="forwarded", state="confirmed", creates="ticket")
    shown = desk(world.ben).post(
        "/desk/sandbox/letters", name="Zoe Lind", email="z@l.example", to="help@acme.example", subject="", text="Hi"
    )
    assert shown.status == 422


def test_once_live_there_is_no_sandbox(desk, world, letter):
    WireSettings.set(mode="live")
    assert desk(world.ada).get("/desk/sandbox").status == 404
    assert desk(world.ada).get(f"/desk/sandbox/letters/{letter.id}").status == 404


def test_a_colleagues_letters_are_read_by_administrators_only(desk, world, letter):
    """One of them may hold a link that signs in as an administrator, or makes one."""
    Invitation.invite_agent("Nia", "nia@acme.example", role="administrator", is_internal=False, by=world.ada)
    OtherAddress.keep(world.ada, ["ada@home.example"])
    sign_in, beside, invited, own = (
        SandboxLetter.create(recipient=address, subject="A link", raw_sha256=letter.raw_sha256)
        for address in ("Ada@acme.example", "ada@home.example", "nia@acme.example", "ben@acme.example")
    )
    ben, ada = desk(world.ben), desk(world.ada)
    for shut in (sign_in, beside, invited):
        there = f"/desk/sandbox/letters/{shut.id}"
        ways = [there, f"{there}/body", f"{there}/files/0", f"/desk/sandbox/inboxes/{shut.recipient}"]
        assert [ben.get(way).status for way in ways] == [404, 404, 404, 404]
        assert ben.post(f"{there}/answers", text="Hello").status == 404
        assert ada.get(there).status == 200
    assert ben.get(f"/desk/sandbox/letters/{own.id}").status == 200
    shown = ben.get("/desk/sandbox").text
    assert "Ada Moss" not in shown
    assert "nia@acme.example" not in shown
    assert "Ada Moss" in ada.get("/desk/sandbox").text


def test_letters_about_a_ticket_that_is_hidden_from_an_agent_are_hidden_too(desk, world, letter):
    vault = Group.create(name="Vault", is_restricted=True)
    ticket = Ticket.open(
        by=world.carol, requester=world.carol, subject="Secret", text="Behind a door", channel="form", group=vault
    )
    about = Delivery.select().where(Delivery.ticket == ticket, Delivery.to_address == world.carol.email).first()
    letter.change(mail_id=about.mail_id)
    there = f"/desk/sandbox/letters/{letter.id}"
    ben, ada = desk(world.ben), desk(world.ada)
    assert [ben.get(way).status for way in (there, f"{there}/body", f"{there}/files/0")] == [404, 404, 404]
    assert ada.get(there).status == 200
    assert ben.post(f"{there}/answers", text="Hello").status == 404
    for way in ("/desk/sandbox", f"/desk/sandbox/inboxes/{world.carol.email}"):
        assert letter.subject not in ben.get(way).text
        assert letter.subject in ada.get(way).text


def test_a_viewer_writes_as_nobody(desk, world, letter):
    """They change nothing (P2); what people get they may read."""
    vic, there = desk(world.vic), f"/desk/sandbox/letters/{letter.id}"
    assert "Answer as" not in vic.get(there)
    assert "Write as someone new" not in vic.get(there)
    assert vic.post(f"{there}/answers", text="We accept.").status == 403


def test_a_file_that_is_a_text_is_none(desk, world, letter, listening):
    answer = desk(world.ben).post(f"/desk/sandbox/letters/{letter.id}/answers", text="Here it is.", files="abc")
    assert answer.status == 200
    assert len(listening) == 1
