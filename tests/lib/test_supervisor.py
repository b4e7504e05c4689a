"""The supervisor, with real processes of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wire.mailserver import free_port

pytestmark = pytest.mark.sqlite_only

SCRIPT = Path(__file__).resolve().parents[2] / "app" / "lib" / "supervisor.py"
WEB = """
import os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.headers["Host"] == "support.example" else 400)
        self.end_headers()
    def log_message(self, *_): pass
open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
WORKER = """
import os, signal, sys, time
def finish(number, _):
    open(sys.argv[1], "a").write(f"{signal.Signals(number).name}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, finish)
signal.signal(signal.SIGINT, finish)
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
while True: time.sleep(0.05)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


class Running:
    """A supervisor over a small web server and a worker that note what happens to them."""

    def __init__(self, folder: Path, **more: list[str]) -> None:
        port, self.web, self.worker = free_port(), folder / "web", folder / "worker"
        processes = {
            "web server": [sys.executable, "-c", WEB, str(port), str(self.web)],
            "worker": [sys.executable, "-c", WORKER, str(self.worker)],
            **more,
        }
        live = {"host": "127.0.0.1", "port": port, "path": "/", "as_host": "support.example"}
        plan = json.dumps({"processes": processes, "live": live, "greeting": ["It is there."]})
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(SCRIPT), plan], stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def greeted(self) -> bool:
        assert self.process.stdout
        return "It is there." in self.process.stdout.readline()

    def notes(self, file: Path) -> list[str]:
        return file.read_text().split() if file.exists() else []

    def started(self, file: Path) -> int:
        """The number of the first process that made notes there; the greeting does not wait for all of them."""
        assert eventually(lambda: bool(self.notes(file)))
        return int(self.notes(file)[0])

    def stop(self, how: signal.Signals) -> tuple[int, float]:
        began = time.monotonic()
        os.killpg(self.process.pid, how)  # as a terminal does: to the whole foreground group
        self.process.communicate(timeout=10)
        return self.process.returncode, time.monotonic() - began


@pytest.fixture
def running(tmp_path):
    started: list[Running] = []

    def start(**more: list[str]) -> Running:
        started.append(Running(tmp_path, **more))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_asks_each_child_to_finish(running, how):
    supervisor = running()
    assert supervisor.greeted()
    pid = supervisor.started(supervisor.worker)
    code, seconds = supervisor.stop(how)
    assert code == 0
    assert seconds < 2
    assert supervisor.notes(supervisor.worker)[1:] == ["SIGTERM"]  # once, and never the terminal's own SIGINT
    assert not is_alive(pid)


def test_a_child_that_will_not_end_is_killed_within_five_seconds(running):
    supervisor = running(stubborn=[sys.executable, "-c", STUBBORN])
    assert supervisor.greeted()
    time.sleep(0.3)
    code, seconds = supervisor.stop(signal.SIGTERM)
    assert code == 0
    assert 4 < seconds < 5


def test_a_child_that_dies_is_started_again(running):
    supervisor = running()
    assert supervisor.greeted()
    first = supervisor.started(supervisor.worker)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: len(supervisor.notes(supervisor.worker)) == 2)
    assert int(supervisor.notes(supervisor.worker)[1]) != first
    assert is_alive(supervisor.started(supervisor.web))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_children_end_when_the_supervisor_is_killed_outright(running):
    supervisor = running()
    assert supervisor.greeted()
    pids = [supervisor.started(file) for file in (supervisor.web, supervisor.worker)]
    supervisor.process.kill()
    supervisor.process.wait(5)
    assert eventually(lambda: not any(is_alive(pid) for pid in pids))


def test_a_child_that_cannot_start_ends_the_start_with_one_line(running):
    never_live = [sys.executable, "-c", "import time; time.sleep(60)"]  # so the greeting is not first, however slow
    supervisor = running(**{"web server": never_live, "receiver": [sys.executable, "-c", "raise SystemExit(3)"]})
    said, _ = supervisor.process.communicate(timeout=10)
    assert said.splitlines()[-1].startswith("Ventanilla did not start: the receiver ended")
    assert supervisor.process.returncode == 1


def is_alive(pid: int) -> bool:
    """Whether it runs; what has ended and waits for its parent to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(question: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.05)
    return False
