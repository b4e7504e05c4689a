"""Opening WhatsApp with a message to a ticket's customer; whether it is sent there, nobody tells us."""

from typing import Any
from urllib.parse import quote

from flask_babel import force_locale

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import phones
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.messages.settings import WhatsAppSettings
from app.messages.templated import placeholders
from app.tickets.ticket import Ticket

LONGEST = 4000  # characters: addresses beyond some eight thousand are cut by browsers and servers
ADDRESS = "https://wa.me/"


class SwitchedOff(Refused):
    says = _l("WhatsApp is switched off in the settings.")
    status = 404


class NoCustomer(Refused):
    says = _l("This ticket has no contact to write to: only a name was typed in.")


class NoMobile(Refused):
    says = _l("%(name)s has no mobile number. Add it to their contact, with the country's prefix.")


class NotAMobile(Refused):
    says = _l("“%(number)s” in the contact of %(name)s is no phone number that exists. Correct it there.")


class OnlyTheTeam(Refused):
    says = _l("This ticket is internal: its customer knows nothing of it.")
    status = 409


class NothingToSend(Refused):
    says = _l("Write something first.")
    field = "text"


def number_of(ticket: Ticket) -> str:
    """The customer's number, digits only. Raises SwitchedOff, OnlyTheTeam, NoCustomer, NoMobile, NotAMobile."""
    if not WhatsAppSettings.is_on:
        raise SwitchedOff
    if ticket.is_internal:
        raise OnlyTheTeam
    contact: Any = ticket.requester.contact if ticket.requester else None
    if contact is None:
        raise NoCustomer
    if not contact.mobile:
        raise NoMobile(name=ticket.name)
    number = phones.digits(contact.mobile, WhatsAppSettings.country)
    if number is None:
        raise NotAMobile(name=ticket.name, number=contact.mobile)
    return number


@transaction()
def open_message(ticket: Ticket, text: str, *, by: Person) -> str:
    """Notes that the message was opened in WhatsApp and returns its address there; the status stays.

    Raises NotAllowed, TicketAway, NothingToSend, and as `number_of`.
    """
    demand(by, "reply")
    ticket.lock()
    number, text = number_of(ticket), text.strip()[:LONGEST]
    if not text:
        raise NothingToSend
    ticket.touch()
    ticket.record("whatsapp.opened", by=by, to=phones.shown(number), said=" ".join(text.split())[:300])
    return f"{ADDRESS}{number}?text={quote(text)}"


def opening_words(ticket: Ticket, agent: Person) -> str:
    """The template it begins with, “New support ticket”, in the ticket's language."""
    with force_locale(ticket.language):
        return _(
            "Hello %(name)s, this is %(company)s. We have opened your support ticket %(number)s: %(subject)s. "
            "You can answer here or by mail.",
            **placeholders(ticket, agent) | {"name": placeholders(ticket, agent)["name"] or ticket.name},
        )
