"""Everything an agent does can be done without a mouse, and the place where the keyboard is can be seen."""

import re

import pytest
from playwright.sync_api import expect

from app.messages.message import Message
from app.tickets.ticket import Ticket
from tests.fixtures.browser import script_only
from tests.journeys.steps import sign_in
from tests.people import PASSWORD

pytestmark = pytest.mark.sqlite_only

# A ring, or a box around the field: on what has the focus or on what stands close around it.
RING = """element => {
  for (let place = element, up = 0; place && up < 4; place = place.parentElement, up += 1) {
    const style = getComputedStyle(place);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5) return true;
  }
  return false;
}"""


def test_sign_in_open_a_ticket_and_reply(browsers, world, accessible):
    page = browsers.open()
    page.goto("/sign-in")
    skip(page)
    walk(page, page.get_by_role("textbox", name="E-mail").first)
    page.keyboard.type(str(world.ben.email))
    walk(page, page.get_by_role("textbox", name="Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    skip(page)
    walk(page, page.get_by_role("link", name="The press leaks"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The press leaks")
    skip(page)
    walk(page, page.get_by_role("textbox", name="Reply"))
    page.keyboard.type("We come on Friday.")
    if browsers.script:
        page.keyboard.press("Control+Enter")
    else:
        walk(page, page.get_by_role("button", name="Send reply"))
        page.keyboard.press("Enter")
    expect(page.get_by_label("Reply by Ben Ortiz").get_by_text("We come on Friday.")).to_be_visible()
    accessible(page)
    assert Message.select().where(Message.text == "We come on Friday.").count() == 1


def test_a_dialog_opens_and_closes_by_keyboard(browsers, world, accessible):
    """Escape gives the focus back to what opened it; without script the same link leads to a page."""
    page = browsers.open()
    sign_in_by_keyboard(page, world.ben)
    page.goto(f"/desk/tickets/{world.leak.number}")
    skip(page)
    close = page.get_by_role("link", name="Close…").first
    walk(page, close)
    page.keyboard.press("Enter")
    if browsers.script:
        expect(page.get_by_role("dialog").get_by_label("Reason")).to_be_focused()
        page.keyboard.press("Escape")
        expect(close).to_be_focused()
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Close ticket {world.leak.number}")


def sign_in_by_keyboard(page, person):
    page.goto("/sign-in")
    page.get_by_label("E-mail").first.fill(str(person.email))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")


def skip(page):
    """The first stop of every page is the way past its navigation, and it can be seen."""
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def walk(page, goal, most=60):
    """Tab by tab to the goal; each stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        assert here.count() == 1, "the focus is nowhere"
        assert here.evaluate(RING), f"no ring: {here.evaluate('element => element.outerHTML.slice(0, 200)')}"
        if here.evaluate("(element, goal) => element === goal", goal.element_handle()):
            return
    raise AssertionError(f"{goal} was not reached in {most} steps")


# The upper and lower part of what has the focus are not both under something else (WCAG 2.4.11).
COVERED = """element => {
  const box = element.getBoundingClientRect(), x = box.left + box.width / 2;
  const seen = [box.top + 3, box.top + box.height / 2, box.bottom - 3].some((y) => {
    const there = document.elementFromPoint(x, y);
    const label = there?.closest("label");
    return there && (element.contains(there) || there.contains(element) || label?.control === element);
  });
  const place = `${Math.round(box.left)}, ${Math.round(box.top)}`;
  return !seen && !element.matches(".skip-link") && `${element.outerHTML.slice(0, 120)} at ${place}`;
}"""
SIZES = [(1440, 700), (390, 844), (844, 390), (320, 600)]


@script_only  # the question is one
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_that_has_the_keyboard_lies_under_a_bar(browsers, world, size):
    """Of a ticket where somebody writes, and of a list with a ticked row and its bar."""
    for number in range(14):
        Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject=f"Paper {number}", text="Jam.\n" * 9)
        world.leak.reply(f"Line {number}", by=world.ben)
    page = browsers.open(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    sign_in(page, world.ben, to=f"/desk/tickets/{world.leak.number}")
    page.get_by_role("textbox", name="Reply").fill("Hello")
    assert not covered(page, 70)
    page.goto("/desk/tickets?view=all")
    page.get_by_label(re.compile("^Select [0-9]+$")).first.check()
    assert not covered(page, 90)
    for _row in range(16):
        page.keyboard.press("j")
        assert not page.locator(":focus").evaluate(COVERED)


def covered(page, most):
    """Each stop that lies under something; not the way past the navigation, which slides in above everything."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if here.count() == 1 and here.evaluate(COVERED):
            page.wait_for_timeout(200)  # the way past the navigation slides out
            found += [problem] if (problem := here.evaluate(COVERED)) else []
    return found


@script_only
def test_in_a_short_window_a_ticket_can_be_read_and_its_menu_reached_to_the_end(browsers, world):
    """As at 400 % zoom: the composer takes no place of its own, and the menu scrolls."""
    page = browsers.open(viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    sign_in(page, world.ben, to=f"/desk/tickets/{world.leak.number}")
    page.get_by_role("textbox", name="Reply").fill("Hello")
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_role("region", name="Reply")).not_to_be_in_viewport()
    page.get_by_role("button", name="More actions").click()
    last = page.get_by_role("link", name="Delete…")
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)
