"""Portal links: a form, its tickets and their answers, for whoever holds the link; in a frame too (C15)."""

from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for
from flask_babel import get_locale, refresh

from app.attachments import gallery
from app.attachments.attachment import Attachment
from app.attachments.serving import sent
from app.config import LANGUAGES
from app.lib import framing, limits, proof
from app.lib.limits import limiter
from app.lib.once import AlreadySent, once, spend
from app.lib.pages import page
from app.lib.refusals import Refused
from app.organizations.portal_link import PortalGuest, PortalLink
from app.organizations.settings import CustomerSettings
from app.tickets.forms.opening import LinkForm
from app.tickets.intervention import Intervention
from app.tickets.reachable import AtLink
from app.tickets.ticket import Ticket

links = Blueprint("links", __name__, url_prefix="/p/<string:token>")
UNPROVED = "4/hour"
HOME, TICKET = "organizations/public/show.html", "organizations/public/ticket.html"


@links.before_request
def find() -> None:
    """Whoever holds the token stands at the link; a token that nobody issued, or a revoked one, leads nowhere."""
    token = (request.view_args or {})["token"]
    guest = PortalGuest.by_token(token)
    link = guest.link if guest else PortalLink.by_token(token.lower().replace("-", "")) or abort(404)
    g.at = AtLink(link, guest, token)
    if request.args.get("language") in LANGUAGES:
        g.language = request.args["language"]
        refresh()


@links.after_request
def let_frame(response: Any) -> Any:
    return framing.open_to(response, CustomerSettings.framing_sites)


@links.get("")
@limiter.limit("120/minute")
def show(token: str) -> Any:
    """A GET or HEAD leaves only a trace."""
    g.at.link.used()
    return _home(_form(serial=request.args.get("serial", "")))


@links.post("/tickets")
@limiter.limit("300/hour")  # beyond what the form itself forgives: a page without it
@framing.without_session
def create(token: str) -> Any:
    form = _form()
    try:
        _take_in(form)
        with once(form.key):
            _insist_on_a_person()
            ticket, guest = Ticket.open_by_link(
                g.at, by=_writer(form), text=form.text.data or "", equipment=form.machine, files=form.kept
            )
    except AlreadySent:
        return redirect(_url("show"), 303)
    except Refused as problem:
        return _home(form.refuse(problem), form.status_of(problem))
    return redirect(_url("show_ticket", token=guest.token, number=ticket.number, sent="new"), 303)


@links.get("/tickets/<int:number>")
@limiter.limit("120/minute")
def show_ticket(token: str, number: int) -> Any:
    return _ticket(Ticket.for_link(g.at, number), _form(is_reply=True))


@links.post("/tickets/<int:number>/replies")
@limiter.limit("300/hour")
@framing.without_session
def create_reply(token: str, number: int) -> Any:
    ticket, form = Ticket.for_link(g.at, number), _form(is_reply=True)
    try:
        _take_in(form)
        with once(form.key):
            guest = ticket.hear_by_link(g.at, form.text.data or "", by=_writer(form), files=form.kept)
    except AlreadySent:
        return redirect(_url("show_ticket", number=number), 303)
    except Refused as problem:
        return _ticket(ticket, form.refuse(problem), form.status_of(problem))
    return redirect(_url("show_ticket", token=guest.token, number=number, sent="reply"), 303)


@links.get("/tickets/<int:number>/files/<int:file>")
@limiter.limit("120/minute")
def show_file(token: str, number: int, file: int) -> Any:
    ticket = Ticket.for_link(g.at, number)
    return sent(Attachment.in_ticket(ticket, file, public_only=True) or abort(404))


def _form(*, is_reply: bool = False, serial: str = "") -> LinkForm:
    return LinkForm.at(g.at, is_reply=is_reply, serial=serial)


def _take_in(form: LinkForm) -> None:
    limits.insist("portal link", limits.visitor(), "10/minute", "60/hour")
    limits.insist("portal link of a network", limits.network(), "60/minute", "300/hour")
    form.keep_files(by=None, still_wanted=request.form.getlist("kept"))
    form.insist()


def _insist_on_a_person() -> None:
    """Of the generic link, which anybody may find: its form proves itself by work, or may be sent now and then only."""
    if g.at.link.is_generic and g.at.guest is None:
        shown = proof.spent_key(request.form.get("altcha", ""))
        if not (shown and spend(shown)):
            limits.insist("generic link without proof", limits.visitor(), UNPROVED)


def _writer(form: LinkForm) -> Any:
    return g.at.met(**form.who, language=str(get_locale()))


def _home(form: LinkForm, status: int = 200) -> Any:
    return page(HOME, at=g.at, form=form, tickets=Ticket.shown_by_link(g.at), here=_url, status=status)


def _ticket(ticket: Ticket, form: LinkForm, status: int = 200) -> Any:
    messages = ticket.conversation(public_only=True)[::-1]
    gallery.load(messages=messages)
    sent = request.args.get("sent", "")
    return page(
        TICKET, at=g.at, ticket=ticket, messages=messages, form=form, here=_url, sent=sent, status=status,
        interventions=Intervention.of(ticket, public_only=True)[::-1], card=lambda file: _card(ticket, file),
    )  # fmt: skip


def _url(function: str, **values: Any) -> str:
    """An address of this link, in the language that was chosen here."""
    values = {"token": g.at.token, "language": request.args.get("language")} | values
    return url_for(f".{function}", **values)


def _card(ticket: Ticket, file: Attachment) -> dict[str, Any]:
    address = _url("show_file", number=ticket.number, file=file.id)
    return {"name": file.name, "size_label": file.size_label, "icon": file.icon, "url": address}
