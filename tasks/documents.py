"""PDFs, made in the background."""

from app.documents.document import TicketDocument
from app.timeline.event import Event


def make(event: Event) -> None:
    """Makes the document that was asked for."""
    document = event.about
    if isinstance(document, TicketDocument):
        document.make()
