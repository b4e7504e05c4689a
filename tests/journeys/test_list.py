"""Finding a ticket: filters, pages and words stay where they were, by the back button, a reload and the way up."""

import re

import pytest
from playwright.sync_api import expect

from app.catalog.lists import CustomField, Priority
from app.tickets.ticket import Ticket
from tests.fixtures.browser import script_only
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.sqlite_only
MANY = 30


@pytest.fixture
def tickets(world):
    urgent = Priority.select().order_by(Priority.level.desc()).first()
    for place in range(MANY):
        ticket = Ticket.open(
            by=world.carol, requester=world.carol, subject=f"Roller {place + 1} squeaks", text="Loudly.", channel="form"
        )
        if place % 10 == 0:
            ticket.edit(by=world.ben, priority=urgent)
    return urgent


def test_filters_stay_over_back_and_reload(browsers, world, tickets, accessible):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    choose(page, browsers.script, "Priority", tickets.label)
    expect(page).to_have_url(re.compile(f"priority={tickets.id}"))
    expect(page.get_by_role("link", name="Roller")).to_have_count(3)
    choose(page, browsers.script, "Order", "Newest")
    expect(page.get_by_role("link", name="Roller").first).to_have_text("Roller 21 squeaks")
    accessible(page)
    filtered = page.url

    page.get_by_role("link", name="Roller 11 squeaks").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 11 squeaks")
    page.go_back()
    expect(page).to_have_url(filtered)
    expect(page.get_by_role("link", name="Roller")).to_have_count(3)
    page.reload()
    expect(page.get_by_role("link", name="Roller")).to_have_count(3)
    page.get_by_role("link", name="Roller 11 squeaks").click()
    page.get_by_role("link", name="Next ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 1 squeaks")
    page.get_by_role("link", name="Back to").click()
    expect(page.get_by_role("link", name="Roller")).to_have_count(3)
    page.get_by_role("link", name="Clear filters").click()
    expect(page.get_by_role("link", name="Roller")).to_have_count(24)  # and the one about the press


def test_pages_and_words(browsers, world, tickets, accessible):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all&order=oldest")
    expect(page.get_by_role("link", name="The press leaks")).to_be_visible()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("link", name="Roller 30 squeaks")).to_be_visible()
    accessible(page)
    page.reload()
    expect(page.get_by_role("link", name="Roller 30 squeaks")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="The press leaks")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("link", name="Roller 30 squeaks")).to_be_visible()

    page.get_by_role("searchbox", name="Search tickets").fill("oil press")
    page.get_by_role("searchbox", name="Search tickets").press("Enter")
    expect(page.get_by_role("link", name="The press leaks")).to_be_visible()
    expect(page.get_by_role("link", name="Roller")).to_have_count(0)
    accessible(page)
    page.get_by_role("link", name="The press leaks").click()
    page.go_back()
    expect(page.get_by_role("searchbox", name="Search tickets")).to_have_value("oil press")
    page.get_by_role("searchbox", name="Search tickets").fill("nothing like it")
    page.get_by_role("searchbox", name="Search tickets").press("Enter")
    expect(page.get_by_role("heading", name="No ticket matches.")).to_be_visible()
    accessible(page)


def test_the_keyboard_reaches_every_choice_of_a_filter(browsers, world, tickets):
    """An arrow is no answer yet: Enter is, or leaving the field. The place is kept, the result said."""
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    filters, status = page.get_by_role("form", name="Filters"), page.get_by_role("status")
    chip, order = (page.get_by_role("button", name=re.compile(f"^{name}")) for name in ("Priority", "Order"))
    enter(page, chip, filters.get_by_label("Priority", exact=True))
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    if not browsers.script:
        walk_on(page, filters.get_by_role("button", name="Apply").locator("visible=true"))
        expect(page).to_have_url(re.compile(f"priority={tickets.id}"))
        expect(page).to_have_title(re.compile("^All open 3 "))
        return
    expect(page.get_by_role("link", name="Roller")).to_have_count(24)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Roller")).to_have_count(3)
    expect(chip).to_be_focused()
    expect(page).to_have_title(re.compile("^All open 3 "))
    expect(status.filter(has_text="All open 3")).to_have_count(1)

    enter(page, order, filters.get_by_label("Order", exact=True))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(order).to_be_focused()
    enter(page, order, filters.get_by_label("Order", exact=True))
    expect(filters.get_by_label("Order", exact=True)).to_have_value("due")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("order=(?!due)"))
    for chosen in ("", "&created_to=2001-01-01"):  # beside the chips, and where nothing is left
        if chosen:
            page.goto("/desk/tickets?view=all" + chosen)
        page.get_by_role("link", name="Clear filters").last.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page).to_have_title(re.compile("^All open 31 "))


def test_the_filters_of_a_panel_keep_the_keyboard_too(browsers, world):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/panels")
    chip = page.get_by_role("button", name=re.compile("^Assigned to"))
    filters = page.get_by_role("form", name="Filters")
    enter(page, chip, filters.get_by_label("Assigned to"))
    page.keyboard.press("End")
    if not browsers.script:
        walk_on(page, filters.get_by_role("button", name="Apply").locator("visible=true"))
        expect(page).to_have_url(re.compile(r"agent=\d"))
        return
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"agent=\d"))
    expect(chip).to_be_focused()
    page.get_by_role("link", name="Clear filters").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_url(re.compile("/panels$"))


@script_only  # nothing goes by itself
def test_a_date_is_typed_to_its_end(browsers, world, tickets):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    more = page.get_by_role("button", name="Filter", exact=True)
    more.press("Enter")
    page.get_by_label("Created from").focus()
    page.keyboard.type("01022025")
    expect(page.get_by_label("Created from")).to_have_value("2025-01-02")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("created_from=2025-01-02"))
    expect(page.get_by_role("button", name="Created from")).to_be_focused()
    expect(page.get_by_role("link", name="Roller")).to_have_count(24)


def test_a_text_narrows_once_it_is_typed(browsers, world, tickets, accessible):
    floor = CustomField.add("Floor")
    world.leak.set_custom(floor, "3rd", by=world.ben)
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    page.get_by_role("button", name="Filter", exact=True).click()
    if not browsers.script:
        page.get_by_role("link", name="More filters").click()
    page.get_by_label("Floor").fill("3RD")
    accessible(page)
    page.get_by_label("Floor").press("Enter")
    expect(page).to_have_url(re.compile(f"custom_{floor.id}=3RD"))
    expect(page.get_by_role("link", name="The press leaks")).to_be_visible()
    expect(page.get_by_role("link", name="Roller")).to_have_count(0)
    page.get_by_role("button", name="Floor").click()
    box = page.get_by_role("form", name="Filters").get_by_label("Floor")
    box.fill("4th")
    if browsers.script:
        page.get_by_role("heading", level=1).click()  # leaving it answers, too
    else:
        box.press("Enter")
    expect(page.get_by_text("No ticket matches.")).to_be_visible()


def test_all_can_be_ticked_also_after_the_lines_were_drawn_again(browsers, world):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    every = page.get_by_label("Select all on this page")
    if not browsers.script:
        expect(every).to_be_hidden()
        return
    expect(every).to_be_visible()
    world.leak.edit(by=world.ada, subject="The press drips")
    page.evaluate("document.querySelector('keep-fresh').ask()")
    expect(page.get_by_role("link", name="The press drips")).to_be_visible()
    every.check()
    expect(page.get_by_label(f"Select {world.leak.number}")).to_be_checked()


@script_only
def test_what_a_person_drew_larger_leaves_no_complaint(browsers, world):
    """A browser writes the size of a dragged field into its style, which the policy lets nobody copy: nor does htmx."""
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all")
    page.get_by_label(f"Select {world.leak.number}").check()
    page.evaluate("document.querySelectorAll('#listing [id]').forEach((each) => { each.style.minHeight = '1px'; })")
    page.get_by_role("button", name="Tag").click()
    page.get_by_label("Add tags").fill("noisy")
    page.get_by_label("Add tags").press("Enter")
    expect(page.get_by_text("1 ticket changed.")).to_be_visible()


def enter(page, chip, field):
    """Unfolds a filter and goes to its field, key by key."""
    chip.press("Enter")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()


def walk_on(page, goal):
    page.keyboard.press("Tab")
    expect(goal).to_be_focused()
    page.keyboard.press("Enter")


def choose(page, script, chip, value):
    page.get_by_role("button", name=re.compile(f"^{chip}")).click()
    page.get_by_role("form", name="Filters").get_by_label(chip, exact=True).select_option(value)
    if not script:
        page.get_by_role("form", name="Filters").get_by_role("button", name="Apply").locator("visible=true").click()


@script_only  # the width is asked by script
def test_only_the_board_scrolls_sideways(browsers, world):
    """What only the ear reads in its last column must not make the page itself wider."""
    page = browsers.open(viewport={"width": 1024, "height": 700})
    sign_in(page, world.ben, to="/desk/tickets?view=all%26layout=board")
    expect(page.get_by_role("region", name="Board")).to_be_visible()
    page.evaluate("""() => {
      const words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = "Unread";
      document.querySelector("#lines").lastElementChild.append(words);
    }""")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0


SEVEN = "&columns=status,due,category,type,group,service,product"


@pytest.mark.parametrize(("width", "columns"), [(1024, ""), (1280, SEVEN)])
def test_the_subject_keeps_its_room(browsers, world, width, columns):
    """Neither a narrow window nor columns that somebody added squeeze out what the ticket is about."""
    page = browsers.open(viewport={"width": width, "height": 700})
    sign_in(page, world.ben, to="/desk/tickets?view=all" + columns.replace("&", "%26"))
    cell = page.get_by_role("cell").filter(has=page.get_by_role("link", name="The press leaks"))
    box = cell.bounding_box()
    assert box
    assert box["width"] > 140
