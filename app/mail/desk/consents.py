"""Connecting a mailbox by OAuth 2: to the provider's page, and back.

The policy lets no form lead to another site: the way there is a link on a page. What the provider sends the browser
back with is taken only by a button, for nothing is changed by opening an address; the mailbox's test redeems it.
"""

from secrets import compare_digest
from typing import Any

from flask import abort, g, request, session, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.consenting import NoConsent
from app.mail.desk.mailboxes import mailbox_of, refused
from app.mail.desk.room import mail
from app.mail.forms import MailboxForm, ProviderForm
from app.mail.mailbox import Mailbox
from app.mail.provider import KNOWN, MailProvider

WAY, CONSENT, PROVIDER = "mail/desk/access.html", "mail/desk/consent.html", "mail/desk/provider.html"
KEPT = "mail_access"  # in the browser's session, between the two pages


@mail.post("/settings/mailboxes/<int:number>/access")
def create_access(number: int) -> Any:
    mailbox = mailbox_of(number)
    try:
        attempt = mailbox.begin_consent(by=g.me)
    except Refused as problem:
        return refused(mailbox, MailboxForm.of(mailbox), problem)
    session[KEPT] = {"mailbox": mailbox.id, "state": attempt.state, "verifier": attempt.verifier}
    return page(WAY, mailbox=mailbox, url=attempt.url)


@mail.get("/settings/mailboxes/access")
def new_consent() -> Any:
    """Where the provider's page leads back to."""
    mailbox, said = _under_way(request.args.get("state", "")), request.args.get("error", "")
    given = {"code": request.args.get("code", ""), "state": request.args.get("state", "")}
    problem = NoConsent(said=said[:100]) if said else None
    return page(CONSENT, mailbox=mailbox, given=given, problem=problem, status=200 if mailbox and not said else 422)


@mail.post("/settings/mailboxes/access")
def create_consent() -> Any:
    mailbox, kept = _under_way(request.form.get("state", "")), session.get(KEPT) or {}
    if mailbox is None:
        return page(CONSENT, mailbox=None, given={}, status=422)
    session.pop(KEPT, None)
    try:
        mailbox.receive_consent(by=g.me, code=request.form.get("code", ""), verifier=kept["verifier"])
    except Refused as problem:
        return page(CONSENT, mailbox=mailbox, given={}, problem=problem, status=problem.status)
    return done(url_for("desk.mail.show", number=mailbox.id, _anchor="test"))


def _under_way(state: str) -> Mailbox | None:
    """The mailbox that this browser went to connect; None if it did not, or another page's answer comes back."""
    kept = session.get(KEPT) or {}
    if not (state and compare_digest(state.encode(), str(kept.get("state", "")).encode())):
        return None
    return Mailbox.by_number(kept["mailbox"])


@mail.get("/settings/mailboxes/providers/<string:key>")
def edit_provider(key: str) -> Any:
    provider = _provider(key)
    return page(PROVIDER, provider=provider, form=ProviderForm.of(provider))


@mail.post("/settings/mailboxes/providers/<string:key>")
def update_provider(key: str) -> Any:
    provider = _provider(key)
    form = ProviderForm.of(provider)
    try:
        provider.register(by=g.me, **form.answers())
    except Refused as problem:
        return page(PROVIDER, provider=provider, form=form.refuse(problem), status=problem.status)
    return done(url_for("desk.mail.index"), said=_("Saved."))


def _provider(key: str) -> MailProvider:
    if key not in KNOWN:
        abort(404)
    return MailProvider.named(key)
