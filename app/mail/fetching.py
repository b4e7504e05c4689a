"""Fetching a mailbox: everything is stored raw and entered in the ledger before anybody looks at it (SPEC C9)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import processes
from app.lib.causes import LOGIN, QUOTA
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.files import StorageFull
from app.lib.imap import Imap, ImapProblem
from app.lib.oauth import NoAccess
from app.lib.pop3 import Pop3, Pop3Problem
from app.lib.refusals import Refused
from app.lib.secrets import Unreadable
from app.lib.words import lazy_gettext as _l
from app.mail import from_imap, from_pop3
from app.outbox.wire import is_live
from app.timeline.event import record

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

CLAIM_LASTS = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(minutes=15)  # between two tries of a mailbox that fails: some servers lock who insists


class NothingToFetch(Refused):
    says = _l("Only a confirmed mailbox is fetched, and nothing is fetched while this is a sandbox.")
    status = 409


class Fetchable:
    """Taking in what has arrived."""

    @classmethod
    def fetched(cls: "type[Mailbox]") -> "list[Mailbox]":
        """The mailboxes that are fetched now; none while the installation is in its sandbox."""
        if not is_live():
            return []
        return list(cls.select().where(cls.state == "confirmed", cls.kind.in_(["imap", "pop3"])).order_by(cls.id))

    @property
    def due_at(self: "Mailbox") -> datetime:
        """When it is fetched next. The pauses of one that fails grow, as long as it has been failing."""
        if self.fetched_at is None:
            return now()
        pause = timedelta(minutes=self.every_minutes)
        if self.failing_since:
            pause = max(pause, min(self.fetched_at - self.failing_since, LONGEST_PAUSE))
        return self.fetched_at + pause

    @property
    def is_due(self: "Mailbox") -> bool:
        return self.due_at <= now()

    @transaction()
    def ask_to_fetch(self: "Mailbox", *, by: Person) -> None:
        """Fetches it in the background, without waiting for its time. Raises NotAllowed, NothingToFetch."""
        demand(by, "configure")
        if not (self.is_confirmed and self.is_fetched and is_live()):
            raise NothingToFetch
        record("mailbox.fetch_asked", by=by, about=self)

    def fetch(self: "Mailbox") -> int:
        """Fetches what is new. A failure is kept with its time and cause, and shown; nothing is lost by it."""
        if not self.is_confirmed or not self._claim("claimed", CLAIM_LASTS):
            return 0
        entered = 0
        try:
            for count in self._take_in():
                entered += count
        except (ImapProblem, Pop3Problem, NoAccess) as problem:
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

    def _take_in(self: "Mailbox") -> Iterator[int]:
        with self._signed_in() as wire:
            if isinstance(wire, Pop3):
                yield from from_pop3.take_in(self, wire)
                return
            yield from from_imap.take_in(self, wire)
            if wire.is_full:
                raise ImapProblem(QUOTA)

    def _signed_in(self: "Mailbox") -> Imap | Pop3:
        """The way in, open. A token that is refused before its time is over is asked for anew, once."""
        way = self.imap if self.kind == "imap" else self.pop3
        try:
            return way().open()
        except (ImapProblem, Pop3Problem) as problem:
            if problem.cause != LOGIN or not self.uses_consent:
                raise
            return way(fresh=True).open()

    def claim_watch(self: "Mailbox", lasts: timedelta) -> bool:
        """Whether this process is the one that waits for its mail; said anew each time."""
        return self._claim("watched", lasts)

    def _claim(self: "Mailbox", what: str, lasts: timedelta) -> bool:
        """Takes the mailbox for this process, to fetch it ("claimed") or to wait for its mail ("watched"): two that do
        it at once would only do it twice.
        """
        cls = type(self)
        by, at = getattr(cls, f"{what}_by"), getattr(cls, f"{what}_at")
        holder, since = cls.select(by, at).where(cls.id == self.id).tuples().get()
        mine = what == "watched" and holder == processes.myself()  # kept, and said anew
        if holder and not mine and since > now() - lasts and processes.lives(holder):
            return False
        was = by.is_null() if holder is None else (by == holder)
        return bool(cls.update({by: processes.myself(), at: now()}).where(cls.id == self.id, was).execute())

    def _failed(self: "Mailbox", failure: str) -> None:
        self.change(fetched_at=now(), failing_since=self.failing_since or now(), failure=failure[:500])
