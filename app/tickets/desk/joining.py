"""Tickets that belong together: merging and taking apart, splitting, duplicating, relating."""

from typing import Any

from flask import g, request, url_for

from app.accounts.agent import demand
from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.desk.room import dossier_of, tickets
from app.tickets.dossier import Dossier
from app.tickets.forms.joining import OtherTicketForm, RelationForm, SplitForm
from app.tickets.ticket import Ticket

MERGE, SPLIT, RELATE = (f"tickets/desk/new_{name}.html" for name in ("merger", "split", "relation"))


@tickets.get("/tickets/<int:number>/merger")
def new_merger(number: int) -> Any:
    """Which other ticket; then, with `other` named, what would become of both."""
    dossier = dossier_of(number)
    demand(g.me, "merge")
    form = OtherTicketForm.asked(request.args)
    try:
        other = form.found(g.me) if "other" in request.args else None
    except Refused as problem:
        return _merging(dossier, form.refuse(problem), status=problem.status)
    return _merging(dossier, form, other=other)


@tickets.post("/tickets/<int:number>/merger")
def create_merger(number: int) -> Any:
    dossier, form = dossier_of(number), OtherTicketForm()
    demand(g.me, "merge")
    try:
        into = form.found(g.me)
        dossier.ticket.merge_into(into, by=g.me)
    except Refused as problem:
        return _merging(dossier, form.refuse(problem), status=problem.status)
    said = _("Ticket %(number)s is part of this one now.", number=number)
    return done(url_for(".show", number=into.number), said=said)


def _merging(dossier: Dossier, form: Any, *, other: Ticket | None = None, status: int = 200) -> Any:
    ticket = dossier.ticket
    likely = [each for each in ticket.likely_same(g.me) if each != other]
    return page(MERGE, "merging", dossier=dossier, ticket=ticket, form=form, other=other, likely=likely, status=status)


@tickets.post("/tickets/<int:number>/separation")
def create_separation(number: int) -> Any:
    """Takes the merge of this ticket into another one apart."""
    dossier_of(number, itself=True).ticket.separate(by=g.me)
    return done(url_for(".show", number=number), said=_("The merge is undone."))


@tickets.get("/tickets/<int:number>/split")
def new_split(number: int) -> Any:
    dossier = dossier_of(number)
    demand(g.me, "merge")
    chosen = request.args.get("message", type=inbound.number)
    return page(
        SPLIT, dossier=dossier, ticket=dossier.ticket, form=SplitForm.of(dossier.open_at(whole=True).messages, chosen)
    )


@tickets.post("/tickets/<int:number>/split")
def create_split(number: int) -> Any:
    dossier = dossier_of(number)
    form = SplitForm.of(dossier.open_at(whole=True).messages)
    try:
        new = dossier.ticket.split_off(form.chosen, subject=form.subject.data or "", by=g.me)
    except Refused as problem:
        refused = form.refuse(problem)
        return page(SPLIT, "splitting", dossier=dossier, ticket=dossier.ticket, form=refused, status=problem.status)
    return done(url_for(".show", number=new.number), said=_("Ticket %(number)s is open.", number=new.number))


@tickets.post("/tickets/<int:number>/duplicate")
def create_duplicate(number: int) -> Any:
    new = dossier_of(number).ticket.duplicate(by=g.me)
    return done(url_for(".show", number=new.number), said=_("Ticket %(number)s is open.", number=new.number))


@tickets.get("/tickets/<int:number>/relations")
def new_relation(number: int) -> Any:
    dossier = dossier_of(number)
    demand(g.me, "edit")
    return page(RELATE, dossier=dossier, ticket=dossier.ticket, form=RelationForm())


@tickets.post("/tickets/<int:number>/relations")
def create_relation(number: int) -> Any:
    dossier, form = dossier_of(number), RelationForm()
    demand(g.me, "edit")
    try:
        form.insist()
        dossier.ticket.relate(form.says.data or "", form.found(g.me), by=g.me)
    except Refused as problem:
        refused = form.refuse(problem)
        return page(RELATE, "relating", dossier=dossier, ticket=dossier.ticket, form=refused, status=problem.status)
    return done(url_for(".show", number=number, _anchor="relations"), said=_("The tickets are related."))


@tickets.post("/tickets/<int:number>/relations/<int:relation>/removal")
def destroy_relation(number: int, relation: int) -> Any:
    dossier_of(number).ticket.unrelate(relation, by=g.me)
    return done(url_for(".show", number=number, _anchor="relations"), said=_("The relation is removed."))
