"""Fetching by POP3, against a real Dovecot: each mail once, by its name, and none taken away unless that is wished."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.lib.pop3 import Pop3, Pop3Problem
from app.mail.connecting import sealed
from app.mail.fetched import FetchedMail
from app.mail.from_pop3 import arrived_at
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new
from app.outbox.wire import WireSettings
from tests.mail.incoming import mail, support
from tests.wire.mailserver import free_port

pytestmark = pytest.mark.sqlite_only  # it speaks with a server

RAW = b"From: carol@client.example\r\nSubject: hello\r\n\r\n.\r\n..\r\nEnd \xff\r\n"


@pytest.fixture
def mailbox(world, dovecot):
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    WireSettings.set(mode="live")
    return support(
        address=user, user=user, kind="pop3", host=dovecot.host, port=dovecot.pop3, password=sealed("secret"),
        uidvalidity=None,
    )  # fmt: skip


def opened(dovecot, user, **options):
    options = {"security": "none", "user": user, "secret": dovecot.password, "timeout": 10, **options}
    return Pop3(dovecot.host, dovecot.pop3, **options)


def test_raw_bytes_come_as_they_are(dovecot):
    dovecot.put("pop@marlow.example", RAW)
    with opened(dovecot, "pop@marlow.example") as wire:
        (waiting,) = wire.waiting()
        assert wire.fetch(waiting.number, most=10_000) == RAW
        assert wire.fetch(waiting.number, most=10_000, headers_only=True).startswith(b"From: carol")
        assert waiting.size == len(RAW)


def test_a_server_that_sends_more_than_a_mail_can_have_is_not_heard_out(dovecot):
    dovecot.put("more@marlow.example", RAW)
    with pytest.raises(Pop3Problem) as problem, opened(dovecot, "more@marlow.example") as wire:
        wire.fetch(1, most=10)
    assert problem.value.cause == "broken"


@pytest.mark.parametrize(
    ("options", "cause"),
    [({"secret": "wrong"}, "login"), ({"security": "tls"}, "tls"), ({"security": "starttls"}, "tls")],
)
def test_each_failure_has_its_cause(dovecot, options, cause):
    with pytest.raises(Pop3Problem) as problem, opened(dovecot, "fail@marlow.example", **options):
        pass
    assert problem.value.cause == cause


def test_no_server_and_no_such_name():
    for host, cause in (("127.0.0.1", "refused"), ("no-such-host.invalid", "name")):
        with pytest.raises(Pop3Problem) as problem:
            Pop3(host, free_port(), "none", "a", "b", timeout=3).open()
        assert problem.value.cause == cause


def test_mail_becomes_tickets_once_and_stays_on_the_server(mailbox, dovecot):
    dovecot.put(mailbox.user, mail(subject="One"), mail(subject="Two"))
    assert mailbox.fetch() == 2
    assert Mailbox.get().fetch() == 0
    dovecot.put(mailbox.user, mail(subject="Three"))
    assert Mailbox.get().fetch() == 1
    process_new()
    entries = list(LedgerEntry.select().order_by(LedgerEntry.id))
    assert [entry.outcome for entry in entries] == ["opened"] * 3
    assert [entry.source for entry in entries] == ["pop3"] * 3
    assert len(dovecot.flags(mailbox.user)) == 3
    assert not any("\\Deleted" in flags for flags in dovecot.flags(mailbox.user))


def test_what_was_fetched_is_deleted_where_that_is_wished(mailbox, dovecot):
    mailbox.change(after_reading="delete")
    dovecot.put(mailbox.user, mail(), mail())
    assert mailbox.fetch() == 2
    assert dovecot.flags(mailbox.user) == []
    Mailbox.get().fetch()
    assert not FetchedMail.select().exists()  # nor does a name stay that means nothing any longer
    assert LedgerEntry.select().count() == 2


def test_what_stood_there_before_deleting_was_wished_stays(mailbox, dovecot):
    dovecot.put(mailbox.user, mail(subject="Old"))
    mailbox.fetch()
    mailbox.change(after_reading="delete")
    dovecot.put(mailbox.user, mail(subject="New"))
    mailbox.fetch()
    assert len(dovecot.flags(mailbox.user)) == 1


def test_a_large_mail_is_not_fetched_whole_and_never_deleted(mailbox, dovecot, app):
    app.extensions["ventanilla"] = replace(app.extensions["ventanilla"], mail_size_limit_mb=1)
    mailbox.change(after_reading="delete")
    dovecot.put(mailbox.user, mail("Look", files=(("big.bin", b"\0" * 1_500_000),)))
    assert mailbox.fetch() == 1
    process_new()
    entry = LedgerEntry.get()
    assert (entry.only_headers, entry.cause) == (True, "too_large")
    assert len(dovecot.flags(mailbox.user)) == 1


def test_the_day_of_arrival_is_in_the_topmost_received_line():
    raw = (
        b"Return-Path: <a@b.example>\r\nReceived: from x by y\r\n\twith ESMTP id 7; Fri, 20 Nov 2026 10:24:00 +0100\r\n"
        b"Received: from z by x; Thu, 19 Nov 2026 10:24:00 +0100\r\n\r\nReceived: text; Wed, 18 Nov 2026 10:24:00 +0100"
    )
    assert arrived_at(raw) == datetime(2026, 11, 20, 9, 24, tzinfo=UTC)
    assert arrived_at(b"Subject: x\r\n\r\n") is None
    assert arrived_at(b"Received: x; nonsense\r\n\r\n") is None
    assert arrived_at(b"Received: x; Fri, 20 Nov 1926 10:24:00 +0100\r\n\r\n") is None
