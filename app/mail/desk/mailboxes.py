"""The pages of mailboxes."""

from typing import Any

from flask import abort, g, redirect, request, url_for

from app.lib.pages import done, page, wants_block
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.desk.room import mail
from app.mail.forms import MailboxForm
from app.mail.mailbox import Mailbox
from app.mail.presets import PRESETS
from app.mail.provider import MailProvider
from app.outbox.wire import is_live

PAGE = "mail/desk/mailbox.html"
CONFIRMATION, REMOVAL = "mail/desk/confirmation.html", "mail/desk/removal.html"


@mail.get("/settings/mailboxes")
def index() -> Any:
    return page("mail/desk/mailboxes.html", mailboxes=Mailbox.all(), providers=MailProvider.all(), is_live=is_live())


@mail.get("/settings/mailboxes/new")
def new() -> Any:
    preset = request.args.get("preset", "")
    return page(PAGE, mailbox=None, form=MailboxForm.of(None, preset), preset=preset, presets=PRESETS)


@mail.post("/settings/mailboxes")
def create() -> Any:
    form = MailboxForm.of(None)
    try:
        mailbox = Mailbox.draft(by=g.me, **form.answers())
    except Refused as problem:
        return refused(None, form, problem)
    return _after_saving(mailbox)


@mail.get("/settings/mailboxes/<int:number>")
def show(number: int) -> Any:
    return _page(mailbox_of(number))


def _page(mailbox: Mailbox) -> Any:
    return page(PAGE, "test", **_values(mailbox))


def _values(mailbox: Mailbox) -> dict[str, Any]:
    return {"mailbox": mailbox, "form": MailboxForm.of(mailbox).point_at(mailbox), "is_live": is_live()}


@mail.post("/settings/mailboxes/<int:number>")
def update(number: int) -> Any:
    mailbox = mailbox_of(number)
    form = MailboxForm.of(mailbox)
    try:
        mailbox.edit(by=g.me, **form.answers())
    except Refused as problem:
        return refused(mailbox, form, problem)
    return _after_saving(mailbox)


def _after_saving(mailbox: Mailbox) -> Any:
    """Saved; and, as the button said, tested, and confirmed if that goes well and nothing has to be asked first."""
    wanted = request.form.get("do", "")
    if wanted not in ("test", "confirm"):
        return done(url_for("desk.mail.show", number=mailbox.id), said=_("Saved."))
    mailbox.ask_to_test(by=g.me, test_then="confirm" if wanted == "confirm" else "")
    return done(url_for("desk.mail.show", number=mailbox.id, _anchor="test"))


@mail.get("/settings/mailboxes/<int:number>/test")
def show_test(number: int) -> Any:
    """How far its test is. When it has ended the form tells of it too, around what is being typed."""
    mailbox = mailbox_of(number)
    if mailbox.is_testing or not wants_block():
        return _page(mailbox)
    told = {"said": mailbox.test_outcome, "is_bad": not mailbox.is_tested}
    return done(url_for("desk.mail.show", number=number), PAGE, "mailbox", morphs=True, **told, **_values(mailbox))


@mail.get("/settings/mailboxes/<int:number>/confirmation")
def new_confirmation(number: int) -> Any:
    mailbox = mailbox_of(number)
    if not mailbox.asks_about_backlog:
        return redirect(url_for("desk.mail.show", number=number), 303)
    return page(CONFIRMATION, mailbox=mailbox)


@mail.post("/settings/mailboxes/<int:number>/confirmation")
def create_confirmation(number: int) -> Any:
    mailbox = mailbox_of(number)
    try:
        mailbox.confirm(by=g.me, backlog=request.form.get("backlog") == "tickets")
    except Refused as problem:
        return page(CONFIRMATION, mailbox=mailbox, problem=problem, status=problem.status)
    return done(url_for("desk.mail.show", number=number), said=_("The mailbox is confirmed."))


@mail.post("/settings/mailboxes/<int:number>/draft")
def create_draft(number: int) -> Any:
    mailbox_of(number).back_to_draft(by=g.me)
    return done(url_for("desk.mail.show", number=number), said=_("The mailbox is a draft again."))


@mail.post("/settings/mailboxes/<int:number>/fetch")
def create_fetch(number: int) -> Any:
    mailbox = mailbox_of(number)
    try:
        mailbox.ask_to_fetch(by=g.me)
    except Refused as problem:
        return refused(mailbox, MailboxForm.of(mailbox), problem)
    return done(url_for("desk.mail.show", number=number), said=_("Mail is being fetched."))


@mail.get("/settings/mailboxes/<int:number>/removal")
def new_removal(number: int) -> Any:
    return page(REMOVAL, mailbox=mailbox_of(number))


@mail.post("/settings/mailboxes/<int:number>/removal")
def destroy(number: int) -> Any:
    mailbox_of(number).remove(by=g.me)
    return done(url_for("desk.mail.index"), said=_("The mailbox was deleted."))


def mailbox_of(number: int) -> Mailbox:
    return Mailbox.by_number(number) or abort(404)


def refused(mailbox: Mailbox | None, form: MailboxForm, problem: Refused) -> Any:
    values = {"mailbox": mailbox, "form": form.refuse(problem), "refused": True, "is_live": is_live()}
    return page(PAGE, presets=PRESETS, preset="", status=problem.status, **values)
