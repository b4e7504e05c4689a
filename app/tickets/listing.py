"""A list of tickets: its view, filters, search, order and page, read from the URL and written to it again."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from peewee import SQL, Field, Select, Tuple

from app.accounts.person import Person
from app.accounts.teams import Teams
from app.catalog.lists import Tag
from app.lib import tally
from app.lib.clock import now
from app.lib.prepared import Prepared, prepared, slot
from app.lib.search import SearchEntry
from app.lib.tally import Tally
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.tickets import rows
from app.tickets.lifecycle import STATUSES
from app.tickets.rows import Row, moment
from app.tickets.ticket import Ticket, TicketTag
from app.tickets.views import DEFAULT, OPEN, VIEWS, View

PER_PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """An order within a turn: by `column` and then by id; `falls`: the largest first."""

    label: Any
    column: Field
    falls: bool = False

    def beyond(self, edge: str, down: bool) -> Any:
        """The condition for what comes after the slots `<edge>_at` and `<edge>_id`, going down or up."""
        here, there = Tuple(self.column, Ticket.id), Tuple(slot(f"{edge}_at"), slot(f"{edge}_id"))
        return here < there if down else here > there

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
COLUMNS: dict[str, Field] = {
    "status": Ticket.status,
    "priority": Ticket.priority,
    "assignee": Ticket.assignee,
    "category": Ticket.category,
    "type": Ticket.type,
    "group": Ticket.group,
    "requester": Ticket.requester,
    "organization": Ticket.organization,
}
FILTERS = (*COLUMNS, "tag")


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
            turn, micros, number = (int(part) for part in text.split("-"))
            return cls(turn, EPOCH + timedelta(microseconds=micros), number)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Page:
    """The rows of one page, grouped by turn, and the ways to its neighbours."""

    rows: list[Row]
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


@dataclass(frozen=True)
class Listing:
    """What somebody wants to see of which tickets. Two equal listings have the same URL."""

    me: Person
    teams: Teams
    zone: ZoneInfo
    path: str
    view: View
    filters: Mapping[str, str] = field(default_factory=dict)
    q: str = ""
    order: str = "due"
    after: Place | None = None
    before: Place | None = None
    first: int = 1

    @classmethod
    def from_args(cls, args: Mapping[str, str], *, me: Person, teams: Teams, zone: ZoneInfo, path: str) -> "Listing":
        """What the URL says; anything it says wrongly is left out."""
        filters = {name: value for name in FILTERS if (value := args.get(name, "").strip()) and _is_sound(name, value)}
        q = " ".join(args.get("q", "").split())[:200]
        asked = args.get("view", "")
        default = "any" if q or "requester" in filters or "organization" in filters else DEFAULT
        default = "all" if "group" in filters and default == DEFAULT else default
        view = VIEWS.get(asked) or VIEWS[default]
        order = args.get("order", "")
        first = args.get("first", "")
        return cls(
            me, teams, zone, path, view, filters, q,
            order if order in ORDERS else view.order,
            Place.read(args.get("after", "")), Place.read(args.get("before", "")),
            int(first) if first.isdecimal() and len(first) < 7 else 1,
        )  # fmt: skip

    def url(self, **changes: str | None) -> str:
        """This list with other filters, order or search, from its first page; None takes a filter away."""
        said: dict[str, Any] = {"view": self.view.key, **self.filters, "q": self.q}
        if self.order != self.view.order:
            said["order"] = self.order
        said.update(changes)
        return f"{self.path}?{urlencode({name: value for name, value in said.items() if value})}"

    @property
    def key(self) -> str:
        """Which entry of the navigation it belongs to."""
        return f"group-{self.filters['group']}" if "group" in self.filters else self.view.key

    @property
    def title(self) -> str:
        if self.q:
            return _("Search: %(words)s", words=self.q)
        names = {str(team.id): team.name for team in self.teams.all}
        return names.get(self.filters.get("group", ""), str(self.view.label))

    @property
    def turns(self) -> tuple[int, ...]:
        """The turns it covers: a status chosen by hand may lie outside of the view's own."""
        status = STATUSES.get(self.filters.get("status", ""))
        if status is None:
            return self.view.turns
        return (status.turn,) if status.turn in self.view.turns or self.view.turns == OPEN else ()

    # --- what is on the page -----------------------------------------------------------------------------------

    def page(self) -> Page:
        """The rows, and the ways on and back."""
        backward = self.before is not None and self.after is None
        places = self._places(PER_PAGE + 1, backward=backward)
        more, places = len(places) > PER_PAGE, places[:PER_PAGE]
        if backward:
            places.reverse()
        has_previous = more if backward else self.after is not None
        has_next = self.before is not None if backward else more
        first = max(1, self.first)
        return Page(
            rows.load([place.id for place in places]),
            first,
            self.url(before=str(places[0]), first=str(max(1, first - PER_PAGE))) if places and has_previous else None,
            self.url(after=str(places[-1]), first=str(first + PER_PAGE)) if places and has_next else None,
        )

    def neighbour(self, ticket: Ticket, *, forward: bool) -> int | None:
        """The number of the ticket that follows this one here, or that stands before it."""
        place = self.place_of(ticket)
        here = replace(self, after=place, before=None) if forward else replace(self, after=None, before=place)
        places = here._places(1, backward=not forward)
        return rows.load([places[0].id])[0].number if places else None

    def place_of(self, ticket: Ticket) -> Place:
        return Place(ticket.turn, getattr(ticket, ORDERS[self.order].column.name), ticket.id)

    def _places(self, limit: int, *, backward: bool) -> list[Place]:
        """The keys of one page, turn by turn out of an index: orders run against each other between turns."""
        edge = self.before if backward else self.after
        sorting = ORDERS[self.order].sorting(backward)
        if self.q:
            return self._found_places(limit, edge, backward=backward)
        turns = [turn for turn in self.turns if edge is None or (turn <= edge.turn if backward else turn >= edge.turn)]
        if not turns:
            return []
        of_edge = edge.turn if edge else None
        key = ("places", self._shape, self.order, tuple(turns), of_edge, limit, backward)
        statement = prepared(key, lambda: self._union(turns, of_edge, limit, backward))
        values = self._values | ({"edge_at": _stored(edge.at), "edge_id": edge.id} if edge else {})
        found = [Place(turn, moment(at), number) for turn, at, number in statement.rows(values)]
        return sorted(found, key=sorting)[:limit]

    def _union(self, turns: list[int], of_edge: int | None, limit: int, backward: bool) -> Select:
        query: Any = None
        for turn in turns:
            part = self._keys(turn, turn == of_edge, backward).limit(limit).alias(f"t{turn}")
            part = Select([part], [part.c.turn, part.c.at, part.c.id])
            query = part if query is None else query.union_all(part)
        return query

    def _keys(self, turn: int, beyond_edge: bool, backward: bool) -> Select:
        order = ORDERS[self.order]
        down = order.falls != backward
        query = Ticket.select(Ticket.turn.alias("turn"), order.column.alias("at"), Ticket.id.alias("id"))
        query = query.where(Ticket.turn == turn, *self._conditions)
        if beyond_edge:
            query = query.where(order.beyond("edge", down))
        return query.order_by(order.column.desc() if down else order.column, Ticket.id.desc() if down else Ticket.id)

    @cached_property
    def found(self) -> list[tuple[int, Any, int]]:
        """The places of all tickets that the search finds, at most a thousand, as the engine gives them; read once."""
        query = Ticket.select(Ticket.turn, ORDERS[self.order].column, Ticket.id)
        query = query.where(Ticket.turn.in_(self.turns), *self._conditions, self._words)
        return list(Prepared(query.limit(tally.MOST)).rows(self._values))

    def _found_places(self, limit: int, edge: Place | None, *, backward: bool) -> list[Place]:
        """A page of what the search finds. A thousand moments are sorted as they come, and only a page of them read."""
        order, found = ORDERS[self.order], self.found
        if edge:
            sorting = order.sorting(backward)
            found = [each for each in found if sorting(Place(each[0], moment(each[1]), each[2])) > sorting(edge)]
        found = sorted(found, key=itemgetter(1, 2), reverse=order.falls != backward)
        found.sort(key=itemgetter(0), reverse=backward)
        return [Place(turn, moment(at), number) for turn, at, number in found[:limit]]

    # --- which tickets -----------------------------------------------------------------------------------------

    @property
    def _shape(self) -> Hashable:
        """What the text of its statements depends on; the values themselves go into slots."""
        special = {name: value for name, value in self.filters.items() if value in ("me", "none")}
        return self.view.key, tuple(self.filters), tuple(special.items()), self.teams.closed_to_me

    @property
    def _values(self) -> dict[str, Any]:
        values = {"me": self.me.id, "day_end": _day_end(self.zone, now().astimezone(self.zone).date())}
        for name, value in self.filters.items():
            values[name] = int(value) if is_number(value) and name != "tag" else value
        return values

    @property
    def _conditions(self) -> list[Any]:
        found = [] if self.view.where is None else [self.view.where]
        found += [_condition(name, value) for name, value in self.filters.items()]
        if self.teams.closed_to_me:
            found.append(Ticket.visible_to(self.me, closed_off=self.teams.closed_to_me, assigned_to=slot("me")))
        return found

    @property
    def _words(self) -> Any:
        words = Ticket.id.in_(SearchEntry.tickets_with(self.q, public_only=False))
        return words | (Ticket.number == int(self.q)) if is_number(self.q) else words

    # --- how many ----------------------------------------------------------------------------------------------

    def matching(self, turns: Iterable[int]) -> tuple[str, list[Any]]:
        """The statement for all tickets of these turns that belong here, to be counted. Not for a search."""
        turns = tuple(turns)
        return prepared(("count", self._shape, turns), lambda: self._counted(turns)).bound(self._values)

    def _counted(self, turns: tuple[int, ...], *more: Any) -> Select:
        of_turns = [] if self.view.says_turn and turns == self.view.turns else [Ticket.turn.in_(turns)]
        return Ticket.select(SQL("1")).where(*of_turns, *more, *self._conditions).limit(tally.MOST)

    def want_counts(self, figures: Tally) -> None:
        """Asks for the count of each turn."""
        for turn in self.turns if not self.q else ():
            figures.want(f"turn-{turn}", self.matching([turn]))

    def counts(self, figures: Tally) -> dict[int, int]:
        """How many there are of each turn, filters included."""
        if not self.q:
            return {turn: figures[f"turn-{turn}"] for turn in self.turns}
        found = [turn for turn, *_place in self.found]
        return {turn: found.count(turn) for turn in self.turns}

    def want_position(self, ticket: Ticket, figures: Tally) -> None:
        """Asks how many stand before this ticket, and how many there are. Not for a search."""
        place, order = self.place_of(ticket), ORDERS[self.order]
        turns = tuple(turn for turn in self.turns if turn <= place.turn)
        ahead = (Ticket.turn < slot("edge_turn")) | order.beyond("edge", not order.falls)
        values = self._values | {"edge_turn": place.turn, "edge_at": _stored(place.at), "edge_id": place.id}
        statement = prepared(("position", self._shape, self.order, turns), lambda: self._counted(turns, ahead))
        figures.want("position", statement.bound(values))
        figures.want("whole", self.matching(self.turns))


def want_views(figures: Tally, *, me: Person, teams: Teams, zone: ZoneInfo) -> None:
    """Asks for the counters of the navigation: the views, and the groups this agent belongs to."""
    for view in VIEWS.values():
        if view.is_counted:
            figures.want(f"view-{view.key}", Listing(me, teams, zone, "", view).matching(view.turns))
    for team in teams.mine:
        listing = Listing(me, teams, zone, "", VIEWS["all"], {"group": str(team.id)})
        figures.want(f"group-{team.id}", listing.matching(OPEN))


@lru_cache(64)
def _day_end(zone: ZoneInfo, today: date) -> Any:
    """The midnight that ends today, where the reader is, as the engine stores it."""
    day = today + timedelta(days=1)
    return _stored(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _is_sound(name: str, value: str) -> bool:
    if name == "status":
        return value in STATUSES
    if name == "tag":
        return len(value) <= 120
    return is_number(value) or (name == "assignee" and value in ("me", "none"))


def _condition(name: str, value: str) -> Any:
    if name == "tag":
        return Ticket.id.in_(TicketTag.select(TicketTag.ticket).join(Tag).where(Tag.name == slot("tag")))
    if name == "assignee" and value == "none":
        return Ticket.assignee.is_null()
    return COLUMNS[name] == slot("me" if value == "me" else name)


def _stored(at: datetime) -> Any:
    return Ticket.due_order.db_value(at)
