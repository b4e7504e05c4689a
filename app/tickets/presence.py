"""Who looks at a ticket just now: a trace, so that two agents see each other (SPEC T19)."""

from datetime import timedelta
from typing import Any

from peewee import ForeignKeyField

from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.tickets.ticket import Ticket

PRESENT = timedelta(seconds=90)  # since the last sign of them
EVERY = timedelta(seconds=30)  # a sign is written at most so often


class Presence(Record):
    """When an agent was last seen on a ticket's page."""

    ticket = ForeignKeyField(Ticket, index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    at = UTCDateTimeField(default=now, index=True)

    class Meta:
        indexes = ((("ticket", "person"), True),)

    @classmethod
    def mark(cls, ticket: Any, person: Person) -> None:
        """Notes that they are here, unless that was noted just now."""
        old = cls.at < now() - EVERY
        row = cls.insert(ticket=ticket, person=person, at=now())
        row.on_conflict(conflict_target=[cls.ticket, cls.person], update={cls.at: now()}, where=old).execute()

    @classmethod
    def forget_old(cls) -> int:
        """The daily duty."""
        return cls.delete().where(cls.at < now() - timedelta(days=1)).execute()
