"""No GET and no HEAD changes anything but these traces: link scanners open everything."""

import pytest
from flask import Flask

from app.lib import db
from app.lib.db import Record
from tests.browsing import Client
from tests.house.access import EVERYBODY, ROWS

# Last use and read marks: what may be written while somebody only looks.
TRACES = {"LinkUse", "PortalLinkUse", "TicketRead", "Presence", "Heartbeat"}
TRACE_FIELDS = {"SandboxLetter": "opened_at"}


def contents() -> dict[str, list[tuple]]:
    """Every row of every table that holds more than traces."""
    records = {name: record for name, record in Record.records.items() if name not in TRACES}
    return {name: sorted(_kept(record).tuples(), key=repr) for name, record in records.items()}


def _kept(record):
    fields = record._meta.sorted_fields
    return record.select(*(field for field in fields if field.name != TRACE_FIELDS.get(record.__name__)))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(app: Flask, world, things, method: str):
    browsers = {who: Client(app) if who == "nobody" else Client(app).sign_in(getattr(world, who)) for who in EVERYBODY}
    before = contents()
    for row in ROWS:
        if row.method == "GET":
            for who in row.allowed:
                browsers[who].http.open(row.path.format(**things), method=method, buffered=True)
                db.acquire()
    after = contents()
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, changed
