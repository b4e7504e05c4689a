"""Brings the schema up to date with peewee's own runner, one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from app.config import ConfigError
from app.lib import db

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
ADVISORY_LOCK = 7_210_417  # any number, as long as nothing else in the database locks it


def pending() -> list[str]:
    """Names of the migrations that this database has not had."""
    with db.connection():
        return [each.name for each in _runner().status() if each.path and not each.applied]


def apply() -> list[str]:
    """Applies what is pending, in order, and returns the names. Another process that migrates now is waited for."""
    with db.connection(), _alone():
        return _runner().up()


def insist() -> None:
    """Refuses to go on with a schema that the code does not know."""
    missing = pending()
    if missing:
        raise ConfigError(f"The database is behind the program, from {missing[0]} on: run `flask migrate`.")


def _runner() -> Runner:
    return Runner(db.database.obj, str(FOLDER))


@contextmanager
def _alone() -> Iterator[None]:
    if db.is_sqlite():
        with open(f"{db.database.obj.database}.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    db.database.execute_sql("SET statement_timeout = 0")  # a migration, or the wait for one, may take its time
    db.database.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        yield
    finally:
        db.database.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
        db.database.execute_sql("RESET statement_timeout")
