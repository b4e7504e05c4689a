"""PDFs, made in the background."""

from app.documents.document import TicketDocument
from app.documents.sticker_sheet import StickerSheet
from app.timeline.event import Event


def make(event: Event) -> None:
    """Makes the document, or the sheet of stickers, that was asked for."""
    document = event.about
    if isinstance(document, TicketDocument | StickerSheet):
        document.make()
