"""Counting many things in one statement, each up to a thousand: "999+" says as much as the figure, and costs less."""

from collections.abc import Callable
from typing import Any

from app.lib.db import database

MOST = 1000


class Tally:
    """Collects what is to be counted and asks the database once, when the first figure is read."""

    def __init__(self) -> None:
        self._wanted: dict[str, tuple[str, list[Any]]] = {}
        self._found: dict[str, int] = {}
        self._also: list[Callable[[], None]] = []

    def also(self, call: Callable[[], None]) -> None:
        """Registers somebody who adds their own wishes just before the count, and does not if there is none."""
        self._also.append(call)

    def want(self, name: str, statement: tuple[str, list[Any]]) -> None:
        """Adds a statement (text and values) whose rows are to be counted; it should end at MOST rows."""
        self._wanted[name] = statement

    def __getitem__(self, name: str) -> int:
        if name not in self._found:
            self._count()
        return self._found[name]

    def label(self, name: str) -> str:
        return label(self[name])

    def _count(self) -> None:
        while self._also:
            self._also.pop()()
        names = [name for name in self._wanted if name not in self._found]
        parts, values = [], []
        for number, name in enumerate(names):
            text, given = self._wanted[name]
            parts.append(f"(SELECT COUNT(*) FROM ({text}) AS q{number})")  # noqa: S608
            values += given
        row: Any = database.execute_sql("SELECT " + ", ".join(parts), values).fetchone()
        self._found.update(zip(names, row, strict=True))


def label(figure: int) -> str:
    return f"{MOST - 1}+" if figure >= MOST else str(figure)
