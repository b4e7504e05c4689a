"""Somebody without an account opens a ticket: their browser proves itself, or they press the button of a mail."""

import io

import pytest
from PIL import Image

from app.lib import db
from app.tickets.held_form import HeldForm
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from tests.journeys.steps import PHONE

pytestmark = pytest.mark.sqlite_only


def test_a_visitor_opens_a_ticket(browsers, world, accessible):
    FormSettings.set(who_may_open="everyone")
    page = browsers.open(**PHONE)
    page.goto("/support/new")
    page.get_by_label("Your name").fill("Olga Prat")
    page.get_by_label("E-mail").fill("olga@prat.example")
    page.get_by_label("What is it about?").select_option(label="Problem")
    page.get_by_label("Subject").fill("The heater smells")
    page.get_by_label("What is going on, and since when").fill("Since Monday it smells of gas.")
    page.get_by_label("Photo or document").set_input_files(
        {"name": "heater.png", "mimeType": "image/png", "buffer": picture()}
    )
    accessible(page)
    page.get_by_role("button", name="Send").click()
    if not browsers.script:
        page.get_by_role("heading", name="One last step").wait_for()
        with db.connection():
            page.goto(HeldForm.get().url)
        page.get_by_role("button", name="Open the ticket").click()
    page.get_by_role("heading", name="We have received your message").wait_for()
    accessible(page)
    with db.connection():
        ticket = Ticket.select().order_by(Ticket.id.desc()).first()
        assert ticket.subject == "The heater smells"
        assert ticket.has_files
        assert HeldForm.select().count() == (0 if browsers.script else 1)
    page.get_by_text(f"Your ticket is number {ticket.number}.").wait_for()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()
