"""The pages of the ledger: every mail that came in, what became of it, and what a person makes of it."""

from typing import Any

from flask import Response, abort, g, request, url_for

from app.attachments.serving import LOCKED, disposition
from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import ngettext
from app.mail.blocking import BlockedSender, covers
from app.mail.desk.room import mail
from app.mail.forms import LedgerForm
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox

LEDGER, ENTRY, SPAM = "mail/desk/ledger.html", "mail/desk/entry.html", "mail/desk/spam.html"


@mail.get("/mail/ledger")
def index_ledger() -> Any:
    form = LedgerForm.of(request.args)
    kept = {name: value for name, value in form.chosen.items() if value}
    return page(LEDGER, form=form, filtered=bool(kept), **_listed("desk.mail.index_ledger", kept, form.chosen))


@mail.get("/mail/mailboxes/<int:number>/spam")
def index_spam(number: int) -> Any:
    """The tab of a mailbox: what waits in its quarantine."""
    mailbox = Mailbox.by_number(number) or abort(404)
    chosen = {"outcome": "quarantined", "mailbox": mailbox.id}
    return page(SPAM, mailbox=mailbox, **_listed("desk.mail.index_spam", {"number": number}, chosen))


def _listed(endpoint: str, kept: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    """One page of entries and the ways from it; `all=1` ticks each, where there is no script to do it."""
    before = request.args.get("before", type=inbound.number)
    entries, more = LedgerEntry.by_filter(**chosen, before=before)
    here = kept | ({"before": before} if before else {})
    return {
        "entries": entries,
        "older_url": url_for(endpoint, **kept | {"before": entries[-1].id}) if more else None,
        "newest_url": url_for(endpoint, **kept) if before else None,
        "here_url": url_for(endpoint, **here),
        "all_url": url_for(endpoint, **here | {"all": 1}, _anchor="mails"),
        "all_ticked": "all" in request.args,
    }


@mail.get("/mail/ledger/<int:number>")
def show_entry(number: int) -> Any:
    return _shown(_entry(number))


@mail.get("/mail/ledger/<int:number>/message.eml")
def show_raw(number: int) -> Any:
    entry = _entry(number)
    said = entry.download
    if said is None:
        abort(404)
    named = {"Content-Type": "message/rfc822", "Content-Disposition": disposition(f"mail-{entry.id}.eml")}
    return Response(said, headers=LOCKED | named)


@mail.get("/mail/ledger/<int:number>/source")
def show_source(number: int) -> Any:
    """The mail as it came, to be read here: the whole of it, or as much as a page can hold."""
    entry = _entry(number)
    return page("mail/desk/source.html", entry=entry, source=entry.original)


@mail.post("/mail/ledger/<int:number>/processing")
def create_processing(number: int) -> Any:
    entry = _entry(number)
    try:
        entry.process_again(by=g.me)
    except Refused as problem:
        return _shown(entry, problem)
    return done(url_for("desk.mail.show_entry", number=number), said=_("The e-mail is being processed again."))


@mail.post("/mail/ledger/<int:number>/discard")
def create_discard(number: int) -> Any:
    entry = _entry(number)
    try:
        entry.discard(by=g.me)
    except Refused as problem:
        return _shown(entry, problem)
    return done(url_for("desk.mail.show_entry", number=number), said=_("The e-mail is discarded."))


@mail.post("/mail/ledger/<int:number>/block")
def create_entry_block(number: int) -> Any:
    """Blocks who sent it: the address, or its whole domain."""
    entry = _entry(number)
    wide = request.form.get("what") == "domain"
    sender = entry.from_address.rpartition("@")[2] if wide else entry.from_address
    try:
        blocked = BlockedSender.block(sender, by=g.me)
    except Refused as problem:
        return _shown(entry, problem)
    return done(url_for("desk.mail.show_entry", number=number), said=_("%(sender)s is blocked.", sender=blocked.sender))


@mail.post("/mail/ledger/decision")
def create_decision() -> Any:
    """Releases or discards the mails that are ticked, and goes back to the list they were ticked in."""
    ticked = request.form.getlist("mail", type=inbound.number)
    entries = LedgerEntry.by_numbers(ticked)
    if request.form.get("do") == "release":
        count = LedgerEntry.release_all(entries, by=g.me)
        said = ngettext("%(num)s e-mail is being processed.", "%(num)s e-mails are being processed.", count)
    else:
        count = LedgerEntry.discard_all(entries, by=g.me)
        said = ngettext("%(num)s e-mail is discarded.", "%(num)s e-mails are discarded.", count)
    return done(_back(), said=said if count else _("Tick the e-mails first."), is_bad=not count)


def _back() -> str:
    """The list that was looked at: a mailbox's quarantine, or the ledger with its filter."""
    number = request.form.get("mailbox", type=inbound.number)
    if number and request.form.get("tab") == "spam":
        return url_for("desk.mail.index_spam", number=number)
    kept = {name: value for name in ("outcome", "mailbox") if (value := request.form.get(name))}
    return url_for("desk.mail.index_ledger", **kept)


def _entry(number: int) -> LedgerEntry:
    return LedgerEntry.by_number(number) or abort(404)


def _shown(entry: LedgerEntry, problem: Refused | None = None) -> Any:
    blocked = covers(BlockedSender.all_senders(), entry.from_address)
    status = problem.status if problem else 200
    return page(ENTRY, entry=entry, blocked=blocked, problem=problem, status=status)
