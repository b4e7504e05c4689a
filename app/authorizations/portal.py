"""Deciding from the portal: yes with a signature, no with reasons."""

from typing import Any

from flask import Blueprint, Response, abort, g, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Expired, NotPending, NotYours
from app.authorizations.forms import DenialForm, SignatureForm
from app.authorizations.serving import picture
from app.authorizations.wording import asking, changes
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.ticket import Ticket

authorizations = Blueprint("authorizations", __name__)
ADDRESS = "/tickets/<int:number>/authorizations/<int:version>"
PAGE, SIGN, DENY = (f"authorizations/portal/{name}.html" for name in ("show", "sign", "deny"))


@authorizations.get(ADDRESS)
def show(number: int, version: int) -> Any:
    """One request, whatever became of it; withdrawn or replaced ones say so, and what changed."""
    return _page(*_find(number, version))


@authorizations.get(f"{ADDRESS}/sign")
def new_decision(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked):
        return _page(ticket, asked, problem)
    return page(SIGN, ticket=ticket, pending=asked, signing=SignatureForm.about(asked, g.me.person))


@authorizations.post(f"{ADDRESS}/decision")
def create_decision(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    form = SignatureForm()
    try:
        asked.authorize(
            by=g.me.person,
            name=form.name.data or "",
            signature=form.signature() if asked.needs_signature and asked.is_pending else None,
            access=signin.access(g.me.link),
            language=str(get_locale()),
        )
    except (NotPending, NotYours, Expired) as problem:
        return _page(*_find(number, version), problem)
    except Refused as problem:
        if not asked.needs_signature:
            del form.strokes, form.typed
        return page(SIGN, "signing", ticket=ticket, pending=asked, signing=form.refuse(problem), status=problem.status)
    return done(url_for("portal.tickets.show", number=number), said=_("You have authorized it. Thank you."))


@authorizations.get(f"{ADDRESS}/deny")
def new_denial(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked):
        return _page(ticket, asked, problem)
    return page(DENY, ticket=ticket, pending=asked, denying=DenialForm())


@authorizations.post(f"{ADDRESS}/denial")
def create_denial(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    form = DenialForm()
    try:
        form.insist()
        asked.deny(by=g.me.person, reasons=form.words(), access=signin.access(g.me.link), language=str(get_locale()))
    except (NotPending, NotYours, Expired) as problem:
        return _page(*_find(number, version), problem)
    except Refused as problem:
        return page(DENY, "denying", ticket=ticket, pending=asked, denying=form.refuse(problem), status=problem.status)
    return done(url_for("portal.tickets.show", number=number), said=_("You have denied it. We have your reasons."))


@authorizations.get(f"{ADDRESS}/signature.svg")
def show_signature(number: int, version: int) -> Response:
    """The signature under a decision, drawn by us from what was kept."""
    _ticket, asked = _find(number, version)
    return picture(asked) or abort(404)


def _find(number: int, version: int) -> tuple[Ticket, Authorization]:
    ticket = Ticket.for_contact(g.me, number)
    asked = ticket.authorization_shown(version) or abort(404)
    return ticket, asked


def _obstacle(asked: Authorization) -> Refused | None:
    """Why this person cannot decide it now, if so."""
    if not asked.is_pending:
        return NotPending()
    if asked.asked_of != g.me.person:
        return NotYours(name=asked.asked_of.name)
    return Expired() if asked.is_expired else None


def _page(ticket: Ticket, asked: Authorization, problem: Refused | None = None) -> Any:
    """The request as it stands now, after a refusal with its status; to a dialog as its own block."""
    gallery.load(authorizations=[asked])
    newer = ticket.authorization_shown(asked.number + 1) if asked.state == "superseded" else None
    return page(
        PAGE,
        "request" if problem else None,
        ticket=ticket,
        asked=asked,
        newer=newer,
        problem=problem,
        status=problem.status if problem else 200,
    )


authorizations.add_app_template_global(asking)
authorizations.add_app_template_global(changes)
