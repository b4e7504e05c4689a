"""What a report looks at: through whose eyes, over which days, and of which tickets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from peewee import Expression, Field, ModelSelect, Select, ValuesList, fn

from app.accounts.person import Person
from app.accounts.teams import Teams
from app.lib.clock import now
from app.lib.db import database
from app.lib.inbound import number
from app.lib.words import lazy_gettext as _l
from app.tickets.lifecycle import TURNS
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

PERIODS: dict[int, Any] = {
    7: _l("Last 7 days"),
    30: _l("Last 30 days"),
    91: _l("Last 13 weeks"),
    364: _l("Last 52 weeks"),
}
USUAL = 30
FILTERS: dict[str, Field] = {"group": Ticket.group, "agent": Ticket.assignee, "category": Ticket.category}


@dataclass(frozen=True)
class Scope:
    """Days until now, today included, each beginning at the reader's midnight; and the tickets that pass."""

    me: Person
    teams: Teams
    zone: ZoneInfo
    days: int = USUAL
    filters: tuple[tuple[str, int], ...] = ()
    shift: int = 0  # how many periods ago: 1 is the one before, to compare with

    @classmethod
    def from_args(cls, args: Mapping[str, str], *, me: Person, teams: Teams, zone: ZoneInfo) -> "Scope":
        """What the URL says; what it says wrongly is left out."""
        days = _asked(args, "days")
        offered = [name for name in FILTERS if name not in TicketSettings.fields_off]
        filters = tuple((name, value) for name in offered if (value := _asked(args, name)) is not None)
        return cls(me, teams, zone, days if days in PERIODS else USUAL, filters)

    def query(self) -> str:
        """The same, for a URL."""
        said: dict[str, Any] = dict(self.filters)
        if self.days != USUAL:
            said["days"] = self.days
        return urlencode(said)

    def chosen(self, name: str) -> int | None:
        return dict(self.filters).get(name)

    @property
    def before(self) -> "Scope":
        """The same days, one period earlier."""
        return replace(self, shift=self.shift + 1)

    # --- the days ----------------------------------------------------------------------------------------------

    @property
    def start(self) -> datetime:
        return self.edges[0]

    @property
    def end(self) -> datetime:
        return self.edges[-1]

    @cached_property
    def edges(self) -> list[datetime]:
        """Where each bar begins, and the end of the last: days of a month, weeks of a quarter, four weeks of a year."""
        last = self._midnight(1 - self.shift * self.days)
        step = 1 if self.days <= 31 else 7 if self.days <= 91 else 28
        starts = [self._midnight(1 - self.shift * self.days - back) for back in range(self.days, 0, -step)]
        return [*starts, last]

    def _midnight(self, days: int) -> datetime:
        """The midnight that begins the day so many days from today."""
        today = now().astimezone(self.zone).date() + timedelta(days=days)
        return datetime(today.year, today.month, today.day, tzinfo=self.zone)

    @property
    def spans(self) -> Iterator[tuple[datetime, datetime]]:
        return pairwise(self.edges)

    # --- the tickets -------------------------------------------------------------------------------------------

    @property
    def seen(self) -> list[Expression]:
        """The conditions: what they may see, of what was asked for; neither merged away nor in the bin."""
        found = [Ticket.turn.in_(list(TURNS)), *(FILTERS[name] == value for name, value in self.filters)]
        if self.teams.closed_to_me:
            found.append(Ticket.visible_to(self.me, closed_off=self.teams.closed_to_me))
        return found

    def during(self, moment: Field) -> Expression:
        """The condition: this moment lies within the days."""
        return (moment >= self.start) & (moment < self.end)

    def count(self, *where: Any) -> int:
        return int(Ticket.select(fn.COUNT(Ticket.id)).where(*self.seen, *where).scalar())

    def counted(self, moment: Field, *where: Any) -> list[int]:
        """How many tickets have this moment in each of the spans, in one statement.

        A part of the index for each: to sort all of a month into its days takes ten times as long.
        """
        ends = [(place, moment.db_value(start), moment.db_value(end)) for place, (start, end) in enumerate(self.spans)]
        spans = ValuesList(ends).cte("spans", columns=("place", "begins", "ends"))
        each = Ticket.select(fn.COUNT(Ticket.id)).where(*self.seen, *where)
        each = each.where(moment >= spans.c.begins, moment < spans.c.ends)
        query = Select([spans], [spans.c.place, each]).with_cte(spans).bind(database)
        found = dict(query.tuples().execute())
        return [found[place] for place in range(len(ends))]

    def grouped(self, column: Field, *where: Any) -> dict[Any, int]:
        """How many tickets for each value of a column."""
        query: ModelSelect = Ticket.select(column, fn.COUNT(Ticket.id)).where(*self.seen, *where)
        return dict(query.group_by(column).tuples())


def _asked(args: Mapping[str, str], name: str) -> int | None:
    try:
        return number(args.get(name, ""))
    except ValueError:
        return None
