"""Taking in what is new on a POP3 server: it names its mails (UIDL), and we number them as they come.

Which names are known is kept with the ledger's rows, in one transaction. A mail leaves the server only where the
mailbox says so, and only after it is in the ledger whole; a conversation that breaks takes nothing away.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from app.lib.clock import now
from app.lib.files import store
from app.lib.imap import BATCH
from app.lib.pop3 import Pop3, Waiting
from app.mail import entering, readers
from app.mail.entering import MOST_AT_ONCE
from app.mail.fetched import FetchedMail

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

HEAD = 64 * 1024
LIES = 2 * 1024 * 1024  # bytes by which a server may be wrong about a size
_RECEIVED = re.compile(rb"^Received:(?:.*\r?\n[ \t])*.*;\s*([^;\r\n]+)", re.IGNORECASE | re.MULTILINE)


def take_in(mailbox: "Mailbox", pop3: Pop3) -> Iterator[int]:
    """Enters all that is new, a handful at a time, and says of each how many mails it was."""
    if mailbox.uidvalidity is None:
        mailbox.change(uidvalidity=0)
    waiting, known = pop3.waiting(), FetchedMail.known(mailbox)
    FetchedMail.forget(mailbox, known.keys() - {each.uidl for each in waiting})
    for each in waiting:
        if known.get(each.uidl) and mailbox.after_reading == "delete":  # the last conversation broke before its end
            pop3.remove(each.number)
    new = [each for each in waiting if each.uidl not in known]
    if new:
        readers.pool.prepare()
    for part in _handfuls(new):
        yield _take(mailbox, pop3, part)


def _take(mailbox: "Mailbox", pop3: Pop3, part: list[Waiting]) -> int:
    deletes, largest = mailbox.after_reading == "delete", entering.limit()
    with entering.few, store().together():
        rows = [
            _row(mailbox, pop3, each, mailbox.last_uid + place, largest=largest) for place, each in enumerate(part, 1)
        ]
    leaving = [deletes and not line["only_headers"] for line in rows]
    names = [
        {"mailbox": mailbox.id, "uidl": each.uidl, "is_to_go": goes} for each, goes in zip(part, leaving, strict=True)
    ]
    count = entering.enter(
        mailbox, rows, last=mailbox.last_uid + len(part), also=lambda: FetchedMail.insert_many(names).execute()
    )
    for each, goes in zip(part, leaving, strict=True):
        if goes:
            pop3.remove(each.number)
    return count


def _row(mailbox: "Mailbox", pop3: Pop3, each: Waiting, uid: int, *, largest: int) -> dict[str, Any]:
    cut = each.size > largest
    raw = pop3.fetch(each.number, most=(HEAD * 16 if cut else largest) + LIES, headers_only=cut)
    return entering.row(mailbox, uid, arrived_at(raw), raw, size=max(each.size, len(raw)), cut=cut)


def _handfuls(waiting: list[Waiting]) -> Iterator[list[Waiting]]:
    """In their order, in parts that fit into memory."""
    part: list[Waiting] = []
    room = MOST_AT_ONCE
    for each in waiting:
        if part and (each.size > room or len(part) >= BATCH):
            yield part
            part, room = [], MOST_AT_ONCE
        part.append(each)
        room -= each.size
    if part:
        yield part


def arrived_at(raw: bytes) -> datetime | None:
    """When the last server on the way took it, which POP3 itself does not tell: the date of the topmost Received."""
    found = _RECEIVED.search(raw[:HEAD].partition(b"\r\n\r\n")[0])
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(found[1].decode("ascii", "replace").strip())
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None or not timedelta(days=-1) < now() - moment < timedelta(days=3650):
        return None
    return moment
