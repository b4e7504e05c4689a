"""A thin wire to a POP3 mailbox: which mails there are, their raw bytes, and taking them away; nothing is parsed."""

import contextlib
import poplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

from app.lib import causes
from app.lib.causes import BROKEN, LOGIN, TLS
from app.lib.patience import patience

NO_UIDL = "uidl"
LINE_END = b"\r\n"
OPENING, LONGEST = 60.0, 300.0  # seconds until we are signed in, and of one command
LONGEST_LINE = 1024 * 1024
MOST_WAITING = 32 * 1024 * 1024  # bytes of a list


class Pop3Problem(Exception):
    """Talking to the server failed; `cause` is a word of app/lib/causes.py or NO_UIDL, `detail` what was said."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause, self.detail = cause, detail


class Waiting(NamedTuple):
    """One mail on the server: its number in this conversation, the name it keeps, its size as the server says."""

    number: int
    uidl: str
    size: int


@dataclass
class Pop3:
    """One conversation, opened by `with`; every failure is a Pop3Problem. What is removed goes when it ends well."""

    host: str
    port: int = 995
    security: str = "tls"
    user: str = ""
    secret: str = ""
    is_token: bool = False
    timeout: float = 30
    context: ssl.SSLContext | None = None
    _wire: poplib.POP3 | None = None
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self if self._wire else self.open()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(keep=problem is not None)

    def open(self) -> Self:
        """Connects and signs in."""
        for _ in self.opening():
            pass
        return self

    def opening(self) -> Iterator[str]:
        """The same step by step: "connect", "tls", "login", each when it is done."""
        with _telling(), patience(self._socket, OPENING):
            self._wire = self._connected()
            try:
                yield "connect"
                if self.security == "starttls":
                    with _telling(TLS):
                        self._wire.stls(self._context())
                if self.security != "none":
                    yield "tls"
                self._sign_in()
                yield "login"
            except BaseException:
                self.close(keep=True)
                raise

    def close(self, *, keep: bool = False) -> None:
        """Ends the conversation: by QUIT, after which removed mails are gone; with `keep` by hanging up."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        try:
            if not keep:
                with _telling(), patience(lambda: wire.sock, self.timeout):
                    wire.quit()
        finally:
            with contextlib.suppress(OSError):
                wire.close()

    @property
    def wire(self) -> poplib.POP3:
        if self._wire is None:
            raise Pop3Problem(BROKEN, "not connected")
        return self._wire

    @property
    def link(self) -> Any:
        """What the test of a mailbox asks for its encryption."""
        return self.wire.sock

    def waiting(self) -> list[Waiting]:
        """Every mail there is. Two of one name, which the standard forbids and some servers give, are told apart."""
        with _telling(NO_UIDL):
            names = [line.split(None, 1) for line in self._lines("UIDL", MOST_WAITING)]
        with _telling():
            sizes = dict(_pair(line) for line in self._lines("LIST", MOST_WAITING))
        found, met = [], dict[str, int]()
        for number, name in (pair for pair in names if len(pair) == 2 and pair[0].isdigit()):
            uidl = name.decode("ascii", "replace").strip()[:70]
            met[uidl] = met.get(uidl, 0) + 1
            told = uidl if met[uidl] == 1 else f"{uidl} #{met[uidl]}"
            found.append(Waiting(int(number), told, sizes.get(int(number), 0)))
        return found

    def fetch(self, number: int, *, most: int, headers_only: bool = False) -> bytes:
        """The raw bytes of one mail; a server that goes on after `most` bytes is not listened to any longer."""
        with _telling():
            return LINE_END.join([*self._lines(f"TOP {number} 0" if headers_only else f"RETR {number}", most), b""])

    def remove(self, number: int) -> None:
        """Takes a mail away when the conversation ends."""
        with _telling():
            self.wire.dele(number)

    def _lines(self, command: str, most: int) -> list[bytes]:
        """The lines of a long answer (RFC 1939, section 3), no more than `most` bytes of them."""
        wire: Any = self.wire
        lines: list[bytes] = []
        with patience(self._socket, LONGEST):
            wire._shortcmd(command)
            while (line := wire._getline()[0]) != b".":
                lines.append(line[1:] if line.startswith(b"..") else line)
                most -= len(line) + len(LINE_END)
                if most < 0:
                    raise Pop3Problem(BROKEN, "it sent more than it had said")
        return lines

    def _connected(self) -> poplib.POP3:
        if self.security == "tls":
            return _Tls(self, context=self._context())
        return _Lines(self)

    def _socket(self) -> Any:
        return self._sockets[-1] if self._sockets else None

    def _context(self) -> ssl.SSLContext:
        return self.context or causes.context()

    def _sign_in(self) -> None:
        if any(character < " " for character in self.user + self.secret):
            raise Pop3Problem(LOGIN, "a line break in user or password")
        with _telling(LOGIN):
            if self.is_token:
                shown = f"user={self.user}\1auth=Bearer {self.secret}\1\1"
                self.wire._shortcmd(f"AUTH XOAUTH2 {b64encode(shown.encode()).decode()}")  # type: ignore[attr-defined]
            else:
                self.wire.user(self.user)
                self.wire.pass_(self.secret)


class _Lines(poplib.POP3):
    """Mails have longer lines than the standard allows: nothing is lost for one, and nobody fills our memory."""

    encoding = "UTF-8"

    def __init__(self, wire: Pop3, **options: Any) -> None:
        self._wire_of_ours = wire
        try:
            super().__init__(wire.host, wire.port, timeout=wire.timeout, **options)
        except BaseException:  # the library would leave its socket open
            with contextlib.suppress(OSError, AttributeError):
                self.close()
            raise

    def _create_socket(self, timeout: float) -> socket.socket:
        made: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
        self._wire_of_ours._sockets.append(made)
        return made

    def _getline(self) -> tuple[bytes, int]:
        line = self.file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise poplib.error_proto("line too long")
        if not line:
            raise poplib.error_proto("-ERR EOF")
        return line.removesuffix(b"\n").removesuffix(b"\r"), len(line)


class _Tls(_Lines, poplib.POP3_SSL):
    """The same from the first byte on encrypted."""


def _pair(line: bytes) -> tuple[int, int]:
    number, size, *_ = [*line.split(), b"0", b"0"]
    return (int(number), int(size)) if number.isdigit() and size.isdigit() else (0, 0)


@contextlib.contextmanager
def _telling(refused_means: str = BROKEN) -> Any:
    """Turns what the library raises into a Pop3Problem; a refusal by the server has the cause given."""
    try:
        yield
    except Pop3Problem:
        raise
    except poplib.error_proto as problem:
        words = _said(problem)
        gone = "EOF" in words or "line too long" in words
        raise Pop3Problem(BROKEN if gone else refused_means, words) from None
    except (OSError, ValueError) as problem:
        raise Pop3Problem(causes.cause_of(problem), _said(problem)) from problem


def _said(problem: Exception) -> str:
    words = problem.args[0] if problem.args else ""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(problem)
    return " ".join(text.replace("\0", "").split())[:300]
