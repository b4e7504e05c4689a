"""Somebody without an account asks, gets an answer, and answers by the link of the mail."""

import pytest
from playwright.sync_api import expect

from app.tickets.held_form import HeldForm
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from tests.journeys.steps import letter_to, link_for, sign_in

pytestmark = pytest.mark.sqlite_only


def test_from_the_form_to_the_second_answer(browsers, world, accessible):
    FormSettings.set(who_may_open="everyone")
    olga = browsers.open()
    olga.goto("/support")
    accessible(olga)
    olga.get_by_role("link", name="Create ticket").click()
    fill_in(olga)
    olga.get_by_label("E-mail").fill("olga")
    olga.get_by_role("button", name="Send").click()
    expect(olga.get_by_role("alert")).to_be_visible()  # the refused form, which else looks like the one just sent
    expect(olga.get_by_label("Subject")).to_have_value("The heater smells")
    expect(olga.get_by_text("photo.txt")).to_be_visible()  # its file is kept
    accessible(olga)
    olga.get_by_label("E-mail").fill("olga@prat.example")
    olga.get_by_role("button", name="Send").click()
    if not browsers.script:  # nothing else shows that she is a person
        expect(olga.get_by_role("heading", level=1)).to_have_text("One last step")
        olga.goto(HeldForm.get().url)
        olga.get_by_role("button", name="Open the ticket").click()
    expect(olga.get_by_role("heading", level=1)).to_have_text("We have received your message")
    accessible(olga)

    number = Ticket.select().order_by(Ticket.id.desc()).get().number
    answer_at_the_desk(browsers.open(), world.ben, number, accessible)

    letter = letter_to("olga@prat.example", "messages.replied")
    assert "Is anybody in the house?" in letter.text
    olga.goto(link_for("olga@prat.example", "messages.replied"))
    expect(olga).to_have_url(f"{browsers.base_url}/portal/tickets/{number}")
    expect(olga.get_by_text("Is anybody in the house?")).to_be_visible()
    accessible(olga)
    olga.get_by_label("Your message").fill("Nobody, we are outside.")
    olga.get_by_role("button", name="Send", exact=True).click()
    expect(olga.get_by_text("Nobody, we are outside.")).to_be_visible()
    expect(olga.get_by_role("status")).to_contain_text("Your message has been sent.")
    assert Ticket.get(number=number).status == "answered_by_customer"


def fill_in(page):
    page.get_by_label("Your name").fill("Olga Prat")
    page.get_by_label("E-mail").fill("olga@prat.example")
    page.get_by_label("What is it about?").select_option("Problem")
    page.get_by_label("Subject").fill("The heater smells")
    page.get_by_label("What is going on, and since when").fill("Since Monday it smells of gas.")
    page.get_by_label("Photo or document").set_input_files(
        {"name": "photo.txt", "mimeType": "text/plain", "buffer": b"a heater"}
    )


def answer_at_the_desk(page, agent, number, accessible):
    sign_in(page, agent)
    accessible(page)
    page.get_by_role("link", name="The heater smells").click()
    expect(page.get_by_role("link", name="photo.txt")).to_be_visible()
    page.get_by_role("textbox", name="Reply").fill("Is anybody in the house?")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_label("Reply by Ben Ortiz").get_by_text("Is anybody in the house?")).to_be_visible()
    accessible(page)
