"""The orders of a list, the place of a ticket in one, and a page of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from peewee import Field, Tuple

from app.lib.inbound import number
from app.lib.prepared import slot
from app.lib.words import lazy_gettext as _l
from app.tickets.rows import Lines, Row
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """An order within a turn: by `column` and then by id; `falls`: the largest first."""

    label: Any
    column: Field
    falls: bool = False

    def beyond(self, edge: str, down: bool, read: Callable[[Any], Any] = lambda column: column) -> Any:
        """The condition for what comes after the slots `<edge>_at` and `<edge>_id`, going down or up."""
        here = Tuple(read(self.column), read(Ticket.id))
        there = Tuple(slot(f"{edge}_at"), slot(f"{edge}_id"))
        return here < there if down else here > there

    def keys(self, down: bool, read: Callable[[Any], Any] = lambda column: column) -> list[Any]:
        """What a statement is ordered by, going down or up; `read`: how the columns are."""
        return [read(column).desc() if down else read(column).asc() for column in (self.column, Ticket.id)]

    def sorting(self, backward: bool) -> Any:
        """The key by which Python sorts places as the database does."""
        sign = -1 if self.falls != backward else 1
        first = -1 if backward else 1
        return lambda place: (place.turn * first, (place.at - EPOCH) * sign, place.id * sign)


ORDERS: dict[str, Order] = {
    "due": Order(_l("Due soonest"), Ticket.due_order),
    "activity": Order(_l("Latest activity"), Ticket.active_at, falls=True),
    "newest": Order(_l("Newest"), Ticket.created_at, falls=True),
    "oldest": Order(_l("Oldest"), Ticket.created_at),
}


def offered() -> dict[str, Order]:
    """Those one may choose: with the deadline switched off (T6) none that goes by it."""
    is_timeless = "due_at" in TicketSettings.fields_off
    return {key: order for key, order in ORDERS.items() if key != "due" or not is_timeless}


def usual(key: str) -> str:
    """The order a view asks for, or the oldest first: what a deadline's order comes to where nobody has one."""
    return key if key in offered() else "oldest"


class Place(NamedTuple):
    """Where a ticket stands in an order: what a page begins after, or ends before."""

    turn: int
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.turn}-{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        try:
            turn, micros, key = text.split("-")
            return cls(number(turn), EPOCH + timedelta(microseconds=int(micros)), number(key))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Page:
    """The rows of one page, grouped by turn, and the ways to its neighbours."""

    rows: Lines
    first: int
    previous_url: str | None
    next_url: str | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def turns(self) -> list[tuple[int, list[Row]]]:
        groups: dict[int, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.turn, []).append(row)
        return list(groups.items())
