"""`flask serve --sample`: one command that starts, answers, ends at Ctrl-C, and loses no job."""

import os
import re
import signal
import socket
import sqlite3
import time
from contextlib import closing

import pytest

from tests.wire.mailserver import free_port
from tests.wire.serving import Serving
from tests.wire.visiting import Visitor

pytestmark = pytest.mark.sqlite_only
LUCIA = re.compile(r"lucia@bahiaazul\.example / (\S+)")


@pytest.fixture
def serving(tmp_path):
    made = Serving(tmp_path / "data", "--sample")
    yield made
    made.end()


def test_it_starts_answers_ends_and_starts_again_in_seconds(serving):
    first = serving.start()
    assert f"Ventanilla is at {serving.base_url}" in serving.said()
    assert len(serving.running()) == 5  # the supervisor, the web server and its process, the worker, the mail receiver
    visitor = Visitor(serving.base_url)
    assert visitor.get("/health/live").status == 200
    assert visitor.get("/support").h1 == "Support"
    assert visitor.sign_in("lucia@bahiaazul.example", password(serving)).status == 200
    assert serving.interrupt() < 5
    assert not serving.running()
    assert serving.process.returncode == 0
    assert {path.name for path in serving.folder.iterdir()} >= {"ventanilla.db", "queue.db", "keys", "files"}

    second = serving.start()
    assert second < max(8, first)
    assert Visitor(serving.base_url).get("/support").status == 200
    assert serving.interrupt() < 5


def test_what_is_queued_at_ctrl_c_is_done_after_the_next_start(serving):
    """The worker hangs: its job stays, and the process that does not end by itself is ended all the same."""
    serving.start()
    lucia = Visitor(serving.base_url)
    lucia.sign_in("lucia@bahiaazul.example", password(serving))
    hang(serving)
    ticket = next(each["href"] for each in lucia.get("/portal").all("a") if "/portal/tickets/" in each.get("href"))
    waiting = lucia.post(f"{ticket}/documents", csrf_token=token_of(lucia.get(ticket)))
    assert waiting.h1 == "Generando el PDF", waiting.text  # she reads Spanish
    assert serving.interrupt() < 6
    assert not serving.running()

    serving.start()
    end = time.monotonic() + 30
    while (file := lucia.get(waiting.path)).response.mimetype != "application/pdf":
        assert time.monotonic() < end, file.text
        time.sleep(0.3)
    assert serving.interrupt() < 5


def test_a_taken_port_is_said_in_one_line(serving):
    with (
        socket.create_server(("127.0.0.1", serving.port)),
        pytest.raises(AssertionError, match=f"Port {serving.port} is taken"),
    ):
        serving.start()
    assert len(serving.said().strip().splitlines()) == 1


def test_an_unwritable_folder_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    serving = Serving(tmp_path / "file" / "data", PORT=str(free_port()))
    serving.log = tmp_path / "said.log"
    with pytest.raises(AssertionError, match=r"DATA_DIR .* cannot be written"):
        serving.start()
    assert len(serving.said().strip().splitlines()) == 1


def hang(serving):
    """Stops the worker where it stands, but not in the middle of a write: nobody else could write either."""
    worker = next(number for number, command in serving.running().items() if "tasks.huey" in command)
    for _ in range(100):
        os.kill(worker, signal.SIGSTOP)
        if all(is_free(serving.folder / name) for name in ("ventanilla.db", "queue.db")):
            return
        os.kill(worker, signal.SIGCONT)
        time.sleep(0.1)
    raise AssertionError("the worker writes all the time")


def is_free(database):
    """Whether one may write now."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True


def password(serving):
    return LUCIA.search(serving.said()).group(1)


def token_of(page):
    return next(each["value"] for each in page.all("input") if each.get("name") == "csrf_token")
