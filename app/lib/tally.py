"""Counting many things in one statement, each up to a thousand: "999+" says as much as the figure, and costs less."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from app.lib.db import database

MOST = 1000
REMEMBERED = 500  # keys of `once`, each with the figures of one agent's sidebar
_memory: "WeakKeyDictionary[Any, OrderedDict[Hashable, dict[str, int]]]" = WeakKeyDictionary()  # of each database
_lock = Lock()


class Tally:
    """Collects what is to be counted and asks the database once, when the first figure is read."""

    def __init__(self) -> None:
        self._wanted: dict[str, tuple[str, list[Any]]] = {}
        self._found: dict[str, int] = {}
        self._also: list[Callable[[], None]] = []
        self._once: dict[Hashable, list[str]] = {}

    def also(self, call: Callable[[], None]) -> None:
        """Registers somebody who adds their own wishes just before the count, and does not if there is none."""
        self._also.append(call)

    def want(self, name: str, statement: tuple[str, list[Any]]) -> None:
        """Adds a statement (text and values) whose rows are to be counted; it should end at MOST rows."""
        self._wanted[name] = statement

    def once(self, key: Hashable, wish: Callable[[], None]) -> None:
        """What `wish` wants, or what it came to when the key was last the same: it must say all that they depend on."""
        with _lock:
            memory = _memory.get(database.obj)
            known = memory.get(key) if memory else None
        if known is not None:
            self._found.update(known)
            return
        before = set(self._wanted)
        wish()
        self._once[key] = [name for name in self._wanted if name not in before]

    def __getitem__(self, name: str) -> int:
        if name not in self._found:
            self._count()
        return self._found[name]

    def get(self, name: str) -> int | None:
        """The figure, or None where nobody asked for it."""
        if not self._found:
            self._count()
        return self._found.get(name)

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
        if names:
            row: Any = database.execute_sql("SELECT " + ", ".join(parts), values).fetchone()
            self._found.update(zip(names, row, strict=True))
        self._remember()

    def _remember(self) -> None:
        with _lock:
            kept = _memory.setdefault(database.obj, OrderedDict())
            for key, names in self._once.items():
                kept[key] = {name: self._found[name] for name in names}
            while len(kept) > REMEMBERED:
                kept.popitem(last=False)
        self._once.clear()


def label(figure: int) -> str:
    return f"{MOST - 1}+" if figure >= MOST else str(figure)
