"""Google in the browser: its script runs under our policy, and a token reaches the server."""

import pytest

from app.lib import db
from app.tickets.settings import FormSettings, RecaptchaSettings
from app.tickets.ticket import Ticket
from tests.fixtures.browser import script_only

pytestmark = pytest.mark.sqlite_only


@script_only  # then there is no token, and a mail confirms: tests/tickets/test_recaptcha.py
def test_a_visitor_opens_a_ticket(google, browsers, world, accessible):
    FormSettings.set(who_may_open="everyone")
    RecaptchaSettings.set(is_wanted=True, site_key="the-site", secret_key="the-secret")
    page = browsers.open()
    page.goto("/support/new")
    page.get_by_label("Your name").fill("Olga Prat")
    page.get_by_label("E-mail").fill("olga@prat.example")
    page.get_by_label("What is it about?").select_option(label="Problem")
    page.get_by_label("Subject").fill("The heater smells")
    page.get_by_label("What is going on, and since when").fill("Since Monday it smells of gas.")
    accessible(page)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="We have received your message").wait_for()
    assert google.asked == [{"secret": "the-secret", "response": "token-of-the-site-for-open_ticket"}]
    with db.connection():
        assert Ticket.select().order_by(Ticket.id.desc()).first().subject == "The heater smells"
