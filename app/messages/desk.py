"""Writing at the desk: replies, internal notes, the frame of a foreign letter, mails that failed."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from app.accounts.agent import demand
from app.attachments.inline import address_of
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.richtext import place_images
from app.lib.safety import LETTER_POLICY
from app.lib.words import gettext as _
from app.messages.forms import AnswerForm, NoteForm
from app.messages.templated import placeholders
from app.tickets.dossier import Dossier

messages = Blueprint("messages", __name__)
PAGE = "messages/desk/new.html"
WITH_IMAGES = LETTER_POLICY.replace("img-src 'self' data:", "img-src 'self' https: data:")
SHEET = '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank">'


@messages.get("/tickets/<int:number>/replies")
def new(number: int) -> Any:
    """The composer alone."""
    dossier = _dossier(number)
    demand(g.me, "reply")
    return _composer(dossier, "reply", AnswerForm(cc=dossier.copies))


@messages.post("/tickets/<int:number>/replies")
def create(number: int) -> Any:
    dossier, form = _dossier(number), AnswerForm()
    ticket, asked = dossier.ticket, request.form
    if not dossier.shows("cc"):
        del form.cc
    try:
        form.keep_files(by=g.me, still_wanted=asked.getlist("kept"))
        if "template" in asked:
            form.take_template(asked["template"], group=ticket.group, values=placeholders(ticket, g.me))
        if "pick" in asked or "template" in asked:
            return _composer(dossier, "reply", form, templates=form.offered(ticket.group) if "pick" in asked else None)
        form.insist()
        form.check_placeholders()
        with once(form.key):
            if asked.get("then") == "close":
                ticket.close(form.text.data or "", by=g.me, files=form.kept)
            else:
                ticket.reply(form.text.data or "", by=g.me, files=form.kept, cc=form.cc.data if "cc" in form else None)
    except AlreadySent:
        return done(_ticket(number))
    except Refused as problem:
        return _composer(dossier, "reply", form.refuse(problem), status=problem.status)
    return done(_ticket(number), said=_("The reply is on its way."))


@messages.get("/tickets/<int:number>/notes")
def new_note(number: int) -> Any:
    dossier = _dossier(number)
    demand(g.me, "note")
    return _composer(dossier, "note", NoteForm())


@messages.post("/tickets/<int:number>/notes")
def create_note(number: int) -> Any:
    dossier, form = _dossier(number), NoteForm()
    try:
        form.keep_files(by=g.me, still_wanted=request.form.getlist("kept"))
        form.insist()
        with once(form.key):
            dossier.ticket.note(form.text.data or "", by=g.me, files=form.kept)
    except AlreadySent:
        return done(_ticket(number))
    except Refused as problem:
        return _composer(dossier, "note", form.refuse(problem), status=problem.status)
    return done(_ticket(number), said=_("The note is saved."))


@messages.get("/tickets/<int:number>/messages/<int:message_id>/letter")
def show_letter(number: int, message_id: int) -> Response:
    """The letter as its sender laid it out, alone in its frame: nothing in it runs."""
    message = _dossier(number).message(message_id) or abort(404)
    remote = request.args.get("images") == "remote"
    html = place_images(message.html or "", cid_url=lambda name: address_of(message, name), remote=remote)
    response = Response(SHEET + html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = WITH_IMAGES if remote else LETTER_POLICY
    return response


@messages.post("/tickets/<int:number>/deliveries/<int:delivery_id>/retry")
def create_retry(number: int, delivery_id: int) -> Any:
    """Sends a mail that failed again."""
    dossier = _dossier(number)
    mail = dossier.mail(delivery_id) or abort(404)
    dossier.ticket.send_again(mail, by=g.me)
    return done(_ticket(number), said=_("The mail is queued again."))


def _dossier(number: int) -> Dossier:
    return Dossier.for_agent(g.me, number, teams=g.teams)


def _ticket(number: int) -> str:
    return url_for("desk.tickets.show", number=number, _anchor="composer")


def _composer(dossier: Dossier, kind: str, form: Any, *, status: int = 200, templates: Any = None) -> Any:
    return page(
        PAGE, "composer", dossier=dossier, ticket=dossier.ticket, compose=kind, form=form, templates=templates,
        status=status,
    )  # fmt: skip
