"""What somebody began to write on a ticket and did not send, kept on the server (SPEC T19)."""

from collections.abc import Iterable
from typing import Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, TextField

from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField

KINDS = ("reply", "note")
LONGEST = 100_000


class Draft(Record):
    """One person's half-written reply or note on one ticket."""

    ticket = DeferredForeignKey("Ticket", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    kind = CharField(max_length=10)
    text = TextField()
    copies = TextField(default="")  # the addresses that it would add, between commas
    key = CharField(max_length=64, default="")  # of the form whose files it goes on with
    at = UTCDateTimeField(default=now)

    class Meta:
        indexes = ((("ticket", "person", "kind"), True),)

    @classmethod
    def keep(
        cls, ticket: Any, person: Person, kind: str, text: str, *, copies: Iterable[str] = (), key: str = ""
    ) -> None:
        """Keeps what is written now; nothing at all is no draft.

        `copies`: the addresses it goes to beside the requester, of which it keeps those that get none yet: what others
        change meanwhile stands. `key`: of the form that has kept files beside it.
        """
        if not (text.strip() or key):
            cls.drop(ticket, person, kind)
            return
        there = ticket.copied_addresses if copies else ()
        added = ", ".join(each for each in dict.fromkeys(copies) if each not in there)
        values = {"text": text[:LONGEST], "copies": added[:LONGEST], "at": now()}
        values |= {"key": key} if key else {}
        target = [cls.ticket, cls.person, cls.kind]
        row = cls.insert(ticket=ticket, person=person, kind=kind, **values)
        row.on_conflict(conflict_target=target, update=values).execute()

    @classmethod
    def keep_also(
        cls, ticket: Any, person: Person, kind: str, text: str, *, copies: Iterable[str] = (), key: str = ""
    ) -> str:
        """Keeps it before what was begun there by itself, and returns both: neither takes the other's place."""
        begun = cls.find(ticket=ticket.id, person=person.id, kind=kind)
        others = begun.text if begun and begun.text.strip() != text.strip() else ""
        both = f"{text}\n\n{others}".strip()
        cls.keep(ticket, person, kind, both, copies=[*copies, *(begun.added if begun else ())], key=key)
        return both

    @property
    def added(self) -> list[str]:
        """The addresses that it would add to the copies."""
        return self.copies.split(", ") if self.copies else []

    @classmethod
    def drop(cls, ticket: Any, person: Person, kind: str) -> None:
        """It was sent, or nobody wants it."""
        cls.delete().where(cls.ticket == ticket, cls.person == person, cls.kind == kind).execute()
