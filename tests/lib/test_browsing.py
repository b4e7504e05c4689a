"""The tests' own browser and page: they must notice what they are there to notice."""

import pytest
from flask import Flask, g, request
from playwright.sync_api import expect

from tests import needs
from tests.browsing import Client
from tests.page import Page, both_ways


def page(body: str, title: str = "Window") -> Page:
    html = (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>Window</h1>{body}</body></html>'
    )
    response = Flask("a").response_class(html, headers={"Content-Security-Policy": "default-src 'none'"})
    return Page(response)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "body",
    [
        "<p>open <div>block</div></p>",
        '<p id="a"></p><p id="a"></p>',
        '<form action="/x"><input name="q"></form>',
        "<form><button>Send</button></form>",
        '<p style="color:red">x</p>',
        '<p onclick="x()">x</p>',
        "<script>x()</script>",
        "<h1>Another</h1>",
        '<form action="/a" hx-post="/b"><button>Send</button></form>',
    ],
)
def test_an_unsound_page_fails(body):
    with pytest.raises(AssertionError):
        page(body)


@pytest.mark.sqlite_only
def test_things_are_found_by_role_and_label():
    shown = page(
        '<section aria-labelledby="t"><h2 id="t">Replies</h2><p>One <b>t</b>wo</p><a href="/x">Open</a></section>'
        '<form action="/f" method="post"><label for="q">Question</label><input id="q" name="q" value="why">'
        '<label><input type="checkbox" name="c" checked> Copy</label><button name="go" value="1">Send</button></form>'
    )
    assert shown.region("Replies").text == "Replies One two Open"
    assert shown.region("Replies").link("Open")["href"] == "/x"
    assert (shown.field("Question").value, shown.field("Copy")["name"]) == ("why", "c")
    assert shown.form_of(shown.button("Send"))["action"] == "/f"
    with pytest.raises(AssertionError, match="no button 'Cancel'"):
        shown.button("Cancel")


@both_ways
def test_requests_share_nothing_with_the_test_nor_with_each_other(app, htmx):
    seen = []
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: seen.append(("me" in g, bool(request.headers.get("HX-Request"))))
    )
    g.me = "left over from the test"
    for _ in range(2):
        Client(app).get("/health/live", htmx=htmx)
    assert seen == [(False, htmx)] * 2


def test_somebody_signs_in_by_the_shortcut_and_is_who_they_are(desk, world):
    assert desk(world.ben).get("/", follow=False).location == "/desk"
    assert desk(world.carol).get("/", follow=False).location != "/desk"


@pytest.mark.sqlite_only
@needs.needs("chromium")
def test_a_real_browser_reads_the_same_pages(browser_page, browsers, accessible):
    browser_page.goto("/sign-in")
    expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
    accessible(browser_page)
    browser_page.get_by_role("textbox").first.fill("ada@acme.example")
    expect(browser_page.get_by_role("textbox").first).to_have_value("ada@acme.example")
