"""What a person decides about a mail that no rule made part of a ticket: release it, or discard it (SPEC C8, C9)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

if TYPE_CHECKING:
    from app.mail.ledger import LedgerEntry

SETTLED_FOR_GOOD = frozenset({"new", "opened", "joined"})  # what is not to be decided again by hand


class NotAgain(Refused):
    says = _l("This e-mail is part of a ticket already.")
    status = 409


class NotKept(Refused):
    says = _l("The e-mail itself is no longer kept, only what became of it.")
    status = 409


class Quarantinable:
    """Putting a mail in front again, or away."""

    @property
    def may_be_processed_again(self: "LedgerEntry") -> bool:
        return self.outcome not in SETTLED_FOR_GOOD and bool(self.raw_sha256)

    @property
    def may_be_discarded(self: "LedgerEntry") -> bool:
        return self.outcome not in SETTLED_FOR_GOOD and self.outcome != "discarded"

    @transaction()
    def process_again(self: "LedgerEntry", *, by: Person) -> None:
        """Puts it back in front, whatever the rules said: a mail of quarantine becomes a ticket.

        Raises NotAllowed, NotAgain, NotKept.
        """
        demand(by, "quarantine")
        self.lock()
        if self.outcome in SETTLED_FOR_GOOD:
            raise NotAgain
        if not self.raw_sha256:
            raise NotKept
        self.change(outcome="new", cause="", detail="", tries=0, is_forced=True, claimed_by=None)
        record("entry.returned", by=by, about=self)

    @transaction()
    def discard(self: "LedgerEntry", *, by: Person) -> None:
        """Nothing is to become of it. It stays in the ledger, and can be taken back. Raises NotAllowed, NotAgain."""
        demand(by, "quarantine")
        self.lock()
        if not self.may_be_discarded:
            raise NotAgain
        was = self.outcome
        self.settle("discarded", "by_hand")
        record("entry.discarded", by=by, about=self, was=was)

    @classmethod
    def release_all(cls: "type[LedgerEntry]", entries: "Iterable[LedgerEntry]", *, by: Person) -> int:
        """Releases those that still can be, and returns how many. Raises NotAllowed."""
        return _each(entries, lambda entry: entry.process_again(by=by))

    @classmethod
    def discard_all(cls: "type[LedgerEntry]", entries: "Iterable[LedgerEntry]", *, by: Person) -> int:
        return _each(entries, lambda entry: entry.discard(by=by))


def _each(entries: "Iterable[LedgerEntry]", decide: object) -> int:
    """How many of them were decided; somebody else may have been quicker with the others."""
    done = 0
    for entry in entries:
        try:
            decide(entry)  # type: ignore[operator]
        except (NotAgain, NotKept):
            continue
        done += 1
    return done
