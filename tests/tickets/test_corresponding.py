"""Whom a ticket writes to: its own address and those in copy, each once, and nobody where there is no address."""

import pytest

from app.accounts.contact import Contact
from app.outbox.delivery import Delivery
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket


def opened(world, **fields):
    return Ticket.open(by=world.ben, channel="desk", subject="The press leaks", text="Oil", acknowledge=False, **fields)


def reply(ticket, world):
    ticket.reply("We come on Friday.", by=world.ben)


def close(ticket, world):
    ticket.close("The seal is new.", by=world.ben)


def ask(ticket, world):
    ticket.request_authorization("A new seal", by=world.ben)


def remind(ticket, world):
    ask(ticket, world)
    Delivery.delete().execute()
    asked = ticket.pending_authorization
    asked.change(created_at=asked.created_at.replace(year=2020))
    asked.remind(by=world.ben)


WRITING = {reply: True, close: True, ask: False, remind: False}  # who writes, and whether those in copy read it too


@pytest.mark.parametrize("act", WRITING, ids=[act.__name__ for act in WRITING])
def test_mail_goes_to_the_address_of_the_ticket_and_to_those_in_copy(world, act):
    """The ticket's address need not be the contact's (T4); a request is between us and one person."""
    ticket = opened(world, requester=world.carol, email="press@marlow.example", cc=["dan@marlow.example"])
    Delivery.delete().execute()
    act(ticket, world)
    expected = ["dan@marlow.example", "press@marlow.example"] if WRITING[act] else ["press@marlow.example"]
    assert sorted(mail.to_address for mail in ticket.deliveries) == expected


def test_nobody_gets_copies_while_they_are_switched_off(world):
    ticket = opened(world, requester=world.carol, cc=["dan@marlow.example"])
    TicketSettings.set(fields_off=["cc"])
    Delivery.delete().execute()
    ticket.reply("A new seal is on its way.", by=world.ben)
    assert [mail.to_address for mail in ticket.deliveries] == [world.carol.email]


@pytest.mark.parametrize("act", [reply, close])
def test_who_has_no_address_gets_no_mail_and_reads_it_in_the_portal(desk, world, act):
    olga = Contact.register("Olga Prat", None)
    ticket = opened(world, requester=olga)
    page = desk(world.ben).get(f"/desk/tickets/{ticket.number}")
    assert "(no e-mail address: they read it in the portal)" in page.region("Reply")
    assert "The reason stays in the ticket." in page.by_id("closing")
    act(ticket, world)
    assert not ticket.deliveries.exists()
    assert ticket.messages.count() == 2
