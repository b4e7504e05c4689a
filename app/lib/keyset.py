"""Pages of a long list in the order of a name: each begins after the last row of the one before."""

from functools import reduce
from operator import and_, or_
from typing import Any

from peewee import Field, fn

from app.lib.folding import folded

PAGE = 50
MOST_WORDS = 8


def page(query: Any, name: Field, number: Field, after: str = "", limit: int = PAGE) -> tuple[list[Any], str]:
    """The rows after the cursor, and the cursor of the next page (empty: there is none)."""
    place, _, last = after.partition("~")
    if place.isascii() and place.isdigit() and len(place) < 10:
        query = query.where((name > last) | ((name == last) & (number > int(place))))
    rows = list(query.order_by(name, number).limit(limit + 1))
    if len(rows) <= limit:
        return rows, ""
    end = rows[limit - 1]
    row = end if isinstance(end, number.model) else getattr(end, _way(type(end), number.model))
    return rows[:limit], f"{getattr(row, number.name)}~{getattr(row, name.name)}"


def _way(model: Any, wanted: Any) -> str:
    """The foreign key that leads from the row to the record that carries the name."""
    return next(field.name for field in model._meta.sorted_fields if getattr(field, "rel_model", None) is wanted)


def holds(words: str, *fields: Any) -> Any:
    """The condition that each of these words is somewhere in these fields, whatever its accents; `words` has one."""
    return reduce(and_, [_somewhere(_like(folded(word)), fields) for word in words.split()[:MOST_WORDS]])


def _somewhere(pattern: str, fields: tuple[Any, ...]) -> Any:
    return reduce(or_, [fn.LOWER(fn.f_unaccent(field)) ** pattern for field in fields])


def _like(word: str) -> str:
    """A pattern that finds it anywhere; what a person typed is no pattern of its own."""
    clean = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{clean}%"
