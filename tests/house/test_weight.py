"""What a web process carries about: not the libraries that only the worker, a child or a command needs."""

import json
import os
import subprocess
import sys

import pytest

from app.lib import db
from tests.house.access import ROWS
from tests.house.source import ROOT

LEAN = {"PYTHONPATH": "tests/bench/lean"}  # without the drivers of PostgreSQL and Redis, as most installations are
pytestmark = pytest.mark.sqlite_only

# Each takes megabytes or a good part of a second, and none of them serves a page.
ELSEWHERE = {
    "xhtml2pdf", "reportlab", "pypdf", "pypdfium2", "pyhanko", "lxml",  # PDFs are made in a child of the worker
    "app.mail.reading", "app.mail.quotes", "app.mail.bounces", "icalendar", "tnefparse", "selectolax",  # reading mail
    "aiosmtpd",  # the receiver's
    "psycopg", "redis",  # on SQLite
    "multiprocessing", "unittest", "pydoc",  # what a library takes along when it is asked for too much
}  # fmt: skip


def test_a_web_process_that_has_shown_every_page_carries_nothing_it_does_not_need(app, world, things):
    who = {"ada": world.ada.email, "carol": world.carol.email, "nobody": ""}
    paths = {
        email: [row.path.format(**things) for row in ROWS if row.method == "GET" and name in row.allowed]
        for name, email in who.items()
    }
    config = app.extensions["ventanilla"]
    db.release()  # what is only in this connection's log would not be seen
    where = [str(config.data_dir), config.database_url, config.secret_key]
    command = [sys.executable, "-m", "tests.house.tour", *where, json.dumps(paths)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | LEAN)
    assert not answer.returncode, answer.stderr[-2000:]
    db.acquire()
    found = json.loads(answer.stdout.splitlines()[-1])
    # There is no worker; and nobody comes back from a provider without what was asked of it.
    assert found["failed"] == {"/health/ready": 503, "/desk/settings/mailboxes/access": 422}
    assert not sorted(ELSEWHERE & set(found["modules"]))
