"""Fetching, against a real Dovecot: raw bytes, in order, unread as they were."""

import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.lib.imap import Imap, ImapProblem
from tests.wire.mailserver import free_port

pytestmark = pytest.mark.sqlite_only  # it speaks with a server, and asks the database nothing

RAW = [f"From: carol@client.example\r\nSubject: mail {n}\r\n\r\nHello \xff {n}\r\n".encode("latin-1") for n in range(3)]


def opened(dovecot, user, **options):
    options = {"security": "none", "user": user, "password": dovecot.password, "timeout": 10, **options}
    return Imap(dovecot.host, dovecot.imap, **options)


def test_raw_bytes_come_in_order_and_stay_unread(dovecot):
    dovecot.put("raw@marlow.example", *RAW)
    with opened(dovecot, "raw@marlow.example") as wire:
        uids = wire.uids_after(0)
        found = list(wire.fetch_raw(uids))
    assert [raw for _, _, raw in found] == RAW
    assert [uid for uid, _, _ in found] == uids == sorted(uids)
    assert all(abs(moment - datetime.now(UTC)) < timedelta(minutes=5) for _, moment, _ in found)
    assert not any("\\Seen" in flags for flags in dovecot.flags("raw@marlow.example"))


def test_only_what_came_after_a_uid_is_named(dovecot):
    dovecot.put("after@marlow.example", *RAW)
    with opened(dovecot, "after@marlow.example") as wire:
        first, *others = wire.uids_after(0)
        assert wire.uids_after(first) == others
        assert wire.uids_after(others[-1]) == []
        status = wire.status()
        assert status.count == 3
        assert status.uidnext == others[-1] + 1
        assert status.uidvalidity > 0


def test_an_empty_mailbox_is_no_problem(dovecot):
    with opened(dovecot, "empty@marlow.example") as wire:
        assert wire.uids_after(0) == []
        assert wire.sizes([]) == {}
        assert list(wire.fetch_raw([])) == []


def test_sizes_and_headers_alone(dovecot):
    dovecot.put("sizes@marlow.example", *RAW)
    with opened(dovecot, "sizes@marlow.example") as wire:
        uids = wire.uids_after(0)
        assert list(wire.sizes([*uids, 9999]).values()) == [len(raw) for raw in RAW]
        heads = [raw for _, _, raw in wire.fetch_raw(uids, headers_only=True)]
    assert heads == [raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for raw in RAW]


def test_more_than_one_batch(dovecot):
    dovecot.put("many@marlow.example", *(RAW * 40))
    with opened(dovecot, "many@marlow.example") as wire:
        assert [raw for _, _, raw in wire.fetch_raw(wire.uids_after(0))] == RAW * 40
        assert len(wire.sizes(wire.uids_after(0))) == 120


def test_mails_move_to_a_folder_that_is_made(dovecot):
    dovecot.put("move@marlow.example", *RAW)
    with opened(dovecot, "move@marlow.example") as wire:
        uids = wire.uids_after(0)
        wire.move(uids[:2], "Atendidos ñ")
        assert wire.uids_after(0) == uids[2:]
        assert {"INBOX", "Atendidos ñ", "Trash"} <= set(wire.folders())
        wire.choose("Atendidos ñ")
        assert len(wire.uids_after(0)) == 2


@pytest.mark.parametrize("security", ["none", "tls"])
def test_news_from_before_the_wait_ends_it_at_once(secure_dovecot, security):
    """The server tells it together with its word that it waits, and imap-tools would wait for more than that."""
    port = secure_dovecot.imaps if security == "tls" else secure_dovecot.imap
    how = {"security": security, "verify": False, "password": secure_dovecot.password, "timeout": 10}
    with Imap(secure_dovecot.host, port, user="idle@marlow.example", **how) as wire:
        assert not wire.wait(0.2)
        for _ in range(3):
            secure_dovecot.put("idle@marlow.example", RAW[0])
            began = time.monotonic()
            assert wire.wait(20)
            assert time.monotonic() - began < 5
        assert not wire.wait(0.2)


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"password": "wrong"}, "login"),
        ({"password": "contraseña"}, "login"),
        ({"folder": "No such"}, "folder"),
        ({"security": "tls"}, "tls"),
        ({"security": "starttls"}, "tls"),
    ],
)
def test_each_failure_has_its_cause(dovecot, options, cause):
    started = time.monotonic()
    with pytest.raises(ImapProblem) as problem, opened(dovecot, "fail@marlow.example", **options):
        pass
    assert problem.value.cause == cause
    assert time.monotonic() - started < 9


def test_no_server_and_no_such_name():
    with pytest.raises(ImapProblem) as problem:
        Imap("127.0.0.1", free_port(), "none", "a", "b", timeout=3).open()
    assert problem.value.cause == "refused"
    with pytest.raises(ImapProblem) as problem:
        Imap("no-such-host.invalid", 993, "tls", "a", "b", timeout=3).open()
    assert problem.value.cause == "name"


def test_certificates_are_verified_unless_told_otherwise():
    assert Imap("localhost").context.verify_mode == ssl.CERT_REQUIRED
    assert Imap("localhost", verify=False).context.verify_mode == ssl.CERT_NONE
