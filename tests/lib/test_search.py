"""Full text: words without accents, the last one as a beginning, and anything a person may type."""

import pytest

from app.lib import search
from app.lib.db import is_sqlite
from app.lib.search import SearchEntry, Wanted
from app.tickets.ticket import Ticket


def found(words, *, public_only=False):
    ids = SearchEntry.tickets_with(Wanted.of(words), public_only=public_only)
    return [ticket.number for ticket in Ticket.select().where(Ticket.id.in_(ids))]


@pytest.mark.parametrize(
    "words", ["oil", "OIL press", "oi", "under the pre", '"under the press"', "óil", "leaks -water"]
)
def test_a_ticket_is_found(world, words):
    assert found(words) == [world.leak.number]


@pytest.mark.parametrize("words", ["water", "oil water", '"press under"', "oil -press", '"oi"'])
def test_a_ticket_is_not_found(world, words):
    assert found(words) == []


@pytest.mark.parametrize(
    "words", ["", " ", '"', "'", "(((", "AND", "OR NOT", "*", ":*", "a:b", "\\", "-", "!", "%", "x'y"]
)
def test_nothing_that_is_typed_breaks_it(world, words):
    assert found(words) in ([], [world.leak.number])


def test_a_note_is_not_found_by_a_customer(world):
    assert found("third time") == [world.leak.number]
    assert found("third time", public_only=True) == []


def test_beginnings_count_only_while_whole_words_find_too_little(world, monkeypatch):
    SearchEntry.add(world.leak, "oilskin", public=False)
    assert SearchEntry.select().where(SearchEntry.id.in_(_entries("oil"))).count() > 1
    monkeypatch.setattr(search, "NEWEST", 1)
    latest = SearchEntry.select().where(SearchEntry.id.in_(_entries("oil"))).get()
    assert latest.body != "oilskin"


def _entries(words):
    if not is_sqlite():
        pytest.skip("PostgreSQL gathers no beginnings first")
    return Wanted.of(words).matching()
