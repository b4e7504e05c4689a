"""Deciding from the portal: yes with a signature, in whole or in part, no with reasons; and the certificate."""

from typing import Any

import structlog
from flask import Blueprint, Response, abort, g, request, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.authorizations.decision import (
    Expired,
    NoLongerAllowed,
    NotAsAsked,
    NotPending,
    NotWhatWasShown,
    NotYours,
    may_authorize,
)
from app.authorizations.forms import ChoiceForm, DenialForm, SignatureForm, chosen
from app.authorizations.item import WHOLE, Choice
from app.authorizations.sentence import authorizing, shown
from app.authorizations.serving import certificate_again, certificate_file, certificate_page, picture
from app.authorizations.wording import asking, changes, differences, price
from app.lib.limits import limiter
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.ticket import Ticket

authorizations = Blueprint("authorizations", __name__)
ADDRESS = "/tickets/<int:number>/authorizations/<int:version>"
PAGE, SIGN, DENY, CHOOSE, CERTIFICATE, TAKEN_BACK = (
    f"authorizations/portal/{name}.html" for name in ("show", "sign", "deny", "choose", "certificate", "taken_back")
)
TOO_LATE = (
    NotPending,
    NotYours,
    Expired,
    NotAsAsked,
    NoLongerAllowed,
    NotWhatWasShown,
)  # nothing in the form would mend it
log = structlog.get_logger("authorizations")


@authorizations.get(ADDRESS)
def show(number: int, version: int) -> Any:
    """One request, whatever became of it; withdrawn or replaced ones say so, and what changed.

    Who was asked by mistake reads here that it was taken back, and sees nothing else of the ticket.
    """
    if asked := Ticket.taken_back_from(g.me, number, version):
        return page(TAKEN_BACK, asked=asked)
    return _page(*_find(number, version))


@authorizations.get(f"{ADDRESS}/sign")
def new_decision(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked) or _obstacle_to_signing():
        return _page(ticket, asked, problem)
    return _sheet(ticket, asked, SignatureForm.about(asked, g.me.person))


@authorizations.post(f"{ADDRESS}/decision")
@limiter.limit("30/minute")
def create_decision(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    form, choice = SignatureForm().fit(asked), chosen(asked, request.form)
    seen = request.form.get("seen", "")
    try:
        if "send_code" in request.form:
            asked.send_code(by=g.me.person)
            return _sheet(ticket, asked, form, choice)
        asked.insist_signable(by=g.me.person, choice=choice, seen=seen)
        form.insist()
        asked.authorize(
            by=g.me.person, name=form.name.data or "", signature=form.signature(), access=signin.access(g.me.link),
            language=str(get_locale()), choice=choice, code=form.typed_code, seen=seen,
        )  # fmt: skip
    except TOO_LATE as problem:
        return _late(number, version, problem)
    except Refused as problem:
        return _sheet(ticket, asked, form.refuse(problem), choice, status=problem.status)
    said = (
        _("You have authorized it in part. Thank you.") if choice.refused else _("You have authorized it. Thank you.")
    )
    return done(url_for("portal.tickets.show", number=number), said=said)


@authorizations.get(f"{ADDRESS}/choice")
def new_choice(number: int, version: int) -> Any:
    """Item by item: which of them, and why not the others."""
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked) or _obstacle_to_signing():
        return _page(ticket, asked, problem)
    return page(CHOOSE, ticket=ticket, asked=asked, choosing=ChoiceForm.about(asked))


@authorizations.post(f"{ADDRESS}/choice")
def create_choice(number: int, version: int) -> Any:
    """Changes nothing: shows the sentence for what was chosen, to be signed."""
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked) or _obstacle_to_signing():
        return _late(number, version, problem)
    form = ChoiceForm.about(asked, request.form)
    try:
        form.choice().insist_sound(asked.items)
    except Refused as problem:
        return page(
            CHOOSE, "choosing", ticket=ticket, asked=asked, choosing=form.refuse(problem), status=problem.status
        )
    return page(SIGN, **_sheet_of(ticket, asked, SignatureForm.about(asked, g.me.person), form.choice()))


@authorizations.get(f"{ADDRESS}/deny")
def new_denial(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    if problem := _obstacle(asked):
        return _page(ticket, asked, problem)
    return page(DENY, ticket=ticket, pending=asked, denying=DenialForm().fit(asked))


@authorizations.post(f"{ADDRESS}/denial")
@limiter.limit("30/minute")
def create_denial(number: int, version: int) -> Any:
    ticket, asked = _find(number, version)
    form = DenialForm().fit(asked)
    if problem := _obstacle(asked):
        return _late(number, version, problem)
    try:
        if "send_code" in request.form:
            asked.send_code(by=g.me.person)
            return page(DENY, "denying", ticket=ticket, pending=asked, denying=form)
        form.insist()
        asked.deny(
            by=g.me.person, reasons=form.words(), access=signin.access(g.me.link), language=str(get_locale()),
            code=form.typed_code,
        )  # fmt: skip
    except TOO_LATE as problem:
        return _late(number, version, problem)
    except Refused as problem:
        return page(DENY, "denying", ticket=ticket, pending=asked, denying=form.refuse(problem), status=problem.status)
    return done(url_for("portal.tickets.show", number=number), said=_("You have denied it. We have your reasons."))


@authorizations.get(f"{ADDRESS}/signature.svg")
def show_signature(number: int, version: int) -> Response:
    """The signature under a decision, drawn by us from what was kept."""
    _ticket, asked = _find(number, version)
    return picture(asked) or abort(404)


@authorizations.get(f"{ADDRESS}/certificate")
def show_certificate(number: int, version: int) -> Any:
    return certificate_page(CERTIFICATE, _find(number, version)[1])


@authorizations.get(f"{ADDRESS}/certificate.pdf")
def show_certificate_file(number: int, version: int) -> Any:
    return certificate_file(_find(number, version)[1])


@authorizations.post(f"{ADDRESS}/certificate")
def create_certificate(number: int, version: int) -> Any:
    return certificate_again(_find(number, version)[1], by=g.me.person)


def _find(number: int, version: int) -> tuple[Ticket, Authorization]:
    ticket = Ticket.for_contact(g.me, number, itself=True)
    asked = ticket.authorization_shown(version) or abort(404)
    return ticket, asked


def _obstacle(asked: Authorization) -> Refused | None:
    """Why this person cannot decide it now, if so."""
    if not asked.is_pending:
        return NotPending()
    if asked.asked_of != g.me.person:
        return NotYours(name=asked.asked_of.name)
    return Expired() if asked.is_expired else None


def _obstacle_to_signing() -> Refused | None:
    return None if may_authorize(g.me.person) else NoLongerAllowed()


def _sheet_of(ticket: Ticket, asked: Authorization, form: SignatureForm, choice: Choice) -> dict[str, Any]:
    """What stands over the button, and what the form carries along."""
    gallery.load(authorizations=[asked])
    return {
        "ticket": ticket,
        "pending": asked,
        "signing": form,
        "choice": choice,
        "sentence": authorizing(asked, choice),
        "seen": shown(asked, choice),
    }


def _sheet(
    ticket: Ticket, asked: Authorization, form: SignatureForm, choice: Choice = WHOLE, *, status: int = 200
) -> Any:
    return page(SIGN, "signing", **_sheet_of(ticket, asked, form, choice), status=status)


def _late(number: int, version: int, problem: Refused) -> Any:
    """Too late, not theirs, or not what they had read: the request as it stands, and a line in the log."""
    log.warning(
        "decision refused", why=type(problem).__name__, ticket=number, request_version=version, person=g.me.person.id,
        ip=signin.address(),
    )  # fmt: skip
    return _page(*_find(number, version), problem)


def _page(ticket: Ticket, asked: Authorization, problem: Refused | None = None) -> Any:
    """The request as it stands now, after a refusal with its status; to a dialog as its own block."""
    gallery.load(authorizations=[asked])
    newer = ticket.authorization_shown(asked.number + 1) if asked.state == "superseded" else None
    if newer:
        gallery.load(authorizations=[newer])
    return page(
        PAGE,
        "request" if problem else None,
        ticket=ticket,
        asked=asked,
        newer=newer,
        problem=problem,
        status=problem.status if problem else 200,
    )


for wording in (asking, changes, differences, price):
    authorizations.add_app_template_global(wording)
