"""Rows to CSV, as spreadsheets open it (RFC 4180), with nothing in it that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

MARK = "\ufeff"  # Excel takes a file without it for the system's old code page
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
AT_ONCE = 200  # lines of one piece
TYPE = "text/csv; charset=utf-8"


def lines(heads: Sequence[Any], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> Iterator[str]:
    """The file, line by line: numbers as such a spreadsheet reads them, everything else as text that is no formula."""
    yield MARK + _line(heads, delimiter)
    for row in rows:
        yield _line(row, delimiter)


def pieces(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at once: a long file is never whole in memory, and not sent line by line either."""
    while some := list(islice(lines, AT_ONCE)):
        yield "".join(some)


def delimiter_of(language: str) -> str:
    """What spreadsheets of this language expect between two cells: where the comma divides numbers, a semicolon."""
    return "," if language == "en" else ";"


def _line(cells: Sequence[Any], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerow([_harmless(cell, delimiter) for cell in cells])
    return text.getvalue()


def _harmless(cell: Any, delimiter: str) -> Any:
    """A text that a spreadsheet would take for a formula begins with an apostrophe (CWE-1236)."""
    if cell is None or isinstance(cell, int):
        return cell
    if isinstance(cell, float | Decimal):
        return (f"{cell:f}" if isinstance(cell, Decimal) else str(cell)).replace(".", "," if delimiter == ";" else ".")
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
