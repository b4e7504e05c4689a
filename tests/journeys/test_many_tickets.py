"""An agent's day on the list: ticking many, changing them, undoing; and a list that keeps itself fresh."""

import pytest
from playwright.sync_api import expect

from app.tickets.ticket import Ticket
from tests.fixtures.browser import script_only
from tests.journeys.steps import let_in, sign_in

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def rollers(world):
    return [
        Ticket.open(
            by=world.carol, requester=world.carol, subject=f"Roller {place} squeaks", text="Loudly.", channel="form"
        )
        for place in range(3)
    ]


def test_many_tickets_are_ticked_changed_and_put_back(browsers, world, rollers, accessible):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    for ticket in rollers[:2]:
        page.get_by_label(f"Select {ticket.number}").check()
    expect(page.get_by_role("group", name="Selected tickets")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Priority").last.click()
    if not browsers.script:  # then a page asks
        page.locator("#bulk-priority").get_by_role("button", name="Choose").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Priority")
        accessible(page)
    choice = page.locator("#act-priority")
    choice.get_by_label("Priority").select_option("Urgent")
    choice.get_by_role("button", name="Apply").first.click()
    expect(page.locator("#batch")).to_contain_text("2 tickets changed.")
    assert [ticket.priority.key for ticket in Ticket.select().order_by(Ticket.id)].count("urgent") == 2
    accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#batch")).to_contain_text("Undone")
    assert [ticket.priority.key for ticket in Ticket.select().order_by(Ticket.id)].count("urgent") == 0


def test_a_card_is_moved_on_the_board(browsers, world, rollers, accessible):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?layout=board%26view=all")
    accessible(page)
    page.get_by_role("button", name=f"Move ticket {rollers[0].number}").click()
    page.locator(f"#move-{rollers[0].number}").get_by_role("button", name="Pending").click()
    expect(page.get_by_role("region", name="Pending 1")).to_contain_text("Roller 0 squeaks")
    assert Ticket.get_by_id(rollers[0].id).status == "pending"


@script_only  # then a reload is the way
def test_the_list_freshens_itself_and_keeps_what_is_ticked(browsers, world, rollers):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all%26order=oldest")
    page.get_by_label(f"Select {rollers[1].number}").check()
    page.get_by_label(f"Select {rollers[1].number}").focus()
    rollers[0].edit(by=world.ada, subject="Roller 0 sings")
    Ticket.open(by=world.carol, requester=world.carol, subject="A new one", text="Now.", channel="form")
    page.evaluate("document.querySelector('keep-fresh').ask()")
    expect(page.get_by_role("link", name="Roller 0 sings")).to_be_visible()
    expect(page.get_by_role("link", name="A new one")).to_be_visible()
    expect(page.get_by_label(f"Select {rollers[1].number}")).to_be_checked()
    expect(page.get_by_label(f"Select {rollers[1].number}")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5")
    rollers[1].edit(by=world.ada, subject="Roller 1 hums")
    page.evaluate("document.querySelector('keep-fresh').ask()")
    expect(page.get_by_role("link", name="Roller 1 hums")).to_be_visible()


@script_only
def test_all_rows_and_a_range_are_ticked(browsers, world, rollers):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all%26order=oldest")
    page.get_by_label("Select all on this page").check()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(5)  # four rows and their heading
    page.get_by_role("button", name="Select nothing").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.get_by_label(f"Select {rollers[0].number}").click()
    page.get_by_label(f"Select {rollers[2].number}").click(modifiers=["Shift"])
    expect(page.get_by_label(f"Select {rollers[1].number}")).to_be_checked()


def test_a_list_leaves_as_a_file_that_is_read_after_its_request(app, browsers, world):
    """A server reads it when the request is over, and its connection given back."""
    page = browsers.open()
    let_in(page, app, world.ben)
    answer = page.request.get("/desk/tickets/export?view=all")
    assert (answer.status, len(answer.text().splitlines())) == (200, 2)
    assert "The press leaks" in answer.text()


@script_only
def test_the_sidebars_figures_follow_and_the_place_is_kept(browsers, world):
    """A list scrolled far down, a row ticked: what happens elsewhere shows without a jump."""
    many = [
        Ticket.open(by=world.carol, requester=world.carol, subject=f"Roller {place}", text="Loudly.", channel="form")
        for place in range(24)
    ]
    page = browsers.open(viewport={"width": 1280, "height": 500})
    page.clock.install()
    sign_in(page, world.ben, to="/desk/tickets?view=all%26order=oldest")
    views = page.get_by_role("navigation", name="Main")
    expect(views.get_by_role("link", name="Unassigned 24")).to_be_visible()
    page.get_by_label(f"Select {many[20].number}").check()
    scrolled = page.get_by_role("region", name="Tickets").evaluate("element => element.scrollTop")
    assert scrolled > 200
    many[3].hand_over(to=world.ben, by=world.ada)
    many[4].hand_over(to=world.ada, by=world.ada)
    with page.expect_response(lambda answer: "/news?" in answer.url):
        page.clock.run_for(11_000)
    expect(views.get_by_role("link", name="Unassigned 22")).to_be_visible()
    expect(views.get_by_role("link", name="My tickets 2")).to_be_visible()
    expect(views.get_by_role("link", name="All open")).to_have_attribute("aria-current", "page")
    expect(page.get_by_label(f"Select {many[20].number}")).to_be_checked()
    assert page.get_by_role("region", name="Tickets").evaluate("element => element.scrollTop") == scrolled
    expect(page.get_by_role("navigation", name="Main")).to_have_count(1)
