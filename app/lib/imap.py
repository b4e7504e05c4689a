"""A thin wire to an IMAP mailbox: folders, UIDs, raw bytes, moving; nothing is parsed and nothing is marked as read."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from app.lib import causes
from app.lib.causes import BROKEN, FOLDER, LOGIN, QUOTA, TLS
from app.lib.patience import patience

BATCH = 50
OPENING, LONGEST = 60.0, 300.0  # seconds until we are signed in, and of one command
MOST = 600 * 1024 * 1024  # bytes that a server may announce at once; our own limit of a mail is 500 MB at most
LONGEST_LINE = 32 * 1024 * 1024  # the UIDs of three million mails are one line
FULL = 0.97  # of its quota

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_STORAGE = re.compile(rb"\bSTORAGE (\d+) (\d+)")


class ImapProblem(Exception):
    """Talking to the server failed; `cause` is a word of app/lib/causes.py, `detail` what the server or system said."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Status:
    """What the server says of the chosen folder."""

    uidvalidity: int
    uidnext: int
    count: int


class Imap:
    """One connection, opened by `with`; every failure is an ImapProblem."""

    def __init__(
        self,
        host: str,
        port: int = 993,
        security: str = "tls",
        user: str = "",
        password: str = "",
        *,
        is_token: bool = False,
        timeout: float = 30,
        folder: str | None = "INBOX",
        verify: bool = True,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.host, self.port, self.security = host, port, security
        self.user, self.password, self.is_token = user, password, is_token
        self.timeout, self.folder = timeout, folder
        self.context = context or causes.context(verify)
        self._box: BaseMailBox | None = None
        self._sockets: list[socket.socket] = []
        self._capabilities: set[str] | None = None

    def __enter__(self) -> Self:
        return self if self._box else self.open()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> Self:
        """Connects, signs in, chooses the folder: each failure tells which of the three it was."""
        for _ in self.opening():
            pass
        return self

    def opening(self) -> Iterator[str]:
        """The same step by step: "connect", "tls", "login", each when it is done."""
        with _Telling(), patience(self._socket, OPENING):
            self._box = self._connect()
            try:
                yield "connect"
                if self.security == "starttls":
                    self._secure(self._box)
                if self.security != "none":
                    yield "tls"
                self._sign_in()
                yield "login"
                if self.folder:
                    self.choose(self.folder)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        try:
            with patience(lambda: box.client.sock, self.timeout):
                box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            _shut(box)

    @property
    def is_open(self) -> bool:
        return self._box is not None

    @property
    def box(self) -> BaseMailBox:
        if self._box is None:
            raise ImapProblem(BROKEN, "not connected")
        return self._box

    def _socket(self) -> Any:
        return self._sockets[-1] if self._sockets else None

    def _connect(self) -> BaseMailBox:
        self._sockets.clear()
        self._capabilities = None
        try:
            return _TlsBox(self) if self.security == "tls" else _Box(self)
        except Exception as problem:
            raise _problem(problem) from problem

    def _secure(self, box: BaseMailBox) -> None:
        """STARTTLS by hand: the library's own class would leave the socket open when it is refused."""
        try:
            box.client.starttls(self.context)
        except Exception as problem:
            self._box = None
            _shut(box)
            if isinstance(problem, imaplib.IMAP4.error):
                raise ImapProblem(TLS, _said(problem)) from problem
            raise _problem(problem) from problem

    def _sign_in(self) -> None:
        """By password, or by a token of OAuth 2 (XOAUTH2)."""
        plain = self.user.isascii() and self.password.isascii()
        try:
            if self.is_token:
                self.box.xoauth2(self.user, self.password, initial_folder=None)
            elif plain:
                self.box.login(self.user, self.password, initial_folder=None)
            else:
                self.box.login_utf8(self.user, self.password, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as problem:
            if isinstance(problem, imaplib.IMAP4.abort):
                raise _problem(problem) from problem
            raise ImapProblem(LOGIN, _said(problem)) from None
        except Exception as problem:
            raise _problem(problem) from problem

    def choose(self, folder: str) -> None:
        """Makes this the folder that the other verbs speak of."""
        try:
            self.box.folder.set(folder)
        except (ImapToolsError, imaplib.IMAP4.error) as problem:
            raise (
                _problem(problem) if isinstance(problem, imaplib.IMAP4.abort) else ImapProblem(FOLDER, _said(problem))
            ) from None
        except (OSError, ValueError) as problem:
            raise _problem(problem) from problem
        self.folder = folder

    def folders(self) -> list[str]:
        """The names of all folders that hold mail."""
        with _Telling():
            return [one.name for one in self.box.folder.list() if "\\Noselect" not in one.flags]

    def status(self) -> Status:
        """UIDVALIDITY, the UID that the next mail will get, and how many there are."""
        with _Telling(FOLDER):
            found = self.box.folder.status(self.folder or "INBOX")
        return Status(found.get("UIDVALIDITY", 0), found.get("UIDNEXT", 0), found.get("MESSAGES", 0))

    def uids_after(self, uid: int) -> list[int]:
        """The UIDs above this one, in order; the server's own "n:*" always names one, so they are compared again."""
        with _Telling():
            found = self.box.uids(f"UID {uid + 1}:*", charset=None)
        return sorted(int(one) for one in found if int(one) > uid)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """The size in bytes of each of these mails that is still there."""
        sizes: dict[int, int] = {}
        for batch in _batches(uids):
            for item in self._fetch(batch, "(UID RFC822.SIZE)"):
                line = item if isinstance(item, bytes) else b" ".join(item)
                uid, size = _UID.search(line), _SIZE.search(line)
                if uid and size:
                    sizes[int(uid[1])] = int(size[1])
        return sizes

    def fetch_raw(self, uids: list[int], *, headers_only: bool = False) -> Iterator[tuple[int, datetime | None, bytes]]:
        """(uid, when the server got it, raw bytes) of each mail still there, in batches; flags stay as they were."""
        section = "BODY.PEEK[HEADER]" if headers_only else "BODY.PEEK[]"
        for batch in _batches(uids):
            yield from _raw_mails(self._fetch(batch, f"(UID INTERNALDATE {section})"))

    def move(self, uids: list[int], folder: str) -> None:
        """Moves mails into another folder, which is made if it is missing."""
        if not uids:
            return
        with _Telling(FOLDER):
            if not self.box.folder.exists(folder):
                self.box.folder.create(folder)
            try:
                self.box.move([str(uid) for uid in uids], encode_folder(folder), chunks=BATCH)
            except ImapToolsError as problem:
                raise ImapProblem(QUOTA if "OVERQUOTA" in _said(problem) else FOLDER, _said(problem)) from problem

    def remove(self, uids: list[int]) -> None:
        """Takes these mails off the server, and no others that somebody else has marked as deleted."""
        for batch in _batches(uids):
            with _Telling():
                self.box.delete([str(uid) for uid in batch], chunks=BATCH) if self._can_expunge_some else self._mark(
                    batch
                )

    @property
    def capabilities(self) -> set[str]:
        """What the server can do for who has signed in, which is more than what it says at the door."""
        if self._capabilities is None:
            with _Telling(), patience(self._socket, LONGEST):
                _, (said, *_) = self.box.client.capability()
            self._capabilities = set((said or b"").decode("ascii", "replace").upper().split())
        return self._capabilities

    @property
    def _can_expunge_some(self) -> bool:
        return "UIDPLUS" in self.capabilities

    def _mark(self, uids: list[int]) -> None:
        """A server without UIDPLUS expunges all or nothing: marked, they go when the mailbox is next tidied up."""
        self.box.client.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", "(\\Deleted)")

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of new mail by itself (IDLE, RFC 2177)."""
        return "IDLE" in self.capabilities

    @property
    def link(self) -> Any:
        """What the test of a mailbox asks for its encryption."""
        return self.box.client.sock

    def wait(self, seconds: float) -> bool:
        """Waits for the server to say that something has changed in the folder; False when the time was over first.

        What it says together with its word that it waits, or that it waits no more, is no less news: imap-tools asks
        the socket alone, and looks at neither.
        """
        client = self.box.client
        client.response("EXISTS")  # of before
        with _Telling(), self.box.idle as idle:
            said = [] if self._was_told else idle.poll(timeout=seconds)
        if any(line.startswith(b"* BYE") for line in said):
            raise ImapProblem(BROKEN, "BYE")
        is_late = client.response("EXISTS")[1] != [None]
        return is_late or any(b"EXISTS" in line or b"RECENT" in line for line in said)

    @property
    def _was_told(self) -> bool:
        """Whether more has been read than was asked for."""
        client: Any = self.box.client
        if (kept := getattr(client, "_readbuf", None)) is not None:  # since Python 3.14
            return bool(kept)
        patient = client.sock.gettimeout()
        client.sock.setblocking(False)
        try:
            return bool(client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            client.sock.settimeout(patient)

    def hang_up(self) -> None:
        """Ends the connection from another thread, whatever this one is waiting for."""
        if box := self._box:
            with suppress(OSError, AttributeError):
                box.client.sock.shutdown(socket.SHUT_RDWR)

    @property
    def is_full(self) -> bool:
        """Whether the mailbox has no more room, where the server tells (RFC 9208)."""
        client = self.box.client
        if "QUOTA" not in self.capabilities:
            return False
        with suppress(imaplib.IMAP4.error), _Telling():
            _, (_, answers) = client.getquotaroot(encode_folder(self.folder or "INBOX").decode("ascii"))
            used = [each for line in answers if line for each in _STORAGE.findall(line)]
            return any(int(limit) and int(use) >= FULL * int(limit) for use, limit in used)
        return False

    def _fetch(self, uids: list[int], items: str) -> list[Any]:
        with _Telling(), patience(self._socket, LONGEST):
            status, found = self.box.client.uid("FETCH", ",".join(map(str, uids)), items)
            if status != "OK":
                raise ImapProblem(BROKEN, str(found)[:200])
        return [item for item in found if item is not None]


class _Bounded(imaplib.IMAP4):
    """Believes no server that wants to send more than any mail can have. Says what its socket is while it connects."""

    def __init__(self, wire: Imap, **options: Any) -> None:
        self._wire_of_ours = wire
        super().__init__(wire.host, wire.port, timeout=wire.timeout, **options)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]
        self._wire_of_ours._sockets.append(made)
        return made

    def read(self, size: int) -> bytes:
        if size > MOST:
            raise self.abort(f"{size} bytes announced")
        return super().read(size)

    def readline(self) -> bytes:
        line = bytes(self.file.readline(LONGEST_LINE + 1))  # type: ignore[arg-type]
        if len(line) > LONGEST_LINE:
            raise self.abort("a line without end")
        return line


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    """The same, encrypted from the first byte on."""


class _Box(BaseMailBox):
    def __init__(self, wire: Imap) -> None:
        self._wire_of_ours = wire
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _Bounded(self._wire_of_ours)


class _TlsBox(_Box):
    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return _BoundedTls(self._wire_of_ours, ssl_context=self._wire_of_ours.context)


def _raw_mails(found: list[Any]) -> Iterator[tuple[int, datetime | None, bytes]]:
    """A literal comes as a pair (what stands before it, its bytes); the rest of its line follows alone."""
    for n, item in enumerate(found):
        if not isinstance(item, tuple):
            continue
        tail = found[n + 1] if n + 1 < len(found) and isinstance(found[n + 1], bytes) else b""
        uid = _UID.search(item[0]) or _UID.search(tail)
        if uid:
            yield int(uid[1]), _internal_date(item[0] + tail), item[1]


def _internal_date(line: bytes) -> datetime | None:
    moment = imaplib.Internaldate2tuple(line)
    if moment is None:
        return None
    try:
        return datetime(*moment[:6]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _batches(uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), BATCH):
        yield uids[start : start + BATCH]


class _Telling:
    """Turns what the libraries raise into an ImapProblem; a refusal by the server has the cause given."""

    def __init__(self, refused_means: str = BROKEN) -> None:
        self.refused_means = refused_means

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if problem is None or isinstance(problem, ImapProblem) or not isinstance(problem, Exception):
            return
        if isinstance(problem, ImapToolsError) and not isinstance(problem, imaplib.IMAP4.abort):
            raise ImapProblem(self.refused_means, _said(problem)) from problem
        if isinstance(problem, OSError | imaplib.IMAP4.error | ImapToolsError | ValueError):
            raise _problem(problem) from problem


def _problem(problem: Exception) -> ImapProblem:
    """Which of the things that go wrong this is."""
    if isinstance(problem, ImapProblem):
        return problem
    return ImapProblem(causes.cause_of(problem), _said(problem))


def _said(problem: Exception) -> str:
    """The server's own words, where the library wrapped them; else what the problem says of itself."""
    words = str(problem)
    if isinstance(problem, UnexpectedCommandStatusError):
        answers = problem.command_result[1] or []
        words = " ".join(each.decode("utf-8", "replace") for each in answers if isinstance(each, bytes)) or words
    return " ".join(words.split())[:300]


def _shut(box: BaseMailBox) -> None:
    try:
        box.client.shutdown()
    except (OSError, imaplib.IMAP4.error, AttributeError):
        return
