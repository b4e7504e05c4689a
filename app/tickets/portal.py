"""A customer's tickets: the list, the page of one, closing it, taking it up again."""

from collections.abc import Hashable
from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for

from app.attachments import gallery
from app.attachments.forms import FilesForm
from app.authorizations.authorization import Authorization
from app.authorizations.forms import DenialForm, SignatureForm
from app.authorizations.item import WHOLE
from app.authorizations.sentence import authorizing
from app.authorizations.sentence import shown as seen_hash
from app.frame import today
from app.lib.kept import shown
from app.lib.kinds import said
from app.lib.pages import done, page
from app.lib.words import gettext as _
from app.messages.forms import ReplyForm
from app.organizations.settings import CustomerSettings
from app.tickets.closable import SomebodyElseDecides
from app.tickets.intervention import Intervention
from app.tickets.my_tickets import MyTickets
from app.tickets.personal_link import PersonalLink
from app.tickets.settings import FormSettings, TicketSettings
from app.tickets.ticket import Ticket

tickets = Blueprint("tickets", __name__)
LIST, PAGE, CLOSURE = (f"tickets/portal/{name}.html" for name in ("index", "show", "new_closure"))


@tickets.get("")
@tickets.get("/tickets")
def index() -> Any:
    asked = request.args
    mine = MyTickets(
        g.me,
        tab=asked.get("tab", ""),
        words=asked.get("q", ""),
        before=asked.get("before", ""),
        after=asked.get("after", ""),
    )
    return page(LIST, "my_tickets", mine=mine, who=FormSettings.who_may_open)


@tickets.get("/tickets/<int:number>")
def show(number: int) -> Any:
    ticket = Ticket.for_contact(g.me, number)
    if ticket.number != number:  # it was merged into another one
        return redirect(url_for(".show", number=ticket.number), 303)
    messages = ticket.conversation(public_only=True)[::-1]
    asked = ticket.authorizations_for(g.me.person)
    gallery.load(messages=messages, authorizations=asked)
    pending = next((each for each in asked if each.is_pending), None)
    links, key = ticket.links_of(g.me.person), FilesForm.new_key()
    return page(
        PAGE,
        ticket=ticket,
        messages=messages,
        pending=pending,
        interventions=Intervention.of(ticket, public_only=True)[::-1],
        decided=[each for each in asked if each.answer],
        links=links,
        reply=lambda: ReplyForm(draft_key=key),
        draft_key=key,
        problem=ticket.obstacle_to_closing(g.me.person, pending),
        beside=_beside(ticket, links),
        **_dialogs(pending),
    )


def _beside(ticket: Ticket, links: list[PersonalLink]) -> tuple[Hashable, ...]:
    """All that stands beside the conversation, by which it is kept (app/lib/kept.py)."""
    used = ((link.id, link.created_at, link.trace and link.trace.last_used_at, link == g.me.link) for link in links)
    named = (shown(each) for each in (ticket.assignee, ticket.requester, ticket.equipment))
    mine = (*own_fields(ticket), *TicketSettings.fields_off, CustomerSettings.uses_equipment)
    return (*shown(ticket), *mine, *named, g.me.person.id, ticket.may_reopen, today(), *used)


def _dialogs(pending: Authorization | None) -> dict[str, Any]:
    """The forms of the two dialogs, where there is something to decide for this person."""
    if pending is None or not pending.may_be_decided_by(g.me.person):
        return {}
    return {
        "signing": SignatureForm.about(pending, g.me.person),
        "denying": DenialForm(formdata=None).fit(pending),
        "choice": WHOLE,
        "sentence": authorizing(pending),
        "seen": seen_hash(pending),
    }


@tickets.get("/tickets/<int:number>/closure")
def new_closure(number: int) -> Any:
    """Asks first: a page of its own, for who has no script."""
    ticket = Ticket.for_contact(g.me, number)
    problem = ticket.obstacle_to_closing(g.me.person, ticket.pending_authorization)
    return page(CLOSURE, ticket=ticket, problem=problem, status=problem.status if problem else 200)


@tickets.post("/tickets/<int:number>/closure")
def create_closure(number: int) -> Any:
    ticket = Ticket.for_contact(g.me, number)
    try:
        ticket.close_by_customer(by=g.me.person)
    except SomebodyElseDecides as problem:
        return page(CLOSURE, ticket=ticket, problem=problem, status=problem.status)
    return done(url_for(".show", number=number), said=_("The ticket is closed."))


@tickets.post("/tickets/<int:number>/reopening")
def create_reopening(number: int) -> Any:
    Ticket.for_contact(g.me, number).reopen_by_customer(by=g.me.person)
    return done(url_for(".show", number=number), said=_("The ticket is open again."))


@tickets.post("/tickets/<int:number>/links/<int:link>/revocation")
def create_revocation(number: int, link: int) -> Any:
    """Ends one of this person's links to this ticket, perhaps the one they are using."""
    ticket = Ticket.for_contact(g.me, number)
    found = ticket.link_of(g.me.person, link) or abort(404)
    found.revoke(by=g.me.person)
    return done(url_for(".show", number=number, _anchor="links"), said=_("That link no longer opens the ticket."))


@tickets.app_template_global()
def shows_field(name: str) -> bool:
    """Whether a field is on: what the installation has switched off is shown nowhere (T6)."""
    return name not in TicketSettings.fields_off


@tickets.app_template_global()
def own_fields(ticket: Ticket) -> list[tuple[str, str]]:
    """The installation's own fields that customers see, where something stands in them (T20); read once a page."""
    known: dict[int, list[tuple[str, str]]] = g.setdefault("own_fields", {})
    if ticket.id not in known:
        told = [(field, text) for field, text in ticket.custom() if field.for_customers and text]
        known[ticket.id] = [(field.label, said(field.kind, text)) for field, text in told]
    return known[ticket.id]
