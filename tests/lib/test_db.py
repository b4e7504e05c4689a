"""Writers on SQLite: the threads of a process take turns, whatever becomes of each."""

import threading
import time

import pytest
from peewee import OperationalError

from app.accounts.person import Person
from app.lib import db
from app.messages.message import NothingSaid
from app.tickets.ticket import Ticket

pytestmark = pytest.mark.sqlite_only


def in_threads(count, work):
    """Runs `work(number)` in threads at the same time, each a unit of its own; what they raised."""
    raised, begin = [], threading.Barrier(count)

    def run(number):
        with db.connection():
            db.database.execute_sql("PRAGMA busy_timeout = 0")  # SQLite itself lets nobody wait
            begin.wait()
            try:
                work(number)
            except Exception as problem:
                raised.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return raised


def write(number):
    for step in range(5):
        with db.transaction():
            Person.create(name=f"{number}/{step}", language="en")
            time.sleep(0.002)


def test_writers_wait_for_each_other_and_none_is_refused(app):
    assert in_threads(6, write) == []
    assert Person.select().where(Person.name.contains("/")).count() == 30


def test_one_that_fails_gives_its_turn_back(app):
    def fail(number):
        with db.transaction():
            Person.create(name=f"{number}/x", language="en")
            raise RuntimeError("on purpose")

    assert [str(each) for each in in_threads(3, fail)] == ["on purpose"] * 3
    assert in_threads(2, write) == []
    assert Person.select().where(Person.name.contains("/")).count() == 10


def test_one_that_cannot_begin_takes_nobody_elses_turn(app, monkeypatch):
    with db.transaction(), monkeypatch.context() as hurried:
        hurried.setattr(db, "PATIENCE", 0.1)
        with pytest.raises(OperationalError, match="within a transaction"):
            db.database.begin()
        assert [str(each) for each in in_threads(1, write)] == ["database is locked"]
    assert in_threads(2, write) == []


def test_what_is_rolled_back_is_rolled_back_in_memory_too(world):
    leak, ben = world.leak, world.ben
    was = leak.status

    def fail_after_replying():
        with db.transaction():
            leak.reply("We come on Friday.", by=ben)
            assert leak.status == "answered_by_team"
            raise RuntimeError("on purpose")

    with pytest.raises(NothingSaid):
        leak.reply("  ", by=ben)
    assert leak.status == was
    with pytest.raises(RuntimeError):
        fail_after_replying()
    assert (leak.status, leak.is_dirty()) == (was, False)
    with db.transaction():
        with pytest.raises(NothingSaid):
            leak.reply("", by=ben)
        leak.reply("We come on Friday.", by=ben)
    assert leak.status == Ticket.get_by_id(leak.id).status == "answered_by_team"
    assert db._held() == []
