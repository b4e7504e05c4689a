"""Which tickets: a view, filters and what stands in the search box, as statements that indexes can answer."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, SQL, Join, Select

from app.accounts.person import Person
from app.accounts.teams import Teams
from app.lib import tally
from app.lib.db import aside
from app.lib.prepared import prepared, slot
from app.tickets import filters as by
from app.tickets.asked import Asked
from app.tickets.filters import Filter
from app.tickets.lifecycle import OPEN, STATUSES
from app.tickets.ticket import Ticket
from app.tickets.views import View


@dataclass(frozen=True)
class Selection:
    """What somebody asks for, of what they may see. What a search finds is the list's own to say (listing.py)."""

    me: Person
    teams: Teams
    zone: ZoneInfo
    view: View
    filters: Mapping[str, str] = field(default_factory=dict)
    q: str = ""

    @property
    def turns(self) -> tuple[int, ...]:
        """The turns it covers: a status chosen by hand may lie outside of the view's own."""
        status = STATUSES.get(self.filters.get("status", ""))
        if status is None:
            return self.view.turns
        return (status.turn,) if status.turn in self.view.turns or self.view.turns == OPEN else ()

    @cached_property
    def asked(self) -> Asked:
        """What stands in the search box, understood."""
        return Asked.of(self.q, self.zone)

    @cached_property
    def narrowed(self) -> tuple[Filter, ...]:
        """The filters of the address and those of the search box."""
        return (*(Filter(name, value, name) for name, value in self.filters.items()), *self.asked.filters)

    @property
    def is_search(self) -> bool:
        """Whether full text has to be asked."""
        return bool(self.q and self.asked.engine_words)

    @property
    def shape(self) -> Hashable:
        """What the text of its statements depends on; the values themselves go into slots."""
        return self.view.key, tuple(each.shape for each in self.narrowed), self.teams.closed_to_me

    @property
    def values(self) -> dict[str, Any]:
        """What goes into the slots of its statements."""
        found = {"me": self.me.id, **by.moments(self.zone)}
        for each in self.narrowed:
            found.update(each.values)
        return found | by.place_in_time(self.narrowed, self.zone)

    def walked(self, turn: int, *columns: Any) -> Select:
        """Tickets of a turn, to be read along an order."""
        return Ticket.select(*columns).where(Ticket.turn == turn, *self.conditions())

    def gathered(self, turns: Iterable[int], *columns: Any) -> Select:
        """Tickets of these turns by what narrows them, in no order."""
        turns, query = tuple(turns), Ticket.select(*columns)
        for each in self.narrowed:
            if (ids := each.ids(turns)) is not None:
                there = ids.alias("there")
                led = query.from_(Join(there, Ticket, JOIN.CROSS))  # in this order on SQLite
                return led.where(there.c.id == Ticket.id, aside(Ticket.turn).in_(turns), *self.conditions(known=each))
        if self.view.says_turn and turns == self.view.turns:
            return query.where(*self.conditions())
        return query.where(Ticket.turn.in_(turns), *self.conditions())

    def conditions(self, known: Filter | None = None) -> list[Any]:
        """What a ticket must be to belong here, but for its turn and for what is `known` of it."""
        found = [] if self.view.where is None else [self.view.where]
        found += [each.condition for each in self.narrowed if each is not known]
        if self.teams.closed_to_me:
            found.append(Ticket.visible_to(self.me, closed_off=self.teams.closed_to_me, assigned_to=slot("me")))
        return found

    def matching(self, turns: Iterable[int]) -> tuple[str, list[Any]]:
        """The statement for all tickets of these turns that belong here, to be counted. Not for full text."""
        turns = tuple(turns)
        return prepared(("count", self.shape, turns), lambda: self.counted(turns)).bound(self.values)

    def counted(self, turns: tuple[int, ...], *more: Any) -> Select:
        """A row for each ticket of these turns, up to the cap."""
        return self.gathered(turns, SQL("1")).where(*more).limit(tally.MOST)
