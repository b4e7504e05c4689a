"""A small SMTP receiver for forwarded mail: known recipients only, and 250 only when the mail is kept.

Nobody can take all its places. Who says nothing loses theirs to who comes new; mails under way, which are held in
memory, are few, and each has its time.
"""

import asyncio
import logging
import os
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

log = logging.getLogger(__name__)

MOST_RECIPIENTS = 100
MOST_CONNECTIONS = 100
IDLE = 2.0  # seconds of silence after which a place may be given to somebody else
TRANSFER = 300.0  # seconds that one mail may take
LONGEST_LINE = 1024 * 1024  # senders do not keep to the 1,000 bytes of RFC 5321, and a mail lost for it helps nobody

Accepts = Callable[[str], bool]
Received = Callable[[str, list[str], bytes], None]


class Listener:
    """Listens in a thread of its own; `received` runs in another: if it raises, the sender is told to try again."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        accepts: Accepts,
        received: Received,
        largest: int = 30 * 1024 * 1024,
        parallel: int = 10,
        most: int = MOST_CONNECTIONS,
        timeout: float = 60,
        name: str = "ventanilla",
        certificate: "Certificate | None" = None,
    ) -> None:
        self.host, self.port = host, port or _free_port(host)
        self._pool = ThreadPoolExecutor(max_workers=min(4, parallel), thread_name_prefix="listener")
        self._controller = _Controller(
            _Handler(accepts, received, self._pool),
            host,
            self.port,
            gate=_Gate(most, parallel),
            largest=largest,
            timeout=timeout,
            name=name,
            certificate=certificate,
        )

    def start(self) -> "Listener":
        """Returns when the port is open; OSError if it is taken."""
        try:
            self._controller.start()
        except BaseException:
            self._pool.shutdown(wait=False)
            raise
        return self

    def stop(self) -> None:
        """Closes the port and waits for what is being kept."""
        self._controller.stop(no_assert=True)
        self._pool.shutdown(wait=True)


class Certificate:
    """What STARTTLS is spoken with; read again when its file is a newer one, for such certificates live for weeks."""

    def __init__(self, path: Path, key: Path) -> None:
        self._path, self._key = path, key
        self._read_at = 0
        self._context = self.context()

    def context(self) -> ssl.SSLContext:
        """Raises OSError (ssl.SSLError is one) where it cannot be read and never could."""
        try:
            changed_at = os.stat(self._path).st_mtime_ns
            if changed_at != self._read_at:
                made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                made.load_cert_chain(self._path, self._key)
                self._context, self._read_at = made, changed_at
        except OSError:
            if not self._read_at:
                raise
            log.exception("The listener's certificate cannot be read; the former one is used on")
        return self._context


class _Controller(Controller):
    def __init__(
        self,
        handler: "_Handler",
        host: str,
        port: int,
        *,
        gate: "_Gate",
        largest: int,
        timeout: float,
        name: str,
        certificate: Certificate | None,
    ) -> None:
        super().__init__(handler, hostname=host, port=port)
        self._gate, self._certificate = gate, certificate
        self._largest, self._timeout, self._name = largest, timeout, name

    def factory(self) -> "_Protocol":
        return _Protocol(
            self._gate,
            self.handler,
            data_size_limit=self._largest,
            enable_SMTPUTF8=True,
            hostname=self._name,
            ident="ready",
            timeout=self._timeout,
            tls_context=self._certificate.context() if self._certificate else None,
            loop=self.loop,
        )


class _Gate:
    """Who is connected and when each last said something; how many mails are under way."""

    def __init__(self, most: int, most_mails: int) -> None:
        self.most, self.most_mails = most, most_mails
        self.heard: dict[_Protocol, float] = {}
        self.mails = 0

    def make_room(self) -> bool:
        """Whether there is a place, if need be that of the one who has been silent for longest."""
        if len(self.heard) < self.most:
            return True
        silent = [(at, each) for each, at in self.heard.items() if not each.is_sending]
        at, longest = min(silent, key=lambda pair: pair[0], default=(0.0, None))
        if longest is None or time.monotonic() - at < IDLE:
            return False
        longest.turn_out(b"421 4.4.2 Others wait, and you say nothing\r\n")
        return True


class _Protocol(SMTP):
    """One connection; where there is no place, it is told to come again."""

    line_length_limit = LONGEST_LINE

    def __init__(self, gate: _Gate, handler: "_Handler", **options: Any) -> None:
        super().__init__(handler, **options)
        self._gate = gate
        self._turned_away = False
        self.is_sending = False

    def connection_made(self, transport: Any) -> None:
        """Again after STARTTLS, with the same place."""
        if self not in self._gate.heard and not self._gate.make_room():
            self._turned_away = True
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        self._gate.heard[self] = time.monotonic()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._turned_away:
            return
        self._gate.heard.pop(self, None)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self._turned_away:
            self._gate.heard[self] = time.monotonic()
            super().data_received(data)

    def turn_out(self, words: bytes) -> None:
        """Its place is somebody else's from now on."""
        self._gate.heard.pop(self, None)
        if self.transport is not None:
            self.transport.write(words)  # type: ignore[attr-defined]
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """A mail is held in memory while it comes: few at once, each with its time."""
        if self._gate.mails >= self._gate.most_mails:
            await self.push("451 4.3.2 Too many mails at once, try again later")
            return
        self._gate.mails += 1
        self.is_sending = True
        self._reset_timeout(TRANSFER)
        try:
            await super().smtp_DATA(arg)
        finally:
            self._gate.mails -= 1
            self.is_sending = False

    def eof_received(self) -> bool | None:
        return None if self._turned_away else super().eof_received()


class _Handler:
    """Answers for the callbacks, which run in threads: they may ask a database."""

    def __init__(self, accepts: Accepts, received: Received, pool: ThreadPoolExecutor) -> None:
        self._accepts, self._received, self._pool = accepts, received, pool

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            known = await asyncio.get_running_loop().run_in_executor(self._pool, self._accepts, address)
        except Exception:
            log.exception("A recipient could not be looked up")
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        sender, recipients = envelope.mail_from or "", list(envelope.rcpt_tos)
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._received, sender, recipients, raw)
        except Exception:
            log.exception("A mail could not be kept")
            return "451 4.3.0 Not kept, try again later"
        return "250 2.0.0 Kept"


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])
