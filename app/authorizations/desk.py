"""Authorizations at the desk: asking, replacing, cancelling, reminding."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from app.accounts.agent import demand
from app.authorizations.authorization import (
    Authorization,
    MayNotAuthorize,
    NotOnInternal,
    RemindedToday,
    TooLateToRemind,
)
from app.authorizations.decision import NotPending
from app.authorizations.forms import RequestForm
from app.authorizations.sentence import authorizing
from app.authorizations.serving import certificate_again, certificate_file, certificate_page, picture
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.dossier import Dossier

authorizations = Blueprint("authorizations", __name__)
ADDRESS = "/tickets/<int:number>/authorizations/<int:version>"
PAGE, CERTIFICATE = "authorizations/desk/new.html", "authorizations/desk/certificate.html"


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
        form.carry(_of(dossier, form.replaced), asked.getlist("carried"))
        if form.change_rows(asked):
            return _composer(dossier, form)
        if "template" in asked:
            form.take_template(asked["template"], ticket=ticket, agent=g.me)
        if "pick" in asked or "template" in asked:
            return _composer(dossier, form, templates=form.picked(asked, ticket, g.me))
        form.insist()
        if "preview" in asked:
            return _composer(dossier, form, shown=_shown(dossier, form))
        form.check_placeholders()
        with once(form.key):
            ticket.request_authorization(form.text.data or "", by=g.me, files=form.enclosed(), **form.told())
    except AlreadySent:
        return done(_ticket(number))
    except Refused as problem:
        return _composer(dossier, form.refuse(problem), status=problem.status)
    return done(_ticket(number), said=_("The request is on its way."))


@authorizations.post(f"{ADDRESS}/withdrawal")
def create_withdrawal(number: int, version: int) -> Any:
    _find(number, version).withdraw(by=g.me)
    return done(_ticket(number), said=_("The request is cancelled."))


@authorizations.post(f"{ADDRESS}/reminder")
def create_reminder(number: int, version: int) -> Any:
    try:
        _find(number, version).remind(by=g.me)
    except (NotPending, TooLateToRemind, NotOnInternal, MayNotAuthorize, RemindedToday) as problem:
        return done(_ticket(number), said=problem.sentence, is_bad=True)
    return done(_ticket(number), said=_("The reminder is on its way."))


@authorizations.get(f"{ADDRESS}/signature.svg")
def show_signature(number: int, version: int) -> Response:
    """The signature under a decision, drawn by us from what was kept."""
    return picture(_find(number, version)) or abort(404)


@authorizations.get(f"{ADDRESS}/certificate")
def show_certificate(number: int, version: int) -> Any:
    return certificate_page(CERTIFICATE, _find(number, version))


@authorizations.get(f"{ADDRESS}/certificate.pdf")
def show_certificate_file(number: int, version: int) -> Any:
    return certificate_file(_find(number, version))


@authorizations.post(f"{ADDRESS}/certificate")
def create_certificate(number: int, version: int) -> Any:
    return certificate_again(_find(number, version), by=g.me)


def _dossier(number: int) -> Dossier:
    return Dossier.for_agent(g.me, number, teams=g.teams, itself=True)


def _find(number: int, version: int) -> Authorization:
    return _of(_dossier(number), version) or abort(404)


def _of(dossier: Dossier, version: int | None) -> Authorization | None:
    return dossier.ticket.authorization_shown(version) if version else None


def _ticket(number: int) -> str:
    return url_for("desk.tickets.show", number=number, _anchor="composer")


def _shown(dossier: Dossier, form: RequestForm) -> dict[str, Any]:
    """The request as its customer would read it; nothing is asked, nothing is kept but the files of the draft."""
    told = {name: value for name, value in form.told().items() if name != "replace"}
    asked = dossier.ticket.worded_authorization(form.text.data or "", by=g.me, **told)
    return {"asked": asked, "sentence": authorizing(asked), "files": [*form.carried, *form.kept]}


def _composer(
    dossier: Dossier, form: Any, *, status: int = 200, templates: Any = None, shown: dict[str, Any] | None = None
) -> Any:
    return page(
        PAGE, "composer", dossier=dossier, ticket=dossier.ticket, compose="authorization", form=form,
        to_write=shown is None, templates=templates, shown=shown, status=status,
    )  # fmt: skip
