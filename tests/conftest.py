"""The fixtures that every test may ask for; larger ones stand in tests/fixtures."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

# The tasks read their settings when they are imported: nothing may reach a developer's own data.
os.environ.update(DATA_DIR=tempfile.mkdtemp(prefix="ventanilla-"), DATABASE_URL="", QUEUE_URL="", BASE_URL="")

from app.lib import db, kept
from tests import needs
from tests.browsing import Client
from tests.fixtures import compiled, postgres

FIXTURES = ("installation", "browser", "mail", "names", "google", "sealing")
pytest_plugins = [f"tests.fixtures.{name}" for name in FIXTURES]
ON_POSTGRES = os.environ.get("VENTANILLA_TEST_DB") == "postgres"
kept.is_checked = True
# Rows that nobody asked to be in order come the other way round: who relies on theirs fails here and now, not once in
# fifty runs on PostgreSQL, which puts a new row wherever an old one has left room.
db.SQLITE_PRAGMAS["reverse_unordered_selects"] = 1
compiled.share_addresses()
NEEDED = pytest.StashKey[list[str]]()
SERVER = pytest.StashKey[postgres.Server]()


def pytest_configure(config: pytest.Config) -> None:
    """Once a run, not once a worker: starts the database server that all workers share."""
    config.stash[NEEDED] = []
    if hasattr(config, "workerinput") or not ON_POSTGRES or config.option.collectonly:
        return
    if problem := needs.missing("postgres"):
        failed = "postgres" in needs.required()
        pytest.exit(f"Not run: the tests on PostgreSQL ({problem}).", returncode=1 if failed else 0)
    if not os.environ.get("TEST_DATABASE_URL"):
        config.stash[SERVER] = server = postgres.Server()
        os.environ["TEST_DATABASE_URL"] = server.start()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL without what is only for SQLite: a test that breaks a table there would leave it broken here."""
    if ON_POSTGRES:
        left = {item for item in items if item.get_closest_marker("sqlite_only")}
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple) and "needs " in report.longrepr[2]:
        _skipped.append(report.longrepr[2])


_skipped: list[str] = []


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if server := config.stash.get(SERVER, None):
        server.stop()
    print(needs.summary(_skipped), f"Database: {'PostgreSQL' if ON_POSTGRES else 'SQLite'}.")


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands still from now on; `clock.shift(timedelta)` and `clock.move_to(moment)` move it."""
    with time_machine.travel(datetime.now(UTC).replace(microsecond=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(app: Any) -> Client:
    """Somebody who is not signed in."""
    return Client(app)


@pytest.fixture
def desk(app: Any) -> Callable[[Any], Client]:
    """`desk(ben)`: Ben's browser, signed in at the desk."""
    return lambda person: Client(app, home="/desk").sign_in(person)


@pytest.fixture
def portal(app: Any) -> Callable[[Any], Client]:
    """`portal(carol)`: Carol's browser, signed in at the portal."""
    return lambda person: Client(app, home="/portal").sign_in(person)
