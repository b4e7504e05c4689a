"""Acts at once, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.lib import db
from app.lib.refusals import Refused


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Runs these at once; what each came to: what it returned, or its refusal. Any other problem fails the test."""
    start = threading.Barrier(len(acts))
    ends: list[Any] = [AssertionError("never ended")] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context(), db.connection():
            start.wait(10)
            try:
                ends[place] = act()
            except Exception as problem:
                ends[place] = problem
            finally:
                if not db.database.is_closed():
                    db.database.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for end in ends:
        assert not isinstance(end, Exception) or isinstance(end, Refused), repr(end)
    return ends
