"""The history: what is written down, and when."""

import pytest

from app.timeline.event import Event, record


def test_nothing_is_recorded_outside_a_transaction(world):
    before = Event.select().count()
    with pytest.raises(RuntimeError):
        record("group.changed", by=world.ada, about=world.press_team)
    assert Event.select().count() == before
