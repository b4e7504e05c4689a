"""A newcomer's first quarter of an hour: the sample company as `make run` starts it, and mail that stays inside."""

import re
import time

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from tests.fixtures.browser import Browsers
from tests.wire.serving import Serving

pytestmark = pytest.mark.sqlite_only
PASSWORD = re.compile(r"marta@frigal\.example / (\S+)")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One installation for both ways: the web server, the worker and the receiver are processes of their own."""
    serving = Serving(tmp_path_factory.mktemp("served") / "data", "--sample")
    serving.start()
    yield serving
    serving.end()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def browsers(chromium, served, request):
    opened = Browsers(chromium, served.base_url, request.param)
    yield opened
    opened.end()


def test_from_a_strangers_mail_to_the_portal(browsers, served, accessible):
    page = browsers.open()
    name, address = ("Zoe Lind", "zoe@lind.example") if browsers.script else ("Ana Gil", "ana@gil.example")
    sign_in(page, PASSWORD.search(served.said()).group(1))
    accessible(page)
    write_as(page, name, address, accessible)
    answer(page, name, accessible)
    portal = follow_the_letter(page, address, accessible)
    expect(portal.get_by_role("heading", level=1)).to_have_text(f"The fountain of {name} is dry")
    expect(portal.get_by_text("Is the tap open?")).to_be_visible()
    accessible(portal)
    the_phones_menu_leaves_the_header_free(portal)


def the_phones_menu_leaves_the_header_free(portal):
    """The banner of the test mail stands above the header, two lines high."""
    portal.set_viewport_size({"width": 390, "height": 844})
    portal.get_by_role("button", name="Menu", exact=True).click()
    header = portal.get_by_role("button", name="Menu", exact=True).bounding_box()
    assert portal.locator("#navigation").bounding_box()["y"] >= header["y"] + header["height"]


def sign_in(page, password):
    page.goto("/sign-in")
    page.get_by_label("E-mail").first.fill("marta@frigal.example")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url("**/desk")
    page.goto("/desk/profile")  # Marta reads Spanish; this story is told in English
    page.locator("select[name=language]").select_option("en")
    page.locator("form:has(select[name=language]) button[type=submit]").click()
    page.goto("/desk")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def write_as(page, name, address, accessible):
    page.get_by_role("link", name="Open the sandbox").click()
    expect(page).to_have_url(re.compile("/desk/sandbox$"))
    accessible(page)
    page.get_by_role("link", name="Write as someone new").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Subject").fill(f"The fountain of {name} is dry")
    page.get_by_label("Message").fill("Since this morning no water comes.")
    accessible(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("navigation", name="People").get_by_text(name)).to_be_visible()


def answer(page, name, accessible):
    """The worker takes the mail in; then it stands in the list."""
    subject = f"The fountain of {name} is dry"
    reload_until(page, "/desk/tickets?view=unassigned&order=newest", page.get_by_role("link", name=subject))
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_text("Since this morning no water comes.")).to_be_visible()
    page.get_by_role("textbox", name="Reply").fill("Is the tap open?")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_label("Reply by Marta Vidal").get_by_text("Is the tap open?")).to_be_visible()
    accessible(page)


def follow_the_letter(page, address, accessible):
    """Two letters came: the acknowledgement, and the answer, whose link opens the portal in a tab of its own."""
    letters = page.get_by_role("list", name="Letters").get_by_role("listitem")
    reload_until(page, f"/desk/sandbox/inboxes/{address}", letters.nth(1))
    letters.first.get_by_role("link").click()
    letter = page.get_by_role("article", name="Letter").frame_locator("iframe")
    expect(letter.get_by_text("Is the tap open?").first).to_be_visible()
    accessible(page)
    portal = pressed_for_a_tab(page, letter.locator("a[href*='/t/']").first)
    portal.wait_for_load_state()
    return portal


def pressed_for_a_tab(page, link):
    """The letter's frame lives in a process of its own: a press just after it has scrolled may reach nobody."""
    for patience in (3000, 10_000):
        try:
            with page.context.expect_page(timeout=patience) as opened:
                link.click()
            return opened.value
        except PlaywrightTimeout:
            continue
    raise AssertionError("no tab was opened")


def reload_until(page, path, wanted, seconds=30):
    end = time.monotonic() + seconds
    page.goto(path)
    while not wanted.count():
        assert time.monotonic() < end, f"{wanted} did not come within {seconds} s"
        page.wait_for_timeout(300)
        page.goto(path)
