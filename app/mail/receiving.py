"""From the ledger into tickets: each new entry is read, understood and filed, in one transaction with its outcome.

A try is counted before the mail is read, so that one which ends the program is met twice and then set aside (rule 20).
The next entry is taken in the transaction that settles the one before: one commit a mail.
"""

import structlog
from peewee import DatabaseError, Query

from app.lib import processes
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.files import StorageFull, store
from app.lib.prepared import prepared, slot
from app.mail import authentication, classifying
from app.mail.filing import Filing, House
from app.mail.ledger import LedgerEntry
from app.mail.reading import read

MOST_TRIES = 2
log = structlog.get_logger(__name__)


def process_new() -> int:
    """Processes every entry that is new, oldest first, and returns how many."""
    _free_claims_of_the_dead()
    with transaction():
        entry = _take_next()
    if entry is None:
        return 0
    house, done = House(), 0
    while entry is not None:
        entry = _process(entry, house)
        done += 1
    return done


def process(entry: LedgerEntry) -> None:
    """Processes this one entry now."""
    cls = LedgerEntry
    taken = cls.update(tries=cls.tries + 1, claimed_by=processes.myself(), claimed_at=now()).where(
        cls.id == entry.id, cls.outcome == "new", cls.claimed_by.is_null()
    )
    if taken.execute():
        _process(entry.lock(), House(), alone=True)


def _take_next() -> LedgerEntry | None:
    """Takes the oldest entry nobody has, and counts the try, in the caller's transaction."""
    claim = {"by": processes.myself(), "at": LedgerEntry.claimed_at.db_value(now())}
    taken = prepared("take the next mail", _taking).rows(claim).fetchone()
    return LedgerEntry.get_by_id(taken[0]) if taken else None


def _taking() -> Query:
    cls = LedgerEntry
    oldest = cls.select(cls.id).where(cls.outcome == "new", cls.claimed_by.is_null()).order_by(cls.id).limit(1)
    claimed = {cls.tries: cls.tries + 1, cls.claimed_by: slot("by"), cls.claimed_at: slot("at")}
    taken = cls.update(claimed).where(cls.id.in_(oldest), cls.outcome == "new", cls.claimed_by.is_null())
    return taken.returning(cls.id)


def _process(entry: LedgerEntry, house: House, *, alone: bool = False) -> LedgerEntry | None:
    """Files one entry and takes the next. What goes wrong with one mail never stops the others."""
    try:
        filing = _read(entry, house)
        with transaction():
            if _is_still_mine(entry):
                filing.file() if filing else None
            return None if alone else _take_next()
    except (DatabaseError, StorageFull):  # nothing is wrong with the mail: it is not counted against it
        LedgerEntry.update(tries=LedgerEntry.tries - 1, claimed_by=None).where(LedgerEntry.id == entry.id).execute()
        raise
    except Exception as problem:  # it is kept raw, said in the ledger, and can be processed again
        log.exception("mail could not be processed", entry=entry.id)
        with transaction():
            entry.settle("failed", "error", detail=f"{type(problem).__name__}: {problem}"[:2000])
            return None if alone else _take_next()


def _read(entry: LedgerEntry, house: House) -> Filing | None:
    """The mail, understood; None when there is nothing to understand, and the entry says why."""
    if entry.tries > MOST_TRIES:
        entry.settle("quarantined", "poison")
        return None
    try:
        raw = store().read(entry.raw_sha256)
    except FileNotFoundError:
        entry.settle("failed", "raw_missing")
        return None
    mail = read(raw)
    verdict = classifying.classify(mail, own_addresses=house.addresses, loop_token=house.loop_token)
    mailbox = house.mailboxes.get(entry.mailbox_id)
    proof = authentication.check(mail, mailbox.authserv_id if mailbox else "")
    return Filing(entry, mail, verdict, proof, house)


def _is_still_mine(entry: LedgerEntry) -> bool:
    """Whether nobody else has settled it meanwhile, with the row held until the transaction ends."""
    return entry.lock().outcome == "new" and entry.claimed_by == processes.myself()


def _free_claims_of_the_dead() -> None:
    """Gives back what a killed process had taken."""
    cls = LedgerEntry
    holders = cls.select(cls.claimed_by).where(cls.outcome == "new", cls.claimed_by.is_null(False)).distinct()
    for (holder,) in list(holders.tuples()):
        if not processes.lives(holder):
            cls.update(claimed_by=None).where(cls.claimed_by == holder, cls.outcome == "new").execute()
