"""A scripted SMTP server: it keeps what it took, and goes wrong where the test tells it to."""

import socket
import struct
import threading
import time
from collections import Counter
from email import message_from_bytes
from typing import Self

from tests.wire.mailserver import free_port

# Where a connection goes wrong: before the greeting, at a command, in the middle of the letter, after taking it.
POINTS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "taken")


class FaultySmtp:
    """Each connection follows the next plan, (point, what): what is reset, close, stall, or a line to answer."""

    def __init__(self, *plans: tuple[str, str]) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self.plans = list(plans)
        self.taken: list[bytes] = []
        self.asked: list[str] = []
        self.holding = threading.Event()  # set when a plan "hold" has the letter and says nothing yet
        self.release = threading.Event()

    def __enter__(self) -> Self:
        self._server = socket.create_server((self.host, self.port))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.close()

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(message_from_bytes(raw)["Message-ID"]) for raw in self.taken)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            plan = self.plans.pop(0) if self.plans else ("", "")
            threading.Thread(target=self._talk, args=(connection, plan), daemon=True).start()

    def _talk(self, connection: socket.socket, plan: tuple[str, str]) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                self._converse(connection, lines, plan)
        except (OSError, StopAsyncIteration):
            return

    def _converse(self, connection: socket.socket, lines: object, plan: tuple[str, str]) -> None:
        def say(point: str, line: str) -> None:
            connection.sendall((self._go_wrong(connection, plan, point) or line).encode() + b"\r\n")

        say("connect", "220 faulty.example")
        for raw in lines:  # type: ignore[attr-defined]
            word = raw[:4].decode("ascii", "replace").strip().lower()
            self.asked.append(raw.decode("utf-8", "replace").strip())
            if word == "quit":
                return connection.sendall(b"221 bye\r\n")
            if word == "data":
                say("data", "354 go on")
                self._read_letter(connection, lines, plan)
                say("taken", "250 taken")
            else:
                say(word, "250 fine")
        return None

    def _read_letter(self, connection: socket.socket, lines: object, plan: tuple[str, str]) -> None:
        body = b""
        for raw in lines:  # type: ignore[attr-defined]
            if raw == b".\r\n":
                break
            body += raw[1:] if raw.startswith(b"..") else raw
            if plan[0] == "body":
                self._go_wrong(connection, plan, "body")
        self.taken.append(body)

    def _go_wrong(self, connection: socket.socket, plan: tuple[str, str], point: str) -> str:
        if plan[0] != point:
            return ""
        if plan[1] == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if plan[1] in ("reset", "close"):
            connection.shutdown(socket.SHUT_RD) if plan[1] == "close" else None
            connection.close()
            raise StopAsyncIteration
        if plan[1] == "stall":
            time.sleep(3)
            raise StopAsyncIteration
        if plan[1] == "hold":
            self.holding.set()
            self.release.wait(30)
            return ""
        return plan[1]
