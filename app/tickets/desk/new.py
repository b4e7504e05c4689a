"""Opening a ticket at the desk."""

from typing import Any

from flask import g, request, url_for

from app.accounts.agent import NotAllowed, demand
from app.accounts.contact import Contact
from app.lib import inbound
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.tickets.desk.room import tickets
from app.tickets.forms.fields import with_new
from app.tickets.forms.new import NewTicketForm, known_of
from app.tickets.opening import open_at_desk

PAGE = "tickets/desk/new.html"


@tickets.get("/tickets/new")
def new() -> Any:
    demand(g.me, "open")
    asked = request.args
    known = known_of(
        contact=Contact.by_person(asked.get("contact", 0, inbound.number)),
        organization=Organization.by_number(asked.get("organization", 0, inbound.number)),
        equipment=Equipment.by_number(asked.get("equipment", 0, inbound.number)),
    )
    if requester := asked.get("requester", "")[:450]:
        known["requester"] = requester
    return page(PAGE, form=NewTicketForm.for_agent(g.me, **known))


@tickets.post("/tickets")
def create() -> Any:
    demand(g.me, "open")
    form = NewTicketForm.for_agent(g.me)
    try:
        form.take_files(by=g.me, still_wanted=request.form.getlist("kept"))
        form.insist()
        with once(form.key):
            ticket = open_at_desk(by=g.me, files=form.kept, **with_new(form.told(), by=g.me))
    except AlreadySent:
        return done(url_for(".index"))
    except NotAllowed:
        raise
    except Refused as problem:
        return page(PAGE, "new_ticket", form=form.refuse(problem), status=problem.status)
    return done(url_for(".show", number=ticket.number), said=_("Ticket %(number)s is open.", number=ticket.number))
