"""Saved views: kept, shared, counted, ordered, and never a way around a restricted group."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.group import Group
from app.accounts.teams import Teams
from app.catalog.lists import Category, Priority, Product, Service, TicketType
from app.lib.tally import Tally
from app.tickets.columns import COLUMNS, STANDARD
from app.tickets.saved_view import NoViewName, SavedView, SavedViews
from app.tickets.sidebar import want_views
from app.tickets.ticket import Ticket
from tests.counting import statements
from tests.page import both_ways
from tests.tickets.test_listing import MADRID, numbers


@both_ways
def test_a_list_is_kept_under_a_name_and_opened_again(desk, world, htmx):
    client = desk(world.ben)
    page = client.get("/desk/tickets?view=all&assignee=me&order=newest&columns=customer,status,category")
    saving = page.follow("Save view")
    assert saving.h1 == "Save this view"
    answer = saving.press("Save", name="Mine, newest", htmx=htmx)
    shown = client.get("/desk/tickets?saved=1")
    assert shown.h1.startswith("Mine, newest 1")
    assert shown.link("Mine, newest1")["aria-current"] == "page"
    assert "Category" in shown.region("Tickets")
    assert "Channel" not in [each.text for each in shown.region("Tickets").all("th")] or htmx is not None
    assert answer.status == 200
    view = SavedView.get()
    assert dict(parse_qsl(view.query)) == {
        "view": "all", "assignee": "me", "order": "newest", "columns": "customer,status,category",
    }  # fmt: skip


def test_a_view_without_a_name_is_refused_and_keeps_the_list(desk, world):
    saving = desk(world.ben).get("/desk/views/new", list="view=all&status=open")
    page = saving.press("Save", name=" ")
    assert page.status == 422
    assert "status=open" in page.form_of(page.button("Save")).all("input")[1].get("value")
    with pytest.raises(NoViewName):
        SavedView.keep(by=world.ben, name=" ", query="", shared=False)


def test_what_was_changed_on_a_saved_view_is_saved_into_it(desk, world):
    client = desk(world.ben)
    SavedView.keep(by=world.ben, name="Open ones", query="view=all&status=open", shared=False)
    page = client.get("/desk/tickets?saved=1")
    assert page.has_link("Edit view")
    changed = client.get("/desk/tickets?saved=1&view=all&status=pending")
    assert changed.follow("Save changes").press("Save", shared="y").status == 200
    view = SavedView.get()
    assert (view.query, view.is_shared, view.name) == ("view=all&status=pending", True, "Open ones")


def test_a_shared_view_is_everybodys_and_mine_is_mine(desk, world):
    mine = SavedView.keep(by=world.ben, name="Ben's", query="view=mine", shared=False)
    ours = SavedView.keep(by=world.ben, name="Ours", query="view=all&assignee=me", shared=True)
    assert [view.name for view in SavedViews(world.bea).all] == ["Ours"]
    assert "Ben's" not in desk(world.bea).get("/desk/views")
    assert desk(world.bea).get(f"/desk/views/{mine.id}").status == 404
    assert desk(world.bea).get(f"/desk/views/{ours.id}").status == 403
    with pytest.raises(NotAllowed):
        ours.remove(by=world.bea)
    assert numbers(world.ben, saved=str(ours.id)) != []
    page = desk(world.bea).get(f"/desk/tickets?saved={ours.id}")
    assert "The press leaks" not in page  # "me" is who looks
    ours.amend(by=world.ada, name="Everybody's", shared=True)
    assert "Everybody's" in desk(world.vic).get("/desk")


def test_nothing_that_a_kept_list_holds_breaks_a_page(desk, world):
    """A NUL that was written as %00 is none when the field is read, and one when the list is."""
    ben = desk(world.ben)
    for hidden in ("tag=%00", "q=a%00b", "language=a%00", "custom_1=a%00"):
        assert ben.post("/desk/views", name="X", shared="y", list=hidden).status == 200
        for path in ("/desk", "/desk/views", f"/desk/tickets/{world.leak.number}"):
            assert desk(world.bea).get(path).status == 200, (hidden, path)
        assert ben.post("/desk/batches", act="status", list=hidden, ticket=str(world.leak.id)).status < 500
        moved = ben.post(f"/desk/tickets/{world.leak.number}/column", list=hidden, status="pending")
        assert moved.status < 500
    SavedView.keep(by=world.ben, name="Kept before", query="q=a%00b&tag=%00", shared=True)
    assert desk(world.bea).get("/desk/tickets", saved=str(SavedView.select().count())).status == 200


def test_who_changes_nothing_shares_no_view(desk, world):
    vic = desk(world.vic)
    page = vic.get("/desk/views/new?list=view%3Dall")
    assert "For everybody at the desk" not in page
    assert page.press("Save", name="Mine").status == 200
    vic.post("/desk/views", name="Everybody's", shared="y", list="view=all")
    assert not SavedView.select().where(SavedView.is_shared).exists()
    with pytest.raises(NotAllowed):
        SavedView.keep(by=world.vic, name="Everybody's", query="view=all", shared=True)
    with pytest.raises(NotAllowed):
        SavedView.get(SavedView.name == "Mine").amend(by=world.vic, name="Mine", shared=True)


@both_ways
def test_views_change_places_and_are_deleted(desk, world, htmx):
    for name in ("One", "Two"):
        SavedView.keep(by=world.ben, name=name, query="view=all", shared=False)
    page = desk(world.ben).get("/desk/views")
    page = page.press("Move Two up", htmx=htmx)
    assert [view.name for view in SavedView.seen_by(world.ben)] == ["Two", "One"]
    page.press("Delete Two", htmx=htmx)
    assert [view.name for view in SavedView.seen_by(world.ben)] == ["One"]


def test_ones_own_views_stand_first_and_keep_their_order(desk, world):
    SavedView.keep(by=world.bea, name="A of Bea", query="view=all", shared=True)
    for name in ("One", "Two", "Three"):
        SavedView.keep(by=world.ben, name=name, query="view=all", shared=False)
    page = desk(world.ben).get("/desk/views").press("Move One down")
    assert [view.name for view in SavedView.seen_by(world.ben)] == ["Two", "One", "Three", "A of Bea"]
    page.press("Move Three down")
    assert [view.name for view in SavedView.seen_by(world.ben)] == ["Two", "One", "Three", "A of Bea"]
    assert not page.has_button("Move A of Bea down")


def test_a_filter_that_was_taken_away_from_a_saved_view_does_not_come_back(desk, world):
    SavedView.keep(by=world.ben, name="Those that wait", query="view=all&status=pending", shared=False)
    page = desk(world.ben).get("/desk/tickets?saved=1")
    assert "No ticket matches." in page
    cleared = page.press("Apply", status="")
    assert "The press leaks" in cleared
    assert cleared.h1.startswith("Those that wait")


def test_all_counters_come_in_one_statement_and_agree_with_the_lists(world):
    Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Paper", text="x", acknowledge=False)
    queries = [
        "view=all&status=open",
        "view=all&assignee=none",
        "view=mine",
        "view=any&q=is:open",
        "view=any&q=oil",
    ]
    saved = [SavedView.keep(by=world.ben, name=query, query=query, shared=False) for query in queries]
    figures = Tally()
    want_views(figures, me=world.ben, teams=Teams(world.ben), zone=MADRID, saved=SavedViews(world.ben).all)
    with statements() as seen:
        counts = [figures.get(f"saved-{view.id}") for view in saved]
    assert counts == [2, 1, 1, 2, None]  # full text has no counter
    assert len([each for each in seen if "COUNT" in each]) == 1


def test_a_views_counter_says_nothing_of_a_restricted_group(world, desk):
    secret = Group.create(name="Vault", is_restricted=True)
    secret.take_in(world.bea)
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    shared = SavedView.keep(by=world.bea, name="Theirs", query=f"view=all&group={secret.id}", shared=True)
    for me, count in ((world.ben, 0), (world.bea, 1), (world.ada, 1)):
        figures = Tally()
        want_views(figures, me=me, teams=Teams(me), zone=MADRID, saved=SavedViews(me).all)
        assert figures.get(f"saved-{shared.id}") == count, me.name
    page = desk(world.ben).get(f"/desk/tickets?saved={shared.id}")
    assert "Vault" not in page.text
    assert "The press leaks" not in page


@pytest.mark.parametrize(
    "filters",
    [
        "due=overdue", "due=none", "visibility=internal", "visibility=public", "has=files", "has=news", "signature=yes",
        "language=en", "created_from=2001-01-01", "created_to=2001-01-01", "service=none", "group=none", "tag=x",
        "created_from=2001-01-01&created_to=2999-01-01&status=open&has=news&assignee=me&due=none&visibility=public",
        "created_from=nonsense", "due=never", "product=abc", "equipment=1", "mailbox=1", "justification=1", "company=1",
    ],
)  # fmt: skip
def test_every_filter_narrows_with_every_other(world, desk, filters):
    page = desk(world.ben).get(f"/desk/tickets?view=all&{filters}")
    assert page.status == 200
    left_out = (
        "overdue",
        "internal",
        "files",
        "created_to=2001",
        "tag=",
        "product=abc",
        "equipment",
        "mailbox",
        "justif",
    )
    expected = filters.split("=")[-1] in ("nonsense", "never", "abc") or not any(each in filters for each in left_out)
    assert ("The press leaks" in page) is expected


def test_a_column_that_was_added_shows_its_value(world, desk):
    world.leak.edit(by=world.ben, category=Category.by_key("problem"), serial="OP-77", priority=Priority.by_key("high"))
    page = desk(world.ben).get("/desk/tickets?view=all&columns=status&columns=category&columns=serial")
    table = page.region("Tickets")
    assert [each.text for each in table.all("th")][-3:-1] == ["Category", "Serial number"]
    assert "Problem" in table
    assert "OP-77" in table
    assert (
        next(each for each in table.all("table")).get("data-without")
        == "priority customer due assignee channel activity"
    )


def test_each_column_shows_what_stands_in_it(world, desk):
    """And of a view that shows others, none of these."""
    world.leak.edit(
        by=world.ben, type=TicketType.add("Repair"), service=Service.add("On site"), product=Product.add("Offset"),
        category=Category.by_key("problem"), serial="OP-77",
    )  # fmt: skip
    world.leak.give_to_group(world.press_team, by=world.ben)
    cells = {
        "category": "Problem", "type": "Repair", "group": "Presses", "service": "On site", "product": "Offset",
        "serial": "OP-77", "created": "1 Feb 2025",
    }  # fmt: skip
    Ticket.update(created_at=datetime(2025, 2, 1, 12, tzinfo=UTC)).execute()
    ben = desk(world.ben)
    assert cells.keys() == COLUMNS.keys() - set(STANDARD)
    for name, value in cells.items():
        table = ben.get(f"/desk/tickets?view=all&columns={name}").region("Tickets")
        assert value in table, name
        assert str(COLUMNS[name]) in [each.text for each in table.all("th")]
        assert value not in ben.get("/desk/tickets?view=all&columns=status").region("Tickets"), name
    for name in STANDARD:
        table = ben.get(f"/desk/tickets?view=all&columns={name}").region("Tickets").all("table")[0]
        assert table.get("data-without").split() == [each for each in STANDARD if each != name]


def test_a_view_that_is_shared_no_more_is_its_owners_alone_again(desk, world):
    ours = SavedView.keep(by=world.ben, name="Ours", query="view=all", shared=True)
    assert [view.name for view in SavedViews(world.bea).all] == ["Ours"]
    ours.amend(by=world.ben, name="Mine again", shared=False)
    assert SavedViews(world.bea).all == []
    assert desk(world.bea).get(f"/desk/tickets?saved={ours.id}").h1.startswith("Unattended")
    assert desk(world.ada).get(f"/desk/views/{ours.id}").status == 404
    assert desk(world.ben).get(f"/desk/tickets?saved={ours.id}").h1.startswith("Mine again")


# --- the board -----------------------------------------------------------------------------------------------------


def test_the_board_shows_a_column_a_status_and_keeps_the_filters(world, desk):
    paper = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Paper", text="x", acknowledge=False)
    paper.set_status("pending", by=world.ben)
    page = desk(world.ben).get("/desk/tickets?view=all").follow("Board")
    assert "layout=board" in urlsplit(page.link("Save view")["href"]).query.replace("%3D", "=")
    assert "Paper" in page.region("Pending 1")
    assert "The press leaks" in page.region("Open 1")
    assert "The press leaks" not in desk(world.ben).get("/desk/tickets?view=all&layout=board&q=paper")
    assert "The press leaks" not in desk(world.ben).get("/desk/tickets?view=all&layout=board&status=pending")


@both_ways
def test_a_card_is_moved_by_its_menu(world, desk, htmx):
    page = desk(world.ben).get("/desk/tickets?view=all&layout=board")
    moved = page.press("Resolved", within=page.region("Open 1"), htmx=htmx)
    assert "The press leaks" in moved.region("Resolved 1")
    assert Ticket.get().status == "resolved"
    world.leak.close("Done", by=world.ben)
    refused = page.press("Pending", within=page.region("Open 1"), htmx=htmx)
    assert "That is not possible while the ticket is" in refused
    assert Ticket.get().status == "closed_by_team"


def test_the_board_costs_few_statements(world, desk):
    client = desk(world.ben)
    client.get("/desk/tickets?view=all&layout=board")
    with statements() as seen:
        client.get("/desk/tickets?view=all&layout=board")
    assert len(seen) <= 10, "\n".join(seen)


def test_nobody_but_who_may_edit_moves_a_card(world, desk):
    page = desk(world.vic).get("/desk/tickets?view=all&layout=board")
    assert not page.has_button("Resolved")
    assert desk(world.vic).post(f"/desk/tickets/{world.leak.number}/column", status="resolved").status == 403
