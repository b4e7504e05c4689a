"""A report as a page shows it: its drawing, its words in the reader's language, and the table behind it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale

from app.lib.words import gettext as _
from app.reports.drawing import Columns, Line, share
from app.reports.report import Report, say

LABELS = 5  # below a chart, so that they never touch on a phone


@dataclass(frozen=True)
class Picture:
    """`report` drawn. A template prints what stands here."""

    report: Report

    @property
    def shape(self) -> str:
        return self.report.shape

    @property
    def heads(self) -> list[str]:
        if self.shape == "figure":
            return [_("Figure"), str(self.report.title)]
        return [str(head) for head in self.report.columns]

    @cached_property
    def table(self) -> list[list[Any]]:
        """Rows for a file: moments as days, figures as they are."""
        return [[self._day(cell) if isinstance(cell, datetime) else cell for cell in row] for row in self.report.whole]

    @cached_property
    def said(self) -> list[list[str]]:
        """The same rows as people read them."""
        return [
            [self._short(row[0]), *(say(cell) if cell is not None else "–" for cell in row[1:])]
            for row in self.report.rows
        ]

    @cached_property
    def columns(self) -> Columns:
        return Columns.of(self.report.rows)

    @cached_property
    def totals(self) -> list[tuple[str, str]]:
        """Each series with its sum: the legend."""
        sums = [sum(row[place] for row in self.report.rows) for place in range(1, len(self.report.columns))]
        return [(str(head), say(total)) for head, total in zip(self.report.columns[1:], sums, strict=True)]

    @cached_property
    def line(self) -> Line:
        return Line.of([row[1] for row in self.report.rows], goal=getattr(self.report, "goal", None))

    @cached_property
    def bars(self) -> list[tuple[str, str, float]]:
        """Label, figure, and the length of the bar of 100."""
        most = max((row[1] for row in self.report.rows), default=0)
        return [(str(label), say(figure), share(figure, most)) for label, figure in self.report.rows]

    @property
    def labels(self) -> list[str]:
        """A few of the days, for the foot of a chart."""
        days = [row[0] for row in self.report.rows]
        if len(days) <= LABELS:
            return [self._short(day) for day in days]
        places = [round(place * (len(days) - 1) / (LABELS - 1)) for place in range(LABELS)]
        return [self._short(days[place]) for place in places]

    @property
    def summary(self) -> str:
        """What the drawing says, for those who do not see it."""
        if self.shape == "line":
            latest = next((row for row in reversed(self.said) if row[1] != "–"), None)
            return _("%(title)s: latest %(figure)s %%", title=self.report.title, figure=latest[1] if latest else "–")
        return f"{self.report.title}: " + ", ".join(f"{words} {total}" for words, total in self.totals)

    def _short(self, cell: Any) -> str:
        if not isinstance(cell, datetime):
            return str(cell)
        return format_date(cell.date(), "d MMM", locale=get_locale()).replace(".", "")

    @staticmethod
    def _day(moment: datetime) -> str:
        return moment.date().isoformat()
