"""Opening a ticket at the desk."""

from typing import Any

from flask import g, request, url_for

from app.accounts.agent import NotAllowed, demand
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.desk.room import tickets
from app.tickets.forms import NewTicketForm
from app.tickets.opening import open_at_desk

PAGE = "tickets/desk/new.html"


@tickets.get("/tickets/new")
def new() -> Any:
    demand(g.me, "open")
    return page(PAGE, form=NewTicketForm.for_agent(g.me, requester=request.args.get("requester", "")[:450]))


@tickets.post("/tickets")
def create() -> Any:
    demand(g.me, "open")
    form = NewTicketForm.for_agent(g.me)
    try:
        form.keep_files(by=g.me, still_wanted=request.form.getlist("kept"))
        form.insist()
        with once(form.key):
            ticket = open_at_desk(by=g.me, files=form.kept, **form.told())
    except AlreadySent:
        return done(url_for(".index"))
    except NotAllowed:
        raise
    except Refused as problem:
        return page(PAGE, "new_ticket", form=form.refuse(problem), status=problem.status)
    return done(url_for(".show", number=ticket.number), said=_("Ticket %(number)s is open.", number=ticket.number))
