"""The first migration, written from the records: until the first release it is written anew when they change."""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

from peewee import DeferredForeignKey, Model
from playhouse.migrations import template
from playhouse.schema_diff import SchemaDiff

from app.lib.db import Record

HEAD = '''"""Every table of the first release."""

from app.lib import search
'''


def initial() -> str:
    """The text of migrations/0001_initial.py: every record's table, and what full-text search needs beside it.

    Raises LookupError where a foreign key names a record that does not exist.
    """
    unresolved = [field.rel_model_name for field in DeferredForeignKey._unresolved]
    if unresolved:
        raise LookupError(f"no record is called {unresolved}")
    body = template(SchemaDiff(in_order(), [], [], [], []))
    # Defaults made by a function belong to the code, not to the table.
    lines = [line for line in body.splitlines() if not line.startswith(("# TODO", "# Generated"))]
    text = "\n".join(_without_index(lines)).strip()
    up = text.split("\ndef down", 1)[0]  # going back before the first release would only lose everything
    return f"{HEAD}{up.rstrip()}\n\n    search.prepare(db)\n"


def _without_index(lines: list[str]) -> Iterator[str]:
    """The lines, with what peewee's template leaves out: a key that begins another index has none of its own."""
    fields: dict[str, Any] = {}
    for line in lines:
        if found := re.match(r"    class (\w+)\(Model\):", line):
            fields = Record.records[found[1]]._meta.fields
        elif found := re.match(r"        (\w+) = ForeignKeyField\(", line):
            field = fields[found[1]]
            line = line if field.index or field.unique else line.replace("on_delete=", "index=False, on_delete=")
        yield line


def in_order() -> list[type[Model]]:
    """The records, each after those it points at (peewee's own sorter leaves deferred foreign keys out)."""
    records = sorted(Record.records.values(), key=lambda record: record.__name__)
    points_at = {record: [field.rel_model for field in record._meta.refs] for record in records}
    return list(TopologicalSorter(points_at).static_order())
