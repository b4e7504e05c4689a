"""A ticket's PDF for the team: the same public conversation, the desk's words for the status."""

from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for
from flask_babel import get_locale

from app.documents.document import TicketDocument
from app.documents.serving import send
from app.lib.pages import done, page, wants_block
from app.tickets.ticket import Ticket

documents = Blueprint("documents", __name__)
PAGE = "documents/desk/show.html"


@documents.post("/tickets/<int:number>/documents")
def create(number: int) -> Any:
    ticket = Ticket.for_agent(g.me, number)
    document = TicketDocument.ask(ticket, by=g.me, face="desk", language=str(get_locale()))
    purpose = "print" if request.form.get("purpose") == "print" else "download"
    return done(url_for(".show", number=number, document=document.id, purpose=purpose))


@documents.get("/tickets/<int:number>/documents/<int:document>")
def show(number: int, document: int) -> Any:
    """Where it stands; once it is ready, the file itself. A page that was waiting gets a link that starts by itself."""
    ticket, found = _find(number, document)
    purpose = "print" if request.args.get("purpose") == "print" else "download"
    if found.is_ready and not wants_block():
        return redirect(url_for(".show_file", number=number, document=document, purpose=purpose), 303)
    return page(PAGE, "document", ticket=ticket, document=found, purpose=purpose)


@documents.get("/tickets/<int:number>/documents/<int:document>/file")
def show_file(number: int, document: int) -> Any:
    _ticket, found = _find(number, document)
    return send(found, shown=request.args.get("purpose") == "print") if found.is_ready else abort(404)


def _find(number: int, document: int) -> tuple[Ticket, TicketDocument]:
    ticket = Ticket.for_agent(g.me, number)
    return ticket, TicketDocument.for_ticket(ticket, document, face="desk", reader=g.me) or abort(404)
