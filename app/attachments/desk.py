"""Files as an agent sees them: those of notes too."""

from typing import Any

from flask import Blueprint, abort, g

from app.attachments.attachment import Attachment
from app.attachments.serving import archived, card, drawn, sent
from app.lib.pages import page
from app.tickets.ticket import Ticket

attachments = Blueprint("attachments", __name__)


@attachments.get("/tickets/<int:number>/attachments/<int:file>")
def show(number: int, file: int) -> Any:
    """A picture, large; of anything else its name, and a warning where it is unusual."""
    ticket = Ticket.for_agent(g.me, number)
    found = _find(ticket, file)
    return page("attachments/desk/show.html", ticket=ticket, file=found, beside=found.beside)


@attachments.get("/tickets/<int:number>/attachments/<int:file>/original")
def show_original(number: int, file: int) -> Any:
    return sent(_find(Ticket.for_agent(g.me, number), file))


@attachments.get("/tickets/<int:number>/attachments/<int:file>/<any(thumbnail,large):size>")
def show_preview(number: int, file: int, size: str) -> Any:
    return drawn(_find(Ticket.for_agent(g.me, number), file), size)


@attachments.get("/tickets/<int:number>/attachments/<int:file>/all.zip")
def show_archive(number: int, file: int) -> Any:
    """All files of its message or request as one."""
    ticket = Ticket.for_agent(g.me, number)
    return archived(_find(ticket, file).together or abort(404), f"{ticket.number}-{file}.zip")


def _find(ticket: Ticket, file: int) -> Attachment:
    return Attachment.in_ticket(ticket, file, public_only=False) or abort(404)


@attachments.app_template_global()
def desk_file(number: int, file: Attachment) -> dict[str, Any]:
    return card(file, number, door="desk")
