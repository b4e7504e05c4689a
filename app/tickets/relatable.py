"""Which tickets belong together (SPEC T10)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.lifecycle import OPEN

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

# What somebody says of this ticket -> (the kind that is kept, whether this ticket stands first in it, its words).
SAID: dict[str, tuple[str, bool, Any]] = {
    "related": ("related", True, _l("Related to")),
    "child": ("parent", True, _l("Parent of")),
    "parent": ("parent", False, _l("Part of")),
    "duplicate": ("duplicate", True, _l("Duplicate of")),
    "duplicated": ("duplicate", False, _l("Duplicated by")),
}


class RelatedToItself(Refused):
    says = _l("A ticket is not related to itself.")
    field = "number"


class AlreadyRelated(Refused):
    says = _l("These two tickets are related already.")
    field = "number"


@dataclass(frozen=True)
class Relative:
    """A ticket that belongs to this one; `id` is of the relation, None of one that was merged in."""

    id: int | None
    says: str
    ticket: "Ticket"

    @property
    def label(self) -> str:
        return str(SAID[self.says][2] if self.says in SAID else _l("Merged in"))


class Relatable:
    """Parent and child, duplicate, related."""

    @transaction()
    def relate(self: "Ticket", says: str, other: "Ticket", *, by: Person) -> None:
        """Raises NotAllowed, RelatedToItself, AlreadyRelated."""
        demand(by, "edit")
        if self.id == other.id:
            raise RelatedToItself
        for ticket in sorted((self, other), key=lambda each: each.id):
            ticket.lock()
        relations = Record.records["TicketRelation"]
        if relations.select().where(_between(relations, self, other)).exists():
            raise AlreadyRelated
        self._relate(says, other)
        for ticket, there in ((self, other), (other, self)):
            ticket.record("ticket.related", by=by, number=there.number)

    def _relate(self: "Ticket", says: str, other: "Ticket") -> None:
        kind, is_first, _words = SAID[says]
        first, second = (self, other) if is_first else (other, self)
        Record.records["TicketRelation"].create(kind=kind, ticket=first, other=second)

    @transaction()
    def unrelate(self: "Ticket", number: int, *, by: Person) -> None:
        """Takes away the relation with this id; one that is gone already, or hidden from them, is no error."""
        demand(by, "edit")
        self.lock()
        relations = Record.records["TicketRelation"]
        found: Any = relations.get_or_none((relations.id == number) & _touching(relations, self))
        if found is None or not all(ticket.is_seen_by_agent(by) for ticket in (found.ticket, found.other)):
            return
        for ticket, there in ((found.ticket, found.other), (found.other, found.ticket)):
            ticket.record("ticket.unrelated", by=by, number=there.number)
        found.delete_instance()

    def likely_same(self: "Ticket", me: Person) -> "list[Ticket]":
        """Other tickets of the same customer that this agent may see and that are not closed, the latest first."""
        if not self.requester_id:
            return []
        hub = type(self)
        theirs = hub.seen_by_agent(me).where(hub.requester == self.requester_id, hub.id != self.id)
        return list(theirs.where(hub.turn.in_(OPEN)).order_by(hub.created_at.desc(), hub.id.desc()).limit(5))

    def relatives(self: "Ticket", me: Person) -> list[Relative]:
        """Those that this agent may see: the related ones, and the ones that were merged in."""
        hub, relations = type(self), Record.records["TicketRelation"]
        rows = list(relations.select().where(_touching(relations, self)).order_by(relations.id).limit(200))
        ids = {row.other_id if row.ticket_id == self.id else row.ticket_id for row in rows}
        seen = hub.select().where(
            hub.id.in_(ids) | (hub.merged_into == self), hub.visible_to(me), hub.removed_at.is_null()
        )
        known = {ticket.id: ticket for ticket in seen.order_by(hub.number)}
        found = []
        for row in rows:
            is_first = row.ticket_id == self.id
            other = known.get(row.other_id if is_first else row.ticket_id)
            says = next(
                key
                for key, (kind, first, _) in SAID.items()
                if kind == row.kind and first in (is_first, kind == "related")
            )
            found += [Relative(row.id, says, other)] if other else []
        return found + [Relative(None, "merged", each) for each in known.values() if each.merged_into_id == self.id]


def _touching(relations: Any, ticket: "Ticket") -> Any:
    return (relations.ticket == ticket) | (relations.other == ticket)


def _between(relations: Any, one: "Ticket", two: "Ticket") -> Any:
    here = (relations.ticket == one) & (relations.other == two)
    return here | ((relations.ticket == two) & (relations.other == one))
