"""Changes of many tickets, done in the background."""

from collections.abc import Callable, Mapping
from typing import Any

from app.tickets.batch import Batch, Quiet
from app.timeline.event import Event

_quiet: dict[str, Quiet] = {}


def done_at_the_end(reactions: Mapping[str, list[Callable[[Event], Any]]], at_the_end: set[Any]) -> None:
    """Of all reactions names those that the end of a batch stands for."""
    for kind, calls in reactions.items():
        names = tuple(call.__name__ for call in calls if call in at_the_end)
        _quiet[kind] = Quiet(names, is_all=len(names) == len(calls))


def run(event: Event) -> None:
    """Does what was asked, or what a killed worker has left of it."""
    batch = event.about
    if isinstance(batch, Batch):
        batch.run(quiet=_quiet)
