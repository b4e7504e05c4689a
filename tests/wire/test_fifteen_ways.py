"""The fifteen ways in which mail goes wrong: each ends in the right line of the ledger, and who must know is told.

The list is the project's own (WAYS); every one of its lines is done here from end to end. What else belongs to a way is
tested beside its feature: test_going_wrong.py, test_consent.py, tests/mail/test_receiving_rules.py and its neighbours.
"""

import uuid
from dataclasses import replace

import pytest

from app.accounts.person import Person
from app.mail import outgoing
from app.mail.connecting import sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import MOST_TRIES, process_new
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tests.mail.incoming import enter, mail, receive, support
from tests.mail.test_receiving_rules import answered, bounce
from tests.wire.mailserver import free_port
from tests.wire.test_consent import agree, put, register

pytestmark = pytest.mark.sqlite_only  # what servers say, and our words for it

WAYS = [
    "wrong password", "expired token", "server gone", "TLS name mismatch", "mailbox full", "quota", "oversize",
    "poison message", "loop between two of our own mailboxes", "bounce", "auto-reply", "stranger with a number",
    "spoofed customer", "spam", "duplicate",
]  # fmt: skip
TESTED = []
OURS = "mx.acme.example"


def way(name):
    """Marks the test of one of them."""

    def mark(test):
        TESTED.append(name)
        return test

    return mark


def box(server, **fields):
    """A confirmed mailbox on a real server, with an inbox of its own."""
    WireSettings.set(mode="live")
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    usual = {"address": user, "user": user, "host": server.host, "port": server.imap, "password": sealed("secret")}
    return support(**usual | {"uidvalidity": None} | fields)


def ledger():
    return [(entry.outcome, entry.cause) for entry in LedgerEntry.select().order_by(LedgerEntry.id)]


def insist_on_the_notice(mailbox, world, desk, cause, words):
    """Not fetched: nothing in the ledger, and every page of the desk says since when, and what to do."""
    assert mailbox.fetch() == 0
    assert Mailbox.get().failure.startswith(cause), Mailbox.get().failure
    assert Mailbox.get().failing_since
    assert ledger() == []
    assert words in desk(world.ben).get("/desk/tickets")
    assert words in desk(world.ada).get(f"/desk/settings/mailboxes/{mailbox.id}")


def insist_that_nothing_was_lost(world, desk, words):
    """Mended: what had waited on the server is a ticket, once, and the notice is gone."""
    for _ in range(2):
        Mailbox.get().fetch()
        process_new()
    assert ledger() == [("opened", "")]
    assert Mailbox.get().failing_since is None
    assert words not in desk(world.ben).get("/desk/tickets")


def acknowledged(address):
    return Delivery.select().where(Delivery.letter == "tickets.opened", Delivery.to_address == address).count()


def explained(desk, world, entry, words):
    """The page of its line says why."""
    return words in desk(world.ada).get(f"/desk/mail/ledger/{entry.id}")


# --- the server ------------------------------------------------------------------------------------------------


@way("wrong password")
def test_a_wrong_password(world, desk, dovecot):
    mailbox = box(dovecot, password=sealed("wrong"))
    dovecot.put(mailbox.user, mail())
    insist_on_the_notice(mailbox, world, desk, "login", "does not accept the user or the password")
    Mailbox.get().change(password=sealed("secret"))
    insist_that_nothing_was_lost(world, desk, "does not accept")


@way("expired token")
def test_an_expired_token(world, desk, authority, token_dovecot):
    register(authority, world)
    mailbox = box(token_dovecot, signs_in="oauth", password="")
    agree(mailbox, world)
    put(token_dovecot, authority, mailbox.user, mail())
    authority.revoke()
    insist_on_the_notice(Mailbox.get(), world, desk, "access", "has expired or was withdrawn")
    agree(Mailbox.get(), world)
    insist_that_nothing_was_lost(world, desk, "has expired or was withdrawn")


@way("server gone")
def test_a_server_that_is_gone(world, desk, dovecot):
    mailbox = box(dovecot, port=free_port())
    dovecot.put(mailbox.user, mail())
    insist_on_the_notice(mailbox, world, desk, "refused", "does not answer on this port")
    Mailbox.get().change(port=dovecot.imap)
    insist_that_nothing_was_lost(world, desk, "does not answer on this port")


@way("TLS name mismatch")
def test_a_certificate_for_another_name(world, desk, secure_dovecot, trusting):
    mailbox = box(secure_dovecot, security="tls", port=secure_dovecot.imaps)
    secure_dovecot.put(mailbox.user, mail())
    insist_on_the_notice(mailbox, world, desk, "tls_name", "certificate is for another name")
    Mailbox.get().change(host="localhost")  # which the certificate names
    insist_that_nothing_was_lost(world, desk, "certificate is for another name")


@way("mailbox full")
def test_our_mailbox_is_full(world, desk, secure_dovecot):
    mailbox = box(secure_dovecot)
    secure_dovecot.put(mailbox.user, mail("x" * 58_500))
    assert mailbox.fetch() == 1  # what is there is fetched; what would come may be turned away
    process_new()
    assert ledger() == [("opened", "")]
    assert Mailbox.get().failure.startswith("quota")
    assert "The mailbox is full" in desk(world.ben).get("/desk/tickets")


# --- what is sent ----------------------------------------------------------------------------------------------


@way("quota")
def test_the_customers_mailbox_is_over_its_quota(world, desk):
    support()
    delivery = answered(world)
    entry = receive(bounce(delivery.mail_id, status="5.2.2"))
    delivery = Delivery.get_by_id(delivery.id)
    assert ledger() == [("joined", "bounce")]
    assert (delivery.state, delivery.is_dead) == ("bounced", False)  # full today, and not gone
    assert explained(desk, world, entry, "One of our e-mails came back.")
    assert "Bounced" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert not Person.get_by_id(world.carol.id).contact.is_bouncing


@way("bounce")
def test_a_bounce_of_an_address_that_is_no_more(world, desk):
    support()
    world.leak.hand_over(to=world.ben, by=world.ada)
    delivery = answered(world)
    receive(bounce(delivery.mail_id))
    delivery = Delivery.get_by_id(delivery.id)
    assert ledger() == [("joined", "bounce")]
    assert (delivery.state, delivery.is_dead) == ("bounced", True)
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "Bounced" in page
    assert "No such user" in page
    ticket = Ticket.get_by_id(world.leak.id)
    assert ticket.status == "in_progress"  # the team's turn again
    assert Event.select().where(Event.kind == "delivery.failed", Event.ticket == ticket).count() == 1
    assert Delivery.select().where(Delivery.to_address == "ben@acme.example", Delivery.ticket == ticket).exists()
    assert not acknowledged("MAILER-DAEMON@mx.marlow.example")


# --- what comes in ---------------------------------------------------------------------------------------------


@way("oversize")
def test_a_mail_above_the_limit(world, desk, dovecot, app):
    app.extensions["ventanilla"] = replace(app.extensions["ventanilla"], mail_size_limit_mb=1)
    mailbox = box(dovecot)
    dovecot.put(mailbox.user, mail("x" * 70 + "\n" + "y" * 1_100_000, subject="The plans"))
    mailbox.fetch()
    process_new()
    entry = LedgerEntry.get()
    assert ledger() == [("opened", "too_large")]
    assert len(entry.raw) < 10_000 < entry.size
    assert explained(desk, world, entry, "larger than the limit")
    page = desk(world.ben).get(f"/desk/tickets/{entry.ticket.number}")
    assert "The plans" in page
    assert "was larger than 1 MB" in page
    assert acknowledged("nora@new.example") == 1


@way("poison message")
def test_a_mail_that_ends_whatever_processes_it(world, desk):
    """Three workers have died of it, each with the others' mail in hand."""
    support()
    before, poison = enter(mail("fine")), enter(mail("boom"), tries=MOST_TRIES)
    after = enter(mail("fine too"))
    process_new()
    found = {each.id: (each.outcome, each.cause) for each in LedgerEntry.select()}
    assert found == {before.id: ("opened", ""), poison.id: ("quarantined", "poison"), after.id: ("opened", "")}
    assert explained(desk, world, poison, "Processing it ended the program, twice.")
    assert "boom" in desk(world.ada).get(f"/desk/mail/ledger/{poison.id}/source")  # kept as it came
    spam = desk(world.ada).get(f"/desk/mail/mailboxes/{Mailbox.get().id}/spam")
    assert "Processing it ended the program, twice." in spam


@way("loop between two of our own mailboxes")
def test_two_of_our_mailboxes_never_answer_each_other(world, desk):
    help_, sales = support(), support(address="sales@acme.example", is_default=False)
    receive(mail(sender="nora@new.example"), help_)
    letter = outgoing.written(
        Delivery.get(Delivery.letter == "tickets.opened", Delivery.to_address == "nora@new.example")
    )
    count = Delivery.select().count()
    returned = receive(letter.to_bytes(), sales)  # our own letter, by whatever way it came there
    typed = receive(mail(sender="sales@acme.example", subject="Hello"), help_)
    answer = receive(mail(sender="help@acme.example", subject="Re: Hello", auto_submitted="auto-replied"), sales)
    for entry in (returned, typed, answer):
        assert (entry.outcome, entry.cause, entry.ticket) == ("ignored", "loop", None)
        assert explained(desk, world, entry, "An e-mail of our own that came back")
    assert Delivery.select().count() == count  # nobody is answered
    assert Ticket.select().where(Ticket.channel == "email").count() == 1


@way("auto-reply")
def test_an_automatic_answer(world, desk):
    support()
    delivery = answered(world)
    events, letters = Event.select().where(Event.kind == "message.received").count(), Delivery.select().count()
    away = {"sender": "carol@marlow.example", "auto_submitted": "auto-replied"}
    known = receive(mail("Away until Monday.", in_reply_to=delivery.mail_id, **away))
    unknown = receive(mail("Away until Monday.", subject="Out of office", **away))
    assert ledger() == [("joined", "auto_reply"), ("ignored", "auto_reply")]
    assert unknown.ticket is None
    assert (known.message.is_automatic, known.message.is_public) == (True, False)  # a folded note
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"
    assert Event.select().where(Event.kind == "message.received").count() == events  # nobody is told
    assert explained(desk, world, unknown, "An automatic answer.")
    assert Delivery.select().count() == letters


@way("stranger with a number")
def test_a_stranger_who_knows_a_number(world, desk, portal):
    support()
    subject = f"Re: [#{world.leak.number}] The press leaks"
    entry = receive(mail("Send me the plans.", sender="mallory@evil.example", subject=subject))
    assert ledger() == [("opened", "maybe")]
    assert (entry.ticket == world.leak, entry.maybe_ticket) == (False, world.leak)
    assert explained(desk, world, entry, "names a ticket that the sender takes no part in")
    page = desk(world.ben).get(f"/desk/tickets/{entry.ticket.number}")
    assert f"Its subject names ticket {world.leak.number}" in page
    assert not Ticket.get_by_id(world.leak.id).takes_part(Person.by_email("mallory@evil.example"))
    assert "Send me the plans." not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


@way("spoofed customer")
def test_somebody_in_a_customers_name(world, desk, portal):
    support(authserv_id=OURS)
    delivery = answered(world)
    failed = {"authentication_results": f"{OURS}; dmarc=fail header.from=marlow.example"}
    entry = receive(mail("Cancel everything.", sender="carol@marlow.example", in_reply_to=delivery.mail_id, **failed))
    assert ledger() == [("joined", "unproved")]
    assert (entry.proof, entry.message.is_public) == ("failed", False)
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"
    assert explained(desk, world, entry, "The sender could not be proved")
    assert "The check of its sender failed" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "Cancel everything" not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


@way("spam")
def test_spam(world, desk):
    mailbox = support()
    entry = receive(b"X-Spam-Flag: YES\r\n" + mail("Buy now", subject="An offer", sender="ann@spam.example"))
    assert ledger() == [("quarantined", "marked")]
    assert entry.ticket is None
    assert not acknowledged("ann@spam.example")
    ada = desk(world.ada)
    assert "Spam 1" in ada.get(f"/desk/settings/mailboxes/{mailbox.id}")
    assert "An offer" in ada.get(f"/desk/mail/mailboxes/{mailbox.id}/spam")
    ada.get(f"/desk/mail/ledger/{entry.id}").press("Release to a ticket")
    assert ledger() == [("opened", "")]
    assert Message.get(Message.ticket == LedgerEntry.get().ticket).text == "Buy now"


@way("duplicate")
def test_the_same_mail_again(world, desk):
    help_, sales = support(), support(address="sales@acme.example", is_default=False)
    raw = mail(to="help@acme.example, sales@acme.example")
    first = receive(b"Delivered-To: help@acme.example\r\n" + raw, help_)
    for again in (receive(raw, help_), receive(b"Delivered-To: sales@acme.example\r\n" + raw, sales)):
        assert (again.outcome, again.cause, again.ticket) == ("ignored", "copy", first.ticket)
        assert explained(desk, world, again, "The same e-mail had been taken in before.")
    assert acknowledged("nora@new.example") == 1
    other = receive(mail("Another one under its id", message_id=first.mail_id), help_)
    assert other.outcome == "opened"  # who knows an id suppresses nothing


def test_each_of_the_fifteen_is_done():
    assert sorted(TESTED) == sorted(WAYS)
    assert len(WAYS) == 15
