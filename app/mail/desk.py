"""The settings of mailboxes, and the ledger of every mail: rooms for administrators."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from app.accounts.agent import demand
from app.attachments.serving import LOCKED, disposition
from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.forms import PRESETS, LedgerForm, MailboxForm
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.outbox.wire import is_live

mail = Blueprint("mail", __name__)
PAGE, LEDGER, ENTRY = "mail/desk/mailbox.html", "mail/desk/ledger.html", "mail/desk/entry.html"
CONFIRMATION, REMOVAL = "mail/desk/confirmation.html", "mail/desk/removal.html"


@mail.before_request
def only_administrators() -> None:
    demand(g.me, "configure")
    g.nav.here = "settings"


# --- mailboxes -------------------------------------------------------------------------------------------------


@mail.get("/settings/mailboxes")
def index() -> Any:
    return page("mail/desk/mailboxes.html", mailboxes=Mailbox.all(), is_live=is_live())


@mail.get("/settings/mailboxes/new")
def new() -> Any:
    preset = request.args.get("preset", "")
    return page(PAGE, mailbox=None, form=MailboxForm.of(None, preset), preset=preset, presets=list(PRESETS))


@mail.post("/settings/mailboxes")
def create() -> Any:
    form = MailboxForm.of(None)
    try:
        mailbox = Mailbox.draft(by=g.me, **form.answers())
    except Refused as problem:
        return _refused(None, form, problem)
    return _after_saving(mailbox)


@mail.get("/settings/mailboxes/<int:number>")
def show(number: int) -> Any:
    mailbox = _mailbox(number)
    return page(PAGE, mailbox=mailbox, form=MailboxForm.of(mailbox).point_at(mailbox), is_live=is_live())


@mail.post("/settings/mailboxes/<int:number>")
def update(number: int) -> Any:
    mailbox = _mailbox(number)
    form = MailboxForm.of(mailbox)
    try:
        mailbox.edit(by=g.me, **form.answers())
    except Refused as problem:
        return _refused(mailbox, form, problem)
    return _after_saving(mailbox)


def _after_saving(mailbox: Mailbox) -> Any:
    """Saved; and, as the button said, tested, and confirmed if that went well and nothing has to be asked first."""
    here, wanted = url_for("desk.mail.show", number=mailbox.id), request.form.get("do", "")
    if wanted not in ("test", "confirm"):
        return done(here, said=_("Saved."))
    if not mailbox.test(by=g.me):
        return done(here, said=_("The test has failed. What is wrong is marked."), is_bad=True)
    if wanted == "test":
        return done(here, said=_("The test has passed."))
    if mailbox.creates and mailbox.waiting:
        return done(url_for("desk.mail.new_confirmation", number=mailbox.id))
    mailbox.confirm(by=g.me, backlog=True)
    return done(here, said=_("The mailbox is confirmed."))


@mail.get("/settings/mailboxes/<int:number>/confirmation")
def new_confirmation(number: int) -> Any:
    return page(CONFIRMATION, mailbox=_mailbox(number))


@mail.post("/settings/mailboxes/<int:number>/confirmation")
def create_confirmation(number: int) -> Any:
    mailbox = _mailbox(number)
    try:
        mailbox.confirm(by=g.me, backlog=request.form.get("backlog") == "tickets")
    except Refused as problem:
        return page(CONFIRMATION, mailbox=mailbox, problem=problem, status=problem.status)
    return done(url_for("desk.mail.show", number=number), said=_("The mailbox is confirmed."))


@mail.post("/settings/mailboxes/<int:number>/draft")
def create_draft(number: int) -> Any:
    _mailbox(number).back_to_draft(by=g.me)
    return done(url_for("desk.mail.show", number=number), said=_("The mailbox is a draft again."))


@mail.post("/settings/mailboxes/<int:number>/fetch")
def create_fetch(number: int) -> Any:
    mailbox = _mailbox(number)
    try:
        mailbox.ask_to_fetch(by=g.me)
    except Refused as problem:
        return _refused(mailbox, MailboxForm.of(mailbox), problem)
    return done(url_for("desk.mail.show", number=number), said=_("Mail is being fetched."))


@mail.get("/settings/mailboxes/<int:number>/removal")
def new_removal(number: int) -> Any:
    return page(REMOVAL, mailbox=_mailbox(number))


@mail.post("/settings/mailboxes/<int:number>/removal")
def destroy(number: int) -> Any:
    _mailbox(number).remove(by=g.me)
    return done(url_for("desk.mail.index"), said=_("The mailbox was deleted."))


def _mailbox(number: int) -> Mailbox:
    return Mailbox.by_number(number) or abort(404)


def _refused(mailbox: Mailbox | None, form: MailboxForm, problem: Refused) -> Any:
    values = {"mailbox": mailbox, "form": form.refuse(problem), "refused": True, "is_live": is_live()}
    return page(PAGE, presets=list(PRESETS), preset="", status=problem.status, **values)


# --- the ledger ------------------------------------------------------------------------------------------------


@mail.get("/mail/ledger")
def index_ledger() -> Any:
    form = LedgerForm.of(request.args)
    before = request.args.get("before", type=inbound.number)
    entries, more = LedgerEntry.by_filter(**form.chosen, before=before)
    kept = {name: value for name, value in form.chosen.items() if value}
    older = url_for("desk.mail.index_ledger", before=entries[-1].id, **kept) if more else None
    newest = url_for("desk.mail.index_ledger", **kept) if before else None
    return page(LEDGER, entries=entries, form=form, filtered=bool(kept), older_url=older, newest_url=newest)


@mail.get("/mail/ledger/<int:number>")
def show_entry(number: int) -> Any:
    return page(ENTRY, entry=_entry(number))


@mail.get("/mail/ledger/<int:number>/message.eml")
def show_raw(number: int) -> Any:
    entry = _entry(number)
    raw = entry.raw
    if raw is None:
        abort(404)
    named = {"Content-Type": "message/rfc822", "Content-Disposition": disposition(f"mail-{entry.id}.eml")}
    return Response(raw, headers=LOCKED | named)


@mail.post("/mail/ledger/<int:number>/processing")
def create_processing(number: int) -> Any:
    entry = _entry(number)
    try:
        entry.process_again(by=g.me)
    except Refused as problem:
        return page(ENTRY, entry=entry, problem=problem, status=problem.status)
    return done(url_for("desk.mail.show_entry", number=number), said=_("The mail is being processed again."))


def _entry(number: int) -> LedgerEntry:
    return LedgerEntry.by_number(number) or abort(404)
