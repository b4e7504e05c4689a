"""Answering from the portal."""

from typing import Any

from flask import Blueprint, g, request, url_for

from app.lib import pdf
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.forms import ReplyForm
from app.tickets.ticket import Ticket

messages = Blueprint("messages", __name__)
PAGE = "messages/portal/new.html"


@messages.get("/tickets/<int:number>/replies")
def index(number: int) -> Any:
    """The form alone: where a refused one is sent to by a browser without script, and comes back to."""
    return page(PAGE, "reply", ticket=Ticket.for_contact(g.me, number), reply=ReplyForm())


@messages.post("/tickets/<int:number>/replies")
def create(number: int) -> Any:
    ticket, form = Ticket.for_contact(g.me, number), ReplyForm()
    there = url_for("portal.tickets.show", number=number, _anchor="conversation")
    try:
        form.keep_files(by=g.me.person, still_wanted=request.form.getlist("kept"))
        form.insist()
        with once(form.key):
            ticket.hear(form.text.data or "", by=g.me.person, channel="portal", files=form.kept)
    except AlreadySent:
        return done(there)
    except Refused as problem:
        return page(PAGE, "reply", ticket=ticket, reply=form.refuse(problem), status=problem.status)
    return done(there, said=_("Your message has been sent."))


@messages.app_template_filter("paragraphs")
def paragraphs(text: str) -> list[dict[str, str]]:
    """Plain text as a page prints it: one entry a paragraph, with its direction."""
    return pdf.paragraphs(text)
