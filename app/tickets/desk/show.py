"""The page of one ticket, its neighbours in the list, its history, and closing or reopening it."""

from typing import Any

from flask import g, redirect, request, url_for

from app.accounts.agent import demand
from app.attachments.attachment import Attachment
from app.attachments.forms import FilesForm
from app.authorizations.forms import RequestForm
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.conversational import Overtaken
from app.messages.forms import AnswerForm, ClosingForm, NoteForm
from app.tickets.conversation import PARTS
from app.tickets.desk.room import dossier_of, last_listing, tickets
from app.tickets.desk.shows import Shows
from app.tickets.dossier import Dossier
from app.tickets.lifecycle import next_status

PAGE, CLOSE, HISTORY = (f"tickets/desk/{name}.html" for name in ("show", "new_closure", "history"))


@tickets.get("/tickets/<int:number>")
def show(number: int) -> Any:
    dossier, listing = dossier_of(number), last_listing()
    ticket = dossier.ticket
    kind = request.args.get("compose", "")
    kind = kind if kind in dossier.ways else next(iter(dossier.ways), "")
    key, files = _files_again(request.args.get("files") or dossier.draft_files(kind))
    if not listing.is_search:
        listing.want_position(ticket, g.tally)
    dossier.want_counts(g.tally)
    dossier.open_at(part=request.args.get("part", "") if request.args.get("part") in PARTS else "")
    dossier.mark_read()
    dossier.mark_present()
    g.nav.mark(listing.key)
    return page(
        PAGE,
        "composer",
        dossier=dossier,
        ticket=ticket,
        listing=listing,
        shows=Shows(dossier, listing),
        compose=kind,
        form=_blank(kind, dossier, key, files)
        if kind == "authorization" or files
        else lambda: _blank(kind, dossier, key, files),
        to_write="compose" in request.args,
        draft_key=key,
        files=files,
        closing=lambda: ClosingForm(formdata=None, seen=dossier.latest),
        images=request.args.get("images", type=int),
    )


def _files_again(key: str | None) -> tuple[str, list[Attachment]]:
    """The key of the composer's form: that of an earlier one where it left files, a draft or a reply taken back."""
    files = Attachment.drafts(key, by=g.me)
    return (key, files) if key and files else (FilesForm.new_key(), [])


def _blank(kind: str, dossier: Dossier, key: str, files: list[Attachment]) -> Any:
    if kind == "authorization":
        return RequestForm.about(dossier.ticket, dossier.askable)
    if kind == "note":
        form = NoteForm(draft_key=key, text=dossier.draft("note"))
        form.kept = files
        return form
    form = AnswerForm(cc=dossier.copies_to_write, draft_key=key, text=dossier.draft("reply"), seen=dossier.latest)
    form.kept = files
    if not dossier.shows("cc"):
        del form.cc
    return form


@tickets.get("/tickets/<int:number>/<any(next,previous):way>")
def show_neighbour(number: int, way: str) -> Any:
    """The ticket after or before this one in the list the agent came from; beyond its ends, the list at this ticket."""
    listing = last_listing()
    found = listing.neighbour(dossier_of(number).ticket, forward=way == "next")
    return redirect(url_for(".show", number=found) if found else f"{listing.here()}#s{number}", 303)


@tickets.get("/tickets/<int:number>/history")
def show_history(number: int) -> Any:
    dossier = dossier_of(number)
    return page(HISTORY, dossier=dossier, ticket=dossier.ticket)


@tickets.get("/tickets/<int:number>/closure")
def new_closure(number: int) -> Any:
    """Asks for the reason: a page of its own, for who has no script."""
    dossier = dossier_of(number)
    demand(g.me, "close")
    next_status("close_by_team", dossier.ticket.status)
    closing = ClosingForm(formdata=None, seen=dossier.latest)
    return page(CLOSE, dossier=dossier, ticket=dossier.ticket, closing=closing)


@tickets.post("/tickets/<int:number>/closure")
def create_closure(number: int) -> Any:
    dossier, form, asked = dossier_of(number), ClosingForm(), request.form
    ticket, templates, news, status = dossier.ticket, None, [], 200
    try:
        if "template" in asked:
            form.take_template(asked["template"], ticket=ticket, agent=g.me)
        elif "pick" in asked:
            templates = form.picked(asked, ticket, g.me)
        else:
            form.insist()
            form.check_placeholders()
            ticket.close(form.text.data or "", by=g.me, seen=form.last_seen)
            return done(url_for(".show", number=number), said=_("The ticket is closed."))
    except Refused as problem:
        if isinstance(problem, Overtaken):
            news = ticket.said_since(form.last_seen or 0, by=g.me)
            form.seen.data = str(news[-1].id) if news else form.seen.data
        form, status = form.refuse(problem), problem.status
    return page(
        CLOSE, "closing", dossier=dossier, ticket=ticket, closing=form, templates=templates, news=news, status=status
    )


@tickets.post("/tickets/<int:number>/reopening")
def create_reopening(number: int) -> Any:
    dossier_of(number).ticket.reopen(by=g.me)
    return done(url_for(".show", number=number), said=_("The ticket is open again."))
