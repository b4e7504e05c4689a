"""Senders from whom nothing is taken in any more: addresses and domains (SPEC C8)."""

from collections.abc import Iterable

from peewee import CharField, ForeignKeyField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.mail.mailbox import Mailbox
from app.timeline.event import record

LONGEST = 254


class NotASender(Refused):
    says = _l("Write an address such as ann@example.com, or a domain such as example.com.")
    field = "sender"


class OneOfOurs(Refused):
    says = _l("This is an address of ours, or our own domain.")
    field = "sender"


class BlockedSender(Record):
    """One address, or a domain with all below it."""

    sender = CharField(max_length=LONGEST, unique=True)
    by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField(default=now)

    @classmethod
    @transaction()
    def block(cls, sender: str, *, by: Person) -> "BlockedSender":
        """From now on its mail is ignored. Raises NotAllowed, NotASender, OneOfOurs."""
        demand(by, "quarantine")
        sender = _clean(sender)
        if any(covers({sender}, each.address) for each in Mailbox.select(Mailbox.address)):
            raise OneOfOurs
        known = cls.get_or_none(cls.sender == sender)
        if known:
            return known
        blocked = cls.create(sender=sender, by=by)
        record("sender.blocked", by=by, about=blocked, sender=sender)
        return blocked

    @transaction()
    def unblock(self, *, by: Person) -> None:
        """Its mail is taken in again; what was ignored meanwhile stays in the ledger, to be processed by hand."""
        demand(by, "quarantine")
        record("sender.unblocked", by=by, sender=self.sender)
        self.delete_instance()

    @classmethod
    def by_number(cls, number: int) -> "BlockedSender | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def by_page(cls, *, before: int | None, per_page: int = 50) -> "tuple[list[BlockedSender], bool]":
        """The newest first, below the row `before`, with who blocked them; and whether there is more."""
        query = cls.select(cls, Person).left_outer_join(Person)
        if before:
            query = query.where(cls.id < before)
        found = list(query.order_by(cls.id.desc()).limit(per_page + 1))
        return found[:per_page], len(found) > per_page

    @classmethod
    def all_senders(cls) -> frozenset[str]:
        return frozenset(sender for (sender,) in cls.select(cls.sender).tuples())


def covers(blocked: Iterable[str], address: str) -> str:
    """The address or the domain of `blocked` that this sender falls under; empty if none does."""
    address, blocked = address.lower(), set(blocked)
    domain = address.rpartition("@")[2]
    labels = domain.split(".")[-12:]
    wider = [".".join(labels[place:]) for place in range(len(labels) - 1)]
    return next((each for each in [address, *wider] if each and each in blocked), "")


def _clean(sender: str) -> str:
    """As it is compared. Raises NotASender."""
    sender = sender.strip().lower().lstrip("@")
    local, _, domain = sender.rpartition("@")
    fine = "." in domain.strip(".") and not any(char.isspace() or char in '<>,;:"()[]\\\0' for char in sender)
    if not fine or "@" in local or sender.startswith(".") or domain.endswith(".") or len(sender) > LONGEST:
        raise NotASender
    return sender
