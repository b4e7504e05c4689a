"""Every page there is: fit for 320 pixels, clean for axe by day and by night, and there in each language."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.config import LANGUAGES
from tests.house.access import ADMINISTRATION, DESK, PORTAL, PUBLIC, Row
from tests.journeys.steps import let_in

pytestmark = pytest.mark.sqlite_only

WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHELL = """document.querySelector(".sidebar")
  ? document.documentElement.scrollHeight - document.documentElement.clientHeight : 0"""
NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1280, "height": 800}
MIDDLE, LISTS = {"width": 1024, "height": 768}, "/desk/settings/lists/types"
OVERFLOWS = """[document.documentElement, ...document.querySelectorAll("main, .desk__scroll")]
  .some((pane) => pane.scrollWidth > pane.clientWidth)"""
NOT_PAGES = {"show_preview", "show_neighbour", "home", "show_sandbox", "show_draft"}
MAIN = [
    ("ben", "/desk/tickets?view=all"), ("ben", "/desk/tickets/{number}"), ("ben", "/desk/tickets/new"),
    ("ada", "/desk/settings/sections/TicketSettings"), ("ada", "/desk/settings/mailboxes/{mailbox}"),
    ("carol", "/portal"), ("carol", "/portal/tickets/{number}"),
    ("carol", "/portal/tickets/{number}/authorizations/{pending}/sign"), ("nobody", "/support"),
    ("nobody", "/support/new"), ("nobody", "/s/{survey_token}"), ("nobody", "/sign-in"),
]  # fmt: skip


def is_page(row: Row) -> bool:
    return row.method == "GET" and not row.is_foreign and row.endpoint.rpartition(".")[2] not in NOT_PAGES


def is_shown(page, path):
    """Whether a browser shows it: not a file, nor the silence of a page that has no news."""
    answer = page.request.get(path)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("who", "rows"),
    [("ben", DESK), ("ada", ADMINISTRATION), ("carol", PORTAL), ("nobody", PUBLIC)],
    ids=["desk", "administration", "portal", "public"],
)
def test_every_page_fits_and_is_accessible(app, browsers, world, things, who, rows):
    if not browsers.script:
        pytest.skip("axe is a script")
    by_day = window(app, browsers, world, who)
    by_night = window(app, browsers, world, who, viewport=WIDE, color_scheme="dark")
    wrong = []
    for row in rows:
        if is_page(row) and who in row.allowed and is_shown(by_day, row.path.format(**things)):
            wrong += look(by_day, row.path.format(**things), "narrow, by day")
            wrong += look(by_night, row.path.format(**things), "wide, by night", "color-contrast")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_pages_in_each_language(app, browsers, world, things, language):
    """Longer words fit as well; without script too."""
    wrong = []
    for who in ("ada", "ben", "carol"):
        getattr(world, who).change(language=language)
    windows = {}
    for who, path in MAIN:
        page = windows.get(who) or windows.setdefault(who, window(app, browsers, world, who, locale=language))
        answer = page.goto(path.format(**things))
        assert answer.status == 200, f"{answer.status}: {page.url}"
        assert page.locator("html").get_attribute("lang") == language, page.url
        wrong += [f"{page.url} scrolls sideways"] if page.evaluate(WIDTH) > 0 else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panes_beside_the_sidebar_hold_what_is_in_them(app, browsers, world, things, language):
    """At 1024 pixels, with all that the head of a ticket can offer."""
    if not browsers.script:
        pytest.skip("laid out the same without")
    wrong = []
    for who, path in (("ben", "/desk/tickets/{number}"), ("ben", "/desk/tickets?view=all"), ("ada", LISTS)):
        getattr(world, who).change(language=language)
        page = window(app, browsers, world, who, viewport=MIDDLE)
        page.goto(path.format(**things))
        wrong += [f"{page.url} is wider than its place"] if page.evaluate(OVERFLOWS) else []
    assert not wrong, "\n".join(wrong)


def window(app, browsers, world, who, **options):
    """A narrow window of somebody who is signed in, or of nobody; nothing in it stands halfway to another colour."""
    page = browsers.open(**{"viewport": NARROW, "reduced_motion": "reduce", **options})
    if who != "nobody":
        let_in(page, app, getattr(world, who))
    return page


def look(page, path, how, *rules):
    """What is wrong on this page: it scrolls sideways, the desk with its bars scrolls where only its panes may, or axe
    finds something (by these rules, or by all).
    """
    page.goto(path)
    wrong = [f"{path} ({how}) scrolls sideways"] if page.evaluate(WIDTH) > 0 else []
    wrong += [f"{path} ({how}) scrolls as a whole"] if how.startswith("wide") and page.evaluate(SHELL) > 0 else []
    options = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
    for each in Axe().run(page, options=options).response["violations"]:
        wrong.append(f"{path} ({how}) {each['id']}: {[node['html'][:160] for node in each['nodes']][:2]}")
    return wrong
