"""Mail from who pretends to be somebody else, and what hostile bytes become of."""

import pytest

from app.messages.message import Message
from app.outbox.delivery import Delivery
from tests.mail.incoming import mail, receive, support

FAILED = "mx.acme.example; dmarc=fail header.from=acme.example"
PROVED = "mx.acme.example; dmarc=pass header.from=acme.example"


@pytest.fixture
def answer(world):
    support(authserv_id="mx.acme.example")
    world.leak.reply("Is Friday fine?", by=world.ben)
    delivery = Delivery.select().where(Delivery.letter == "messages.replied").order_by(Delivery.id.desc()).first()
    delivery.accepted("250 OK")
    return delivery


def test_who_pretends_to_be_an_agent_writes_no_note_of_theirs(world, answer, desk):
    raw = mail(
        "Ship it for free.", sender="bea@acme.example", in_reply_to=answer.mail_id, authentication_results=FAILED
    )
    entry = receive(raw)
    assert (entry.cause, entry.message.is_public) == ("unproved", False)
    assert entry.message.author != world.bea
    assert "Sender not proved" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")


@pytest.mark.parametrize(("results", "marked"), [("", True), (PROVED, False)])
def test_an_agents_mail_says_whether_it_was_proved(world, answer, desk, results, marked):
    more = {"authentication_results": results} if results else {}
    entry = receive(mail("Noted.", sender="bea@acme.example", in_reply_to=answer.mail_id, **more))
    assert (entry.cause, entry.message.author) == ("agent_note", world.bea)
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert ("Sender not proved" in page) is marked


def test_a_stranger_with_our_message_id_speaks_for_nobody_and_sees_nothing(world, answer):
    entry = receive(mail("I agree to everything", sender="mallory@evil.example", in_reply_to=answer.mail_id))
    assert (entry.message.author.robot, entry.message.author_address) == ("mail", "mallory@evil.example")
    assert (entry.message.claim, entry.message.is_public) == ("someone_else", False)
    assert not Delivery.select().where(Delivery.to_address == "mallory@evil.example").exists()


def test_a_stranger_who_names_a_number_opens_a_ticket_of_their_own(world, answer):
    entry = receive(mail("Hello", sender="mallory@evil.example", subject=f"Re: [#{world.leak.number}] The press leaks"))
    assert (entry.outcome, entry.ticket == world.leak, entry.maybe_ticket) == ("opened", False, world.leak)


@pytest.mark.parametrize(
    "raw",
    [
        b'From: "A\x00B" <nul@evil.example>\r\nTo: help@acme.example\r\nSubject: a\x00b\r\nMessage-ID: <a\x00b@x>\r\n'
        b"References: <c\x00d@x>\r\n\r\nText with \x00 in it\r\n",
        b"From: nul@evil.example\r\nSubject: =?utf-8?q?a=00b?=\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>a=00b</p><script>x</script>\r\n",
        b"From: sur@evil.example\r\nSubject: =?utf-7?q?+2AA-?=\r\nContent-Type: text/plain; charset=utf-7\r\n"
        b"\r\n+2AA-\r\n",
        b"From: sur@evil.example\r\nSubject: =?utf-16?b?2AA=?=\r\nContent-Type: text/plain; charset=utf-16-le\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nANgA3A==\r\n",
        b'From: file@evil.example\r\nSubject: file\r\nContent-Type: application/pdf; name="a\x00b.pdf"\r\n'
        b"Content-Disposition: attachment; filename*=utf-8''..%2F..%2F%00%0aevil%E2%80%AEfdp.exe\r\n\r\n%PDF-\x00\r\n",
        b"From: <" + b"x" * 5000 + b"@evil.example>\r\nSubject: " + b"s" * 50_000 + b"\r\n\r\nlong\r\n",
        b"From: =?utf-8?b?AAAA?= <nul@evil.example>\r\nDate: Fri, 31 Dec 9999 23:59:59 -2359\r\n"
        b"Subject: x\r\n\r\nx\r\n",
    ],
    ids=["nul", "quoted nul", "utf-7", "utf-16", "file", "long", "date"],
)
def test_bytes_that_a_database_refuses_are_a_ticket_all_the_same(world, answer, desk, raw):
    entry = receive(raw)
    assert entry.outcome in ("opened", "quarantined", "ignored"), entry.cause
    assert entry.outcome == "opened"
    text = "".join(f"{each.text}{each.html}{each.author_name}" for each in Message.select())
    assert "\0" not in text + entry.subject + entry.from_name
    text.encode()
    assert desk(world.ada).get(f"/desk/tickets/{entry.ticket.number}").status == 200
    assert desk(world.ada).get(f"/desk/mail/ledger/{entry.id}").status == 200
