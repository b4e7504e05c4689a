"""A thin wire to an IMAP mailbox: folders, UIDs, raw bytes, moving; nothing is parsed and nothing is marked as read."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

BATCH = 50

# What can go wrong, one word each: the interface has a sentence for it.
NAME, REFUSED, TIMEOUT, TLS, LOGIN, FOLDER, BROKEN = "name", "refused", "timeout", "tls", "login", "folder", "broken"

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class ImapProblem(Exception):
    """Talking to the server failed; `cause` is one of the words above, `detail` what the server or system said."""

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
        timeout: float = 30,
        folder: str | None = "INBOX",
        verify: bool = True,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.host, self.port, self.security = host, port, security
        self.user, self.password = user, password
        self.timeout, self.folder = timeout, folder
        self.context = context or _context(verify)
        self._box: BaseMailBox | None = None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> Self:
        """Connects, signs in, chooses the folder: each failure tells which of the three it was."""
        self._box = self._connect()
        try:
            self._sign_in()
            if self.folder:
                self.choose(self.folder)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            _shut(box)

    @property
    def box(self) -> BaseMailBox:
        if self._box is None:
            raise ImapProblem(BROKEN, "not connected")
        return self._box

    def _connect(self) -> BaseMailBox:
        try:
            if self.security == "tls":
                return MailBox(self.host, self.port, timeout=self.timeout, ssl_context=self.context)
            box = MailBoxUnencrypted(self.host, self.port, timeout=self.timeout)
        except Exception as problem:
            raise _problem(problem) from problem
        if self.security == "starttls":
            self._secure(box)
        return box

    def _secure(self, box: BaseMailBox) -> None:
        """STARTTLS by hand: the library's own class would leave the socket open when it is refused."""
        try:
            box.client.starttls(self.context)
        except (imaplib.IMAP4.error, ssl.SSLError) as problem:
            _shut(box)
            raise ImapProblem(TLS, _said(problem)) from problem
        except Exception as problem:
            _shut(box)
            raise _problem(problem) from problem

    def _sign_in(self) -> None:
        plain = self.user.isascii() and self.password.isascii()
        try:
            if plain:
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
            self.box.move([str(uid) for uid in uids], encode_folder(folder), chunks=BATCH)

    def _fetch(self, uids: list[int], items: str) -> list[Any]:
        with _Telling():
            status, found = self.box.client.uid("FETCH", ",".join(map(str, uids)), items)
            if status != "OK":
                raise ImapProblem(BROKEN, str(found)[:200])
        return [item for item in found if item is not None]


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
    if isinstance(problem, socket.gaierror):
        return ImapProblem(NAME, _said(problem))
    if isinstance(problem, ssl.SSLError):
        return ImapProblem(TLS, _said(problem))
    if isinstance(problem, TimeoutError):
        return ImapProblem(TIMEOUT, _said(problem))
    if isinstance(problem, ConnectionRefusedError):
        return ImapProblem(REFUSED, _said(problem))
    if isinstance(problem, OSError):
        return ImapProblem(REFUSED, _said(problem))
    return ImapProblem(BROKEN, _said(problem))


def _said(problem: Exception) -> str:
    """The server's own words, where the library wrapped them; else what the problem says of itself."""
    words = str(problem)
    if isinstance(problem, UnexpectedCommandStatusError):
        answers = problem.command_result[1] or []
        words = " ".join(each.decode("utf-8", "replace") for each in answers if isinstance(each, bytes)) or words
    return " ".join(words.split())[:300]


def _context(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _shut(box: BaseMailBox) -> None:
    try:
        box.client.shutdown()
    except (OSError, imaplib.IMAP4.error, AttributeError):
        return
