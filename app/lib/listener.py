"""A small SMTP receiver for forwarded mail: known recipients only, and 250 only when the mail is kept."""

import asyncio
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

log = logging.getLogger(__name__)

MOST_RECIPIENTS = 100
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
        timeout: float = 120,
        name: str = "ventanilla",
    ) -> None:
        self.host, self.port = host, port or _free_port(host)
        self._pool = ThreadPoolExecutor(max_workers=min(4, parallel), thread_name_prefix="listener")
        self._controller = _Controller(
            _Handler(accepts, received, self._pool),
            host,
            self.port,
            largest=largest,
            parallel=parallel,
            timeout=timeout,
            name=name,
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


class _Controller(Controller):
    def __init__(
        self, handler: "_Handler", host: str, port: int, *, largest: int, parallel: int, timeout: float, name: str
    ) -> None:
        super().__init__(handler, hostname=host, port=port)
        self._gate = _Gate(parallel)
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
            loop=self.loop,
        )


class _Gate:
    """How many connections are open, of how many that may be."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.open = 0


class _Protocol(SMTP):
    """One connection; above the limit it is told to come again."""

    line_length_limit = LONGEST_LINE

    def __init__(self, gate: _Gate, handler: "_Handler", **options: Any) -> None:
        super().__init__(handler, **options)
        self._gate = gate
        self._turned_away = False

    def connection_made(self, transport: Any) -> None:
        if self._gate.open >= self._gate.most:
            self._turned_away = True
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        self._gate.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._turned_away:
            return
        self._gate.open -= 1
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self._turned_away:
            super().data_received(data)

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
