"""Pages take turns. Python runs one thread at a time, and with SQLite a page never waits for anything but that: eight
threads at once hand the interpreter to each other at every row they read, each page costs half as much again, and each
thread holds a connection of half a megabyte.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 0.1  # seconds: whoever waits longer passes by, since the one inside may be waiting for a writer
PASSING = 2  # so many at once
LONGEST = 2.0  # seconds: whoever waits longer than that goes in, however many there are


class InTurn:
    """A WSGI application whose pages are drawn one at a time.

    Only what brings no body: a form may come in slowly, and may rest on purpose. What is sent back is sent outside.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app, self._turn, self._passing = app, threading.Lock(), threading.Semaphore(PASSING)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        door = self._door()
        try:
            return self._app(environ, start_response)
        finally:
            if door:
                door.release()

    def _door(self) -> "threading.Lock | threading.Semaphore | None":
        """What this page has to give back; None if it waited for neither any longer."""
        if self._turn.acquire(timeout=PATIENCE):
            return self._turn
        return self._passing if self._passing.acquire(timeout=LONGEST) else None
