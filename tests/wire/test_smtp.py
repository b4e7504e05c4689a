"""Sending, against a real receiver: what it says comes back as a value or as an exception that tells what to do."""

import contextlib
import smtplib
import socket
import ssl
import time

import pytest

from app.lib import listener as listener_module
from app.lib.letters import Letter
from app.lib.listener import Certificate, Listener
from app.lib.smtp import Accepted, Smtp, SmtpRefused, SmtpUnreachable
from tests.wire.mailserver import free_port, self_signed

pytestmark = pytest.mark.sqlite_only  # it speaks with a server, and asks the database nothing

RAW = Letter("Marlow Print", "help@marlow.example", "carol@client.example", "Avería", "Hola\n.\n..fin").to_bytes()


def plain(postbag, **options):
    return Smtp("127.0.0.1", postbag.port, "none", timeout=5, **options)


def test_a_letter_is_accepted_as_it_was_given(postbag):
    with plain(postbag) as wire:
        accepted = wire.send("bounce@marlow.example", "carol@client.example", RAW)
    assert isinstance(accepted, Accepted)
    assert accepted.code == 250
    assert postbag.envelopes == [("bounce@marlow.example", ["carol@client.example"])]
    assert postbag.raw == [RAW]


def test_a_connection_serves_several_letters_and_a_refusal_between_them(postbag):
    postbag.will_say("gone@client.example", "550 5.1.1 No such user")
    postbag.will_say("busy@client.example", "451 4.3.0 Try later")
    with plain(postbag) as wire:
        wire.send("", "carol@client.example", RAW)
        with pytest.raises(SmtpRefused) as dead:
            wire.send("", "gone@client.example", RAW)
        with pytest.raises(SmtpRefused) as later:
            wire.send("", "busy@client.example", RAW)
        wire.send("", "busy@client.example", RAW)
    assert (dead.value.code, dead.value.permanent) == (550, True)
    assert (later.value.code, later.value.permanent) == (451, False)
    assert len(postbag.raw) == 2


def test_bare_line_feeds_are_made_whole(postbag):
    with plain(postbag) as wire:
        wire.send("a@b.example", "c@d.example", b"Subject: x\n\nuno\ndos\n")
    assert postbag.raw == [b"Subject: x\r\n\r\nuno\r\ndos\r\n"]


def test_a_server_that_went_away_is_called_again(postbag):
    with plain(postbag) as wire:
        wire.send("", "carol@client.example", RAW)
        postbag.stop()
        postbag.start()
        wire.send("", "carol@client.example", RAW)
    assert len(postbag.raw) == 2


@pytest.mark.parametrize(
    ("host", "port", "cause"),
    [("127.0.0.1", None, "refused"), ("no-such-host.invalid", 25, "name"), ("bad..name", 25, "name")],
)
def test_an_unreachable_server_says_why(host, port, cause):
    with pytest.raises(SmtpUnreachable) as problem:
        Smtp(host, port or free_port(), "none", timeout=5).send("", "a@b.example", RAW)
    assert problem.value.cause == cause


def test_a_server_without_tls_is_not_spoken_to_when_tls_is_asked_for(postbag):
    with pytest.raises(SmtpUnreachable) as problem:
        Smtp("127.0.0.1", postbag.port, "starttls", timeout=5).send("", "a@b.example", RAW)
    assert problem.value.cause == "tls"
    with pytest.raises(SmtpUnreachable) as problem:
        Smtp("127.0.0.1", postbag.port, "tls", timeout=5).send("", "a@b.example", RAW)
    assert problem.value.cause == "tls"


def test_a_silent_server_times_out():
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(SmtpUnreachable) as problem:
        Smtp("127.0.0.1", server.getsockname()[1], "none", timeout=0.3).send("", "a@b.example", RAW)
    assert problem.value.cause == "timeout"


def test_the_check_goes_step_by_step_and_stops_where_it_fails(postbag):
    assert [(step.name, step.passed) for step in plain(postbag).check()] == [("name", True), ("connect", True)]
    steps = list(plain(postbag, user="ada", password="wrong").check())
    assert [(step.name, step.passed) for step in steps] == [("name", True), ("connect", True), ("login", False)]
    closed = list(Smtp("127.0.0.1", free_port(), "none", timeout=5).check())
    assert [(step.name, step.passed) for step in closed] == [("name", True), ("connect", False)]


def test_certificates_are_verified_unless_told_otherwise():
    assert Smtp("localhost").context.verify_mode == ssl.CERT_REQUIRED
    assert Smtp("localhost", verify=False).context.verify_mode == ssl.CERT_NONE


# ------------------------------------------------------------------ the listener


@contextlib.contextmanager
def listening(received, **options):
    listener = Listener(
        "127.0.0.1", 0, accepts=lambda address: address.startswith("help"), received=received, **options
    ).start()
    try:
        yield listener
    finally:
        listener.stop()


def test_the_listener_takes_mail_for_known_recipients_only():
    kept = []
    with listening(lambda *mail: kept.append(mail)) as listener, Smtp("127.0.0.1", listener.port, "none") as wire:
        wire.send("carol@client.example", "help@marlow.example", RAW)
        with pytest.raises(SmtpRefused) as problem:
            wire.send("carol@client.example", "nobody@marlow.example", RAW)
    assert problem.value.permanent
    assert kept == [("carol@client.example", ["help@marlow.example"], RAW)]


def test_a_mail_that_could_not_be_kept_is_asked_for_again():
    def fail(*_):
        raise OSError("disk full")

    with (
        listening(fail) as listener,
        Smtp("127.0.0.1", listener.port, "none") as wire,
        pytest.raises(SmtpRefused) as problem,
    ):
        wire.send("carol@client.example", "help@marlow.example", RAW)
    assert problem.value.code == 451


def test_a_mail_over_the_size_is_refused_and_the_size_is_told():
    kept = []
    with listening(lambda *mail: kept.append(mail), largest=10_000) as listener:
        with smtplib.SMTP("127.0.0.1", listener.port, timeout=5) as wire:
            wire.ehlo()
            assert wire.esmtp_features["size"] == "10000"
        with Smtp("127.0.0.1", listener.port, "none") as wire, pytest.raises(SmtpRefused) as problem:
            wire.send("a@b.example", "help@marlow.example", b"Subject: x\r\n\r\n" + b"x" * 20_000)
    assert problem.value.permanent
    assert kept == []


def test_a_line_of_many_kilobytes_is_no_reason_to_lose_a_mail():
    kept = []
    with listening(lambda *mail: kept.append(mail)) as listener, Smtp("127.0.0.1", listener.port, "none") as wire:
        wire.send("a@b.example", "help@marlow.example", b"Subject: x\r\n\r\n" + b"x" * 50_000 + b"\r\n")
    assert len(kept[0][2]) > 50_000


def test_too_many_connections_are_told_to_come_again():
    with listening(lambda *_: None, most=1) as listener:
        with smtplib.SMTP("127.0.0.1", listener.port, timeout=5) as first:
            first.ehlo()
            with pytest.raises(smtplib.SMTPConnectError) as problem:
                smtplib.SMTP("127.0.0.1", listener.port, timeout=5)
            assert problem.value.smtp_code == 421
        deliver(listener)


def deliver(listener):
    """An earlier connection's end reaches the other thread a moment later."""
    with Smtp("127.0.0.1", listener.port, "none") as wire:
        for _ in range(20):
            with contextlib.suppress(SmtpRefused, SmtpUnreachable):
                assert wire.send("a@b.example", "help@marlow.example", RAW).code == 250
                return
    pytest.fail("nobody took it")


def test_ten_who_say_nothing_keep_nobody_out(monkeypatch):
    monkeypatch.setattr(listener_module, "IDLE", 0.1)
    kept = []
    with listening(lambda *mail: kept.append(mail), most=10) as listener:
        silent = [socket.create_connection(("127.0.0.1", listener.port), 5) for _ in range(10)]
        for each in silent:
            assert each.recv(100).startswith(b"220")
        time.sleep(0.3)
        began = time.monotonic()
        deliver(listener)
        assert time.monotonic() - began < 2
        assert silent[0].recv(100).startswith(b"421")  # who had been silent for longest
        for each in silent:
            each.close()
    assert len(kept) == 1


def test_mails_under_way_are_few_and_the_others_come_again():
    with listening(lambda *_: None, parallel=1) as listener:
        with smtplib.SMTP("127.0.0.1", listener.port, timeout=5) as slow:
            slow.ehlo()
            slow.mail("a@b.example")
            slow.rcpt("help@marlow.example")
            slow.docmd("DATA")
            with Smtp("127.0.0.1", listener.port, "none") as wire, pytest.raises(SmtpRefused) as refused:
                wire.send("a@b.example", "help@marlow.example", RAW)
            assert (refused.value.code, refused.value.permanent) == (451, False)
            slow.send(b".\r\n")
            assert slow.getreply()[0] == 250
        deliver(listener)


def test_a_mail_that_never_ends_has_its_time(monkeypatch):
    monkeypatch.setattr(listener_module, "TRANSFER", 0.3)
    with (
        listening(lambda *_: None, parallel=1) as listener,
        smtplib.SMTP("127.0.0.1", listener.port, timeout=5) as slow,
    ):
        slow.ehlo()
        slow.mail("a@b.example")
        slow.rcpt("help@marlow.example")
        slow.docmd("DATA")
        time.sleep(0.8)
        deliver(listener)


def test_starttls_is_spoken_with_the_certificate_and_with_the_next_one_when_it_is_there(tmp_path):
    key, path = self_signed(tmp_path, "localhost")
    kept = []
    with listening(lambda *mail: kept.append(mail), certificate=Certificate(path, key), most=1) as listener:
        for _ in range(2):
            trusted = ssl.create_default_context(cafile=str(path))
            with Smtp("localhost", listener.port, "starttls", context=trusted) as wire:
                wire.send("a@b.example", "help@marlow.example", RAW)
            self_signed(tmp_path, "localhost")  # renewed
            time.sleep(0.2)
    assert len(kept) == 2
