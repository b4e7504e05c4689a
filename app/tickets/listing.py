"""A list of tickets: its view, filters, search, order and page, read from the URL and written to it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any
from unicodedata import normalize
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from peewee import SQL, Select, fn

from app.accounts.person import Person
from app.accounts.teams import Teams
from app.lib import inbound, passages, search, tally
from app.lib.db import aside, is_sqlite
from app.lib.prepared import prepared, slot
from app.lib.search import SearchEntry, Wanted
from app.lib.tally import Tally
from app.lib.words import gettext as _
from app.tickets import filters as by
from app.tickets import orders, rows
from app.tickets.columns import STANDARD, chosen
from app.tickets.custom import number_of
from app.tickets.filters import is_number
from app.tickets.lifecycle import STATUSES
from app.tickets.orders import ORDERS, Page, Place
from app.tickets.rows import Lines, Row, moment
from app.tickets.saved_view import SavedView, SavedViews
from app.tickets.selection import Selection
from app.tickets.ticket import Ticket
from app.tickets.views import VIEWS, usual_view

PER_PAGE = 25
SPARSE = 20  # tickets: so few of a search whose words stand in one text that words in several are looked for
PER_COLUMN = 12  # cards of one status on the board
STATE = frozenset({"view", "q", "order", "columns", "layout"})  # what an address says of a list, beside its filters


@dataclass(frozen=True)
class Listing(Selection):
    """What somebody wants to see of which tickets. Two equal listings have the same URL."""

    path: str = ""
    order: str = "due"
    columns: tuple[str, ...] = STANDARD
    is_board: bool = False
    saved: SavedView | None = None
    after: Place | None = None
    before: Place | None = None
    first: int = 1

    @classmethod
    def from_args(
        cls,
        args: Mapping[str, str],
        *,
        me: Person,
        teams: Teams,
        zone: ZoneInfo,
        path: str,
        saved: SavedViews | None = None,
    ) -> "Listing":
        """What the URL says; anything it says wrongly is left out. A saved view alone stands for all that it holds."""
        kept = saved.by_number(args["saved"]) if saved and "saved" in args else None
        if kept and not STATE.intersection(args) and not by.is_named(args):
            args = inbound.query(kept.query) | dict(args)
        filters = by.of_address(args)
        q = " ".join(normalize("NFC", args.get("q", "")).split())[:200]  # some devices send letter and accent apart
        view = VIEWS.get(args.get("view", "")) or VIEWS[usual_view(q, filters)]
        order, first = args.get("order", ""), args.get("first", "")
        return cls(
            me, teams, zone, view, filters, q, path,
            order if order in orders.offered() else orders.usual(view.order),
            chosen(args.get("columns", "")),
            args.get("layout") == "board",
            kept,
            Place.read(args.get("after", "")), Place.read(args.get("before", "")),
            int(first) if first.isdecimal() and len(first) < 7 else 1,
        )  # fmt: skip

    @property
    def state(self) -> dict[str, str]:
        """What it shows, as an address says it, and as a view is saved."""
        said = {"view": self.view.key, **self.filters, "q": self.q}
        said["order"] = self.order if self.order != orders.usual(self.view.order) else ""
        said["columns"] = ",".join(self.columns) if self.columns != STANDARD else ""
        said["layout"] = "board" if self.is_board else ""
        return {name: value for name, value in said.items() if value}

    def url(self, **changes: str | None) -> str:
        """This list with other filters, order or search, from its first page; None takes a filter away."""
        said: dict[str, Any] = {**self.state, "saved": str(self.saved.id) if self.saved else ""}
        said.update(changes)
        return f"{self.path}?{urlencode({name: value for name, value in said.items() if value})}"

    @property
    def query(self) -> str:
        """Its address without the path, as forms carry it."""
        return self.url().partition("?")[2]

    def here(self, **changes: str | None) -> str:
        """This very page of it."""
        place = {"after": self.after and str(self.after), "before": self.before and str(self.before)}
        return self.url(**place, first=str(self.first) if self.first > 1 else None, **changes)

    def news_url(self, since: int) -> str:
        """Where this very page asks whether anything has happened."""
        return self.here(since=str(since)).replace("?", "/news?", 1)

    @property
    def has_strayed(self) -> bool:
        """Whether it shows something else than the saved view it began as."""
        return self.saved is not None and inbound.query(self.saved.query) != self.state

    @property
    def key(self) -> str:
        """Which entry of the navigation it belongs to."""
        if self.saved:
            return f"saved-{self.saved.id}"
        return f"group-{self.filters['group']}" if "group" in self.filters else self.view.key

    @property
    def title(self) -> str:
        if self.q:
            return _("Search: %(words)s", words=self.q)
        if self.saved:
            return self.saved.name
        names = {str(team.id): team.name for team in self.teams.open_to_me}
        return names.get(self.filters.get("group", ""), str(self.view.label))

    # --- what is on the page -----------------------------------------------------------------------------------

    def page(self, figures: Tally | None = None) -> Page:
        """The rows, and the ways on and back. `figures`: where each turn is counted anyway."""
        backward = self.before is not None and self.after is None
        places = self._places(PER_PAGE + 1, backward=backward, few=self.few(figures))
        more, places = len(places) > PER_PAGE, places[:PER_PAGE]
        if backward:
            places.reverse()
        has_previous = more if backward else self.after is not None
        has_next = self.before is not None if backward else more
        first = max(1, self.first)
        return Page(
            self._rows([place.id for place in places]),
            first,
            self.url(before=str(places[0]), first=str(max(1, first - PER_PAGE))) if places and has_previous else None,
            self.url(after=str(places[-1]), first=str(first + PER_PAGE)) if places and has_next else None,
        )

    def _rows(self, ids: list[int]) -> Lines:
        """The lines; of a search each with the passage that was found."""
        marked = passages.pattern(self.asked.engine_words) if self.is_search else None
        if marked is None:
            return rows.load(ids, self._own_fields)
        here = set(ids)
        texts = {ticket: text for _turn, _at, ticket, text, _cut in self.found if ticket in here and text}
        bodies = SearchEntry.bodies(list(texts.values()))
        found = {ticket: bodies.get(text, "") for ticket, text in texts.items()}
        return rows.load(ids, self._own_fields).marked(found, marked)

    @property
    def _own_fields(self) -> tuple[int, ...]:
        """The fields of the installation's own among its columns."""
        return tuple(number for name in self.columns if (number := number_of(name)))

    def board(self, figures: Tally | None = None) -> dict[str, list[Row]]:
        """The first tickets of each status, in the order of the list. `figures`: where each turn is counted anyway."""
        statuses = self.statuses
        found: dict[str, list[Row]] = {status: [] for status in statuses}
        if self.is_search:
            ids = [place.id for place in self._places(rows.SIZES[-1], backward=False, few=frozenset())]
            for row in self._rows(ids):
                if len(column := found.get(row.status, [])) < PER_COLUMN:
                    column.append(row)
            return found
        few = self.few(figures)
        key = ("board", self.shape, self.order, statuses, few)
        statement = prepared(key, lambda: self._columns(statuses, few))
        for row in rows.load([ticket for (ticket,) in statement.rows(self.values)]):
            found.setdefault(row.status, []).append(row)
        return found

    @property
    def statuses(self) -> tuple[str, ...]:
        """The columns of the board."""
        only = self.filters.get("status")
        return tuple(key for key, status in STATUSES.items() if status.turn in self.turns and only in (None, key))

    def _columns(self, statuses: tuple[str, ...], few: frozenset[int]) -> Select:
        order, query = ORDERS[self.order], None
        for status in statuses:
            turn = STATUSES[status].turn
            if turn in few:
                part = self.gathered([turn], Ticket.id).where(aside(Ticket.status) == status)
                part = part.order_by(*order.keys(order.falls, aside))
            else:
                part = self.walked(turn, Ticket.id).where(Ticket.status == status).order_by(*order.keys(order.falls))
            part = part.limit(PER_COLUMN).alias(status)
            part = Select([part], [part.c.id])
            query = part if query is None else query.union_all(part)
        return query

    def all_rows(self, own: tuple[int, ...] = ()) -> Iterator[Row]:
        """Every line, page after page, with these own fields; what changes meanwhile may show twice or not at all."""
        here, few = replace(self, after=None, before=None), self.few()
        while places := here._places(PER_PAGE, backward=False, few=few):
            yield from rows.load([place.id for place in places], own)
            if len(places) < PER_PAGE:
                return
            here = replace(here, after=places[-1])

    def everything(self, most: int) -> list[int]:
        """The ids of all tickets that belong here, in their order, at most so many."""
        whole = replace(self, after=None, before=None)
        return [place.id for place in whole._places(most, backward=False, few=self.few())]

    def neighbour(self, ticket: Ticket, *, forward: bool) -> int | None:
        """The number of the ticket that follows this one here, or that stands before it."""
        place = self.place_of(ticket)
        here = replace(self, after=place, before=None) if forward else replace(self, after=None, before=place)
        places = here._places(1, backward=not forward, few=self.few())
        return rows.load([places[0].id])[0].number if places else None

    def place_of(self, ticket: Ticket) -> Place:
        return Place(ticket.turn, getattr(ticket, ORDERS[self.order].column.name), ticket.id)

    def _places(self, limit: int, *, backward: bool, few: frozenset[int]) -> list[Place]:
        """The keys of one page, turn by turn out of an index: orders run against each other between turns."""
        edge = self.before if backward else self.after
        sorting = ORDERS[self.order].sorting(backward)
        if self.is_search:
            return self._found_places(limit, edge, backward=backward)
        turns = [turn for turn in self.turns if edge is None or (turn <= edge.turn if backward else turn >= edge.turn)]
        if not turns:
            return []
        of_edge = edge.turn if edge else None
        key = ("places", self.shape, self.order, tuple(turns), of_edge, limit, backward, few)
        statement = prepared(key, lambda: self._union(turns, of_edge, limit, backward, few))
        values = self.values | ({"edge_at": by.stored(edge.at), "edge_id": edge.id} if edge else {})
        found = [Place(turn, moment(at), number) for turn, at, number in statement.rows(values)]
        return sorted(found, key=sorting)[:limit]

    def _union(self, turns: list[int], of_edge: int | None, limit: int, backward: bool, few: frozenset[int]) -> Select:
        query: Any = None
        for turn in turns:
            part = self._keys(turn, turn == of_edge, backward, turn in few).limit(limit).alias(f"t{turn}")
            part = Select([part], [part.c.turn, part.c.at, part.c.id])
            query = part if query is None else query.union_all(part)
        return query

    def _keys(self, turn: int, beyond_edge: bool, backward: bool, gathers: bool) -> Select:
        order = ORDERS[self.order]
        down = order.falls != backward
        columns = (Ticket.turn.alias("turn"), order.column.alias("at"), Ticket.id.alias("id"))
        query = self.gathered([turn], *columns) if gathers else self.walked(turn, *columns)
        how = (aside,) if gathers else ()
        if beyond_edge:
            query = query.where(order.beyond("edge", down, *how))
        return query.order_by(*order.keys(down, *how))

    @cached_property
    def found(self) -> list[tuple[int, Any, int, int | None, bool]]:
        """The places of all tickets that the search finds, as the engine gives them, each with the text that did.

        The last of each says whether the search found no end.
        """
        terms, unwanted = Wanted.apart(self.asked.engine_words)
        found = self._holding(terms) if terms else self._first()
        for each in unwanted:
            without = SearchEntry.among([ticket for _turn, _at, ticket, *_text in found], each)
            found = [line for line in found if line[2] not in without]
        return found

    def _holding(self, terms: list[Wanted]) -> list[tuple[int, Any, int, int | None, bool]]:
        wanted = Wanted.of(self.asked.engine_words)
        most = search.NARROWED if self.narrowed or self.teams.closed_to_me else search.NEWEST
        key = ("found", self.shape, self.turns, self.order, wanted.by_beginning, most)
        finding = prepared(key, lambda: self._finding(wanted.slots, most))
        found = list(finding.rows(self.values | wanted.values))
        there = {line[2] for line in found}
        if is_number(self.q):
            numbered = prepared(("numbered", self.shape, self.turns, self.order), self._numbered)
            found += [each for each in numbered.rows(self.values | {"number": int(self.q)}) if each[2] not in there]
        if len(terms) > 1 and len(found) < SPARSE:
            found += [each for each in self._spread(terms) if each[2] not in there]
        return found

    def _first(self) -> list[tuple[int, Any, int, int | None, bool]]:
        """The first of all that belong here, for who asks only what must not be in them."""
        turns, most = list(self.turns), tally.MOST
        key = ("places", self.shape, self.order, tuple(turns), None, most, False, frozenset())
        statement = prepared(key, lambda: self._union(turns, None, most, False, frozenset()))
        found = list(statement.rows(self.values))
        return [(turn, at, ticket, None, len(found) >= most) for turn, at, ticket in found]

    def _spread(self, terms: list[Wanted]) -> list[tuple[int, Any, int, int | None, bool]]:
        """The places of tickets that hold all the words, but in several texts."""
        texts = SearchEntry.spread(terms)
        if not texts:
            return []
        ids = dict(enumerate(texts))
        placed = prepared(("spread", self.shape, self.turns, self.order), self._placed)
        slots = {f"id{place}": ids.get(place, 0) for place in range(search.SOUGHT)}
        return [(turn, at, ticket, texts[ticket], False) for turn, at, ticket in placed.rows(self.values | slots)]

    def _placed(self) -> Select:
        ids = [slot(f"id{place}") for place in range(search.SOUGHT)]
        query = Ticket.select(Ticket.turn, ORDERS[self.order].column, Ticket.id)
        return query.where(aside(Ticket.turn).in_(self.turns), Ticket.id.in_(ids), *self.conditions())

    def _finding(self, wanted: Wanted, most: int) -> Select:
        hits = SearchEntry.hits(wanted, most=most)
        hits = hits.cte("hits", materialized=True, columns=("ticket_id", "entry_id"))
        is_cut = Select((hits,), (fn.COUNT(hits.c.ticket_id) >= most,))
        latest = (hits.c.ticket_id.alias("ticket_id"), fn.MAX(hits.c.entry_id).alias("entry_id"))
        found = Select((hits,), latest).group_by(hits.c.ticket_id).alias("found")
        query = Ticket.select(Ticket.turn, ORDERS[self.order].column, Ticket.id, found.c.entry_id, is_cut)
        query = query.join(found, on=(found.c.ticket_id == Ticket.id))
        return query.where(Ticket.turn.in_(self.turns), *self.conditions()).limit(tally.MOST).with_cte(hits)

    def _numbered(self) -> Select:
        """The ticket with this number, or that into which the one with it was merged."""
        query = Ticket.select(Ticket.turn, ORDERS[self.order].column, Ticket.id, SQL("NULL"), SQL("1 = 0"))
        merged = Ticket.alias()
        into = merged.select(merged.merged_into).where(merged.number == slot("number"))
        known = (Ticket.number == slot("number")) | (Ticket.id == into)
        return query.where(Ticket.turn.in_(self.turns), known, *self.conditions())

    def _found_places(self, limit: int, edge: Place | None, *, backward: bool) -> list[Place]:
        """A page of what the search finds. Hundreds are sorted as they come; only a page of moments is read."""
        order, found = ORDERS[self.order], self.found
        if edge:
            sorting = order.sorting(backward)
            found = [each for each in found if sorting(Place(each[0], moment(each[1]), each[2])) > sorting(edge)]
        found = sorted(found, key=itemgetter(1, 2), reverse=order.falls != backward)
        found.sort(key=itemgetter(0), reverse=backward)
        return [Place(turn, moment(at), number) for turn, at, number, *_text in found[:limit]]

    # --- how many ----------------------------------------------------------------------------------------------

    def want_counts(self, figures: Tally) -> None:
        """Asks for the count of each turn."""
        for turn in self.turns if not self.is_search else ():
            figures.want(f"turn-{turn}", self.matching([turn]))

    def counts(self, figures: Tally) -> dict[int, int]:
        """How many there are of each turn, filters included."""
        if not self.is_search:
            return {turn: figures[f"turn-{turn}"] for turn in self.turns}
        found = [turn for turn, *_place in self.found]
        return {turn: found.count(turn) for turn in self.turns}

    def few(self, figures: Tally | None = None) -> frozenset[int]:
        """The turns in which so few tickets belong here that they are all gathered and then sorted.

        To walk an order until a page is full reads on through all tickets of the turn where what is asked for is rare,
        and SQLite does not know of any value how rare it is.
        """
        if not self.narrowed or self.is_search or not is_sqlite():
            return frozenset()
        if figures is None:
            self.want_counts(figures := Tally())
        return frozenset(turn for turn, figure in self.counts(figures).items() if figure < tally.MOST)

    def want_statuses(self, figures: Tally) -> None:
        """Asks for the count of each status, for the board."""
        for status in self.statuses if not self.is_search else ():
            figures.want(
                f"status-{status}",
                replace(self, filters={**self.filters, "status": status}).matching([STATUSES[status].turn]),
            )

    def label(self, figure: int) -> str:
        """A count as it is shown: a search looks at the latest texts only, and may have found no end."""
        is_cut = bool(self.is_search and self.found and self.found[0][-1])
        return f"{figure}+" if is_cut else tally.label(figure)

    def want_position(self, ticket: Ticket, figures: Tally) -> None:
        """Asks whether this ticket belongs here, how many stand before it and how many there are. Not for a search."""
        place, order = self.place_of(ticket), ORDERS[self.order]
        turns = tuple(turn for turn in self.turns if turn <= place.turn)
        ahead = (Ticket.turn < slot("edge_turn")) | order.beyond("edge", not order.falls)
        values = self.values | {"edge_turn": place.turn, "edge_at": by.stored(place.at), "edge_id": place.id}
        statement = prepared(("position", self.shape, self.order, turns), lambda: self.counted(turns, ahead))
        figures.want("position", statement.bound(values))
        figures.want("here", prepared(("here", self.shape), self._is_here).bound(values))
        figures.want("whole", self.matching(self.turns))

    def _is_here(self) -> Select:
        return Ticket.select(SQL("1")).where(
            Ticket.id == slot("edge_id"), Ticket.turn.in_(self.turns), *self.conditions()
        )


def of_saved(kept: SavedView, *, me: Person, teams: Teams, zone: ZoneInfo, path: str = "") -> Listing:
    """The list that a saved view stands for, as this agent sees it."""
    args = {name: value for name, value in inbound.query(kept.query).items() if name != "saved"}
    return replace(Listing.from_args(args, me=me, teams=teams, zone=zone, path=path), saved=kept)
