"""Who hears of what: event kind -> reactions, run after the commit; and the sweep of what a killed worker left."""

from collections.abc import Callable
from datetime import timedelta

from app.notifications.telling import tell_assignee, tell_of_batch
from app.timeline.event import Event
from tasks import attachments, authorizations, batches, documents, mail, tickets
from tasks.queue import task

A_MOMENT = timedelta(milliseconds=200)
Reaction = Callable[[Event], None]

REACTIONS: dict[str, list[Reaction]] = {
    "ticket.opened": [mail.deliver, attachments.look],
    "ticket.closed": [mail.deliver],
    "ticket.assigned": [tell_assignee, mail.deliver],
    "ticket.reopened": [tell_assignee, mail.deliver],
    "message.replied": [mail.deliver, attachments.look],
    "message.received": [tell_assignee, mail.deliver, attachments.look],
    "message.mentioned": [tell_assignee, mail.deliver],
    "ticket.woken": [tell_assignee, mail.deliver],
    "message.claimed": [tell_assignee, mail.deliver, attachments.look],
    "authorization.requested": [mail.deliver, attachments.look],
    "authorization.claimed": [mail.deliver],
    "authorization.reminded": [mail.deliver],
    "authorization.code_sent": [mail.deliver],
    "authorization.authorized": [tell_assignee, mail.deliver, authorizations.seal_certificate],
    "authorization.denied": [tell_assignee, mail.deliver, authorizations.seal_certificate],
    "certificate.requested": [authorizations.seal_certificate],
    "delivery.retried": [mail.deliver],
    "outbox.hurried": [mail.deliver],
    "delivery.failed": [tell_assignee, mail.deliver],
    "survey.sent": [mail.deliver],
    "link.renewed": [mail.deliver],
    "invitation.mailed": [mail.deliver],
    "form.held": [mail.deliver],
    "mailbox.fetch_asked": [mail.fetch_asked],
    "test.asked": [mail.try_out],
    "dkim.check_asked": [mail.look_up],
    "entry.returned": [mail.take_in],
    "document.requested": [documents.make],
    "stickers.requested": [documents.make],
    "entry.changed": [tickets.find_anew],
    "organization.changed": [tickets.find_anew],
    "equipment.changed": [tickets.find_anew],
    "person.renamed": [tickets.find_anew],
    "batch.asked": [batches.run],
    "batch.ended": [tell_of_batch, mail.deliver],
}
# What each event of a change of many would do is done once, at its end.
AT_THE_END = {tell_assignee, mail.deliver}
batches.done_at_the_end(REACTIONS, AT_THE_END)


def react(event: Event) -> None:
    """Queues the reactions to an event; create_app is told of this function."""
    if event.kind in REACTIONS:
        react_to(event.id)


@task
def react_to(event_id: int) -> None:
    """None: it was taken back. One that still can be is looked at again when that is over."""
    event = Event.get_or_none(id=event_id)
    if event and event.is_held:
        react_to.schedule((event_id,), eta=event.held_until + A_MOMENT)
    elif event:
        run(event)


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
