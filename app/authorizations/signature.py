"""Signatures: strokes drawn on the pad, or a typed name; kept as data, drawn by us, never an image from outside."""

import itertools
import json
import math
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from app.lib import pdf, pictures
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

INK = "#16243f"
BYTES, POINTS, STROKES = 20_480, 4_000, 200
SIDES = (60, 4_000)  # a pad's width and height in CSS pixels
FACES = tuple(
    pdf.FONTS / name
    for name in ("DejaVuSerif-Italic.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DroidSansFallback.ttf")
)

Point = tuple[float, float]


class Unreadable(Refused):
    """What the pad sent is no drawing: cut short, far too large, or made by hand."""

    says = _l("The signature did not arrive well. Draw it again, or sign by typing your name.")
    field = "strokes"


class TooLittle(Refused):
    """A dot or a tick by accident is no signature."""

    says = _l("That is too little for a signature. Draw it again, or sign by typing your name.")
    field = "strokes"


class NotAName(Refused):
    says = _l("Write your first and last name, in 2 to 120 characters.")
    field = "name"


class Signature:
    """What both kinds can do: `canonical()` is what is kept and hashed, `svg()` and `png()` what is shown."""

    kind: ClassVar[str]

    def canonical(self) -> bytes:
        raise NotImplementedError

    def svg(self) -> str:
        raise NotImplementedError

    def png(self, width: int = 640) -> bytes:
        raise NotImplementedError


@dataclass(frozen=True)
class Strokes(Signature):
    """A drawing: each stroke a list of points in a pad of `width` by `height`."""

    kind: ClassVar[str] = "drawn"
    width: int
    height: int
    strokes: tuple[tuple[Point, ...], ...]

    @classmethod
    def parse(cls, text: str) -> "Strokes":
        """Reads `{"width": 350, "height": 168, "strokes": [[[x, y], ...], ...]}`. Raises Unreadable, TooLittle."""
        if len(text.encode(errors="replace")) > BYTES:
            raise Unreadable
        try:
            data = json.loads(text, parse_constant=_refuse)
            drawn = cls(_side(data["width"]), _side(data["height"]), tuple(tuple(stroke) for stroke in data["strokes"]))
            drawn = drawn._checked()
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as problem:
            raise Unreadable from problem
        if len(drawn.canonical()) > BYTES:  # `1e3` is shorter than what is kept of it
            raise Unreadable
        if not drawn.is_enough:
            raise TooLittle
        return drawn

    @property
    def is_enough(self) -> bool:
        """A line worth the name: as long as a sixth of the pad, and not all on one spot."""
        length = sum(math.dist(a, b) for stroke in self.strokes for a, b in itertools.pairwise(stroke))
        points = [point for stroke in self.strokes for point in stroke]
        spread = max((math.dist(points[0], point) for point in points), default=0)
        return length >= self.width / 6 and spread >= self.width / 20

    def canonical(self) -> bytes:
        """The same drawing is always the same bytes; `parse` reads them back."""
        data = {"width": self.width, "height": self.height, "strokes": self.strokes}
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()

    def svg(self) -> str:
        """Presentation attributes only, so that the strict policy lets it through, and nothing that runs."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="signature" viewBox="0 0 {self.width} {self.height}"'
            f' fill="none" stroke="{INK}" stroke-width="{self._thickness:g}" stroke-linecap="round"'
            f' stroke-linejoin="round" aria-hidden="true"><path d="{"".join(_path(s) for s in self.strokes)}"/></svg>'
        )

    def png(self, width: int = 640) -> bytes:
        lines = [_smooth(stroke) for stroke in self.strokes]
        return pictures.ink(lines, (self.width, self.height), width=width, thickness=self._thickness, colour=INK)

    @property
    def _thickness(self) -> float:
        return round(max(1.5, self.width / 140), 2)

    def _checked(self) -> "Strokes":
        if not 0 <= len(self.strokes) <= STROKES or sum(map(len, self.strokes)) > POINTS:
            raise ValueError("too many strokes or points")
        clean = (tuple(self._point(point) for point in stroke) for stroke in self.strokes)
        return Strokes(self.width, self.height, tuple(stroke for stroke in clean if stroke))

    def _point(self, point: Any) -> Point:
        x, y = point
        return _within(x, self.width), _within(y, self.height)


@dataclass(frozen=True)
class TypedSignature(Signature):
    """A name written as a signature, for who cannot draw or has no script; it counts the same."""

    kind: ClassVar[str] = "typed"
    name: str

    @classmethod
    def parse(cls, text: str) -> "TypedSignature":
        name = " ".join(unicodedata.normalize("NFC", text).split())
        visible = sum(unicodedata.category(char)[0] in "LN" for char in name)
        hidden = any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in name)
        if not (visible >= 2 and len(name) <= 120) or hidden:
            raise NotAName
        return cls(name)

    def canonical(self) -> bytes:
        return json.dumps({"name": self.name}, ensure_ascii=False, separators=(",", ":")).encode()

    def svg(self) -> str:
        size = min(34.0, 300 / max(len(self.name), 1) * 1.6)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" class="signature" viewBox="0 0 320 110" aria-hidden="true">'
            f'<text x="160" y="66" text-anchor="middle" font-family="ui-serif, Georgia, DejaVu Serif, serif"'
            f' font-style="italic" font-size="{size:.1f}" fill="{INK}">{escape(self.name)}</text></svg>'
        )

    def png(self, width: int = 640) -> bytes:
        return pictures.lettering(self.name, fonts=FACES, size=(width, width * 110 // 320), colour=INK)


def read(*, name: str, strokes: str, typed: bool) -> Signature | None:
    """What a form brought: the typed name if the person chose that, else the drawing; None if there is neither."""
    if typed:
        return TypedSignature.parse(name)
    return Strokes.parse(strokes) if strokes.strip() else None


def kept(kind: str, canonical: str) -> Signature | None:
    """The signature of a decision again, from what was kept."""
    if kind == Strokes.kind:
        return Strokes.parse(canonical)
    return TypedSignature(json.loads(canonical)["name"]) if kind == TypedSignature.kind else None


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no coordinate")


def _side(value: Any) -> int:
    number = _number(value)
    if not SIDES[0] <= number <= SIDES[1]:
        raise ValueError("no size of a pad")
    return round(number)


def _within(value: Any, side: int) -> float:
    """A coordinate to a tenth of a pixel. A pen may leave the pad by a little; farther out nobody drew."""
    number = _number(value)
    if not -side <= number <= 2 * side:
        raise ValueError("a point far outside of the pad")
    tenth = round(min(max(number, 0), side), 1)
    return int(tenth) if tenth == int(tenth) else tenth


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("no number")
    return value


def _path(stroke: tuple[Point, ...]) -> str:
    """Curves through the middles between points, with the points as their handles: round where a pen was."""
    (x, y), *others = stroke
    if not others:
        return f"M{x:g} {y:g}l.01 0"
    parts = [f"M{x:g} {y:g}"]
    for (ax, ay), (bx, by) in itertools.pairwise(others):
        parts.append(f"Q{ax:g} {ay:g} {(ax + bx) / 2:g} {(ay + by) / 2:g}")
    return "".join(parts) + f"L{others[-1][0]:g} {others[-1][1]:g}"


def _smooth(stroke: tuple[Point, ...]) -> list[Point]:
    """The curves of `_path` as short straight lines."""
    line = [stroke[0]]
    for (ax, ay), (bx, by) in itertools.pairwise(stroke[1:]):
        sx, sy, ex, ey = *line[-1], (ax + bx) / 2, (ay + by) / 2
        for t in (0.25, 0.5, 0.75, 1.0):
            u = 1 - t
            line.append((u * u * sx + 2 * u * t * ax + t * t * ex, u * u * sy + 2 * u * t * ay + t * t * ey))
    return [*line, stroke[-1]]
