"""Sending by WhatsApp: a page with number and text that leads to wa.me, without a script, and what the history says."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.lib import phones
from app.lib.clock import now
from app.messages.reply_template import ReplyTemplate
from app.messages.settings import WhatsAppSettings
from app.tickets.ticket import Ticket


@pytest.fixture
def here(world):
    WhatsAppSettings.set(is_on=True)
    world.carol.contact.change(mobile="34666777888")
    return f"/desk/tickets/{world.leak.number}/whatsapp"


def test_it_is_hidden_and_shut_until_it_is_switched_on(desk, world):
    ben = desk(world.ben)
    assert not ben.get(f"/desk/tickets/{world.leak.number}").has_link("Send by WhatsApp")
    assert ben.get(f"/desk/tickets/{world.leak.number}/whatsapp").status == 404
    assert ben.post(f"/desk/tickets/{world.leak.number}/whatsapp", text="Hi").status == 404


def test_the_page_holds_recipient_number_and_the_default_text(desk, world, here):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}").follow("Send by WhatsApp")
    assert "Carol Ruiz" in page
    assert "+34 666 77 78 88" in page
    words = page.field("Message").value
    assert "Hello Carol" in words
    assert f"ticket {world.leak.number}: The press leaks" in words


def test_a_ticket_with_a_deadline_has_its_message_too(desk, world, here):
    """The default text may name the deadline, in the company's time."""
    world.leak.change(due_at=now())
    assert "Hello Carol" in desk(world.ben).get(here).field("Message").value


def test_the_button_leads_to_wa_me_in_a_tab_of_its_own(desk, world, here):
    before = world.leak.lock().status
    page = desk(world.ben).get(here)
    assert page.button("Send")["formtarget"] == "_blank"
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://wa.me https://api.whatsapp.com https://web.whatsapp.com;" in policy
    sent = desk(world.ben).post(here, text="It is mended & done?", follow=False)
    there = urlsplit(sent.location)
    assert (there.scheme, there.netloc, there.path) == ("https", "wa.me", "/34666777888")
    assert parse_qs(there.query) == {"text": ["It is mended & done?"]}
    assert world.leak.lock().status == before


def test_other_pages_send_forms_nowhere_else(desk, world, here):
    policy = desk(world.ben).get(f"/desk/tickets/{world.leak.number}").headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy


def test_the_history_says_opened_and_never_delivered(desk, portal, world, here):
    desk(world.ben).post(here, text="It is mended.", follow=False)
    history = desk(world.ben).get(f"/desk/tickets/{world.leak.number}/history")
    assert "Ben Ortiz opened a message to +34 666 77 78 88 in WhatsApp: It is mended." in history
    assert "It is mended." not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


@pytest.mark.parametrize("mobile", ["", "12"])
def test_without_a_number_that_exists_it_says_why(desk, world, here, mobile):
    world.carol.contact.change(mobile=mobile)
    page = desk(world.ben).get(here)
    assert ("has no mobile number" if not mobile else "no phone number that exists") in page
    assert page.link("Edit contact")
    assert desk(world.ben).post(here, text="Hi", follow=False).status == 422


def test_a_number_without_a_prefix_is_one_of_the_country_in_the_settings(desk, world, here):
    world.carol.contact.change(mobile="912345678")
    WhatsAppSettings.set(country="PT")
    assert "+351 912 345 678" in desk(world.ben).get(here)
    assert urlsplit(desk(world.ben).post(here, text="Hi", follow=False).location).path == "/351912345678"


def test_who_is_no_contact_has_no_number(desk, world, here):
    typed = Ticket.open(by=world.ben, channel="desk", name="Nora Vale", subject="A press", text="x")
    there = f"/desk/tickets/{typed.number}/whatsapp"
    page = desk(world.ben).get(there)
    assert "no contact to write to: only a name was typed in" in page
    assert not page.has_button("Send")
    assert desk(world.ben).post(there, text="Hi", follow=False).status == 422


def test_nothing_leaves_without_words_nor_from_the_bin_but_from_a_closed_ticket(desk, world, here):
    ben = desk(world.ben)
    assert "Write something first." in ben.post(here, text=" ", follow=False)
    world.leak.close("Done", by=world.ben)
    assert ben.get(f"/desk/tickets/{world.leak.number}").has_link("Send by WhatsApp")
    assert ben.post(here, text="Hi", follow=False).location.startswith("https://wa.me/34666777888?")
    world.leak.remove(by=world.ben)
    assert not ben.get(f"/desk/tickets/{world.leak.number}").has_link("Send by WhatsApp")
    assert ben.post(here, text="Hi", follow=False).status == 409


def test_what_was_written_is_not_lost_where_the_other_customer_has_no_mobile(desk, world, here):
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x", acknowledge=False)
    page = desk(world.ben).get(here)
    world.leak.merge_into(other, by=world.bea)
    stopped = page.press("Send", text="Hello Carol")
    assert stopped.status == 409
    assert "Hello Carol" in stopped
    assert not stopped.has_button("Send")


def test_what_was_written_to_one_customer_goes_to_another_only_when_its_writer_has_seen_that(desk, world, here):
    world.eve.contact.change(mobile="34666777889")
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x", acknowledge=False)
    page = desk(world.ben).get(here)
    world.leak.merge_into(other, by=world.bea)
    stopped = page.press("Send", text="Hello Carol")
    assert stopped.status == 409
    assert f"Ticket {world.leak.number} has been merged into ticket {other.number}." in stopped
    assert "+34 666 77 78 89" in stopped
    assert stopped.field("Message").value == "Hello Carol"
    there = stopped.form_of(stopped.button("Send"))["action"]
    sent = desk(world.ben).post(there, text="Hello Eve", follow=False)
    assert sent.location == "https://wa.me/34666777889?text=Hello%20Eve"


def test_an_internal_ticket_and_whoever_does_not_write_to_customers_send_nothing(desk, world, here):
    for person in (world.vic, world.ines):
        assert desk(person).get(here).status == 403
        assert not desk(person).get(f"/desk/tickets/{world.leak.number}").has_link("Send by WhatsApp")
    world.leak.set_visibility(internal=True, by=world.ben)
    assert "internal" in desk(world.ben).get(here)
    assert desk(world.ben).post(here, text="Hi", follow=False).status == 409


def test_a_template_takes_the_place_of_the_text_and_a_gap_in_it_stops_the_sending(desk, world, here):
    ReplyTemplate.write(by=world.ada, name="Parts", text="{name}, part {serial} is here.", use="whatsapp")
    page = desk(world.ben).get(here).press("Template /")
    page = page.press("Parts {name}, part {serial} is here.")
    assert page.field("Message").value == "Carol, part {serial} is here."
    stopped = page.press("Send")
    assert "Fill in {serial} first" in stopped
    assert stopped.field("Message").value == "Carol, part {serial} is here."
    assert "Hello Carol" in stopped.press("New support ticket").field("Message").value


def test_the_template_speaks_the_customers_language(desk, world, here):
    Ticket.update(language="es").where(Ticket.id == world.leak.id).execute()
    assert "Hola" in desk(world.ben).get(here).field("Message").value


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("34666777888", "ES", "34666777888"),
        ("+34 666 77 78 88", "PT", "34666777888"),
        ("0034666777888", "PT", "34666777888"),
        ("666 777 888", "ES", "34666777888"),
        ("912345678", "PT", "351912345678"),
        ("12", "ES", None),
        ("", "ES", None),
        ("+34 666 77 78 88 888 888", "ES", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, country, expected):
    assert phones.digits(typed, country) == expected
