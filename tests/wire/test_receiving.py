"""Mail that comes in: from a real IMAP server, and forwarded to the listener."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from app import receiver
from app.lib import message_ids
from app.lib.clock import now
from app.lib.files import StorageFull, Store
from app.lib.smtp import Smtp, SmtpRefused
from app.mail import outgoing
from app.mail.connecting import sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.sandbox.letter import SandboxLetter
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, support
from tests.wire.mailserver import free_port


@pytest.fixture
def mailbox(world, dovecot):
    """A confirmed mailbox with an inbox of its own."""
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    WireSettings.set(mode="live")
    return support(
        address=user, user=user, host=dovecot.host, port=dovecot.imap, password=sealed("secret"), uidvalidity=None
    )


def outcomes() -> list[str]:
    return [entry.outcome for entry in LedgerEntry.select().order_by(LedgerEntry.id)]


def test_mail_becomes_tickets_once_and_stays_unread(mailbox, dovecot):
    dovecot.put(mailbox.user, mail(subject="One"), mail(subject="Two"))
    assert mailbox.fetch() == 2
    assert process_new() == 2
    assert outcomes() == ["opened", "opened"]
    assert Mailbox.get().fetch() == 0
    assert LedgerEntry.select().count() == 2
    assert all("\\Seen" not in flags for flags in dovecot.flags(mailbox.user))
    dovecot.put(mailbox.user, mail(subject="Three"), seen=True)  # somebody read it elsewhere
    assert Mailbox.get().fetch() == 1


def test_a_reply_by_mail_reaches_its_ticket(mailbox, dovecot, world):
    world.leak.reply("Is Friday fine?", by=world.ben)
    delivery = Delivery.get(Delivery.letter == "messages.replied")
    letter = outgoing.written(delivery)
    answer = mail(
        "Friday is fine.\n\n" + "\n".join(f"> {line}" for line in letter.text.splitlines()),
        sender="carol@marlow.example", in_reply_to=letter.message_id, references=letter.message_id,
    )  # fmt: skip
    dovecot.put(mailbox.user, answer)
    mailbox.fetch()
    process_new()
    said = Message.select().where(Message.ticket == world.leak).order_by(Message.id.desc()).get()
    assert (said.text, said.channel) == ("Friday is fine.", "email")


def test_a_new_numbering_brings_no_ticket_twice(mailbox, dovecot):
    dovecot.put(mailbox.user, mail(), mail())
    mailbox.fetch()
    process_new()
    LedgerEntry.update(uidvalidity=1).execute()
    Mailbox.update(uidvalidity=1).execute()  # as if the server had been set up anew
    assert Mailbox.get().fetch() == 2
    process_new()
    assert outcomes() == ["opened", "opened", "ignored", "ignored"]
    assert Ticket.select().where(Ticket.channel == "email").count() == 2


def test_a_new_numbering_long_after_brings_back_nothing_that_was_let_go(mailbox, dovecot, world, clock):
    """Retention has removed the bytes and the words of what no ticket needs; its line still knows each mail again."""
    from_spam = b"X-Spam-Flag: YES\r\n"
    no_id = {"message_id": ""}
    letters = [
        mail("A ticket"), from_spam + mail("Spam that waits"), from_spam + mail("Spam that was discarded"),
        mail("Away", auto_submitted="auto-replied"), from_spam + mail("Without a number", **no_id),
    ]  # fmt: skip
    dovecot.put(mailbox.user, *letters)
    mailbox.fetch()
    process_new()
    assert outcomes() == ["opened", "quarantined", "quarantined", "ignored", "quarantined"]
    LedgerEntry.by_number(3).discard(by=world.ada)
    clock.shift(timedelta(days=400))
    assert LedgerEntry.forget_old() == 4
    assert [bool(entry.raw_sha256) for entry in LedgerEntry.select().order_by(LedgerEntry.id)] == [True] + [False] * 4
    LedgerEntry.update(uidvalidity=1).execute()
    Mailbox.update(uidvalidity=1).execute()  # as if the server had been set up anew
    dovecot.put(mailbox.user, mail("And a new one"))
    assert Mailbox.get().fetch() == 6
    process_new()
    assert outcomes()[5:] == ["ignored", "ignored", "ignored", "ignored", "ignored", "opened"]
    assert Ticket.select().where(Ticket.channel == "email").count() == 2


def test_a_crash_before_the_cursor_is_kept_enters_nothing_twice(mailbox, dovecot):
    dovecot.put(mailbox.user, mail())
    mailbox.fetch()
    Mailbox.update(last_uid=0).execute()
    assert Mailbox.get().fetch() == 0
    assert LedgerEntry.select().count() == 1


def test_a_large_mail_is_not_fetched_whole(mailbox, dovecot, app):
    app.extensions["ventanilla"] = replace(app.extensions["ventanilla"], mail_size_limit_mb=1)
    dovecot.put(mailbox.user, mail("Look", files=(("big.bin", b"\0" * 1_500_000),)), mail(subject="Small"))
    assert mailbox.fetch() == 2
    process_new()
    big, small = LedgerEntry.select().order_by(LedgerEntry.id)
    assert (big.only_headers, big.cause, big.subject) == (True, "too_large", "The saw stands still")
    assert big.size > 1_500_000
    assert (small.outcome, small.subject) == ("opened", "Small")


def test_what_was_read_is_moved_where_that_is_wished(mailbox, dovecot):
    mailbox.change(after_reading="move", move_to="Processed")
    dovecot.put(mailbox.user, mail(), mail())
    mailbox.fetch()
    assert dovecot.flags(mailbox.user) == []
    assert len(dovecot.flags(mailbox.user, "Processed")) == 2


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        ({"password": "wrong"}, "login"),
        ({"port": 1}, "refused"),
        ({"folder": "Nowhere"}, "folder"),
        ({"password": "?"}, "key"),
    ],
)
def test_a_failing_mailbox_says_since_when_and_why_and_recovers(mailbox, dovecot, broken, cause):
    dovecot.put(mailbox.user, mail())
    good = {name: getattr(mailbox, name) for name in broken}
    if broken.get("password") == "wrong":
        broken = {"password": sealed("wrong")}
    mailbox.change(**broken)
    assert mailbox.fetch() == 0
    since = Mailbox.get().failing_since
    assert Mailbox.get().failure.partition(":")[0] == cause
    assert Mailbox.get().failure_sentence
    Mailbox.get().fetch()
    assert Mailbox.get().failing_since == since
    mailbox = Mailbox.get()
    mailbox.change(**good)
    assert mailbox.fetch() == 1
    assert (Mailbox.get().failing_since, Mailbox.get().failure) == (None, "")


def test_a_full_disk_loses_no_mail(mailbox, dovecot, monkeypatch):
    dovecot.put(mailbox.user, mail())

    def full(*_):
        raise StorageFull

    monkeypatch.setattr(Store, "put", full)
    assert mailbox.fetch() == 0
    assert Mailbox.get().failure == "storage"
    monkeypatch.undo()
    assert Mailbox.get().fetch() == 1


def test_only_confirmed_mailboxes_are_fetched_each_at_its_time(mailbox, dovecot, clock):
    draft = support(address="draft@acme.example", is_default=False, state="draft")
    assert Mailbox.fetched() == [mailbox]
    assert draft.fetch() == 0
    assert mailbox.is_due
    mailbox.fetch()
    assert not mailbox.is_due
    mailbox.change(every_minutes=5)
    clock.shift(timedelta(minutes=4))
    assert not mailbox.is_due
    clock.shift(timedelta(minutes=1))
    assert mailbox.is_due
    WireSettings.set(mode="sandbox")
    assert Mailbox.fetched() == []


def test_a_mailbox_that_fails_is_tried_in_growing_pauses_of_a_quarter_of_an_hour_at_most(mailbox, clock):
    mailbox.change(port=1)
    pauses = []
    for _ in range(10):
        mailbox.fetch()
        pauses.append((mailbox.due_at - now()).total_seconds() / 60)
        clock.move_to(mailbox.due_at)
    assert pauses[:4] == [1, 1, 2, 4]
    assert pauses[-1] == 15


def test_a_mailbox_is_fetched_by_one_at_a_time(mailbox, dovecot):
    dovecot.put(mailbox.user, mail())
    mailbox.change(claimed_by="another/1/x", claimed_at=now())
    assert mailbox.fetch() == 0
    mailbox.change(claimed_at=now() - timedelta(hours=1))
    assert mailbox.fetch() == 1


# --- forwarded mail --------------------------------------------------------------------------------------------


@pytest.fixture
def listening(app, monkeypatch, tmp_path):
    """The receiver's ports, opened in this process."""
    config = replace(
        app.extensions["ventanilla"], smtp_listener_port=free_port(), sandbox_smtp_port=free_port(),
        queue_url=f"sqlite:///{tmp_path / 'nudges.db'}",
    )  # fmt: skip
    app.extensions["ventanilla"] = config
    listeners = receiver.start(config)
    yield config
    for listener in listeners:
        listener.stop()


def test_forwarded_mail_is_kept_before_it_is_accepted(world, listening):
    mailbox = support(kind="forwarded")
    with Smtp("127.0.0.1", listening.smtp_listener_port, "none") as wire:
        wire.send("nora@new.example", "help@acme.example", mail())
    entry = LedgerEntry.get()
    assert (entry.mailbox, entry.source, entry.envelope_from) == (mailbox, "listener", "nora@new.example")
    process_new()
    assert LedgerEntry.get().outcome == "opened"


def test_mail_for_others_is_refused(world, listening):
    support(kind="forwarded")
    with Smtp("127.0.0.1", listening.smtp_listener_port, "none") as wire, pytest.raises(SmtpRefused) as refused:
        wire.send("nora@new.example", "stranger@acme.example", mail())
    assert refused.value.code == 550


def test_a_tagged_address_reaches_its_mailbox_and_its_ticket(world, listening):
    mailbox = support(kind="forwarded", uses_subaddress=True)
    world.leak.reply("Is Friday fine?", by=world.ben)
    address = outgoing.written(Delivery.get(Delivery.letter == "messages.replied")).reply_to
    with Smtp("127.0.0.1", listening.smtp_listener_port, "none") as wire:
        wire.send("carol@marlow.example", address, mail("Yes", sender="carol@marlow.example"))
    process_new()
    entry = LedgerEntry.get()
    assert (entry.mailbox, entry.cause, entry.ticket) == (mailbox, "reply_address", world.leak)
    assert message_ids.TAG.search(address)


def test_what_cannot_be_kept_is_not_accepted(world, listening, monkeypatch):
    support(kind="forwarded")

    def full(*_):
        raise StorageFull

    monkeypatch.setattr(Store, "put", full)
    with Smtp("127.0.0.1", listening.smtp_listener_port, "none") as wire, pytest.raises(SmtpRefused) as refused:
        wire.send("nora@new.example", "help@acme.example", mail())
    assert not refused.value.permanent
    assert not LedgerEntry.select().exists()


def test_the_sandbox_takes_our_letters_once(world, listening):
    support(kind="forwarded", state="draft")
    world.leak.reply("Is Friday fine?", by=world.ben)
    assert outgoing.send_due() == 0  # its reaction has sent it already
    letter = SandboxLetter.get(SandboxLetter.subject == "[#1] The press leaks")
    assert (letter.recipient, letter.sender) == ("carol@marlow.example", "Acme Service")
    delivery = Delivery.get(Delivery.letter == "messages.replied")
    assert (delivery.state, letter.mail_id) == ("sent", delivery.mail_id)
    delivery.change(state="waiting")
    outgoing.send_due()
    assert SandboxLetter.select().where(SandboxLetter.mail_id == delivery.mail_id).count() == 1


def test_an_answer_from_the_sandbox_comes_back(world, listening):
    support(kind="forwarded", state="draft")
    world.leak.reply("Is Friday fine?", by=world.ben)
    delivery = Delivery.get(Delivery.letter == "messages.replied")
    with Smtp("127.0.0.1", listening.smtp_listener_port, "none") as wire:
        raw = mail("Yes", sender="carol@marlow.example", in_reply_to=delivery.mail_id)
        wire.send("carol@marlow.example", "help@acme.example", raw)
    process_new()
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_customer"
