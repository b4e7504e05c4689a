"""Servers that want TLS with a proper certificate, a password, or a token of OAuth 2 (C10)."""

import ssl
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.lib.smtp import Smtp, SmtpUnreachable
from app.mail import outgoing
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from tests.mail.incoming import support
from tests.wire.mailserver import Postbag, self_signed

RAW = b"Subject: x\r\n\r\nHello\r\n"


class Doorkeeper(Postbag):
    """Takes mail only after STARTTLS (or over TLS) and from ada, by password or token."""

    tokens = ("good",)

    def __init__(self, folder: Path, *names: str, implicit: bool = False) -> None:
        super().__init__()
        key, self.certificate = self_signed(folder, *names)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)
        self.implicit = implicit
        self.shown: list[str] = []

    def authenticate(self, *given: Any) -> AuthResult:
        data = given[-1]
        fine = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada", b"secret")
        return AuthResult(success=fine, handled=False)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        said = b64decode(args[1]).decode()
        self.shown.append(said)
        if said in {f"user=ada\1auth=Bearer {token}\1\1" for token in self.tokens}:
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDAifQ==")  # why, as Google says it; an empty line is to follow
        await server._reader.readline()
        return AuthResult(success=False, handled=False, message="535 5.7.8 Token refused")

    def start(self) -> "Doorkeeper":
        options: dict[str, Any] = {"hostname": self.host, "port": self.port, "authenticator": self.authenticate}
        if self.implicit:
            options |= {"ssl_context": self.tls}
        else:
            options |= {"tls_context": self.tls, "require_starttls": True, "auth_required": True}
        self.controller = Controller(self, **options)
        self.controller.start()
        return self

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@pytest.fixture
def door(tmp_path) -> Iterator[Doorkeeper]:
    keeper = Doorkeeper(tmp_path, "localhost").start()
    yield keeper
    keeper.stop()


def smtp(door: Doorkeeper, *, host: str = "localhost", security: str = "starttls", **how: Any) -> Smtp:
    given = {"user": "ada", "password": "secret", "context": door.trusted(), "timeout": 5} | how
    return Smtp(host, door.port, security, **given)


def test_starttls_and_a_password(door):
    with smtp(door) as wire:
        assert wire.send("help@acme.example", "carol@marlow.example", RAW).code == 250
    assert [step.passed for step in smtp(door).check()] == [True] * 4


def test_tls_from_the_first_byte(tmp_path):
    keeper = Doorkeeper(tmp_path, "localhost", implicit=True).start()
    try:
        with smtp(keeper, security="tls", user="") as wire:
            assert wire.send("help@acme.example", "carol@marlow.example", RAW).code == 250
    finally:
        keeper.stop()


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ({"context": None}, "tls_trust"), ({"host": "127.0.0.1"}, "tls_name"), ({"security": "tls"}, "tls"),
        ({"password": "wrong"}, "login"), ({"is_token": True, "password": "old"}, "login"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_apart_and_nothing_is_sent(door, how, cause):
    with pytest.raises(SmtpUnreachable) as problem:
        smtp(door, **how).send("a@acme.example", "b@c.example", RAW)
    assert problem.value.cause == cause
    assert not door.raw
    assert list(smtp(door, **how).check())[-1].cause == cause


def test_a_token_opens_the_door_too(door):
    with smtp(door, is_token=True, password="good") as wire:
        assert wire.send("help@acme.example", "carol@marlow.example", RAW).code == 250
    assert door.shown == ["user=ada\1auth=Bearer good\1\1"]


def test_a_token_that_was_just_refused_is_asked_for_anew_once(world, door, monkeypatch):
    """The provider has revoked it before its time: the mail leaves by the next one, in the same round."""
    asked: list[bool] = []

    def way_out(self: Mailbox, *, fresh: bool = False) -> Smtp:
        asked.append(fresh)
        return smtp(door, is_token=True, password="good" if fresh else "old")

    monkeypatch.setattr(Mailbox, "smtp", way_out)  # what the provider answers is tested with its own server
    WireSettings.set(mode="live")
    Delivery.update(state="cancelled").execute()
    mailbox = support(smtp_host="localhost", smtp_port=door.port)
    world.leak.reply("Hello", by=world.ben)
    assert asked == [False, True]
    assert len(door.to("carol@marlow.example")) == 1
    door.tokens = ()
    world.leak.reply("Again", by=world.ben)
    assert Delivery.select().where(Delivery.state == "deferred").count() == 1
    assert Mailbox.get_by_id(mailbox.id).send_failure.startswith("login: 535")
    assert outgoing.send_due() == 0
