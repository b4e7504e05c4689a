"""The page of blocked senders."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.blocking import BlockedSender
from app.mail.desk.room import mail
from app.mail.forms import BlockForm

PAGE = "mail/desk/blocked.html"


@mail.get("/mail/blocked")
def index_blocked() -> Any:
    return _listed(BlockForm())


@mail.post("/mail/blocked")
def create_block() -> Any:
    form = BlockForm()
    try:
        blocked = BlockedSender.block(form.answers()["sender"], by=g.me)
    except Refused as problem:
        return _listed(form.refuse(problem), status=problem.status)
    return done(url_for("desk.mail.index_blocked"), said=_("%(sender)s is blocked.", sender=blocked.sender))


@mail.post("/mail/blocked/<int:number>/removal")
def destroy_block(number: int) -> Any:
    blocked = BlockedSender.by_number(number) or abort(404)
    blocked.unblock(by=g.me)
    return done(url_for("desk.mail.index_blocked"), said=_("%(sender)s is no longer blocked.", sender=blocked.sender))


def _listed(form: BlockForm, *, status: int = 200) -> Any:
    before = request.args.get("before", type=inbound.number)
    senders, more = BlockedSender.by_page(before=before)
    older = url_for("desk.mail.index_blocked", before=senders[-1].id) if more else None
    newest = url_for("desk.mail.index_blocked") if before else None
    return page(PAGE, form=form, senders=senders, older_url=older, newest_url=newest, status=status)
