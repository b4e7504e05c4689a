"""The rows of a list: tickets with only what a line shows, in two statements whatever their number."""

import hashlib
import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple, overload

from peewee import JOIN, Select

from app.catalog.lists import Tag
from app.lib import passages
from app.lib.clock import now
from app.lib.passages import Part
from app.lib.prepared import prepared, slot
from app.organizations.organization import Organization
from app.tickets.custom import CustomValue
from app.tickets.deadline import Clock, clock
from app.tickets.lifecycle import STATUSES, TEAM, Status
from app.tickets.ticket import Ticket, TicketRead, TicketTag

SIZES = (25, 250)  # slots of the statements: of a page, of a board; spare ones hold zeros


class Row(NamedTuple):
    """One line of the list: the columns of `_tickets` as they come, its moments too, and its tags."""

    id: int
    number: int
    subject: str
    snippet: str
    status: str
    turn: int
    due: Any
    created: Any
    active: Any
    resolved: Any
    has_files: bool
    who: str
    organization_name: str | None
    company: str
    priority_id: int | None
    assignee_id: int | None
    origin_id: int | None
    heard: Any
    read: Any
    category_id: int | None
    type_id: int | None
    group_id: int | None
    service_id: int | None
    product_id: int | None
    serial: str
    tags: tuple[str, ...]
    own: tuple[tuple[int, str], ...] = ()  # fields of the installation's own, and what stands in them
    passage: tuple[Part, ...] = ()  # of the text that a search found
    marked: tuple[Part, ...] = ()  # the subject, where a search found its words

    @property
    def state(self) -> Status:
        return STATUSES[self.status]

    @property
    def organization(self) -> str:
        return self.organization_name or self.company

    @property
    def is_unread(self) -> bool:
        """A customer's word that no agent has opened."""
        return self.turn == TEAM and self.heard is not None and (self.read is None or self.read < self.heard)

    @property
    def due_at(self) -> datetime | None:
        return None if self.due is None else moment(self.due)

    @property
    def clock(self) -> Clock | None:
        if self.due is None:
            return None
        resolved = self.resolved and moment(self.resolved)
        return clock(self.status, self.due_at, moment(self.created), resolved, at=this_minute())

    @property
    def active_at(self) -> datetime:
        return moment(self.active)

    @property
    def created_at(self) -> datetime:
        return moment(self.created)


class Lines(Sequence[Row]):
    """Rows in their order, made when somebody reads one: a list that has not changed is known by its key alone."""

    def __init__(
        self, found: list[tuple[Any, ...]], tags: list[tuple[int, str]], own: Iterable[tuple[int, int, str]] = ()
    ) -> None:
        self._found, self._tags, self._own = found, tags, tuple(own)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """All that the rows say, their clocks at this minute among it."""
        return tuple(self._found), tuple(self._tags), self._own, this_minute()

    def marked(self, bodies: dict[int, str], wanted: re.Pattern[str]) -> "Lines":
        """The same for a search, which found these texts: each row with the passage that holds the words, marked."""
        return Found(self, bodies, wanted)

    @cached_property
    def _rows(self) -> list[Row]:
        return self._made()

    def _made(self) -> list[Row]:
        tags: dict[int, list[str]] = {}
        for number, name in self._tags:
            tags.setdefault(number, []).append(name)
        own: dict[int, list[tuple[int, str]]] = {}
        for number, field, text in self._own:
            own.setdefault(number, []).append((field, text))
        return [Row(*given, tuple(tags.get(given[0], ())), tuple(own.get(given[0], ()))) for given in self._found]

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]


class Found(Lines):
    """What a search found."""

    def __init__(self, lines: Lines, bodies: dict[int, str], wanted: re.Pattern[str]) -> None:
        super().__init__(lines._found, lines._tags, lines._own)
        self._bodies, self._wanted = bodies, wanted

    @property
    def key(self) -> tuple[Hashable, ...]:
        said = "\0".join(f"{ticket} {body}" for ticket, body in self._bodies.items())
        return *super().key, hashlib.blake2b(said.encode(), digest_size=16).digest(), self._wanted.pattern

    def _made(self) -> list[Row]:
        return [self._with_passage(row, self._bodies.get(row.id, "")) for row in super()._made()]

    def _with_passage(self, row: Row, body: str) -> Row:
        """Number and subject, which begin the ticket's own text, stand in the line already."""
        body = body.removeprefix(f"{row.number}\n{row.subject}")
        words = self._wanted
        return row._replace(passage=passages.passage(body, words), marked=passages.marked(row.subject, words))


def load(ids: list[int], own: tuple[int, ...] = ()) -> Lines:
    """The rows of these tickets, at most 250, in this order; with these fields of the installation's own."""
    if not ids:
        return Lines([], [])
    size = next(size for size in SIZES if len(ids) <= size)
    values = {f"id{place}": ids[place] if place < len(ids) else 0 for place in range(size)}
    tags = prepared(("tags of rows", size), lambda: _tags(size)).rows(values).fetchall()
    found = {given[0]: given for given in prepared(("rows", size), lambda: _tickets(size)).rows(values)}
    values_of = prepared(("own of rows", size, own), lambda: _own(size, own)).rows(values) if own else ()
    return Lines([found[number] for number in ids if number in found], tags, values_of)


def this_minute() -> datetime:
    """Clocks of a list move once a minute, all at once."""
    return now().replace(second=0, microsecond=0)


def _ids(size: int) -> list[Any]:
    return [slot(f"id{place}") for place in range(size)]


def _tickets(size: int) -> Select:
    query = Ticket.select(
        Ticket.id, Ticket.number, Ticket.subject, Ticket.snippet, Ticket.status, Ticket.turn, Ticket.due_at,
        Ticket.created_at, Ticket.active_at, Ticket.resolved_at, Ticket.has_files, Ticket.name,
        Organization.name, Ticket.customer_company, Ticket.priority, Ticket.assignee, Ticket.origin,
        Ticket.last_heard_at, TicketRead.at, Ticket.category, Ticket.type, Ticket.group, Ticket.service,
        Ticket.product, Ticket.serial,
    )  # fmt: skip
    query = query.join(Organization, JOIN.LEFT_OUTER).switch(Ticket).join(TicketRead, JOIN.LEFT_OUTER)
    return query.where(Ticket.id.in_(_ids(size)))


def _tags(size: int) -> Select:
    query = TicketTag.select(TicketTag.ticket, Tag.name).join(Tag).where(TicketTag.ticket.in_(_ids(size)))
    return query.order_by(Tag.position, Tag.id)


def _own(size: int, fields: tuple[int, ...]) -> Select:
    query = CustomValue.select(CustomValue.ticket, CustomValue.field, CustomValue.text)
    return query.where(CustomValue.ticket.in_(_ids(size)), CustomValue.field.in_(fields))


def moment(value: Any) -> datetime:
    """A moment as a plain statement gives it: text on SQLite, without a zone on PostgreSQL."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC)
