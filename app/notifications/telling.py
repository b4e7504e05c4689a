"""Who is told of an event, and the delivery that tells them (SPEC A5: the assignee is told of each action)."""

from typing import Any

from peewee import IntegrityError

from app.accounts.agent import Agent
from app.accounts.person import Person
from app.branding.company import Company
from app.lib.db import transaction
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.wire import current_wire
from app.timeline.event import Event

LETTER = "notifications.happened"
HEADLINES: dict[str, Any] = {
    "message.received": _l("The customer has answered"),
    "message.claimed": _l("A mail in the customer's name could not be proved"),
    "authorization.authorized": _l("The authorization was given"),
    "authorization.denied": _l("The authorization was denied"),
    "ticket.assigned": _l("This ticket is yours now"),
    "ticket.reopened": _l("The ticket was taken up again"),
    "delivery.failed": _l("A mail to the customer could not be delivered"),
}


def tell_assignee(event: Event) -> None:
    """Writes one letter to the assignee, else to each of the ticket's group; never to who did it. May run twice."""
    if event.kind not in HEADLINES or event.ticket is None:
        return
    for person in _people(event):
        if person.id != event.by_id and person.email:
            _tell(person, event)


def _people(event: Event) -> list[Person]:
    """Whose business it is; a ticket given to somebody concerns only them."""
    ticket = event.ticket
    if ticket.assignee:
        wanted = [ticket.assignee]
    elif event.kind != "ticket.assigned" and ticket.group:
        wanted = ticket.group.members
    else:
        wanted = []
    working = {person.id for person in Person.select(Person.id).join(Agent).where(Agent.is_active)} if wanted else set()
    return [person for person in wanted if person.id in working]


def _tell(person: Person, event: Event) -> None:
    if Delivery.select().where(Delivery.event == event, Delivery.person == person, Delivery.letter == LETTER).exists():
        return
    try:
        with transaction():
            Delivery.create(
                letter=LETTER,
                ticket=event.ticket,
                event=event,
                person=person,
                to_name=person.name,
                to_address=person.email,
                language=person.language or Company.ours().language,
                is_automatic="auto-generated",
                wire=current_wire(),
            )
    except IntegrityError:  # another worker was quicker
        return
