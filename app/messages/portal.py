"""Answering from the portal."""

from typing import Any

from flask import Blueprint, g, request, url_for

from app.attachments import gallery
from app.lib import pdf
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page, wants_block
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.forms import ReplyForm
from app.tickets.ticket import Ticket

messages = Blueprint("messages", __name__)
PAGE = "messages/portal/new.html"


@messages.get("/tickets/<int:number>/replies")
def index(number: int) -> Any:
    """The form alone: where a refused one is sent to by a browser without script, and comes back to."""
    return _page(Ticket.for_contact(g.me, number), ReplyForm())


@messages.post("/tickets/<int:number>/replies")
def create(number: int) -> Any:
    ticket, form = Ticket.for_contact(g.me, number), ReplyForm()
    there = url_for("portal.tickets.show", number=number, _anchor="conversation")
    try:
        form.keep_files(by=g.me.person, still_wanted=request.form.getlist("kept"))
        form.insist()
        if not form.kept and ticket.was_just_told(form.text.data or "", by=g.me.person):
            raise AlreadySent
        with once(form.key):
            ticket.hear(form.text.data or "", by=g.me.person, channel="portal", files=form.kept)
    except AlreadySent:
        return done(there)
    except Refused as problem:
        return _page(ticket, form.refuse(problem), problem.status)
    return done(there, said=_("Your message has been sent."))


def _page(ticket: Ticket, form: ReplyForm, status: int = 200) -> Any:
    """What it answers to stands below the form, as on the ticket's page."""
    said = [] if wants_block() else ticket.conversation(public_only=True)[::-1]
    gallery.load(messages=said)
    return page(PAGE, "reply", ticket=ticket, reply=form, messages=said, status=status)


@messages.app_template_filter("paragraphs")
def paragraphs(text: str) -> list[dict[str, str]]:
    """Plain text as a page prints it: one entry a paragraph, with its direction."""
    return pdf.paragraphs(text)
