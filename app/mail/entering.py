"""What was fetched goes into the ledger: its rows and the mailbox's cursor are one transaction."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app
from peewee import Query

from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.files import store
from app.lib.prepared import prepared, slot

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

MOST_AT_ONCE = 16_000_000  # bytes of one batch in memory
TOGETHER = 4  # batches in memory at once, of all mailboxes of this process
# Held only while a batch is on its way: a server that lets nobody in keeps nobody out. One that falls silent in the
# middle of a batch has its place until silence is an error.
few = threading.BoundedSemaphore(TOGETHER)
NAMES = (
    "mailbox", "source", "place", "uidvalidity", "uid", "raw_sha256", "size", "only_headers", "received_at",
    "fetched_at", "outcome", "cause",
)  # fmt: skip


def limit() -> int:
    """The size of the largest mail that is fetched whole."""
    return int(current_app.extensions["ventanilla"].mail_size_limit_mb) * 1024 * 1024


def row(mailbox: "Mailbox", uid: int, at: datetime | None, raw: bytes, *, size: int, cut: bool) -> dict[str, Any]:
    """A line of the ledger, its raw mail on the disk."""
    moment = Record.records["LedgerEntry"].received_at.db_value
    return {
        "mailbox": mailbox.id,
        "source": mailbox.kind,
        "place": mailbox.place,
        "uidvalidity": mailbox.uidvalidity or 0,
        "uid": uid,
        "raw_sha256": store().put(raw).sha256,
        "size": size,
        "only_headers": cut,
        "received_at": moment(at or now()),
        "fetched_at": moment(now()),
        "outcome": "new",
        "cause": "",
    }


def withheld(mailbox: "Mailbox", uid: int) -> dict[str, Any]:
    """The line of a mail that its server names and will not give: accounted for, and the others go on."""
    line = row(mailbox, uid, None, b"", size=0, cut=True)
    return line | {"outcome": "failed", "cause": "withheld"}


def enter(
    mailbox: "Mailbox", rows: Iterable[dict[str, Any]], *, last: int, also: Callable[[], Any] | None = None
) -> int:
    """The rows and the cursor, together. A mail that is in the ledger already is not entered again."""
    cls = type(mailbox)
    with transaction():
        count: int = sum(prepared("enter a mail", _entering).rows(each).rowcount for each in rows)
        cls.update(last_uid=last).where(cls.id == mailbox.id, cls.last_uid < last).execute()
        if also:
            also()
    mailbox.last_uid = max(mailbox.last_uid, last)
    return count


def _entering() -> Query:
    ledger = Record.records["LedgerEntry"]
    return ledger.insert({ledger._meta.fields[name]: slot(name) for name in NAMES}).on_conflict_ignore().as_rowcount()
