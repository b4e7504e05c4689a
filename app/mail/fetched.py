"""Which mails of a POP3 server have been fetched: it numbers them anew each time, and only their names stay (UIDL)."""

from collections.abc import Iterable
from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey

from app.lib.db import Record

FEW = 500  # names of one statement


class FetchedMail(Record):
    """One mail that is in the ledger, for as long as it is on the server too."""

    mailbox = DeferredForeignKey("Mailbox", index=False, on_delete="CASCADE")
    uidl = CharField(max_length=100)
    is_to_go = BooleanField(default=False)  # off the server, as the mailbox wished when it was fetched

    class Meta:
        indexes = ((("mailbox", "uidl"), True),)

    @classmethod
    def known(cls, mailbox: Any) -> dict[str, bool]:
        """The names of those fetched, and whether each is to go."""
        return dict(cls.select(cls.uidl, cls.is_to_go).where(cls.mailbox == mailbox).tuples())

    @classmethod
    def forget(cls, mailbox: Any, names: Iterable[str]) -> None:
        """Those that the server no longer has."""
        gone = list(names)
        for start in range(0, len(gone), FEW):
            cls.delete().where(cls.mailbox == mailbox, cls.uidl.in_(gone[start : start + FEW])).execute()
