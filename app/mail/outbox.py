"""What an administrator does with mail that is to leave: look for it, try it again, cancel it."""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.conversational import OnlyNotesHere
from app.outbox.delivery import Delivery, NothingToRetry
from app.tickets.ticket import Ticket
from app.timeline.event import record

PAGE = 50
TO_COME = ("waiting", "sending", "deferred")
VIEWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_l("All"), ()),
    "waiting": (_l("To be sent"), TO_COME),
    "deferred": (_l("Deferred"), ("deferred",)),
    "failed": (_l("Failed or came back"), ("failed", "bounced")),
    "sent": (_l("Sent"), ("sent",)),
    "cancelled": (_l("Cancelled"), ("cancelled",)),
}


class NothingToCancel(Refused):
    says = _l("Only an e-mail that is still waiting can be cancelled.")
    status = 409


@dataclass(frozen=True)
class Outbox:
    """One page of deliveries, the newest first; `words` is an address or a ticket's number."""

    view: str = ""
    words: str = ""
    before: int | None = None

    @property
    def rows(self) -> list[Delivery]:
        """Those of this page, and one more if there are more."""
        query = Delivery.select(Delivery, Ticket.id, Ticket.number).left_outer_join(Ticket)
        states = VIEWS[self.view][1]
        if states:
            query = query.where(Delivery.state.in_(states))
        if self.before:
            query = query.where(Delivery.id < self.before)
        query = self._searched(query)
        return list(query.order_by(Delivery.id.desc()).limit(PAGE + 1))

    def _searched(self, query: Any) -> Any:
        words = self.words.strip().lower()
        number = words.lstrip("#")
        if number.isdecimal():
            return query.where(Ticket.number == int(number[:9]))
        if "@" in words and not words.startswith("@"):
            return query.where(Delivery.to_address == words)
        return query.where(Delivery.to_address.contains(words)) if words else query

    @staticmethod
    def counts() -> dict[str, int]:
        """How many stand in each of the views that want somebody's eye."""
        rows = Delivery.select(Delivery.state, fn.COUNT(Delivery.id)).where(
            Delivery.state.in_([*TO_COME, "failed", "bounced"])
        )
        found = dict(rows.group_by(Delivery.state).tuples())
        return {view: sum(found.get(state, 0) for state in states) for view, (_, states) in VIEWS.items() if states}


@transaction()
def retry(delivery: Delivery, *, by: Person) -> None:
    """Tries it now: one that failed or came back anew, one that was deferred at once.

    Raises NothingToRetry, OnlyNotesHere.
    """
    demand(by, "configure")
    if delivery.is_to_customer and delivery.ticket.hold().is_internal:
        raise OnlyNotesHere
    if delivery.state == "deferred":
        _hurry(Delivery.id == delivery.id)
    else:
        delivery.send_again()
    _note("delivery.retried", delivery, by)


@transaction()
def retry_all(*, by: Person) -> int:
    """Tries every deferred one now: the server is back. Returns how many."""
    demand(by, "configure")
    count = _hurry(Delivery.state == "deferred")
    record("outbox.hurried", by=by, count=count)
    return count


@transaction()
def cancel(delivery: Delivery, *, by: Person) -> None:
    """It never leaves. Raises NothingToCancel where a worker has it, or it has left."""
    demand(by, "configure")
    if not delivery.cancel():
        raise NothingToCancel
    _note("delivery.cancelled", delivery, by)


def _hurry(which: Any) -> int:
    return int(Delivery.update(due_at=now()).where(which, Delivery.state == "deferred").execute())


def _note(kind: str, delivery: Delivery, by: Person) -> None:
    record(kind, by=by, ticket=delivery.ticket, about=delivery, to=delivery.to_address)


__all__ = ["NothingToCancel", "NothingToRetry", "Outbox", "cancel", "retry", "retry_all"]
