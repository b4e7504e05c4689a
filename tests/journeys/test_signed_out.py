"""A session that ends while somebody writes: the page stays, says so, and what was typed with it."""

import pytest
from playwright.sync_api import expect

from app.accounts.session import Session
from app.lib import db
from tests.fixtures.browser import script_only
from tests.journeys.steps import let_in, sign_in

pytestmark = pytest.mark.sqlite_only
SAID = "You are signed out. What you typed stays here."


@script_only  # nothing polls
def test_a_poll_takes_no_page_away(app, browsers, world, accessible):
    browsers.expected |= {"401", "419"}  # and a draft that is kept just then comes with the form of before
    page = browsers.open()
    sign_in(page, world.ben, to=f"/desk/tickets/{world.leak.number}")
    reply = page.get_by_role("textbox", name="Reply")
    with db.connection():
        Session.delete().execute()
    reply.fill("We come on Friday.")
    for _time in range(2):  # said once, however often it asks
        with page.expect_response(lambda answer: answer.status == 401):
            page.evaluate("document.querySelector('keep-fresh').ask()")
        expect(page.get_by_text(SAID)).to_have_count(1)
    expect(page.get_by_role("link", name="Sign in in another tab")).to_have_attribute(
        "href", f"/sign-in?next=/desk/tickets/{world.leak.number}"
    )
    expect(reply).to_have_value("We come on Friday.")
    accessible(page)

    let_in(page, app, world.ben)
    page.evaluate("document.querySelector('keep-fresh').ask()")
    expect(page.get_by_text(SAID)).to_have_count(0)
    expect(reply).to_have_value("We come on Friday.")
