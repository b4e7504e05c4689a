"""Full text: words without accents, the last one as a beginning, and anything a person may type."""

import pytest
from peewee import Select

from app.lib import search
from app.lib.db import database, is_sqlite
from app.lib.search import SearchEntry, Wanted
from app.messages.message import Message
from app.tickets.ticket import Ticket


def found(words):
    hits = SearchEntry.hits(Wanted.of(words), most=search.NEWEST).cte("hits", columns=("ticket_id", "entry_id"))
    ids = Select((hits,), (hits.c.ticket_id,))
    return [ticket.number for ticket in Ticket.select().where(Ticket.id.in_(ids)).with_cte(hits)]


def found_by_customers(words):
    ids = SearchEntry.public_tickets(Wanted.of(words), held=Message.held())
    return [ticket.number for ticket in Ticket.select().where(Ticket.id.in_(ids))]


@pytest.mark.parametrize(
    "words", ["oil", "OIL press", "oi", "under the pre", '"under the press"', "óil", "leaks -water"]
)
def test_a_ticket_is_found(world, words):
    assert found(words) == found_by_customers(words) == [world.leak.number]


@pytest.mark.parametrize("words", ["water", "oil water", '"press under"', "oil -press", '"oi"'])
def test_a_ticket_is_not_found(world, words):
    assert found(words) == found_by_customers(words) == []


@pytest.mark.parametrize(
    "words", ["", " ", '"', "'", "(((", "AND", "OR NOT", "*", ":*", "a:b", "\\", "-", "!", "%", "x'y"]
)
def test_nothing_that_is_typed_breaks_it(world, words):
    assert found(words) == found_by_customers(words)
    assert found(words) in ([], [world.leak.number])


def test_a_note_is_not_found_by_a_customer(world):
    assert found("third time") == [world.leak.number]
    assert found_by_customers("third time") == []


def test_what_others_wrote_since_hides_nothing_from_a_customer(world, monkeypatch):
    """The latest texts with a word may all be other people's."""
    monkeypatch.setattr(search, "NEWEST", 3)
    theirs = Ticket.open(by=world.ben, requester=world.eve, subject="x", text="x", channel="desk", acknowledge=False)
    for _ in range(5):
        SearchEntry.add(theirs, "our oil", public=True)
    assert world.leak.number in found_by_customers("oil")


def test_a_word_is_found_among_the_latest_texts_and_among_all(world, monkeypatch):
    """PostgreSQL looks through the latest texts first, then through all."""
    monkeypatch.setattr(search, "LATEST_FIRST", search.LATEST_FIRST.replace("20000", "1"))
    SearchEntry.add(world.leak, "saffron", public=False)
    assert found("saffron") == found("oil") == [world.leak.number]
    hits = SearchEntry.hits(Wanted.of("oil"), most=1)
    assert len(database.execute(hits).fetchall()) == 1


def test_of_a_rare_word_the_latest_texts_are_glanced_at_only(world):
    SearchEntry.add(world.leak, "saffron", public=False)
    looked_through = [_looked_through("saffron", most=20), _looked_through("saffron", most=21)]
    assert looked_through == [SearchEntry.select().count(), 0]


def _looked_through(words, most):
    """How many of the latest texts PostgreSQL reads before it goes by the words."""
    if is_sqlite():
        pytest.skip("SQLite reads no texts first")
    sql, values = SearchEntry.hits(Wanted.of(words), most=most).sql()
    todo = [database.execute_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchone()[0][0]["Plan"]]
    while (node := todo.pop()).get("Alias") != "late":
        todo += node.get("Plans", [])
    return node["Plans"][0]["Actual Rows"]


def test_beginnings_count_only_while_whole_words_find_too_little(world):
    SearchEntry.add(world.leak, "oilskin", public=False)
    assert SearchEntry.select().where(SearchEntry.id.in_(_entries("oil"))).count() > 1
    latest = SearchEntry.select().where(SearchEntry.id.in_(_entries("oil", most=1))).get()
    assert latest.body != "oilskin"


def _entries(words, most=search.NEWEST):
    if not is_sqlite():
        pytest.skip("PostgreSQL gathers no beginnings first")
    return Wanted.of(words).matching(most)
