"""What all reports share: a title, a table behind whatever is drawn, and how figures are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from flask_babel import format_decimal

from app.lib.words import gettext as _
from app.reports.scope import Scope


@dataclass(frozen=True)
class Trend:
    """Beside the same days before: `is_better` None where more is neither good nor bad."""

    words: str
    is_up: bool
    is_better: bool | None


class Report:
    """One question about the tickets of a scope. `shape`: figure, columns, bars or line; `is_wide`: two columns."""

    key: ClassVar[str]
    title: ClassVar[Any]
    shape: ClassVar[str]
    is_wide: ClassVar[bool] = False
    columns: ClassVar[Sequence[Any]]  # the heads of the table
    field: ClassVar[str] = ""  # of the ticket, that it cannot do without: some can be switched off (T6)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The table behind the chart: a label, then figures, one for each further head."""
        raise NotImplementedError

    @property
    def whole(self) -> list[tuple[Any, ...]]:
        """The table for a file, where a chart may gather what is small."""
        return self.rows

    @property
    def note(self) -> str:
        """A few words beside the title."""
        return ""

    @property
    def is_empty(self) -> bool:
        return not any(any(figure for figure in row[1:]) for row in self.rows)


class Figure(Report):
    """One large figure."""

    shape = "figure"
    unit = ""
    columns = ()

    @cached_property
    def value(self) -> float | None:
        raise NotImplementedError

    @property
    def said(self) -> str:
        """The figure as people write it; a dash where there is none."""
        return "–" if self.value is None else say(self.value)

    @property
    def detail(self) -> str:
        return ""

    @property
    def trend(self) -> Trend | None:
        return None

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        return [(str(self.title), self.value)]

    @property
    def previous(self) -> Any:
        """The same question about the days before."""
        return type(self)(self.scope.before)


def say(figure: float | None) -> str:
    """At most one decimal, in the reader's way: "4,5"."""
    return "" if figure is None else format_decimal(round(figure, 1))


def compared(now: float | None, then: float | None, *, unit: str, less_is_better: bool = False) -> Trend | None:
    """How far the figure is from the one before; None where there is nothing to compare, or no difference."""
    if now is None or then is None or round(now, 1) == round(then, 1):
        return None
    difference, is_up = abs(now - then), now > then
    figure = f"{say(difference)} {unit}".strip()
    words = (
        _("%(figure)s more than before", figure=figure) if is_up else _("%(figure)s less than before", figure=figure)
    )
    return Trend(words, is_up, is_up != less_is_better)
