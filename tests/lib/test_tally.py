"""Counting in one statement, and not again while nothing has been done."""

from app.lib import clock
from app.lib.tally import Tally
from tests.counting import statements

PEOPLE = ("SELECT id FROM person", [])


def counted(key, *wanted):
    figures = Tally()
    figures.also(lambda: figures.once(key, lambda: [figures.want(name, PEOPLE) for name in wanted]))
    return figures


def test_what_was_counted_under_a_key_is_taken_over(world):
    with statements() as seen:
        first = counted(("key", 1), "all", "everybody")["all"]
        again = counted(("key", 1), "all", "everybody")
        assert (again["all"], again["everybody"]) == (first, first)
    assert len(seen) == 1
    assert first >= 8


def test_another_key_counts_again(world):
    with statements() as seen:
        counted(("key", 1), "all")["all"]
        counted(("key", 2), "all")["all"]
    assert len(seen) == 2


def test_the_sidebar_counts_again_once_something_was_done(desk, world):
    client = desk(world.ben)
    with clock.at(clock.now()), statements() as seen:  # each minute it counts again anyway
        before = client.get("/desk/tickets?view=all").text
        seen.clear()
        client.get("/desk/tickets?view=all")
    assert "Unattended1" in before
    assert not [each for each in seen if '"assignee_id" IS NULL' in each]  # what only the sidebar counts
    world.leak.close("Done.", by=world.ben)
    assert "Unattended1" not in client.get("/desk/tickets?view=all").text
