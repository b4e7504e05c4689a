"""The queue: Huey on SQLite or on Redis, and the unit of work that each task runs in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import Flask, has_app_context

from app import create_app
from app.config import Config
from app.lib import db
from app.lib.jobs import open_queue

_config = Config.from_environment()


huey = open_queue(_config)
_worker: list[Flask] = []
_starting = threading.Lock()


def worker_app() -> Flask:
    """The application of this worker process, made when it starts; its own events react too."""
    with _starting:
        if not _worker:
            _worker.append(create_app(_config, announce=_announce[0]))
    return _worker[0]


_announce: list[Callable[[Any], None] | None] = [None]


@huey.on_startup()
def begin() -> None:
    """A consumer that cannot start says so at once, and not at its first task."""
    worker_app()


def react_with(announce: Callable[[Any], None]) -> None:
    """Tells the queue who hears of events that a worker's own tasks leave."""
    _announce[0] = announce


def unit(work: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a task in the application's context and with a connection of its own."""

    @wraps(work)
    def inner(*arguments: Any, **named: Any) -> Any:
        if has_app_context():  # immediate, in a test or a command
            with db.connection():
                return work(*arguments, **named)
        with worker_app().app_context(), db.connection():
            return work(*arguments, **named)

    return inner


@contextmanager
def at_work() -> Iterator[None]:
    """A unit of work of a thread that is no task."""
    with worker_app().app_context(), db.connection():
        yield


def task(work: Callable[..., Any]) -> Any:
    """A task: arguments are ids; it may run twice and must not show it. Nothing is retried: tables are swept."""
    return huey.task()(unit(work))
