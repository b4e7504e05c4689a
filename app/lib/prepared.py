"""Statements that peewee builds once and that run many times: building one costs more than running it.

Where a value will stand, the query holds a `slot("name")`; `Prepared.bound(values)` fills them in.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Query, Value

from app.lib import quick
from app.lib.db import database

_known: dict[Hashable, "Prepared"] = {}


@dataclass(frozen=True)
class Slot:
    """The place of a value that is not known yet."""

    name: str


def slot(name: str) -> Value:
    # False, not None: peewee must not convert a slot as it converts what it is compared with.
    return Value(Slot(name), converter=False)


class Prepared:
    """The text of a statement, and its values in their order, some of them slots."""

    def __init__(self, query: Query) -> None:
        self.text, self._values = database.get_sql_context().sql(query).query()

    def bound(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        return self.text, [values[each.name] if isinstance(each, Slot) else each for each in self._values]

    def rows(self, values: Mapping[str, Any]) -> Any:
        """Runs it; the rows are plain tuples as the engine gives them."""
        return database.execute_sql(*self.bound(values))


def prepared(key: Hashable, build: Callable[[], Query]) -> Prepared:
    """The statement of this key, built when it is first asked for. The same key must always mean the same text."""
    key = (type(database.obj), key)
    if key not in _known:
        if len(_known) > 2000:  # the keys come from addresses, and nobody may fill our memory with them
            _known.clear()
        _known[key] = Prepared(build())
    return _known[key]


def hydrated(record: Any, columns: Iterator[Any], names: tuple[str, ...] | None = None) -> Any:
    """A record from the next columns of a row: all its fields, or those named; None where a joined table had no row."""
    found = quick.readers(record, names)
    values = {name: read(value) if read else value for (name, read), value in zip(found, columns, strict=False)}
    if values.get("id") is None:
        return None
    return quick.record_of(record, values)
