"""Pages of a long list in the order of a name: each begins after the last row of the one before."""

from functools import reduce
from operator import and_
from typing import Any

from peewee import Field, fn

from app.lib.db import is_sqlite
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
    text: Any = fn.COALESCE(fields[0], "")
    for field in fields[1:]:
        text = text.concat("\n").concat(fn.COALESCE(field, ""))
    plain = fn.folded(text) if is_sqlite() else fn.LOWER(fn.f_unaccent(text))
    return reduce(and_, [plain.contains(folded(word)) | text.contains(word) for word in words.split()[:MOST_WORDS]])
