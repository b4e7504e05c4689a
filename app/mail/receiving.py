"""From the ledger into tickets: each new entry is read, understood and filed, in one transaction with its outcome.

A few mails share a transaction, each behind a savepoint of its own, and while they are filed the next few are read in
a child process. A try is counted when an entry is taken: those whose processing ended the program are tried again
one by one when no new one waits, for it need not be all their fault, and one that ends it twice more is set aside
(rule 20).
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate
from typing import Any

import structlog
from peewee import Expression, InterfaceError, OperationalError, Query

from app.lib import processes
from app.lib.child import Garbled, TooSlow
from app.lib.clock import now
from app.lib.db import is_sqlite, roomy, transaction
from app.lib.files import StorageFull, store
from app.lib.prepared import hydrated, prepared, slot
from app.mail import authentication, classifying
from app.mail.filing import Filing
from app.mail.house import House
from app.mail.ledger import LedgerEntry
from app.mail.reader import SECONDS, Reader, reader

MOST_TRIES = 3  # among others, then twice alone
TOGETHER = 16  # mails of one transaction: other writers wait for it
MOST_AT_ONCE = 16_000_000  # bytes of them
QUICKLY = 3.0  # seconds for a mail while others wait; one that takes longer is read again when no new one waits
CLAIM_LASTS = timedelta(minutes=15)
NOT_ITS_FAULT = (OperationalError, InterfaceError, StorageFull, Garbled)
log = structlog.get_logger(__name__)


def process_new() -> int:
    """Processes every entry that is new, oldest first, and returns how many."""
    _free_claims()
    with reader() as reading, roomy():
        round_ = _Round(reading)
        try:
            return round_.run()
        except BaseException as problem:
            round_.give_back(tried=not isinstance(problem, NOT_ITS_FAULT))
            raise


class _Round:
    """One run over all that is new, by this process."""

    def __init__(self, reading: Reader) -> None:
        self.reading, self.house = reading, House()
        self.ahead: deque[list[LedgerEntry]] = deque()  # asked of the reader
        self.mine: list[LedgerEntry] = []  # taken, and not settled yet

    def run(self) -> int:
        """New ones a few at a time, while the next few are read; between them one whose first try was cut short."""
        done = 0
        while found := self._run_new() + self._retry_one():
            done += found
        return done

    def give_back(self, *, tried: bool) -> None:
        """Lets others have what was taken; if even that fails, the claims end by their age."""
        with suppress(*NOT_ITS_FAULT):
            _give_back(self.mine, tried=tried)

    def _run_new(self) -> int:
        done = 0
        self._take()
        self._take()
        while self.ahead:
            done += self._file_next(QUICKLY)
            self._have_read()
        return done

    def _retry_one(self) -> int:
        """Alone, and with all the time a mail may take.

        The child is ready before the try is counted: a program ended while it started one was not ended by the mail.
        """
        if not LedgerEntry.select().where(*_waiting(again=True)).exists():
            return 0
        self.reading.wake()
        self._take(again=True)
        return self._file_next(SECONDS, then_take=False) if self.ahead else 0

    def _take(self, *, again: bool = False) -> None:
        with transaction():
            taken = _take(again)
        self.mine += taken
        self._have_read()

    def _have_read(self) -> None:
        """Asks the reader for those that were taken last."""
        known = {entry.id for few in self.ahead for entry in few}
        if few := [entry for entry in self.mine if entry.id not in known]:
            self.ahead.append(few)
            for entry in few:
                place, trusted = store().path(entry.raw_sha256), self.house.authserv_id(entry)
                self.reading.ask(place, authserv_id=trusted, dns_server=self.house.dns_server)

    def _file_next(self, seconds: float, *, then_take: bool = True) -> int:
        """Files the oldest few together, and takes the next few in the same transaction.

        What goes wrong with one mail never stops the others.
        """
        entries = self.ahead[0]
        with store().together():
            filings = [self._understand(entry, seconds) for entry in entries]
        slow = [entry for entry, filing in zip(entries, filings, strict=True) if filing is TooSlow]
        with transaction():
            mine = _still_mine(entries)
            for entry, filing in zip(entries, filings, strict=True):
                if entry.id in mine and filing is not TooSlow:
                    _settle(entry, filing)
            _give_back(slow, tried=True)
            taken = _take() if then_take else []
        self.ahead.popleft()
        gone = {entry.id for entry in entries}
        self.mine = [entry for entry in self.mine if entry.id not in gone] + taken
        return len(entries)

    def _understand(self, entry: LedgerEntry, seconds: float) -> Any:
        """The mail, understood, its files kept: a Filing. Else TooSlow, a cause as text, or what went wrong."""
        try:
            mail, kind, signers = self.reading.next(seconds)
        except FileNotFoundError:
            return "raw_missing"
        except TooSlow:
            return TooSlow
        if entry.tries > MOST_TRIES:
            return "poison"
        try:
            verdict = classifying.came_back(mail, self.house.addresses, self.house.loop_token) or kind
            proof = authentication.check(mail, self.house.authserv_id(entry), signers)
            filing = Filing(entry, mail, verdict, proof, self.house)
            filing.look_for_spam()
            filing.keep_files()
        except NOT_ITS_FAULT:
            raise
        except Exception as problem:
            return problem
        return filing


def _settle(entry: LedgerEntry, filing: Filing | str | Exception) -> None:
    """What became of it. Where something went wrong it is kept raw, said in the ledger, and can be processed again."""
    try:
        if isinstance(filing, str):
            entry.settle("quarantined" if filing == "poison" else "failed", filing)
            return
        if isinstance(filing, Exception):
            raise filing
        with transaction():
            filing.file()
    except NOT_ITS_FAULT:
        raise
    except Exception as problem:
        log.exception("mail could not be processed", entry=entry.id)
        entry.settle("failed", "error", detail=f"{type(problem).__name__}: {problem}"[:2000])


def _take(again: bool = False) -> list[LedgerEntry]:
    """Takes the oldest few that nobody has and counts the try; no more than fit into memory together."""
    claim = {"by": processes.myself(), "at": LedgerEntry.claimed_at.db_value(now())}
    taken = prepared(("take mails", again), lambda: _taking(again)).rows(claim).fetchall()
    entries = sorted((hydrated(LedgerEntry, iter(row)) for row in taken), key=lambda entry: entry.id)
    sizes = list(accumulate(entry.size for entry in entries))
    fitting = max(1, sum(size <= MOST_AT_ONCE for size in sizes))
    _give_back(entries[fitting:], tried=False)
    return entries[:fitting]


def _taking(again: bool) -> Query:
    cls = LedgerEntry
    oldest = cls.select(cls.id).where(*_waiting(again)).order_by(cls.id)
    claimed = {cls.tries: cls.tries + 1, cls.claimed_by: slot("by"), cls.claimed_at: slot("at")}
    taken = cls.update(claimed).where(cls.id.in_(oldest.limit(1 if again else TOGETHER)), cls.claimed_by.is_null())
    return taken.returning(*cls._meta.sorted_fields)


def _waiting(again: bool) -> tuple[Expression, ...]:
    """New, and nobody has it: never tried, or tried before."""
    cls = LedgerEntry
    return cls.outcome == "new", cls.claimed_by.is_null(), cls.tries > 0 if again else cls.tries == 0


def _give_back(entries: Iterable[LedgerEntry], *, tried: bool) -> None:
    """Lets others have them. Where nothing is wrong with these mails, the try is not counted against them."""
    if not (ids := [entry.id for entry in entries]):
        return
    mine = (LedgerEntry.claimed_by == processes.myself()) & (LedgerEntry.outcome == "new")
    tries = LedgerEntry.tries if tried else LedgerEntry.tries - 1
    LedgerEntry.update(tries=tries, claimed_by=None).where(LedgerEntry.id.in_(ids), mine).execute()


def _still_mine(entries: list[LedgerEntry]) -> set[int]:
    """Those that nobody else has settled meanwhile, with their rows held until the transaction ends."""
    values = {"first": entries[0].id, "last": entries[-1].id, "by": processes.myself()}
    return {key for (key,) in prepared("still mine", _held).rows(values)}


def _held() -> Query:
    cls = LedgerEntry
    among = cls.id.between(slot("first"), slot("last"))
    query = cls.select(cls.id).where(among, cls.outcome == "new", cls.claimed_by == slot("by"))
    return query if is_sqlite() else query.for_update()


def _free_claims() -> None:
    """Gives back what a killed process had taken, and what one that lives has held for longer than a round takes."""
    cls = LedgerEntry
    held = (cls.outcome == "new") & cls.claimed_by.is_null(False)
    cls.update(claimed_by=None).where(held, cls.claimed_at < now() - CLAIM_LASTS).execute()
    for (holder,) in list(cls.select(cls.claimed_by).where(held).distinct().tuples()):
        if not processes.lives(holder):
            cls.update(claimed_by=None).where(held, cls.claimed_by == holder).execute()
