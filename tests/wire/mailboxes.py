"""A mailbox of each kind, made as an administrator makes it, and the way by which a mail gets there."""

import imaplib
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import requests

from app import receiver
from app.mail.mailbox import Mailbox
from app.mail.relay import Relay
from tests.mail.test_consent_desk import registered
from tests.mail.test_mailbox_desk import URL, filled
from tests.wire.mailserver import free_port


def until(true: Callable[[], Any], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class ByImap:
    """Fetched from a real server, with a password."""

    kind = "imap"
    server_name = "dovecot"

    def __init__(self, request: Any, address: str) -> None:
        self.address, self.server = address, request.getfixturevalue(self.server_name)
        self.postbag = request.getfixturevalue("postbag")

    def fields(self, **changed: str) -> dict[str, str]:
        port = str(getattr(self.server, self.kind))
        usual = {"address": self.address, "user": self.address, "kind": self.kind, "port": port, "creates": "y"}
        return filled(self.server, self.postbag, **usual | changed)

    def confirm(self, ada: Any) -> None:
        """By its page alone; the worker tests it."""
        ada.post(URL, **self.fields(do="confirm"))
        until(lambda: Mailbox.get().is_confirmed)

    def deliver(self, ada: Any, sender: str, raw: bytes) -> None:
        """It arrives; an administrator presses “Fetch now”, as the clock would in a minute."""
        self.put(raw)
        ada.get(f"{URL}/{Mailbox.get().id}").press("Fetch now")

    def put(self, raw: bytes) -> None:
        self.server.put(self.address, raw)

    def end(self) -> None:
        """Nothing of its own is left."""


class ByPop3(ByImap):
    kind = "pop3"


class ByToken(ByImap):
    """Its server takes no password, only tokens of OAuth 2; it sends by the installation's own server."""

    server_name = "token_dovecot"

    def __init__(self, request: Any, address: str) -> None:
        super().__init__(request, address)
        self.authority = request.getfixturevalue("authority")

    def confirm(self, ada: Any) -> None:
        sending = {"host": self.postbag.host, "port": str(self.postbag.port), "security": "none", "user": ""}
        ada.post("/desk/settings/sending", **sending, password="", bounce_address="", do="test")
        until(lambda: Relay.ours().can_send)
        registered(ada, self.authority)
        fields = self.fields(signs_in="oauth", password="", smtp_host="")
        ada.post(URL, **fields)
        number = Mailbox.get().id
        way = ada.post(f"{URL}/{number}/access").link("Go on to Another provider by OAuth 2")["href"]
        back = requests.get(way, allow_redirects=False, timeout=5).headers["Location"]
        ada.get(back[back.index("/desk") :]).press("Connect the mailbox")
        until(lambda: Mailbox.get().is_tested)
        ada.post(f"{URL}/{number}", **fields, do="confirm")
        until(lambda: Mailbox.get().is_confirmed)

    def put(self, raw: bytes) -> None:
        box = imaplib.IMAP4(self.server.host, self.server.imap, timeout=10)
        token = self.authority.grant(self.address)["access_token"]
        box.authenticate("XOAUTH2", lambda _: f"user={self.address}\1auth=Bearer {token}\1\1".encode())
        assert box.append("INBOX", "", "", raw)[0] == "OK"
        box.logout()


class Forwarded(ByImap):
    """Another server hands its mail in at our own door."""

    kind = "forwarded"

    def __init__(self, request: Any, address: str) -> None:
        super().__init__(request, address)
        config = request.getfixturevalue("app").extensions["ventanilla"]
        self.door = free_port()
        self.listeners = receiver.start(replace(config, smtp_listener_port=self.door, sandbox_smtp_port=None))

    def fields(self, **changed: str) -> dict[str, str]:
        none = {"host": "", "user": "", "password": ""}
        usual = {"address": self.address, "kind": self.kind, "creates": "y"}
        return filled(self.server, self.postbag, **none | usual | changed)

    def deliver(self, ada: Any, sender: str, raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.door, timeout=10) as door:
            door.sendmail(sender, [self.address], raw)

    def end(self) -> None:
        for each in self.listeners:
            with suppress(OSError):
                each.stop()


KINDS = {"imap": ByImap, "token": ByToken, "pop3": ByPop3, "forwarded": Forwarded}
