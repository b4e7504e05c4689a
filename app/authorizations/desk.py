"""Authorizations at the desk: asking, replacing, cancelling, reminding."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from app.accounts.agent import demand
from app.authorizations.authorization import Authorization
from app.authorizations.forms import RequestForm
from app.authorizations.serving import picture
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.templated import placeholders
from app.tickets.dossier import Dossier

authorizations = Blueprint("authorizations", __name__)
ADDRESS = "/tickets/<int:number>/authorizations/<int:version>"
PAGE = "authorizations/desk/new.html"


@authorizations.get("/tickets/<int:number>/authorizations")
def new(number: int) -> Any:
    """The composer for a request; `replaces` names the pending one it will stand for."""
    dossier = _dossier(number)
    demand(g.me, "authorize")
    old = _of(dossier, request.args.get("replaces", type=int))
    return _composer(dossier, RequestForm.about(dossier.ticket, dossier.askable, replaces=old))


@authorizations.post("/tickets/<int:number>/authorizations")
def create(number: int) -> Any:
    dossier = _dossier(number)
    demand(g.me, "authorize")
    ticket, asked = dossier.ticket, request.form
    form = RequestForm.about(ticket, dossier.askable)
    try:
        form.keep_files(by=g.me, still_wanted=asked.getlist("kept"))
        if "template" in asked:
            form.take_template(asked["template"], group=ticket.group, values=placeholders(ticket, g.me))
        if "pick" in asked or "template" in asked:
            return _composer(dossier, form, templates=form.offered(ticket.group) if "pick" in asked else None)
        form.insist()
        form.check_placeholders()
        with once(form.key):
            ticket.request_authorization(form.text.data or "", by=g.me, files=form.kept, **form.told())
    except AlreadySent:
        return done(_ticket(number))
    except Refused as problem:
        return _composer(dossier, form.refuse(problem), status=problem.status)
    return done(_ticket(number), said=_("The request is on its way."))


@authorizations.post(f"{ADDRESS}/withdrawal")
def create_withdrawal(number: int, version: int) -> Any:
    (_of(_dossier(number), version) or abort(404)).withdraw(by=g.me)
    return done(_ticket(number), said=_("The request is cancelled."))


@authorizations.post(f"{ADDRESS}/reminder")
def create_reminder(number: int, version: int) -> Any:
    (_of(_dossier(number), version) or abort(404)).remind(by=g.me)
    return done(_ticket(number), said=_("The reminder is on its way."))


@authorizations.get(f"{ADDRESS}/signature.svg")
def show_signature(number: int, version: int) -> Response:
    """The signature under a decision, drawn by us from what was kept."""
    asked = _of(_dossier(number), version) or abort(404)
    return picture(asked) or abort(404)


def _dossier(number: int) -> Dossier:
    return Dossier.for_agent(g.me, number, teams=g.teams)


def _of(dossier: Dossier, version: int | None) -> Authorization | None:
    return next((each for each in dossier.authorizations if each.number == version), None)


def _ticket(number: int) -> str:
    return url_for("desk.tickets.show", number=number, _anchor="composer")


def _composer(dossier: Dossier, form: Any, *, status: int = 200, templates: Any = None) -> Any:
    return page(
        PAGE, "composer", dossier=dossier, ticket=dossier.ticket, compose="authorization", form=form,
        templates=templates, status=status,
    )  # fmt: skip
