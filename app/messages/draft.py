"""What somebody began to write on a ticket and did not send, kept on the server (SPEC T19)."""

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
    key = CharField(max_length=64, default="")  # of the form whose files it goes on with
    at = UTCDateTimeField(default=now)

    class Meta:
        indexes = ((("ticket", "person", "kind"), True),)

    @classmethod
    def keep(cls, ticket: Any, person: Person, kind: str, text: str, *, key: str = "") -> None:
        """Keeps what is written now; nothing at all is no draft. `key`: of the form that has kept files beside it."""
        if not (text.strip() or key):
            cls.drop(ticket, person, kind)
            return
        values = {"text": text[:LONGEST], "at": now()} | ({"key": key} if key else {})
        target = [cls.ticket, cls.person, cls.kind]
        row = cls.insert(ticket=ticket, person=person, kind=kind, **values)
        row.on_conflict(conflict_target=target, update=values).execute()

    @classmethod
    def keep_also(cls, ticket: Any, person: Person, kind: str, text: str, *, key: str = "") -> str:
        """Keeps it before what was begun there by itself, and returns both: neither takes the other's place."""
        begun = cls.find(ticket=ticket.id, person=person.id, kind=kind)
        others = begun.text if begun and begun.text.strip() != text.strip() else ""
        both = f"{text}\n\n{others}".strip()
        cls.keep(ticket, person, kind, both, key=key)
        return both

    @classmethod
    def drop(cls, ticket: Any, person: Person, kind: str) -> None:
        """It was sent, or nobody wants it."""
        cls.delete().where(cls.ticket == ticket, cls.person == person, cls.kind == kind).execute()
