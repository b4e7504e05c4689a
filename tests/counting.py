"""Counting the statements that a page costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.lib import db

NOT_COUNTED = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements run inside, without those that only begin, end or configure."""
    engine, seen = db.database.obj, []
    run = engine.execute_sql

    def counted(sql: str, params: Any = None, *more: Any, **named: Any) -> Any:
        if not sql.upper().startswith(NOT_COUNTED):
            seen.append(sql)
        return run(sql, params, *more, **named)

    engine.execute_sql = counted
    try:
        yield seen
    finally:
        del engine.execute_sql


def plan(sql: str) -> list[str]:
    """SQLite's way to the rows of a statement, whatever its values."""
    return [row[3] for row in db.database.execute_sql("EXPLAIN QUERY PLAN " + sql.replace("?", "1"))]
