"""The one source of the present moment, so that tests can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC, in whole microseconds."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What is done within was done at `moment`: for histories that are told afterwards, as the sample company's."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
