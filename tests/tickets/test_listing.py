"""The list: which tickets, in which order, page by page, and through which indexes."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest

from app.accounts.group import Group
from app.accounts.teams import Teams
from app.catalog.lists import Category, Priority
from app.lib import prepared, search, tally
from app.lib.clock import now
from app.lib.tally import Tally
from app.tickets.lifecycle import CLOSED, CUSTOMER, TEAM
from app.tickets.listing import ORDERS, Listing
from app.tickets.sidebar import want_views
from app.tickets.ticket import Ticket, TicketRead
from app.tickets.views import VIEWS
from tests.counting import plan, statements

MADRID = ZoneInfo("Europe/Madrid")


def listing(me, **args):
    return Listing.from_args(args, me=me, teams=Teams(me), zone=MADRID, path="/list")


def args_of(url):
    return dict(parse_qsl(urlsplit(url).query))


def numbers(me, **args):
    return [row.number for row in listing(me, **args).page().rows]


@pytest.fixture
def many(world):
    """Sixty more tickets, of every turn, with deadlines here and there."""
    opened = []
    for place in range(60):
        ticket = Ticket.open(
            by=world.ben,
            channel="desk",
            requester=world.eve,
            subject=f"Matter {place}",
            text="Words",
            assignee=world.ben if place % 3 else None,
            due_at=now() + timedelta(hours=place * 7 % 50 + 30) if place % 2 else None,
            acknowledge=False,
        )
        if place % 4 == 1:
            ticket.set_status("pending", by=world.ben)
        if place % 4 == 2:
            ticket.reply("Done?", by=world.ben)
        opened.append(ticket)
    return opened


def test_each_view_holds_what_its_name_says(world):
    leak, ben = world.leak, world.ben
    assert numbers(ben, view="mine") == [leak.number]
    assert numbers(world.bea, view="mine") == []
    assert numbers(ben, view="unattended") == [leak.number]
    assert numbers(ben, view="unassigned") == []
    leak.request_authorization("A new seal", by=ben)
    assert numbers(ben, view="awaiting-authorization") == [leak.number]
    assert numbers(ben, view="unattended") == []
    assert numbers(ben, view="all") == [leak.number]
    leak.close("Done", by=ben)
    assert numbers(ben, view="all") == []
    assert numbers(ben, view="closed") == [leak.number]
    assert numbers(ben, q="press") == [leak.number]


def test_due_today_ends_at_midnight_where_the_reader_is(world, clock):
    clock.move_to(now().replace(hour=12))
    world.leak.set_due(now() + timedelta(hours=1), by=world.ben)
    assert numbers(world.ben, view="due-today") == [world.leak.number]
    world.leak.set_due(now() + timedelta(hours=20), by=world.ben)
    assert numbers(world.ben, view="due-today") == []
    world.leak.set_due(now() - timedelta(days=3), by=world.ben)
    assert numbers(world.ben, view="due-today") == [world.leak.number]


def test_filters_narrow_and_a_status_reaches_outside_of_the_open_ones(world):
    leak, ben = world.leak, world.ben
    high = Priority.by_key("high")
    leak.edit(by=ben, priority=high, category=Category.by_key("problem"))
    assert numbers(ben, view="all", priority=str(high.id)) == [leak.number]
    assert numbers(ben, view="all", priority=str(Priority.by_key("low").id)) == []
    assert numbers(ben, view="all", assignee="me") == [leak.number]
    assert numbers(ben, view="all", assignee="none") == []
    assert numbers(ben, view="all", requester=str(world.carol.id)) == [leak.number]
    assert numbers(ben, view="all", organization=str(world.rival.id)) == []
    leak.tag_with(["oil"], by=ben)
    assert numbers(ben, view="all", tag="oil") == [leak.number]
    leak.close("Done", by=ben)
    assert numbers(ben, view="all", status="closed_by_team") == [leak.number]
    assert numbers(ben, view="unattended", status="closed_by_team") == []


def test_what_the_address_says_wrongly_is_left_out(world):
    shown = listing(world.ben, view="nonsense", order="x", status="x", priority="abc", after="1-x", first="-3")
    assert (shown.view.key, shown.order, dict(shown.filters), shown.after, shown.first) == (
        "unattended", "due", {}, None, 1,
    )  # fmt: skip


def test_the_address_is_the_list(world):
    shown = listing(world.ben, view="all", order="newest", status="open", q="oil press")
    again = listing(world.ben, **args_of(shown.url()))
    assert (again.view, again.order, again.filters, again.q) == (shown.view, shown.order, shown.filters, shown.q)
    assert "status" not in args_of(shown.url(status=None))


@pytest.mark.parametrize("order", ORDERS)
def test_pages_lead_through_all_rows_once_and_back_again(world, many, order):
    me, seen, urls = world.ben, [], []
    shown = listing(me, view="all", order=order)
    page = shown.page()
    while True:
        seen += [row.number for row in page.rows]
        urls.append([row.number for row in page.rows])
        if not page.next_url:
            break
        page = listing(me, **args_of(page.next_url)).page()
    assert sorted(seen) == sorted([world.leak.number, *(ticket.number for ticket in many)])
    assert page.last == len(seen)
    back = [urls[-1]]
    while page.previous_url:
        page = listing(me, **args_of(page.previous_url)).page()
        back.append([row.number for row in page.rows])
    assert back[::-1] == urls
    assert page.first == 1


def test_rows_stand_by_turn_then_by_deadline(world, many):
    rows = listing(world.ben, view="all").page().rows
    keys = [(row.turn, row.due_at is None, row.due_at or now()) for row in rows]
    assert keys == sorted(keys, key=lambda key: (key[0], key[1]) if key[1] else key) or keys[0][0] == TEAM
    due = [row.due_at for row in rows if row.turn == TEAM and row.due_at]
    assert due == sorted(due)
    latest = [row.active_at for row in listing(world.ben, view="all", order="activity").page().rows if row.turn == TEAM]
    assert latest == sorted(latest, reverse=True)


def test_a_ticket_knows_its_place_and_its_neighbours(world, many):
    shown = listing(world.ben, view="all")
    rows = shown.page().rows
    ticket = Ticket.get(Ticket.number == rows[4].number)
    figures = Tally()
    shown.want_position(ticket, figures)
    assert (figures["position"] + 1, figures["whole"], figures["here"]) == (5, 61, 1)
    assert shown.neighbour(ticket, forward=True) == rows[5].number
    assert shown.neighbour(ticket, forward=False) == rows[3].number
    first = Ticket.get(Ticket.number == rows[0].number)
    assert shown.neighbour(first, forward=False) is None


def test_a_ticket_that_is_not_in_the_list_has_no_place_there(world, many):
    ticket = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Paper", text="x")
    for elsewhere in (
        {"view": "closed"},
        {"view": "mine"},
        {"view": "all", "priority": str(Priority.by_key("high").id)},
    ):
        figures = Tally()
        listing(world.ben, **elsewhere).want_position(ticket, figures)
        assert figures["here"] == 0, elsewhere


def test_counters_agree_with_the_rows_and_stop_at_a_thousand(world, many, monkeypatch):
    figures, teams = Tally(), Teams(world.ben)
    want_views(figures, me=world.ben, teams=teams, zone=MADRID)
    shown = listing(world.ben, view="all")
    shown.want_counts(figures)
    with statements() as seen:
        counts = shown.counts(figures)
        assert figures["view-all"] == sum(counts.values()) == 61
        assert figures["view-unattended"] == counts[TEAM]
    assert len(seen) == 1
    assert counts[CUSTOMER] == 15
    assert tally.label(1000) == "999+"
    assert tally.label(999) == "999"


def test_a_restricted_group_stays_out_of_list_search_and_counters(world):
    secret = Group.create(name="Board", is_restricted=True)
    secret.take_in(world.bea)
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    for me, sees in ((world.ben, False), (world.bea, True), (world.ada, True)):
        assert bool(numbers(me, view="all")) is sees, me.name
        assert bool(numbers(me, q="press")) is sees, me.name
        figures = Tally()
        want_views(figures, me=me, teams=Teams(me), zone=MADRID)
        assert bool(figures["view-all"]) is sees, me.name


def test_search_finds_words_without_accents_numbers_and_closed_tickets(world):
    world.leak.note("Válvula rota", by=world.ben)
    world.leak.close("Done", by=world.ben)
    for words in ("valvula", "PRESS", str(world.leak.number), "oil press"):
        assert numbers(world.ben, q=words) == [world.leak.number], words
    assert numbers(world.ben, q="nothing of the kind") == []
    assert listing(world.ben, q="press").counts(Tally())[CLOSED] == 1


def test_the_dot_marks_a_word_of_the_customer_that_no_agent_has_opened(world):
    assert listing(world.ben, view="mine").page().rows[0].is_unread
    TicketRead.mark(world.leak)
    assert not listing(world.ben, view="mine").page().rows[0].is_unread
    world.leak.hear("Still leaking", by=world.carol, channel="email")
    assert listing(world.ben, view="mine").page().rows[0].is_unread


@pytest.mark.sqlite_only
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("order", ORDERS)
def test_every_view_and_order_goes_through_an_index(world, view, order):
    with statements() as seen:
        listing(world.ben, view=view, order=order).page()
    steps = plan(next(sql for sql in seen if '"at"' in sql))
    assert any("USING" in step and "INDEX" in step for step in steps), steps
    assert not any(step.startswith(("SCAN ticket", "SCAN t1 USING INDEX")) for step in steps), steps


@pytest.mark.sqlite_only
def test_unread_words_and_a_customers_tickets_are_counted_without_their_rows(world, desk):
    unread, _values = listing(world.ada, view="all", has="news").matching([1, 2, 3])
    with statements() as seen:
        desk(world.ada).get(f"/desk/tickets/{world.leak.number}")
    card = next(sql for sql in seen if '"requester_id" = ?' in sql and "COUNT" in sql)
    for sql in (unread, card):
        steps = [step for step in plan(sql) if step.startswith(("SEARCH t1 USING", "SCAN t1"))]
        over_tickets = [step for step in steps if "ticket_" in step]
        assert over_tickets
        assert all("COVERING INDEX" in step for step in over_tickets), steps


@pytest.mark.parametrize("place", ["1-0-9999999999999999999999", "99999999999-0-1", "1-9" * 9, "1-0-x", "1"])
def test_a_place_that_no_row_can_have_is_no_place(world, many, desk, place):
    for way in ("after", "before"):
        assert desk(world.ben).get("/desk/tickets", **{way: place}).status == 200


def test_a_search_that_looked_at_the_latest_texts_only_says_so(world, many, desk, monkeypatch):
    whole = listing(world.ben, q="matter")
    assert whole.label(sum(whole.counts(Tally()).values())) == str(len(many))
    monkeypatch.setattr(search, "NEWEST", 4)
    monkeypatch.setattr(prepared, "_known", {})
    cut = listing(world.ben, q="matter")
    found = sum(cut.counts(Tally()).values())
    assert (0 < found <= 4, cut.label(found)) == (True, f"{found}+")
    assert f"{found}+" in desk(world.ben).get("/desk/tickets", q="matter").text


@pytest.mark.parametrize("order", ORDERS)
def test_a_search_is_paged_as_any_list(world, many, order):
    page, seen = listing(world.ben, q="matter", order=order).page(), []
    first = [row.number for row in page.rows]
    while True:
        seen += [row.number for row in page.rows]
        if not page.next_url:
            break
        page = listing(world.ben, **args_of(page.next_url)).page()
    assert sorted(seen) == sorted(ticket.number for ticket in many)
    while page.previous_url:
        page = listing(world.ben, **args_of(page.previous_url)).page()
    assert [row.number for row in page.rows] == first
