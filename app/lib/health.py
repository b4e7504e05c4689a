"""Is it alive, is it ready: what a load balancer, a supervisor or a person asks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from peewee import CharField

from app.lib import db
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField

BEAT_LIMIT = timedelta(minutes=3)  # the worker beats each minute; two may be late under load

log = structlog.get_logger()


class Heartbeat(Record):
    """When a duty last ran to its end."""

    name = CharField(max_length=40, unique=True)
    at = UTCDateTimeField(default=now)

    @classmethod
    def beat(cls, name: str) -> None:
        moment = now()
        cls.insert(name=name, at=moment).on_conflict(conflict_target=[cls.name], update={cls.at: moment}).execute()

    @classmethod
    def last(cls, name: str) -> datetime | None:
        row = cls.get_or_none(cls.name == name)
        return row.at if row else None


class NotReady(Exception):
    """A part cannot do its work; the message names no address and no password, since anyone may read it."""


_parts: dict[str, Callable[[], Any]] = {}
_told: set[str] = set()


def watch(name: str, check: Callable[[], Any], *, only_told: bool = False) -> None:
    """Adds a part to /health/ready. Its check raises, best NotReady with a sentence, when the part does not work.

    What is `only_told` leaves the status as it is: nobody is better served by a portal that is taken away because
    somebody else's mail server is down.
    """
    _parts[name] = check
    (_told.add if only_told else _told.discard)(name)


def live() -> dict[str, str]:
    """The process answers: nothing else is asked, so that a slow database does not get it killed."""
    return {"status": "live"}


def ready() -> tuple[dict[str, str], int]:
    """Each part with "ok" or what is wrong, and the HTTP status: 200 only if all that we need are well."""
    answers = {name: _ask(name, check) for name, check in _parts.items()}
    is_ready = all(answer == "ok" for name, answer in answers.items() if name not in _told)
    return answers, 200 if is_ready else 503


def _ask(name: str, check: Callable[[], Any]) -> str:
    try:
        check()
    except NotReady as problem:
        return str(problem)
    except Exception:  # whatever a driver raises: the answer is the same, the details are for the log
        log.exception("health.failed", part=name)
        return "not reachable"
    return "ok"


def _database() -> None:
    db.database.execute_sql("SELECT 1").fetchone()


def _worker() -> None:
    last = Heartbeat.last("worker")
    if last is None:
        raise NotReady("has not been seen yet")
    if now() - last > BEAT_LIMIT:
        raise NotReady(f"last seen {last:%Y-%m-%d %H:%M} UTC")


watch("database", _database)
watch("worker", _worker)
