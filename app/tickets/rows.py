"""The rows of a list: tickets with only what a line shows, in two statements whatever their number."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from peewee import JOIN, Select

from app.catalog.lists import Tag
from app.lib.prepared import prepared, slot
from app.organizations.organization import Organization
from app.tickets.lifecycle import TEAM
from app.tickets.ticket import Ticket, TicketRead, TicketTag

MOST = 25  # so many slots have the statements; fewer ids are filled up with zeros
SNIPPET = 90  # characters: no list is wide enough for more


@dataclass(slots=True)
class Row:
    """One line of the list."""

    id: int
    number: int
    subject: str
    snippet: str
    status: str
    turn: int
    due_at: datetime | None
    created_at: datetime
    active_at: datetime
    resolved_at: datetime | None
    has_files: bool
    is_internal: bool
    who: str
    organization: str
    priority_id: int | None
    assignee_id: int | None
    origin_id: int | None
    is_unread: bool  # a customer's word that no agent has opened
    tags: list[str] = field(default_factory=list)


def load(ids: list[int]) -> list[Row]:
    """The rows of these tickets, at most 25, in this order."""
    if not ids:
        return []
    values = {f"id{place}": ids[place] if place < len(ids) else 0 for place in range(MOST)}
    found = {given[0]: _row(*given) for given in prepared("rows", _tickets).rows(values)}
    for number, name in prepared("tags of rows", _tags).rows(values):
        found[number].tags.append(name)
    return [found[number] for number in ids if number in found]


def _row(*given: Any) -> Row:
    """From the columns of `_tickets`, in their order."""
    number, shown, subject, snippet, status, turn, due, created, active, resolved, files, internal = given[:12]
    who, organization, company, priority, assignee, origin, heard, read = given[12:]
    is_unread = turn == TEAM and heard is not None and (read is None or read < heard)
    return Row(
        number, shown, subject, snippet[:SNIPPET], status, turn,
        due and moment(due), moment(created), moment(active), resolved and moment(resolved),
        bool(files), bool(internal), who, organization or company, priority, assignee, origin, is_unread,
    )  # fmt: skip


def _ids() -> list[Any]:
    return [slot(f"id{place}") for place in range(MOST)]


def _tickets() -> Select:
    query = Ticket.select(
        Ticket.id, Ticket.number, Ticket.subject, Ticket.snippet, Ticket.status, Ticket.turn, Ticket.due_at,
        Ticket.created_at, Ticket.active_at, Ticket.resolved_at, Ticket.has_files, Ticket.is_internal, Ticket.name,
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
