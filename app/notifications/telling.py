"""Who is told of an event, and the delivery that tells them (SPEC A5: the assignee is told of each action)."""

from typing import Any

from peewee import IntegrityError

from app.accounts.agent import Agent
from app.accounts.person import Person
from app.branding.company import Company
from app.lib.db import transaction
from app.notifications.settings import switched_on
from app.outbox.delivery import Delivery
from app.outbox.wire import current_wire
from app.tickets.batch import Batch
from app.timeline.event import Event

LETTER, BATCHED = "notifications.happened", "notifications.batched"


def tell_assignee(event: Event) -> None:
    """Writes one letter to the assignee, else (nobody has it, or who has it works here no more) to each of its group.

    Never to who did it. May run twice.
    """
    if event.kind not in switched_on() or event.ticket is None:
        return
    for person in _people(event):
        if person.id != event.by_id and person.email:
            _tell(person, event)


def tell_of_batch(event: Event) -> None:
    """One letter to each assignee for all of their tickets that a change of many touched. May run twice."""
    batch = event.about
    if not isinstance(batch, Batch) or event.kind not in switched_on():
        return
    working = {agent.person_id for agent in Agent.select().where(Agent.is_active) if event.kind not in agent.unwanted}
    for number in batch.whose():
        if number in working and (person := Person.get_by_id(number)).email:
            _tell(person, event, BATCHED, about_kind="Batch", about_id=batch.id)


def _people(event: Event) -> list[Person]:
    """Whose business it is and who wants to know; a ticket given to somebody concerns only them."""
    ticket = event.ticket
    working = {agent.person_id: agent for agent in Agent.select().where(Agent.is_active)}
    if event.kind == "message.mentioned":
        wanted = list(Person.select().where(Person.id.in_(event.details["people"])))
    elif ticket.assignee_id in working:
        wanted = [ticket.assignee]
    elif event.kind != "ticket.assigned" and ticket.group:
        wanted = ticket.group.members
    else:
        wanted = []
    if event.kind not in ("ticket.assigned", "message.mentioned"):
        wanted = list({person.id: person for person in (*wanted, *ticket.followers)}.values())
    return [person for person in wanted if person.id in working and event.kind not in working[person.id].unwanted]


def _tell(person: Person, event: Event, letter: str = LETTER, **about: Any) -> None:
    if Delivery.select().where(Delivery.event == event, Delivery.person == person, Delivery.letter == letter).exists():
        return
    try:
        with transaction():
            Delivery.create(
                **about,
                letter=letter,
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
