"""The rows of a list: tickets with only what a line shows, in two statements whatever their number."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from peewee import JOIN, Select

from app.catalog.lists import Tag
from app.lib.prepared import prepared, slot
from app.organizations.organization import Organization
from app.tickets.deadline import Clock, clock
from app.tickets.lifecycle import STATUSES, TEAM, Status
from app.tickets.ticket import Ticket, TicketRead, TicketTag

MOST = 25  # so many slots have the statements; fewer ids are filled up with zeros


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
    tags: tuple[str, ...]

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
        return clock(self.status, self.due_at, moment(self.created), self.resolved and moment(self.resolved))

    @property
    def active_at(self) -> datetime:
        return moment(self.active)


def load(ids: list[int]) -> list[Row]:
    """The rows of these tickets, at most 25, in this order."""
    if not ids:
        return []
    values = {f"id{place}": ids[place] if place < len(ids) else 0 for place in range(MOST)}
    tags: dict[int, list[str]] = {}
    for number, name in prepared("tags of rows", _tags).rows(values):
        tags.setdefault(number, []).append(name)
    rows = prepared("rows", _tickets).rows(values)
    found = {given[0]: Row(*given, tuple(tags.get(given[0], ()))) for given in rows}
    return [found[number] for number in ids if number in found]


def _ids() -> list[Any]:
    return [slot(f"id{place}") for place in range(MOST)]


def _tickets() -> Select:
    query = Ticket.select(
        Ticket.id, Ticket.number, Ticket.subject, Ticket.snippet, Ticket.status, Ticket.turn, Ticket.due_at,
        Ticket.created_at, Ticket.active_at, Ticket.resolved_at, Ticket.has_files, Ticket.name,
        Organization.name, Ticket.customer_company, Ticket.priority, Ticket.assignee, Ticket.origin,
        Ticket.last_heard_at, TicketRead.at,
    )  # fmt: skip
    query = query.join(Organization, JOIN.LEFT_OUTER).switch(Ticket).join(TicketRead, JOIN.LEFT_OUTER)
    return query.where(Ticket.id.in_(_ids()))


def _tags() -> Select:
    query = TicketTag.select(TicketTag.ticket, Tag.name).join(Tag).where(TicketTag.ticket.in_(_ids()))
    return query.order_by(Tag.position, Tag.id)


def moment(value: Any) -> datetime:
    """A moment as a plain statement gives it: text on SQLite, without a zone on PostgreSQL."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC)
