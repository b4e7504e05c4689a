"""How much there is and where it stands: open tickets, new and closed ones, by status, channel, category, person."""

from functools import cached_property
from typing import Any

from peewee import Field

from app.accounts.person import Person
from app.catalog.lists import Category, Origin
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.reports.report import Figure, Report, say
from app.tickets.lifecycle import CLOSED, NOT_CLOSED, OPEN, STATUSES, TEAM
from app.tickets.ticket import Ticket


class OpenNow(Figure):
    """As it stands now, whatever the period."""

    key, title = "open", _l("Open now")

    @cached_property
    def by_turn(self) -> dict[int, int]:
        return self.scope.grouped(Ticket.turn, Ticket.turn.in_(OPEN))

    @cached_property
    def value(self) -> float | None:
        return sum(self.by_turn.values())

    @property
    def detail(self) -> str:
        return _("%(count)s in the team's turn", count=say(self.by_turn.get(TEAM, 0)))


class PerDay(Report):
    """New and closed ones, side by side."""

    key, title, shape, is_wide = "per-day", _l("New and closed tickets"), "columns", True
    columns = (_lp("period", "From"), _l("New"), _lp("tickets", "Closed"))

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        begun, closed = self.scope.counted(Ticket.created_at), self.scope.counted(Ticket.closed_at)
        starts = [start for start, _end in self.scope.spans]
        return list(zip(starts, begun, closed, strict=True))


class Shares(Report):
    """Bars by a column of the ticket, the longest first; `places` gives each value its name."""

    shape = "bars"
    column: Field
    most = 8  # bars; the rest of them is one more

    @property
    def where(self) -> tuple[Any, ...]:
        return (self.scope.during(Ticket.created_at),)

    def names(self, values: list[Any]) -> dict[Any, str]:
        raise NotImplementedError

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        rest = sum(count for _value, count in self._longest[self.most :])
        rows = self._named(self._longest[: self.most])
        return [*rows, (_("Others"), rest)] if rest else rows

    @property
    def whole(self) -> list[tuple[Any, ...]]:
        return self._named(self._longest)

    @cached_property
    def _longest(self) -> list[tuple[Any, int]]:
        # Of as many each by what they are, none at the end: the same figure is drawn the same everywhere.
        counts = self.scope.grouped(self.column, *self.where).items()
        return sorted(counts, key=lambda pair: (-pair[1], pair[0] is None, pair[0]))

    def _named(self, counts: list[tuple[Any, int]]) -> list[tuple[Any, ...]]:
        names = self.names([value for value, _count in counts if value is not None])
        return [(names.get(value) or self.without, count) for value, count in counts]

    @property
    def without(self) -> str:
        """The name of those that have no value there."""
        return _("None")

    @property
    def note(self) -> str:
        return _("%(count)s tickets", count=say(sum(count for _name, count in self.rows)))


class ByStatus(Shares):
    """The open ones, as they stand now; each bar has its pill."""

    key, title, shape = "by-status", _l("By status"), "statuses"
    columns = (_l("Status"), _l("Tickets"))
    column = Ticket.status
    most = len(STATUSES)

    @property
    def where(self) -> tuple[Any, ...]:
        return (Ticket.turn.in_(OPEN), Ticket.status.in_(sorted(NOT_CLOSED)))  # both, so that an index answers alone

    def names(self, values: list[Any]) -> dict[Any, str]:
        return {key: str(STATUSES[key].label) for key in values}

    @property
    def keys(self) -> dict[str, str]:
        """The status behind each label, for its pill."""
        return {str(status.label): key for key, status in STATUSES.items() if status.turn != CLOSED}


class ByChannel(Shares):
    key, title = "by-channel", _l("By channel")
    columns = (_l("Channel"), _l("Tickets"))
    column = Ticket.origin

    def names(self, values: list[Any]) -> dict[Any, str]:
        return {each.id: each.label for each in Origin.select().where(Origin.id.in_(values))}


class ByCategory(Shares):
    key, title, field = "by-category", _l("By category"), "category"
    columns = (_l("Category"), _l("Tickets"))
    column = Ticket.category

    def names(self, values: list[Any]) -> dict[Any, str]:
        return {each.id: each.label for each in Category.select().where(Category.id.in_(values))}


class Workload(Shares):
    """Who has how many to answer, as it stands now."""

    key, title = "workload", _l("Workload by person")
    columns = (_l("Assigned to"), _l("Tickets"))
    column = Ticket.assignee

    @property
    def where(self) -> tuple[Any, ...]:
        return (Ticket.turn == TEAM,)

    def names(self, values: list[Any]) -> dict[Any, str]:
        return {each.id: each.name for each in Person.select(Person.id, Person.name).where(Person.id.in_(values))}

    @property
    def without(self) -> str:
        return _("Unassigned")

    @property
    def note(self) -> str:
        return _("In the team's turn")
