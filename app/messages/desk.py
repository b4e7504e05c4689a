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
from app.messages.claimable import NoClaim
from app.messages.conversational import MovedOn, Overtaken
from app.messages.draft import Draft
from app.messages.forms import AnswerForm, NoteForm
from app.messages.undoable import TooLateToUndo
from app.tickets.dossier import Dossier
from app.tickets.removable import MergedMeanwhile
from app.tickets.ticket import Ticket

messages = Blueprint("messages", __name__)
PAGE = "messages/desk/new.html"
WITH_IMAGES = LETTER_POLICY.replace("img-src 'self' data:", "img-src 'self' https: data:")
SHEET = '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank">'


@messages.get("/tickets/<int:number>/replies")
def new(number: int) -> Any:
    """The composer alone."""
    dossier = _dossier(number)
    demand(g.me, "reply")
    form = AnswerForm(cc=dossier.copies_to_write, text=dossier.draft("reply"), seen=dossier.latest)
    if not dossier.shows("cc"):
        del form.cc
    return _composer(dossier, "reply", form)


@messages.post("/tickets/<int:number>/replies")
def create(number: int) -> Any:
    dossier, form = _dossier(number), AnswerForm()
    ticket, asked = dossier.ticket, request.form
    if not dossier.shows("cc"):
        del form.cc
    try:
        form.keep_files(by=g.me, still_wanted=asked.getlist("kept"))
        _insist_here(ticket, number)
        if "template" in asked:
            form.take_template(asked["template"], ticket=ticket, agent=g.me)
        if "draft" in asked:
            return _kept(dossier, "reply", form)
        if "reopen" in asked:
            return _reopened(dossier, form)
        if "pick" in asked or "template" in asked:
            _keep(dossier, "reply", form)
            return _composer(dossier, "reply", form, templates=form.picked(asked, ticket, g.me))
        form.insist()
        form.check_placeholders()
        if not form.kept and ticket.was_just_told(form.text.data or "", by=g.me):
            raise AlreadySent
        with once(form.key):
            say = ticket.close if asked.get("then") == "close" else ticket.reply
            copies = form.cc.data if "cc" in form else None
            say(form.text.data or "", by=g.me, files=form.kept, cc=copies, seen=form.last_seen)
            Draft.drop(ticket, g.me, "reply")
    except AlreadySent:
        return done(_ticket(number))
    except MergedMeanwhile:
        return _moved_on(number, "reply", form)
    except Overtaken as problem:
        news = ticket.said_since(form.last_seen or 0, by=g.me)
        form.seen.data = str(news[-1].id) if news else form.seen.data
        return _stopped(dossier, "reply", form, problem, news=news)
    except Refused as problem:
        return _stopped(dossier, "reply", form, problem)
    return done(_ticket(number), said=_("The reply is on its way."))


@messages.get("/tickets/<int:number>/notes")
def new_note(number: int) -> Any:
    dossier = _dossier(number)
    demand(g.me, "note")
    return _composer(dossier, "note", NoteForm(text=dossier.draft("note")))


@messages.post("/tickets/<int:number>/notes")
def create_note(number: int) -> Any:
    dossier, form = _dossier(number), NoteForm()
    try:
        form.keep_files(by=g.me, still_wanted=request.form.getlist("kept"))
        _insist_here(dossier.ticket, number)
        if "draft" in request.form:
            return _kept(dossier, "note", form)
        form.insist()
        with once(form.key):
            dossier.ticket.note(form.text.data or "", by=g.me, files=form.kept)
            Draft.drop(dossier.ticket, g.me, "note")
    except AlreadySent:
        return done(_ticket(number))
    except MergedMeanwhile:
        return _moved_on(number, "note", form)
    except Refused as problem:
        return _stopped(dossier, "note", form, problem)
    return done(_ticket(number), said=_("The note is saved."))


@messages.post("/tickets/<int:number>/messages/<int:message_id>/withdrawal")
def create_withdrawal(number: int, message_id: int) -> Any:
    """Takes a message back before it leaves; its words and files stand in the composer again."""
    dossier, key = _dossier(number), AnswerForm.new_key()
    message = dossier.message(message_id) or abort(404)
    try:
        dossier.ticket.take_back(message, by=g.me, draft_key=key)
    except TooLateToUndo as problem:
        return done(_ticket(number), said=problem.sentence, is_bad=True)
    return done(
        _writing(number, files=key),
        said=_("The message is taken back. You can change it and send it again."),
    )


@messages.get("/tickets/<int:number>/messages/<int:message_id>/letter")
def show_letter(number: int, message_id: int) -> Response:
    """The letter as its sender laid it out, alone in its frame: nothing in it runs."""
    message = _dossier(number).message(message_id) or abort(404)
    remote = request.args.get("images") == "remote"
    html = place_images(message.html or "", cid_url=lambda name: address_of(message, name), remote=remote)
    response = Response(SHEET + html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = WITH_IMAGES if remote else LETTER_POLICY
    return response


@messages.post("/tickets/<int:number>/messages/<int:message_id>/confirmation")
def create_confirmation(number: int, message_id: int) -> Any:
    """Somebody takes a mail for what it says it is, or leaves it a note."""
    dossier = _dossier(number)
    ticket, message = dossier.ticket, dossier.message(message_id) or abort(404)
    here = url_for("desk.tickets.show", number=number, _anchor=f"message-{message_id}")
    try:
        if request.form.get("do") == "dismiss":
            ticket.dismiss_claim(message, by=g.me)
            return done(here, said=_("The mail stays a note."))
        ticket.confirm_claim(message, by=g.me)
    except NoClaim as problem:
        return done(here, said=problem.sentence, is_bad=True)
    return done(here, said=_("The mail is confirmed."))


@messages.post("/tickets/<int:number>/deliveries/<int:delivery_id>/retry")
def create_retry(number: int, delivery_id: int) -> Any:
    """Sends a mail that failed again."""
    dossier = _dossier(number)
    mail = dossier.mail(delivery_id) or abort(404)
    dossier.ticket.send_again(mail, by=g.me)
    return done(_ticket(number), said=_("The e-mail is queued again."))


def _dossier(number: int) -> Dossier:
    return Dossier.for_agent(g.me, number, teams=g.teams)


def _insist_here(ticket: Ticket, number: int) -> None:
    """What was written on a ticket that was merged meanwhile never goes unseen to the other one's customer."""
    if ticket.number != number:
        raise MergedMeanwhile(number=number)


def _moved_on(number: int, kind: str, form: Any) -> Any:
    """The composer of the ticket it is part of now, with what was written; who goes on sends it there."""
    dossier = _dossier(number)
    if kind == "reply":
        form.seen.data = str(dossier.latest)
    form.text.data = Draft.keep_also(dossier.ticket, g.me, kind, form.text.data or "", key=_key(form))
    if "cc" in form:
        form.cc.data = dossier.copies_to_write
    return _stopped(dossier, kind, form, MovedOn(number=number, into=dossier.ticket.number))


def _stopped(dossier: Dossier, kind: str, form: Any, problem: Refused, *, news: Any = ()) -> Any:
    """The composer with the refusal, and what was written in it."""
    _keep(dossier, kind, form)
    return _composer(dossier, kind, form.refuse(problem), status=problem.status, news=news)


def _keep(dossier: Dossier, kind: str, form: Any) -> None:
    """Keeps what was written as a draft: the page takes what stands in the composer it gets for kept (T19)."""
    if g.me.agent.may(kind):
        copies = form.cc.data if "cc" in form else None
        Draft.keep(dossier.ticket, g.me, kind, form.text.data or "", copies=copies, key=_key(form))


def _reopened(dossier: Dossier, form: AnswerForm) -> Any:
    """It was closed while they wrote: open again, with what was written in its composer."""
    _keep(dossier, "reply", form)
    dossier.ticket.reopen(by=g.me)
    return done(_writing(dossier.ticket.number, files=form.key), said=_("The ticket is open again."))


def _ticket(number: int) -> str:
    """Where its composer stands."""
    return url_for("desk.tickets.show", number=number, _anchor="composer")


def _writing(number: int, *, files: str) -> str:
    """Where its reply is gone on with, the focus in it; `files`: the key of the form whose files it takes up again.

    A browser that is led to a place on the page puts the focus nowhere.
    """
    return url_for("desk.tickets.show", number=number, files=files, compose="reply")


def _kept(dossier: Dossier, kind: str, form: Any) -> Any:
    """Without a script: the draft is saved by a button."""
    demand(g.me, kind)
    _keep(dossier, kind, form)
    return done(_ticket(dossier.ticket.number), said=_("The draft is saved."))


def _key(form: Any) -> str:
    """Of a form that has kept files, for the draft to go on with them."""
    return form.key if form.kept else ""


def _composer(
    dossier: Dossier, kind: str, form: Any, *, status: int = 200, templates: Any = None, news: Any = ()
) -> Any:
    return page(
        PAGE, "composer", dossier=dossier, ticket=dossier.ticket, compose=kind, to_write=True, form=form,
        templates=templates, news=news, status=status,
    )  # fmt: skip
