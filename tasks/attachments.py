"""Attached files, looked at in the background."""

from app.attachments.attachment import Attachment
from app.timeline.event import Event


def look(event: Event) -> None:
    """Draws the first page of each PDF that came with it, and looks for what could harm."""
    if event.ticket_id:
        Attachment.look_at_files_of(event.ticket_id)
