"""The outbox: every mail that is to leave, has left, or could not."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import ngettext
from app.mail import outbox
from app.mail.desk.room import mail
from app.mail.outbox import VIEWS, Outbox
from app.outbox.delivery import Delivery
from app.outbox.letters import ABOUT

LIST = "mail/desk/outbox.html"


@mail.get("/mail/outbox")
def index_outbox() -> Any:
    return _page()


@mail.post("/mail/outbox/retry")
def create_outbox_retry() -> Any:
    count = outbox.retry_all(by=g.me)
    said = ngettext("%(num)s e-mail is being sent now.", "%(num)s e-mails are being sent now.", count)
    return done(url_for("desk.mail.index_outbox", **_asked()), said=said)


@mail.post("/mail/outbox/<int:number>/retry")
def create_delivery_retry(number: int) -> Any:
    try:
        outbox.retry(_delivery(number), by=g.me)
    except Refused as problem:
        return _page(problem)
    return done(url_for("desk.mail.index_outbox", **_asked()), said=_("The e-mail is queued again."))


@mail.post("/mail/outbox/<int:number>/cancellation")
def create_cancellation(number: int) -> Any:
    try:
        outbox.cancel(_delivery(number), by=g.me)
    except Refused as problem:
        return _page(problem)
    return done(url_for("desk.mail.index_outbox", **_asked()), said=_("The e-mail is cancelled."))


def _delivery(number: int) -> Delivery:
    return Delivery.by_number(number) or abort(404)


def _asked() -> dict[str, str]:
    """What the list is narrowed to; the buttons in it send it along."""
    view, words = request.values.get("view", ""), request.values.get("q", "")[:254].strip()
    return {name: value for name, value in (("view", view if view in VIEWS else ""), ("q", words)) if value}


def _page(problem: Refused | None = None) -> Any:
    asked = _asked()
    view, words = asked.get("view", ""), asked.get("q", "")
    before = request.args.get("before", type=inbound.number)
    rows, counts = Outbox(view, words, before).rows, Outbox.counts()
    shown, more = rows[: outbox.PAGE], len(rows) > outbox.PAGE
    tabs = [_tab(key, label, view, counts.get(key)) for key, (label, _states) in VIEWS.items()]
    older = url_for("desk.mail.index_outbox", before=shown[-1].id, **asked) if more else None
    newest = url_for("desk.mail.index_outbox", **asked) if before else None
    return page(
        LIST, rows=shown, tabs=tabs, words=words, view=view, asked=asked, titles=ABOUT, problem=problem,
        older_url=older, newest_url=newest, deferred=counts["deferred"], status=problem.status if problem else 200,
    )  # fmt: skip


def _tab(key: str, label: Any, view: str, count: int | None) -> dict[str, Any]:
    url = url_for("desk.mail.index_outbox", **({"view": key} if key else {}))
    return {"label": label, "url": url, "current": key == view, "count": count or None}
