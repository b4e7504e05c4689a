"""What narrows a list: the rare is gathered, the frequent walked to, and both come to the same tickets."""

import re
from datetime import timedelta

import pytest
from flask_babel import force_locale

from app.catalog.lists import CustomField
from app.lib import tally
from app.lib.clock import now
from app.lib.db import is_sqlite
from app.tickets.custom import CustomValue
from app.tickets.filters import NUMBERS
from app.tickets.lifecycle import CLOSED, TEAM, TURNS
from app.tickets.listing import ORDERS
from app.tickets.ticket import Ticket, TicketTag
from tests.counting import plan, statements
from tests.tickets.test_listing import args_of, listing, numbers

INDEXED = (*(f"{name}=1" for name in NUMBERS), "visibility=internal", "has=files", "signature=no", "language=pt")


def own(name="Floor", kind="text", **details):
    field = CustomField.add(name, kind=kind, **details)
    return field, f"custom_{field.id}"


def ways(shown):
    """How the counts and the page of a list come to their tickets."""
    with statements() as seen:
        shown.page()
    asked = [sql for sql in seen if " AS q0" in sql or "LIMIT ?) AS" in sql]
    assert len(asked) == 2, seen
    return [step for sql in asked for step in plan(sql) if re.search(r"\bt\d+ USING", step)]


@pytest.fixture
def marked(world):
    """Thirty with a tag, every third of them closed, and a few without."""
    opened = []
    for place in range(34):
        ticket = Ticket.open(
            by=world.ben, channel="desk", requester=world.eve, subject=f"Roll {place}", text="x", acknowledge=False,
            due_at=now() + timedelta(hours=place * 7 % 50 + 30) if place % 2 else None, language="pt",
        )  # fmt: skip
        if place < 30:
            ticket.tag_with(["urgent", f"n{place}"], by=world.ben)
        if place % 3 == 0:
            ticket.close("Done", by=world.ben)
        opened.append(ticket)
    return opened


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("narrowed", [{"tag": "urgent"}, {"language": "pt"}, {"tag": "urgent", "language": "pt"}])
def test_few_and_many_are_the_same_page_after_page(world, marked, monkeypatch, order, narrowed):
    def pages():
        found, shown = [], listing(world.ben, view="any", order=order, **narrowed)
        while True:
            page = shown.page()
            found.append([row.number for row in page.rows])
            if not page.next_url:
                break
            shown = listing(world.ben, **args_of(page.next_url))
        back = listing(world.ben, **args_of(page.previous_url)).page()
        return found, [row.number for row in back.rows]

    few = pages()
    monkeypatch.setattr(tally, "MOST", 1)  # from one on they are many
    assert pages() == few
    assert sum(map(len, few[0])) == (30 if "tag" in narrowed else 34)
    assert few[0][0] == few[1]


def test_a_board_of_few_is_the_board_of_many(world, marked, monkeypatch):
    def board():
        shown = listing(world.ben, view="any", tag="urgent", layout="board").board()
        return {status: [row.number for row in rows] for status, rows in shown.items()}

    few = board()
    monkeypatch.setattr(tally, "MOST", 1)
    assert board() == few
    assert [len(rows) for status, rows in few.items() if rows] == [12, 10]


def test_a_tag_and_a_field_are_found_wherever_their_ticket_goes(world, marked):
    """The turn that they carry is the ticket's, whatever happened to it."""
    ticket, other = marked[1], marked[2]
    floor, by_floor = own()
    ticket.set_custom(floor, "3", by=world.ben)

    def where():
        for records in (TicketTag, CustomValue):
            assert [each.turn for each in records.select()] == [each.ticket.turn for each in records.select()]
        by_tag, by_value = ([*there(tag="n1")], [*there(**{by_floor: "3"})])
        assert by_tag == by_value
        return by_tag

    def there(**narrowed):
        return (
            view
            for view in ("unattended", "all", "closed")
            if ticket.number in numbers(world.ben, view=view, **narrowed)
        )

    assert where() == ["unattended", "all"]
    ticket.reply("Better?", by=world.ben)
    assert where() == ["all"]
    ticket.close("Done", by=world.ben)
    assert where() == ["closed"]
    ticket.remove(by=world.ada)
    assert where() == []
    ticket.restore(by=world.ada)
    assert where() == ["closed"]
    ticket.reopen(by=world.ben)
    assert where() == ["unattended", "all"]
    ticket.merge_into(other, by=world.ben)
    assert where() == []
    assert numbers(world.ben, view="all", tag="n1") == [other.number]
    Ticket.get_by_id(ticket.id).separate(by=world.ben)
    assert where() == ["unattended", "all"]
    assert numbers(world.ben, view="all", tag="n1") == [ticket.number]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("narrowed", INDEXED)
def test_a_rare_value_is_counted_and_listed_through_an_index_of_its_own(world, narrowed):
    """Whatever else is chosen, no statement reads all tickets of a turn to find the few that are meant."""
    name, value = narrowed.split("=")
    column = {"visibility": "is_internal", "has": "has_files", "signature": "online_signature"}.get(name, name)
    for view in ("all", "closed"):
        for order in ORDERS:
            shown = listing(world.ben, view=view, order=order, **{name: value})
            steps = [step for step in ways(shown) if "(rowid=?)" not in step]
            assert steps
            assert all(f"ticket_{column}" in step for step in steps), steps


@pytest.mark.sqlite_only
@pytest.mark.parametrize("also", [{"category": "1"}, {"status": "open"}, {"language": "es", "priority": "2"}])
def test_of_one_customer_no_other_filter_leads(world, also):
    """A category holds a part of all tickets there ever were; a customer has a few."""
    steps = ways(listing(world.ben, view="any", requester=str(world.carol.id), **also))
    assert all("ticket_requester_id" in step or "(rowid=?)" in step for step in steps), steps


@pytest.mark.sqlite_only
def test_a_rare_tag_leads_to_its_tickets(world, marked):
    steps = ways(listing(world.ben, view="any", tag="urgent", order="newest"))
    links = [step for step in steps if "tickettag_tag_id_turn_ticket_id (tag_id=? AND turn=?)" in step]
    assert len(links) == 2 * len(TURNS)
    assert all("INTEGER PRIMARY KEY" in step for step in steps if step not in links), steps


@pytest.mark.parametrize(
    ("kind", "kept", "asked", "not_asked"),
    [
        ("text", "3ª planta", "3ª PLANTA ", "3ª"), ("number", "12,50", "12.5", "12"), ("number", "7", "7", "07"),
        ("date", "2026-11-26", "2026-11-26", "2026-11-27"), ("choice", "Oficina", "Oficina", "Taller"),
        ("yes_no", "yes", "yes", "no"),
    ],
)  # fmt: skip
def test_a_field_of_ones_own_narrows(world, marked, kind, kept, asked, not_asked):
    field, name = own(kind=kind, choices=["Oficina", "Taller"])
    marked[1].set_custom(field, kept, by=world.ben)
    assert numbers(world.ben, **{name: asked}) == [marked[1].number]
    assert numbers(world.ben, **{name: not_asked}) == []
    assert numbers(world.ben, **{name: asked, "tag": "n2"}) == []
    marked[1].set_custom(field, "", by=world.ben)
    assert numbers(world.ben, **{name: asked}) == []


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [("es", "18.450", True), ("es", "18450", True), ("en", "18.450", False), ("en", "18,450", True)],
)
def test_a_number_narrows_as_the_reader_writes_it(world, marked, language, typed, found):
    field, name = own(kind="number")
    marked[1].set_custom(field, "18450", by=world.ben)
    with force_locale(language):
        assert numbers(world.ben, **{name: typed}) == [marked[1].number] * found


def test_two_fields_of_ones_own_narrow_together(world, marked):
    (floor, by_floor), (door, by_door) = own(), own("Door")
    for place in range(3):
        marked[place].set_custom(floor, "3", by=world.ben)
        marked[place].set_custom(door, str(place), by=world.ben)
    assert len(numbers(world.ben, view="any", **{by_floor: "3"})) == 3
    assert numbers(world.ben, view="any", **{by_floor: "3", by_door: "2"}) == [marked[2].number]
    most = listing(world.ben, **{f"custom_{place}": "x" for place in range(1, 30)})
    assert list(most.filters) == [f"custom_{place}" for place in range(1, 13)]


@pytest.mark.sqlite_only
def test_a_rare_value_of_a_field_leads_to_its_tickets(world, marked):
    field, name = own()
    marked[1].set_custom(field, "3", by=world.ben)
    for order in ORDERS:
        steps = ways(listing(world.ben, view="any", order=order, **{name: "3"}))
        led = [
            step
            for step in steps
            if "customvalue_field_id_key_turn_ticket_id (field_id=? AND key=? AND turn=?)" in step
        ]
        assert len(led) == 2 * len(TURNS), steps
        assert all("INTEGER PRIMARY KEY" in step for step in steps if step not in led), steps


@pytest.mark.sqlite_only
def test_who_is_in_copy_leads_to_the_tickets(world, marked):
    marked[3].set_copies(["paula@marlow.example"], by=world.ben)
    assert numbers(world.ben, view="any", q="to:paula") == [marked[3].number]
    steps = ways(listing(world.ben, view="any", q="to:paula"))
    assert not [step for step in steps if "ticket_turn" in step], steps
    assert [step for step in steps if "ticketcopy_person_id (person_id=?)" in step], steps


def test_turns_count_as_many_from_the_cap_on(world, marked, monkeypatch):
    monkeypatch.setattr(tally, "MOST", 15)
    few = listing(world.ben, view="any", tag="urgent").few()
    assert few == ({CLOSED} | {2, 3} if is_sqlite() else frozenset())
    assert TEAM not in few
