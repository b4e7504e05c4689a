"""Pages take turns. Python runs one thread at a time, and with SQLite a page never waits for anything but that: eight
threads at once hand the interpreter to each other at every row they read, and each page costs half as much again.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE = 0.1  # seconds: whoever waits longer goes in, since the one inside may be waiting for a writer


class InTurn:
    """A WSGI application whose pages are drawn one at a time.

    Only what brings no body: a form may come in slowly, and may rest on purpose. What is sent back is sent outside.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app, self._turn = app, threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        is_mine = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._app(environ, start_response)
        finally:
            if is_mine:
                self._turn.release()
