"""Fetching a mailbox: everything is stored raw and entered in the ledger before anybody looks at it (SPEC C9).

The cursor is UIDVALIDITY and UID, never the flag \\Seen. A batch's files are on the disk before its rows, and its rows
are committed together with the cursor: whoever is killed in between fetches that batch again and enters it once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import processes
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.files import StorageFull, store
from app.lib.imap import BATCH, Imap, ImapProblem
from app.lib.refusals import Refused
from app.lib.secrets import Unreadable
from app.lib.words import lazy_gettext as _l
from app.outbox.wire import is_live
from app.timeline.event import record

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

MOST_AT_ONCE = 16_000_000  # bytes of one batch in memory
CLAIM_LASTS = timedelta(minutes=30)
SLACK = timedelta(seconds=10)  # a duty each minute is not on the second


class NothingToFetch(Refused):
    says = _l("Only a confirmed mailbox is fetched, and nothing is fetched while this is a sandbox.")
    status = 409


class Fetchable:
    """Taking in what has arrived."""

    @classmethod
    def due(cls: "type[Mailbox]") -> "list[Mailbox]":
        """The confirmed mailboxes whose time has come; none while the installation is in its sandbox."""
        if not is_live():
            return []
        confirmed = cls.select().where(cls.state == "confirmed", cls.kind == "imap")
        return [
            mailbox
            for mailbox in confirmed.order_by(cls.fetched_at, cls.id)
            if mailbox.fetched_at is None
            or mailbox.fetched_at <= now() - timedelta(minutes=mailbox.every_minutes) + SLACK
        ]

    @classmethod
    def fetch_all(cls: "type[Mailbox]") -> int:
        """Fetches every mailbox that is due, and returns how many mails are new in the ledger."""
        return sum(mailbox.fetch() for mailbox in cls.due())

    @transaction()
    def ask_to_fetch(self: "Mailbox", *, by: Person) -> None:
        """Fetches it in the background, without waiting for its time. Raises NotAllowed, NothingToFetch."""
        demand(by, "configure")
        if not (self.is_confirmed and self.kind == "imap" and is_live()):
            raise NothingToFetch
        record("mailbox.fetch_asked", by=by, about=self)

    def fetch(self: "Mailbox") -> int:
        """Fetches what is new. A failure is kept with its time and cause, and shown; nothing is lost by it."""
        if not self.is_confirmed or not self._claim():
            return 0
        entered = 0
        try:
            with self.imap() as imap:
                self._start_over_if_renumbered(imap)
                for count in self._take_in(imap):
                    entered += count
        except ImapProblem as problem:
            self._failed(f"{problem.cause}: {problem.detail}")
        except Unreadable:
            self._failed("key")
        except StorageFull:
            self._failed("storage")
        else:
            self.change(fetched_at=now(), failing_since=None, failure="")
        finally:
            self.change(claimed_by=None)
        return entered

    def _claim(self: "Mailbox") -> bool:
        """Takes the mailbox for this process: two that fetch at once would only do the work twice."""
        holder = self.select(type(self).claimed_by, type(self).claimed_at).where(type(self).id == self.id).get()
        if holder.claimed_by and processes.lives(holder.claimed_by) and holder.claimed_at > now() - CLAIM_LASTS:
            return False
        cls = type(self)
        was = cls.claimed_by.is_null() if holder.claimed_by is None else cls.claimed_by == holder.claimed_by
        taken = cls.update(claimed_by=processes.myself(), claimed_at=now()).where(cls.id == self.id, was)
        return bool(taken.execute())

    def _failed(self: "Mailbox", failure: str) -> None:
        self.change(fetched_at=now(), failing_since=self.failing_since or now(), failure=failure[:500])

    def _start_over_if_renumbered(self: "Mailbox", imap: Imap) -> None:
        """A new UIDVALIDITY makes every UID meaningless: all is fetched again, and known mails are seen as copies."""
        status = imap.status()
        if self.uidvalidity is not None and self.uidvalidity != status.uidvalidity:
            self.change(uidvalidity=status.uidvalidity, last_uid=0, creates_since_uid=None)
        elif self.uidvalidity is None:
            self.change(uidvalidity=status.uidvalidity)

    def _take_in(self: "Mailbox", imap: Imap) -> Iterator[int]:
        largest = current_app.extensions["ventanilla"].mail_size_limit_mb * 1024 * 1024
        waiting = imap.uids_after(self.last_uid)
        for start in range(0, len(waiting), BATCH):
            sizes = imap.sizes(waiting[start : start + BATCH])
            for uids in _handfuls(waiting[start : start + BATCH], sizes, largest):
                with store().together():
                    rows = [
                        self._row(uid, at, raw, size=sizes.get(uid, len(raw)), cut=sizes.get(uid, 0) > largest)
                        for uid, at, raw in imap.fetch_raw(uids, headers_only=sizes.get(uids[0], 0) > largest)
                    ]
                yield self._enter(rows, last=uids[-1])
                if self.after_reading == "move" and self.move_to and rows:
                    imap.move([row["uid"] for row in rows], self.move_to)

    def _row(self: "Mailbox", uid: int, at: datetime | None, raw: bytes, *, size: int, cut: bool) -> dict[str, Any]:
        return {
            "mailbox": self.id,
            "uidvalidity": self.uidvalidity,
            "uid": uid,
            "raw_sha256": store().put(raw).sha256,
            "size": size,
            "only_headers": cut,
            "received_at": at or now(),
        }

    def _enter(self: "Mailbox", rows: list[dict[str, Any]], *, last: int) -> int:
        """The rows and the cursor, together. A mail that is in the ledger already is not entered again."""
        cls, ledger = type(self), Record.records["LedgerEntry"]
        with transaction():
            entered = ledger.insert_many(rows).on_conflict_ignore().returning(ledger.id) if rows else ()
            count = len(list(entered))
            cls.update(last_uid=last).where(cls.id == self.id, cls.last_uid < last).execute()
        self.last_uid = max(self.last_uid, last)
        return count


def _handfuls(uids: list[int], sizes: dict[int, int], largest: int) -> Iterator[list[int]]:
    """The UIDs in their order, in parts that fit into memory; one above the size limit is a part of its own."""
    part: list[int] = []
    room = MOST_AT_ONCE
    for uid in uids:
        size = sizes.get(uid, 0)
        if part and (size > room or size > largest):
            yield part
            part, room = [], MOST_AT_ONCE
        part.append(uid)
        room -= size
        if size > largest:
            yield part
            part, room = [], MOST_AT_ONCE
    if part:
        yield part
