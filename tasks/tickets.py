"""What changes on tickets when something they name does."""

from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tasks.queue import task


def find_anew(event: Event) -> None:
    """Tickets are found by the new name of what was renamed, and call their requester by it (T18)."""
    if event.about and event.details.get("was") != event.details.get("now"):
        go_on(event.id, 0)


@task
def go_on(event_id: int, after: int) -> None:
    """A second's work, and then again behind all that waits: a worker that is killed leaves the rest as it was."""
    event = Event.get_or_none(id=event_id)
    if event and event.about:
        reached = Ticket.index_anew(event.about, was=event.details["was"], after=after)
        if reached is not None:
            go_on(event_id, reached)
