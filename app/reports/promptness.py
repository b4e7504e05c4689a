"""How soon: the first response, and what was done within its deadline."""

from functools import cached_property
from typing import Any

from peewee import Expression, Field, fn

from app.lib.db import is_sqlite
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.lib.words import ngettext
from app.reports.report import Figure, Report, Trend, compared, say
from app.tickets.ticket import Ticket

GOAL = 90  # per cent within the deadline: the dashed line


def minutes(later: Field, earlier: Field) -> Any:
    """The minutes between two moments, in the database."""
    if is_sqlite():
        return (fn.JULIANDAY(later) - fn.JULIANDAY(earlier)) * 1440.0
    return fn.DATE_PART("epoch", later - earlier) / 60.0


class FirstResponse(Figure):
    """The median: half of the tickets got their first answer sooner. Means are spoiled by one weekend."""

    key, title = "first-response", _l("First response")

    @cached_property
    def answered(self) -> list[Expression]:
        scope = self.scope
        return [scope.during(Ticket.created_at), Ticket.first_response_at.is_null(False)]

    @cached_property
    def count(self) -> int:
        return self.scope.count(*self.answered)

    @cached_property
    def median(self) -> float | None:
        """In minutes."""
        if not self.count:
            return None
        took = minutes(Ticket.first_response_at, Ticket.created_at).alias("took")
        sorted_by_it = Ticket.select(took).where(*self.scope.seen, *self.answered).order_by(took)
        found = sorted_by_it.limit(1).offset((self.count - 1) // 2)
        return max(0.0, float(found.scalar()))

    @cached_property
    def value(self) -> float | None:
        if self.median is None:
            return None
        return self.median / self._divisor

    @property
    def _divisor(self) -> int:
        minutes = self.median or 0
        return 1 if minutes < 120 else 60 if minutes < 48 * 60 else 24 * 60

    @property
    def said(self) -> str:
        return "–" if self.value is None else say(round(self.value) if self._divisor == 1 else self.value)

    @property
    def unit(self) -> str:
        if self.value is None:
            return ""
        return {1: _("min"), 60: _("h"), 1440: _("d")}[self._divisor]

    @property
    def detail(self) -> str:
        if not self.count:
            return _("None answered yet")
        return ngettext(
            "The only answer took %(time)s",
            "Half of the %(num)s answers came within %(time)s",
            self.count,
            time=f"{self.said} {self.unit}",
        )

    @property
    def trend(self) -> Trend | None:
        then = self.previous.median
        if self.median is None or then is None:
            return None
        now, before = round(self.median / self._divisor, 1), round(then / self._divisor, 1)
        return compared(now, before, unit=self.unit, less_is_better=True)


# What was resolved in time is so, though it is closed days later by itself.
ENDED = fn.COALESCE(Ticket.resolved_at, Ticket.closed_at)


class InTime(Figure):
    """Of those closed that had a deadline."""

    key, title, field = "in-time", _l("Closed in time"), "due_at"
    unit = "%"

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many in time, of how many."""
        where = (self.scope.during(Ticket.closed_at), Ticket.due_at.is_null(False))
        return self.scope.count(*where, Ticket.due_at >= ENDED), self.scope.count(*where)

    @cached_property
    def value(self) -> float | None:
        good, all_of_them = self.counts
        return round(100 * good / all_of_them) if all_of_them else None

    @property
    def detail(self) -> str:
        good, all_of_them = self.counts
        if not all_of_them:
            return _("None with a deadline was closed")
        return _("%(good)s of %(count)s with a deadline", good=say(good), count=say(all_of_them))

    @property
    def trend(self) -> Trend | None:
        return compared(self.value, self.previous.value, unit=_("points"))


class InTimeOverTime(Report):
    """The share of each span, in per cent; none where nothing with a deadline was closed."""

    key, title, shape, field = "in-time-over-time", _l("Deadlines met"), "line", "due_at"
    columns = (_lp("period", "From"), _l("In time, %"), _l("Closed with a deadline"))
    goal = GOAL

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        had_one = Ticket.due_at.is_null(False)
        all_of_them = self.scope.counted(Ticket.closed_at, had_one)
        good = self.scope.counted(Ticket.closed_at, had_one, Ticket.due_at >= ENDED)
        starts = [start for start, _end in self.scope.spans]
        shares = [round(100 * fine / count) if count else None for fine, count in zip(good, all_of_them, strict=True)]
        return list(zip(starts, shares, all_of_them, strict=True))

    @property
    def is_empty(self) -> bool:
        return all(share is None for _start, share, _count in self.rows)

    @property
    def note(self) -> str:
        return _("Goal %(share)s %%", share=GOAL)
