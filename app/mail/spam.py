"""Whether a mail is suspected to be spam: what our server wrote into it, block lists, rspamd (SPEC C8).

It is asked before anything is filed, outside every transaction, and only about what would open a ticket. Who does not
answer is passed over: a mail is never held up by a list or a scanner that is gone.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.lib import resolving, rspamd
from app.lib.resolving import Resolver
from app.mail.parsed import ParsedMail

MARKED, LISTED, RSPAMD = "marked", "listed", "rspamd"
SPAM_ACTIONS = frozenset({"reject", "add header", "rewrite subject"})
OUTLOOK_SPAM = re.compile(r"\bSFV:(?:SPM|SKS|SKB)\b|\bCAT:(?:SPM|HSPM|PHSH|HPHISH|HPHSH|MALW)\b")
MOST_LISTS, MOST_HOPS, REST = 4, 3, 120.0
BY = re.compile(r"\bby\s+([\w.-]{1,255})", re.IGNORECASE)
ADDRESS = re.compile(r"[\[(](?:IPv6:)?([0-9a-fA-F.:]{3,45})[\])]", re.IGNORECASE)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a mail is taken for spam: a cause of the ledger, and what was said."""

    cause: str
    detail: str = ""


@dataclass
class Detective:
    """Asks what the settings want asked, as they were when the round began."""

    heeds_marks: bool
    block_lists: str
    rspamd: str
    resolver: Resolver

    def suspects(self, mail: ParsedMail, raw: Path, *, authserv_id: str, recipient: str) -> Suspicion | None:
        """The first reason to take it for spam. Asks other machines: never inside a transaction."""
        if self.heeds_marks and (said := marks(mail, authserv_id)):
            return Suspicion(MARKED, said)
        if not (self.block_lists or self.rspamd):
            return None
        ip = came_from(mail, authserv_id)
        if ip and (said := self._listed(ip)):
            return Suspicion(LISTED, said)
        if self.rspamd and (said := _scanned(self.rspamd, raw, mail, recipient, ip)):
            return Suspicion(RSPAMD, said)
        return None

    def _listed(self, ip: str) -> str:
        """The list that names this address. What answers outside 127.0.0.0/16 is an error of the list, no entry."""
        labels = resolving.reversed_name(ip)
        for zone in re.split(r"[\s,]+", self.block_lists.strip())[:MOST_LISTS] if labels else ():
            if zone and any(found.startswith("127.0.") for found in self.resolver.addresses(f"{labels}.{zone}")):
                return f"{ip}, {zone}"
        return ""


def marks(mail: ParsedMail, authserv_id: str) -> str:
    """The header in which the receiving server calls this mail spam; empty if it does not (MAIL.md, rule 18).

    "No" never counts, whoever wrote it, so nobody gains anything by writing it into a mail of theirs.
    """
    checker = mail.header("x-spam-checker-version").lower()
    by_us = bool(authserv_id) and f" on {authserv_id.strip().lower()}" in f"{checker} "
    for name, value in mail.headers if by_us else _written_by_us(mail, authserv_id):
        if _says_spam(name, value[:4000]):
            return f"{name}: {value}"[:300]
    return ""


def _says_spam(name: str, value: str) -> bool:
    value = value.strip()
    lower = value.lower()
    if name in ("x-spam-flag", "x-spam", "x-rspamd-spam", "x-barracuda-spam-flag"):
        return lower in ("yes", "true")
    if name == "x-spam-status":
        return lower.startswith("yes")
    if name == "x-rspamd-action":
        return lower in SPAM_ACTIONS
    if name == "x-ms-exchange-organization-scl":
        return lower.isdigit() and len(lower) < 3 and int(lower) >= 5
    return name == "x-forefront-antispam-report" and bool(OUTLOOK_SPAM.search(value))


def _written_by_us(mail: ParsedMail, authserv_id: str) -> Iterator[tuple[str, str]]:
    """The headers above the first line of the way that another server wrote: ours stand on top."""
    hops = 0
    for name, value in mail.headers:
        if name == "received":
            hops += 1
            if hops > 1 and not _is_ours(value, authserv_id):
                return
        yield name, value


def _is_ours(received: str, authserv_id: str) -> bool:
    by = BY.search(received[:2000])
    return bool(authserv_id and by) and by[1].lower() == authserv_id.strip().lower()  # type: ignore[index]


def came_from(mail: ParsedMail, authserv_id: str) -> str:
    """The public address of the machine that handed the mail to our server; empty if that is not told."""
    for value in mail.header_all("received")[:MOST_HOPS]:
        found = ADDRESS.findall(value[:2000].partition(" by ")[0])
        if public := next((each for each in found if resolving.reversed_name(each)), ""):
            return public
        if found and not _is_ours(value, authserv_id):
            break
    return ""


_silent_until: dict[str, float] = {}


def _scanned(url: str, raw: Path, mail: ParsedMail, recipient: str, ip: str) -> str:
    """What rspamd says against it. One that did not answer is left alone for a while."""
    if time.monotonic() < _silent_until.get(url, 0.0):
        return ""
    try:
        opinion = rspamd.ask(url, raw, sender=mail.return_path or mail.from_address, recipient=recipient, ip=ip)
    except rspamd.NoAnswer as problem:
        _silent_until[url] = time.monotonic() + REST
        log.warning("rspamd does not answer", problem=str(problem))
        return ""
    return f"{opinion.action}, {opinion.score:g}" if opinion.action in SPAM_ACTIONS else ""
