"""Events, and the capability of a record to leave them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from peewee import BooleanField, CharField, DeferredForeignKey, IntegerField, JSONField, fn

from app.lib.clock import now
from app.lib.db import NeverReused, Record, UTCDateTimeField, after_commit, database
from app.lib.prepared import prepared

if TYPE_CHECKING:
    from app.accounts.person import Person


GIVEN_UP_AFTER = timedelta(days=3)  # a reaction that still fails then will not mend itself


class Event(Record):
    """One thing that was done. `kind` is `noun.participle`; `details` are plain JSON values."""

    id = NeverReused()
    kind = CharField(max_length=60)
    at = UTCDateTimeField(default=now)
    by = DeferredForeignKey("Person", null=True, on_delete="RESTRICT")
    ticket = DeferredForeignKey("Ticket", null=True, backref="events", index=False, on_delete="CASCADE")
    about_kind = CharField(max_length=40, null=True)
    about_id = IntegerField(null=True)
    details = JSONField(default=dict)
    is_public = BooleanField(default=False)
    held_until = UTCDateTimeField(null=True)  # what can be taken back reacts only when that is over
    reacted = JSONField(default=list)
    settled_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("ticket", "at"), False), (("kind", "settled_at", "at"), False))

    @property
    def about(self) -> Record | None:
        """The record this event is about, found by its name."""
        if not self.about_kind:
            return None
        return Record.records[self.about_kind].get_or_none(id=self.about_id)

    @classmethod
    def latest(cls) -> int:
        """The number of the last thing that was done anywhere: while it stays, nothing has changed."""
        (number,) = prepared("latest event", lambda: cls.select(fn.MAX(cls.id))).rows({}).fetchone()
        return number or 0

    @classmethod
    def unsettled(cls, kinds: list[str], *, older_than: timedelta) -> list["Event"]:
        """Events some reaction of which has not ended, oldest first: a killed worker left them (swept each minute)."""
        limit: datetime = now() - older_than
        query = cls.select().where(cls.kind.in_(kinds), cls.settled_at.is_null(), cls.at < limit)
        query = query.where(cls.held_until.is_null() | (cls.held_until <= now()))
        return list(query.where(cls.at > limit - GIVEN_UP_AFTER).order_by(cls.at).limit(200))

    def reaction_ended(self, name: str) -> None:
        """Notes that this reaction need not run again."""
        if name not in self.reacted:
            self.change(reacted=[*self.reacted, name])

    @property
    def is_held(self) -> bool:
        """Whether it can still be taken back: nobody hears of it before."""
        return self.held_until is not None and self.held_until > now()

    def settle(self) -> None:
        self.change(settled_at=now())


PRESSED_TWICE = timedelta(seconds=10)

_listeners: list[Callable[[Event], None]] = []


def announce_to(listener: Callable[[Event], None] | None) -> None:
    """Sets who is told of each event after its commit (create_app joins the tasks here); None: nobody."""
    _listeners[:] = [listener] if listener else []


@contextmanager
def unannounced() -> Iterator[None]:
    """Events within are history from the start: nobody is told, and no sweep takes them for forgotten ones."""
    listening, last = list(_listeners), Event.select(Event.id).order_by(Event.id.desc()).limit(1).scalar() or 0
    _listeners.clear()
    try:
        yield
    finally:
        _listeners[:] = listening
    Event.update(settled_at=now()).where(Event.id > last, Event.settled_at.is_null()).execute()


def record(
    kind: str,
    *,
    by: "Person | None",
    ticket: Any = None,
    about: Record | None = None,
    public: bool = False,
    at: datetime | None = None,
    held_until: datetime | None = None,
    **details: Any,
) -> Event:
    """Writes one event in the verb's transaction and announces it after the commit.

    Raises RuntimeError outside a transaction: what was done and that it was done would not stand or fall together.
    """
    if not database.in_transaction():
        raise RuntimeError(f"{kind} is recorded outside a transaction")
    gathering = _gathering.get()
    if gathering is not None:
        details = gathering.details | details
    event = Event.create(
        kind=kind,
        at=at or now(),
        by=by,
        ticket=ticket,
        about_kind=type(about).__name__ if about else None,
        about_id=about.id if about else None,
        is_public=public,
        held_until=held_until,
        details=details,
    )
    if gathering is None:
        announce(event)
    else:
        gathering.events.append(event)
    return event


def announce(event: Event) -> None:
    """Tells who listens, after the commit."""
    for listener in _listeners:
        after_commit(lambda listen=listener: listen(event))


@dataclass
class Gathering:
    """The events of a change of many tickets: each says so, and none is announced by itself."""

    details: dict[str, Any]
    events: list[Event] = field(default_factory=list)


_gathering: ContextVar[Gathering | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered(**details: Any) -> Iterator[list[Event]]:
    """Events within carry these details and are handed to the caller, who settles or announces them."""
    gathering = Gathering(details)
    token = _gathering.set(gathering)
    try:
        yield gathering.events
    finally:
        _gathering.reset(token)


class Recorded:
    """A ticket's own events."""

    def record(self, kind: str, *, by: "Person | None", about: Record | None = None, **details: Any) -> Event:
        return record(kind, by=by, ticket=self, about=about, **details)

    def just(self, kind: str, *, by: "Person") -> Event | None:
        """What the same person did here a moment ago: a button was pressed twice. The caller has locked the ticket."""
        last = Event.find(order=("-id",), ticket=self.id, kind=kind, by=by.id)  # type: ignore[attr-defined]
        return last if last and last.at > now() - PRESSED_TWICE else None
