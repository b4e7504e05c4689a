"""What changes on tickets when something they name does."""

from app.tickets.ticket import Ticket
from app.timeline.event import Event


def find_anew(event: Event) -> None:
    """Tickets are found by the new name of what was renamed (T18)."""
    named = event.about
    if named and event.details.get("was") != event.details.get("now"):
        Ticket.index_anew(named)
