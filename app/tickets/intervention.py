"""Interventions: what was done for a ticket, when, how long and by whom (SPEC T21)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from peewee import SQL, CharField, DeferredForeignKey, ForeignKeyField, IntegerField, Select, TextField, fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.timeline.event import Event

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
    """An entry of its own, apart from messages; the customer of a public ticket reads it.

    `is_public`, as `of` finds it: noted while customers saw its ticket, which they still do.
    """

    is_public = True
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
    def of(cls, ticket: Any, *, public_only: bool = False) -> "list[Intervention]":
        """Those of a ticket and of what was merged into it, oldest first; a customer gets none that is the team's."""
        found = []
        for row in prepared("interventions", cls._of).rows({"ticket": getattr(ticket, "id", ticket)}):
            columns = iter(row)
            each = hydrated(cls, columns)
            each.is_public = bool(next(columns))
            found += [each] if each.is_public or not public_only else []
        tickets = Record.records["Ticket"]
        if others := {each.ticket_id for each in found} - {getattr(ticket, "id", ticket)}:
            theirs = {each.id: each for each in tickets.select().where(tickets.id.in_(others))}
            for each in found:
                each.ticket = theirs.get(each.ticket_id, ticket)
        return found

    @classmethod
    def _of(cls) -> Select:
        tickets = Record.records["Ticket"]
        itself = (tickets.id == slot("ticket")) | (tickets.merged_into == slot("ticket"))
        here = cls.ticket.in_(tickets.select(tickets.id).where(itself))
        return cls.select(cls, fn.EXISTS(cls._told(tickets))).where(here).order_by(cls.done_at, cls.id)

    @classmethod
    def _told(cls, tickets: Any) -> Select:
        """That customers were told of it: an id that SQLite gives again is that of an older event too."""
        noted = Event.kind == "intervention.noted", Event.about_id == cls.id, Event.at >= cls.created_at
        told = Event.select(SQL("1")).join(tickets, on=(Event.ticket == tickets.id))
        return told.where(Event.ticket == cls.ticket, *noted, Event.is_public, tickets.is_internal == False)  # noqa: E712

    @property
    def time_spent(self) -> str:
        """Hours and minutes: 1:05."""
        return f"{self.minutes // 60}:{self.minutes % 60:02d}"

    def says(self, text: str, minutes: int) -> bool:
        return (self.text, self.minutes) == (text.strip(), minutes)


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
        """Pressed twice, it is noted once. Raises NotAllowed, NothingDone, NotATime, NotYet."""
        demand(by, self.intervening)
        self.lock()
        if not text.strip():
            raise NothingDone
        if not 1 <= minutes <= LONGEST:
            raise NotATime(most=LONGEST)
        if done_at and done_at > now() + CLOCKS_DIFFER:
            raise NotYet
        again = self.just("intervention.noted", by=by)
        if again and isinstance(again.about, Intervention) and again.about.says(text, minutes):
            return again.about
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
        found = next((each for each in Intervention.of(self) if each.id == number), None)
        if found is None:
            return
        if found.by_id != by.id:
            demand(by, "configure")
        self.record("intervention.retracted", by=by, minutes=found.minutes, text=found.text[:500])
        found.delete_instance()
        SearchEntry.forget_texts(self, [found.text])
        self.touch()

    def _lead_to_interventions(self: "Ticket", here: "Ticket", there: "Ticket", *, public: bool) -> None:
        """They stay with their ticket and show on the one it is merged into, where their words are found too."""
        for each in Intervention.of(self):
            SearchEntry.hand_over(here, there, each.text, public=public)
