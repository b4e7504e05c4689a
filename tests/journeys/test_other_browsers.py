"""What older browsers and WebKit do otherwise, played in Chromium: pages stay readable, every act stays possible."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.steps import let_in

pytestmark = pytest.mark.sqlite_only

LINES = "\n".join(f"Line {number}" for number in range(8))
UNKNOWN = ("light-dark(", ":popover-open", "field-sizing", "position-area", "anchor(")
DEAF = "navigation.addEventListener = () => {};"
PLACES = """(list) => [getComputedStyle(list).positionTryFallbacks, getComputedStyle(list).animationName]"""


@pytest.fixture(autouse=True)
def _script(browsers):
    if not browsers.script:
        pytest.skip("laid out the same without")


def aged(page: Page) -> None:
    """Of the style sheet this browser knows as little as a Safari of 2022, and popovers are nothing to it."""

    def older(route: Route) -> None:
        sheet = route.fetch().text()
        for word in UNKNOWN:
            sheet = sheet.replace(word, word[0] + "un-known" + word[1:])
        route.fulfill(body=sheet, content_type="text/css")

    page.route(re.compile(r"/static/all/.*\.css"), older)
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        " for (const each of document.querySelectorAll('[popover]')) each.removeAttribute('popover'); });"
        "delete HTMLElement.prototype.hidePopover;"
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_who_knows_no_light_dark_and_no_popovers_reads_and_goes_on(app, browsers, world, mode):
    asked = world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    page = browsers.open(viewport={"width": 390, "height": 800}, color_scheme=mode)
    aged(page)
    let_in(page, app, world.carol)
    page.goto(f"/portal/tickets/{world.leak.number}")
    card = page.get_by_role("region", name=re.compile("authorization", re.IGNORECASE)).first
    expect(card).to_contain_text(asked.text)
    ground, ink = page.evaluate(
        "(() => { const seen = getComputedStyle(document.body); return [seen.backgroundColor, seen.color]; })()"
    )
    assert "0, 0, 0, 0" not in ground
    assert ground != ink
    expect(page.get_by_role("link", name="My data")).to_be_visible()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_hidden()
    heading, menu = (
        page.get_by_role("heading", level=1).bounding_box(),
        page.get_by_role("navigation").first.bounding_box(),
    )
    assert heading["y"] >= menu["y"] + menu["height"], "it lies over nothing"


def test_a_reply_shows_its_lines_where_a_field_does_not_grow_by_itself(app, browsers, world):
    page = browsers.open(viewport={"width": 1280, "height": 900})
    aged(page)
    let_in(page, app, world.ben)
    page.goto(f"/desk/tickets/{world.leak.number}")
    reply = page.get_by_role("textbox", name="Reply")
    reply.fill(LINES)
    assert reply.bounding_box()["height"] >= 120


def test_back_shows_the_list_as_it_was_where_the_navigation_api_is_silent(app, browsers, world):
    page = browsers.open(viewport={"width": 1280, "height": 900})
    page.add_init_script(DEAF)
    let_in(page, app, world.ben)
    page.goto("/desk/tickets?view=all")
    row = page.get_by_role("link", name="The press leaks")
    expect(row).to_be_visible()
    page.get_by_role("button", name=re.compile("Assigned to")).click()
    page.get_by_label("Assigned to").select_option("Bea Lund")
    expect(row).to_be_hidden()
    page.go_back()
    expect(row).to_be_visible()


def test_back_from_a_place_on_the_page_keeps_the_page(app, browsers, world):
    page = browsers.open(viewport={"width": 1280, "height": 900})
    let_in(page, app, world.ben)
    page.goto("/desk/tickets?view=all")
    page.get_by_role("button", name=re.compile("Assigned to")).click()
    page.get_by_label("Assigned to").select_option("Bea Lund")
    expect(page.get_by_role("link", name="The press leaks")).to_be_hidden()
    page.evaluate("window.mark = 'here'")
    page.get_by_role("link", name="Skip to content").press("Enter")
    page.wait_for_url("**#main")
    page.go_back()
    page.wait_for_timeout(500)
    assert page.evaluate("window.mark") == "here"


def test_only_an_open_menu_looks_for_its_place_and_moves_nothing_but_what_is_in_it(app, browsers, world):
    """WebKit looks for closed ones' places without end, and leaves one that looks and moves unseen."""
    page = browsers.open(viewport={"width": 1280, "height": 900})
    let_in(page, app, world.ben)
    page.goto("/desk/tickets?view=all")
    lists = page.locator(".menu__list")
    assert {tuple(each.evaluate(PLACES)) for each in lists.all()} == {("none", "none")}
    page.get_by_role("button", name=re.compile("Assigned to")).click()
    place, motion = page.locator(".menu__list:popover-open").evaluate(PLACES)
    assert (place != "none", motion) == (True, "none")
