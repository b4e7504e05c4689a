"""Stored files that no row names: whatever column of whatever record ends in sha256 counts as a name."""

from typing import Any

from peewee import CharField

from app.lib.db import Record
from app.lib.files import store


def named_hashes() -> set[str]:
    """Every hash that some row holds. More than need be (of texts and fields too), never fewer."""
    found: set[str] = set()
    for record in Record.records.values():
        for name, field in record._meta.fields.items():
            if isinstance(field, CharField) and name.endswith("sha256"):
                rows: Any = record.select(field).distinct().tuples()
                found |= {row[0] for row in rows if row[0]}
    return found


def remove() -> int:
    """The daily duty. Returns how many files were removed."""
    return store().sweep(named_hashes())
