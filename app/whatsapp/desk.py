"""Sending by WhatsApp from a ticket: a page with number and text; the button opens WhatsApp in a tab of its own."""

from typing import Any

from flask import Blueprint, Response, g, redirect, request

from app.accounts.agent import demand
from app.lib import phones
from app.lib.pages import page
from app.lib.refusals import Refused
from app.lib.safety import WHATSAPP_POLICY
from app.messages.conversational import MovedOn
from app.tickets.dossier import Dossier
from app.whatsapp.forms import WhatsAppForm
from app.whatsapp.opening import SwitchedOff, number_of, open_message

whatsapp = Blueprint("whatsapp", __name__)
PAGE = "whatsapp/desk/new.html"
ADDRESS = "/tickets/<int:number>/whatsapp"


@whatsapp.get(ADDRESS)
def new(number: int) -> Response:
    dossier = _dossier(number)
    return _shown(dossier, WhatsAppForm.about(dossier.ticket, g.me))


@whatsapp.post(ADDRESS)
def create(number: int) -> Any:
    """Notes it and leads to WhatsApp; a template asked for comes back in the form."""
    dossier, form, asked = _dossier(number), WhatsAppForm(), request.form
    try:
        if dossier.ticket.number != number:  # nor does what was written to one customer go to another unseen
            raise MovedOn(number=number, into=dossier.ticket.number)
        if "template" in asked:
            form.take_template(asked["template"], ticket=dossier.ticket, agent=g.me)
        if "pick" in asked or "template" in asked:
            return _shown(dossier, form, templates=form.picked(asked, dossier.ticket, g.me))
        form.insist()
        form.check_placeholders()
        return redirect(open_message(dossier.ticket, form.text.data or "", by=g.me), 303)
    except Refused as problem:
        return _shown(dossier, form.refuse(problem), status=problem.status)


def _dossier(number: int) -> Dossier:
    demand(g.me, "reply")
    return Dossier.for_agent(g.me, number, teams=g.teams)


def _shown(dossier: Dossier, form: Any, *, templates: Any = None, status: int = 200) -> Response:
    """The page, or why there is nobody to send to. It alone may lead a form to WhatsApp."""
    problem = to = None
    try:
        to = phones.shown(number_of(dossier.ticket))
    except SwitchedOff:
        raise
    except Refused as why:
        problem = why.sentence
    answer = page(
        PAGE, dossier=dossier, ticket=dossier.ticket, form=form, to=to, problem=problem, templates=templates,
        status=status,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = WHATSAPP_POLICY
    return answer
