"""Who hears of what: event kind -> reactions, run after the commit; and the sweep of what a killed worker left."""

from collections.abc import Callable
from datetime import timedelta

from app.notifications.telling import tell_assignee
from app.timeline.event import Event
from tasks import documents, mail
from tasks.queue import task

Reaction = Callable[[Event], None]

REACTIONS: dict[str, list[Reaction]] = {
    "ticket.opened": [mail.deliver],
    "ticket.closed": [mail.deliver],
    "ticket.assigned": [tell_assignee, mail.deliver],
    "ticket.reopened": [tell_assignee, mail.deliver],
    "message.replied": [mail.deliver],
    "message.received": [tell_assignee, mail.deliver],
    "message.claimed": [tell_assignee, mail.deliver],
    "authorization.requested": [mail.deliver],
    "authorization.reminded": [mail.deliver],
    "authorization.authorized": [tell_assignee, mail.deliver],
    "authorization.denied": [tell_assignee, mail.deliver],
    "delivery.failed": [tell_assignee, mail.deliver],
    "survey.sent": [mail.deliver],
    "link.renewed": [mail.deliver],
    "invitation.mailed": [mail.deliver],
    "mailbox.fetch_asked": [mail.fetch_asked],
    "entry.returned": [mail.take_in],
    "document.requested": [documents.make],
}


def react(event: Event) -> None:
    """Queues the reactions to an event; create_app is told of this function."""
    if event.kind in REACTIONS:
        react_to(event.id)


@task
def react_to(event_id: int) -> None:
    run(Event.get_by_id(event_id))


def run(event: Event) -> None:
    """Runs each reaction that has not ended yet, and notes that it has."""
    for reaction in REACTIONS.get(event.kind, []):
        if reaction.__name__ not in event.reacted:
            reaction(event)
            event.reaction_ended(reaction.__name__)
    event.settle()


def sweep() -> None:
    """Runs again what is missing after a minute."""
    for event in Event.unsettled(list(REACTIONS), older_than=timedelta(seconds=60)):
        run(event)
