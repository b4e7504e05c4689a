"""Where the marks of a chart stand: numbers for an SVG that is stretched to its place, drawn by a template.

Words stand beside the drawing, as text of the page: they neither shrink on a phone nor stretch on a screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEIGHT = 100.0


@dataclass(frozen=True)
class Column:
    """One bar: its left edge, top, width and height within `width` by 100; `series` counts from 1."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Columns:
    bars: list[Column]
    width: float
    ticks: list[int]  # the figures at the side, the highest first

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]]) -> "Columns":
        """Bars side by side for each row: (label, figure, figure, …)."""
        top = _top(max((figure for row in rows for figure in row[1:]), default=0))
        series = max((len(row) - 1 for row in rows), default=1)
        step, bars = series + 1.0, []
        for place, row in enumerate(rows):
            for number, figure in enumerate(row[1:]):
                tall = HEIGHT * figure / top
                bars.append(Column(place * step + 0.5 + number, HEIGHT - tall, 0.86, tall, number + 1))
        return cls(_rounded(bars), max(1.0, len(rows) * step), _ticks(top))


@dataclass(frozen=True)
class Line:
    """Points from left to right within 100 by 100, and the height of the goal; `low` is the figure at the foot."""

    points: list[tuple[float, float]]
    goal: float | None
    ticks: list[int]

    @classmethod
    def of(cls, figures: Sequence[float | None], *, goal: float | None = None) -> "Line":
        """Of shares in per cent; a figure that is missing has no point."""
        known = [figure for figure in (*figures, goal) if figure is not None]
        low = min(80, int(min(known, default=0)) // 20 * 20)
        step = 100 / max(1, len(figures) - 1)
        points = [
            (round(place * step, 2), _height(figure, low)) for place, figure in enumerate(figures) if figure is not None
        ]
        return cls(points, None if goal is None else _height(goal, low), [100, (100 + low) // 2, low])

    @property
    def path(self) -> str:
        return "M" + " L".join(f"{x} {y}" for x, y in self.points) if self.points else ""

    @property
    def area(self) -> str:
        """The same down to the foot."""
        return f"{self.path} L{self.points[-1][0]} 100 L{self.points[0][0]} 100 Z" if len(self.points) > 1 else ""


def share(figure: float, most: float) -> float:
    """The length of a lying bar, of 100."""
    return round(100 * figure / most, 2) if most else 0.0


def _height(figure: float, low: float) -> float:
    return round(HEIGHT * (100 - figure) / (100 - low), 2)


def _top(most: float) -> int:
    """A round figure at or above the highest: four equal steps of whole numbers."""
    for size in (1, 10, 100, 1000, 10_000, 100_000, 1_000_000):
        for step in (1, 2, 3, 5):
            if most <= 4 * step * size:
                return 4 * step * size
    return int(most)


def _ticks(top: int) -> list[int]:
    return [top * part // 4 for part in (4, 3, 2, 1, 0)]


def _rounded(bars: list[Column]) -> list[Column]:
    return [
        Column(round(bar.x, 2), round(bar.y, 2), bar.width, round(bar.height, 2), bar.series)
        for bar in bars
        if bar.height > 0
    ]
