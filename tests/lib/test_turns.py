"""Pages take turns, and nobody waits long for theirs."""

import threading
import time

import pytest

from app.lib import turns
from app.lib.turns import InTurn

pytestmark = pytest.mark.sqlite_only


class Counting:
    """An application that takes its time and knows how many were inside at once."""

    def __init__(self, seconds):
        self.seconds, self.inside, self.most = seconds, 0, 0
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(self.seconds)
        with self.lock:
            self.inside -= 1
        if "fail" in environ:
            raise RuntimeError("on purpose")
        return [b"done"]


def ask(app, method="GET", times=1, **more):
    threads = [threading.Thread(target=app, args=({"REQUEST_METHOD": method, **more}, None)) for _ in range(times)]
    for thread in threads:
        thread.start()
    return threads


def test_pages_are_drawn_one_at_a_time():
    inner = Counting(0.005)
    for thread in ask(InTurn(inner), times=8):
        thread.join()
    assert inner.most == 1


def test_forms_do_not_wait_for_pages_nor_for_each_other():
    inner = Counting(0.3)
    for thread in ask(InTurn(inner), "POST", times=3):
        thread.join()
    assert inner.most == 3


def test_whoever_waited_too_long_goes_in_all_the_same(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    inner = Counting(0.5)
    for thread in ask(InTurn(inner), times=2):
        thread.join()
    assert inner.most == 2


def test_but_few_pass_by_at_once(monkeypatch):
    """A slow page does not call all threads in: each of them would take a connection and as much longer."""
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    inner = Counting(0.1)
    for thread in ask(InTurn(inner), times=8):
        thread.join()
    assert inner.most == 1 + turns.PASSING


def test_whoever_waited_longest_asks_nobody(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    monkeypatch.setattr(turns, "LONGEST", 0.02)
    inner = Counting(0.5)
    for thread in ask(InTurn(inner), times=5):
        thread.join()
    assert inner.most == 5


def test_the_turn_passes_on_after_a_failure():
    app = InTurn(Counting(0))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            app({"REQUEST_METHOD": "GET", "fail": True}, None)
    start = time.monotonic()
    assert app({"REQUEST_METHOD": "GET"}, None) == [b"done"]
    assert time.monotonic() - start < turns.PATIENCE
