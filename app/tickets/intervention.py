"""Interventions: what was done for a ticket, when, how long and by whom (SPEC T21)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, IntegerField, Select, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

LONGEST = 31 * 24 * 60  # minutes
CLOCKS_DIFFER = timedelta(minutes=10)


class NothingDone(Refused):
    says = _l("Say what was done.")
    field = "text"


class NotATime(Refused):
    says = _l("Give the time spent in minutes, from 1 to %(most)s.")
    field = "minutes"


class NotYet(Refused):
    says = _l("This moment is still to come. Say when it was done.")
    field = "done_at"


class Intervention(Record):
    """An entry of its own, apart from messages; the customer of a public ticket reads it."""

    ticket = DeferredForeignKey("Ticket", backref="interventions", index=False, on_delete="CASCADE")
    by = ForeignKeyField(Person, on_delete="RESTRICT")
    by_name = CharField(max_length=200)  # as it was
    text = TextField()
    done_at = UTCDateTimeField()
    minutes = IntegerField()
    created_at = UTCDateTimeField(default=now)

    class Meta:
        indexes = ((("ticket", "done_at"), False),)

    @classmethod
    def of(cls, ticket: Any) -> "list[Intervention]":
        """Those of one ticket, oldest first."""
        rows = prepared("interventions", cls._of).rows({"ticket": getattr(ticket, "id", ticket)})
        return [hydrated(cls, iter(row)) for row in rows]

    @classmethod
    def _of(cls) -> Select:
        return cls.select().where(cls.ticket == slot("ticket")).order_by(cls.done_at, cls.id)

    @property
    def time_spent(self) -> str:
        """Hours and minutes: 1:05."""
        return f"{self.minutes // 60}:{self.minutes % 60:02d}"


class Intervenable:
    """Noting what was done, and taking a wrong note back."""

    @property
    def intervening(self: "Ticket") -> str:
        """The right it takes: what a customer reads an internal agent does not write (P1)."""
        return "edit" if self.is_internal else "reply"

    @transaction()
    def note_intervention(
        self: "Ticket", text: str, *, minutes: int, by: Person, done_at: datetime | None = None
    ) -> Intervention:
        """Raises NotAllowed, NothingDone, NotATime, NotYet."""
        demand(by, self.intervening)
        self.lock()
        if not text.strip():
            raise NothingDone
        if not 1 <= minutes <= LONGEST:
            raise NotATime(most=LONGEST)
        if done_at and done_at > now() + CLOCKS_DIFFER:
            raise NotYet
        noted = Intervention.create(
            ticket=self, by=by, by_name=by.name, text=text.strip(), done_at=done_at or now(), minutes=minutes
        )
        self.index(noted.text, public=True)
        self.touch()
        self.record("intervention.noted", by=by, about=noted, public=not self.is_internal, minutes=minutes)
        return noted

    @transaction()
    def retract_intervention(self: "Ticket", number: int, *, by: Person) -> None:
        """Takes back one's own note; an administrator any. One that is gone already is no error."""
        demand(by, "edit")
        self.lock()
        found = Intervention.find(id=number, ticket=self.id)
        if found is None:
            return
        if found.by_id != by.id:
            demand(by, "configure")
        self.record("intervention.retracted", by=by, minutes=found.minutes, text=found.text[:500])
        found.delete_instance()
        SearchEntry.forget_texts(self, [found.text])
        self.touch()
