"""Pictures of attached files, made in the background."""

from app.attachments.attachment import Attachment
from app.timeline.event import Event


def draw(event: Event) -> None:
    """Draws the first page of each PDF that came with it."""
    if event.ticket_id:
        Attachment.draw_pages_of(event.ticket_id)
