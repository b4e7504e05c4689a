"""Which ticket a mail belongs to: its signs, looked up in the order in which they are believed (MAIL.md, threading)."""

from dataclasses import dataclass
from typing import Any

from app.accounts.person import Person
from app.lib.db import Record
from app.mail import threading
from app.mail.threading import Clue
from app.messages.message import Message
from app.tickets.ticket import Ticket


@dataclass
class Belonging:
    """The ticket and the sign that led to it; or the ticket that it only says it belongs to."""

    ticket: Ticket | None = None
    how: str = ""
    maybe: Ticket | None = None


def find(clues: list[Clue], sender: str, *, proof: str, subject: str) -> Belonging:
    """Looks the signs up. What anyone can write counts only for who takes part in the ticket."""
    found = Belonging()
    for clue in clues:
        if clue.kind in (threading.REPLY_ADDRESS, threading.SENT):
            found.ticket = _where_it_is_now(clue)
            if found.ticket:
                found.how = clue.kind
                return found
    if _by_received_ids(clues, sender, found):
        return found
    for clue in clues:
        if clue.kind == threading.NUMBER and f"[#{clue.ticket}]" in subject and _by_number(clue, sender, proof, found):
            return found
    return found


def _where_it_is_now(clue: Clue) -> Ticket | None:
    """The ticket of what we sent; the one it was merged into, or that our message was split off to."""
    message = Message.find(id=clue.message) if clue.message else None
    if message and not message.ticket.is_away:
        return message.ticket
    return Ticket.survivor_of(clue.ticket or 0)


def _by_received_ids(clues: list[Clue], sender: str, found: Belonging) -> bool:
    """The ids of mails that others sent us, the last one first."""
    ids = [clue.value for clue in clues if clue.kind == threading.RECEIVED]
    if not ids:
        return False
    query = Message.select(Message.mail_id, Message.ticket).where(Message.mail_id.in_(ids)).tuples()
    tickets = dict(query)
    for value in ids:
        ticket = Ticket.get_or_none(id=tickets[value]) if value in tickets else None
        if ticket and not ticket.is_away and takes_part(ticket, sender):
            found.ticket, found.how = ticket, threading.RECEIVED
            return True
    return False


def _by_number(clue: Clue, sender: str, proof: str, found: Belonging) -> bool:
    ticket = Ticket.survivor_of(clue.ticket or 0)
    if ticket is None:
        return False
    if proof != "failed" and takes_part(ticket, sender):
        found.ticket, found.how = ticket, threading.NUMBER
        return True
    found.maybe = found.maybe or ticket
    return False


def takes_part(ticket: Ticket, sender: str) -> bool:
    """Whether this address is the requester's, somebody's in copy, or an agent's."""
    if not sender:
        return False
    if sender == ticket.email:
        return True
    person = Person.by_email(sender)
    if person is None or person == ticket.requester:
        return person is not None
    copies, agents = Record.records["TicketCopy"], Record.records["Agent"]
    copied: Any = copies.select(copies.person).where(copies.ticket == ticket)
    working = agents.select(agents.person).where(agents.is_active)
    return Person.select().where(Person.id == person.id, Person.id.in_(copied) | Person.id.in_(working)).exists()
