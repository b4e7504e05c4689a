"""The test of a mailbox's way in: name, server, encryption, access, folder, and how many messages wait there."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.lib.causes import BROKEN, FOLDER, LOGIN, NAME, QUOTA, REFUSED, TIMEOUT, TLS, TLS_NAME, TLS_TRUST
from app.lib.imap import Imap, ImapProblem
from app.lib.oauth import NoAccess
from app.lib.pop3 import NO_UIDL, Pop3, Pop3Problem
from app.lib.secrets import Unreadable
from app.mail.fetched import FetchedMail
from app.mail.sending import step_of

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

PATIENCE = 10.0  # seconds for each answer: somebody is looking at the page
MOST_FOLDERS = 100
# Which step each cause belongs to; a later one that was being taken is blamed instead.
FAULT = {
    NAME: "in_name", REFUSED: "in_server", TIMEOUT: "in_server", BROKEN: "in_server", TLS: "in_tls",
    TLS_NAME: "in_tls", TLS_TRUST: "in_tls", LOGIN: "in_login", FOLDER: "in_folder", QUOTA: "in_folder",
    NO_UIDL: "in_folder",
}  # fmt: skip
REACHED = {"connect": "in_server", "tls": "in_tls", "login": "in_login"}


def steps_in(mailbox: "Mailbox") -> list[str]:
    """The steps of reading, in their order."""
    if not mailbox.is_fetched:
        return []
    encrypted = ["in_tls"] if mailbox.security != "none" else []
    return ["in_name", "in_server", *encrypted, "in_login", "in_folder"]


def try_reading(mailbox: "Mailbox") -> Iterator[dict[str, Any]]:
    """Each step when it has ended, none after one that failed. Talks to the server."""
    ahead = steps_in(mailbox)
    if not ahead:
        return
    try:
        at = socket.getaddrinfo(mailbox.host, mailbox.port)[0][4][0]
    except (OSError, UnicodeError) as problem:
        yield step_of(ahead[0], passed=False, cause=NAME, said=str(problem))
        return
    yield step_of(ahead.pop(0), passed=True, at=at)
    try:
        wire = mailbox.imap() if mailbox.kind == "imap" else mailbox.pop3()
    except (NoAccess, Unreadable) as problem:  # there is nothing to sign in with
        said = getattr(problem, "detail", "")
        yield step_of("in_login", passed=False, cause=getattr(problem, "cause", "key"), said=said)
        return
    try:
        for step in _opened(wire):
            ahead.remove(step["step"])
            yield step
        with wire:
            found = _found(mailbox, wire)
        yield step_of("in_folder", passed=True, **found)
    except (ImapProblem, Pop3Problem) as problem:
        yield from _failed(mailbox, problem, ahead)


def _opened(wire: Imap | Pop3) -> Iterator[dict[str, Any]]:
    started = time.monotonic()
    wire.timeout = PATIENCE
    for reached in wire.opening():
        facts: dict[str, Any] = {}
        if reached == "connect":
            facts = {"took": round((time.monotonic() - started) * 1000)}
        elif reached == "tls":
            facts = _encryption(wire.link)
        yield step_of(REACHED[reached], passed=True, **facts)


def _failed(mailbox: "Mailbox", problem: ImapProblem | Pop3Problem, ahead: list[str]) -> Iterator[dict[str, Any]]:
    """What was reached before the fault has passed: encryption fails on a server that was found."""
    blamed = FAULT.get(problem.cause, ahead[0])
    at = ahead.index(blamed) if blamed in ahead else 0
    for step in ahead[:at]:
        yield step_of(step, passed=True)
    folders = folders_of(mailbox) if problem.cause == FOLDER else []
    yield step_of(ahead[at], passed=False, cause=problem.cause, said=problem.detail, folders=folders)


def _found(mailbox: "Mailbox", wire: Imap | Pop3) -> dict[str, Any]:
    """How many there are and how the next one will be numbered. Raises ImapProblem, Pop3Problem."""
    if isinstance(wire, Pop3):
        names = [each.uidl for each in wire.waiting()]
        new = len(set(names) - FetchedMail.known(mailbox).keys())
        return {"waiting": len(names), "next": mailbox.last_uid + new + 1}
    status = wire.status()
    facts = {"folders": wire.folders()[:MOST_FOLDERS], "tells": wire.can_wait}
    return {"waiting": status.count, "next": status.uidnext} | facts


def folders_of(mailbox: "Mailbox") -> list[str]:
    """The folders that there are, for who named another one."""
    try:
        with mailbox.imap(folder=None) as imap:
            return imap.folders()[:MOST_FOLDERS]
    except (ImapProblem, NoAccess):
        return []


def _encryption(link: Any) -> dict[str, str]:
    """Which TLS it is, and until when the certificate is good."""
    if not isinstance(link, ssl.SSLSocket):
        return {}
    ends = (link.getpeercert() or {}).get("notAfter")
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC).isoformat() if ends else ""
    return {"version": (link.version() or "").replace("TLSv", "TLS "), "until": until}
