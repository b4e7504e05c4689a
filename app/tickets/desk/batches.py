"""Changing many tickets at once: asking for it, the page that asks back, its progress, and undoing it."""

from typing import Any

from flask import abort, g, redirect, request, url_for

from app.accounts.agent import NotAllowed, demand
from app.lib import inbound
from app.lib.pages import done, page, wants_block
from app.lib.refusals import Refused
from app.tickets.acts import ACTS, Act
from app.tickets.batch import MOST, Batch, SaysNothing
from app.tickets.choices import Choices
from app.tickets.desk.index import PAGE as LIST
from app.tickets.desk.index import shown
from app.tickets.desk.looks import Looks
from app.tickets.desk.room import listing_of, tickets
from app.tickets.filters import is_number
from app.tickets.forms.batches import BatchClosingForm, BatchMergeForm
from app.tickets.listing import Listing
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

PAGE, ASKING, CHOOSING, CHOICE = (f"tickets/desk/{name}.html" for name in ("batch", "edit_batch", "new_batch", "_act"))
# What the bar of the list unfolds, and the fields of which one must be chosen.
CHOICES = {"assign": ("assignee", "group"), "status": ("status",), "priority": ("priority", "category")}
OF_FIELD = {"tag": "tags"}
FORMS = {"close": BatchClosingForm, "merge": BatchMergeForm}


@tickets.post("/batches")
def create_batch() -> Any:
    asked, listing = request.form, _listing(request.form.get("list", ""))
    act = ACTS.get(asked.get("act", ""))
    demand(g.me, act.needs if act else "edit")
    if act and not set(asked).intersection(CHOICES.get(act.key, asked)):
        return _choosing(act, listing, _chosen(listing))
    try:
        if act is None or OF_FIELD.get(act.key, act.key) in TicketSettings.fields_off:
            raise SaysNothing
        batch = Batch.ask(
            act.key, _chosen(listing), by=g.me, query=asked.get("list", "")[:2000], draft=act.asks,
            **({} if act.asks else _details(act.key)),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as problem:
        return done(listing.url(), LIST, "listing", said=problem.sentence, is_bad=True, **shown(listing))
    if batch.state == "draft":
        return done(url_for(".edit_batch", number=batch.id))
    return _watched(listing, batch)


@tickets.get("/batches/acts/<any(assign,status,priority):act>")
def show_act(act: str) -> Any:
    """What may be chosen, for the bar of the list to unfold; nothing where no list stands around it."""
    demand(g.me, ACTS[act].needs)
    if not wants_block():
        return redirect(url_for(".index"), 303)
    return _choosing(ACTS[act], listing_of({}), [])


@tickets.get("/batches/<int:number>")
def show_batch(number: int) -> Any:
    """How far it is: the strip above the list, and a page of its own."""
    batch = Batch.begun(g.me, number) or abort(404)
    return page(PAGE, "batch", batch=batch, listing=_listing(batch.query))


@tickets.get("/batches/<int:number>/edit")
def edit_batch(number: int) -> Any:
    """Asks what an act needs to know: the reason of a closing, the ticket that others go into."""
    batch = _draft(number)
    return page(ASKING, batch=batch, form=FORMS[batch.act].about(batch), listing=_listing(batch.query))


@tickets.post("/batches/<int:number>")
def update_batch(number: int) -> Any:
    batch = _draft(number)
    form, listing = FORMS[batch.act].about(batch), _listing(batch.query)
    try:
        batch.start(by=g.me, **form.told(g.me))
    except NotAllowed:
        raise
    except Refused as problem:
        form = form.refuse(problem)
        return page(ASKING, "asking", batch=batch, form=form, listing=listing, status=problem.status)
    return done(listing.url(batch=str(batch.id)))


@tickets.post("/batches/<int:number>/undo")
def create_undo(number: int) -> Any:
    batch = Batch.of(g.me, number) or abort(404)
    return _watched(_listing(batch.query), batch.undo(by=g.me))


def _choosing(act: Act, listing: Listing, ids: list[int]) -> Any:
    """The choices of an act: in the bar, or on a page that carries the ticked tickets on."""
    choices = Choices()
    return page(
        CHOICE if wants_block() else CHOOSING, act=act.key, label=act.label, choices=choices, listing=listing, ids=ids,
        looks=Looks(choices, listing, g.teams, may_select=True), is_all=bool(request.form.get("all")),
    )  # fmt: skip


def _draft(number: int) -> Batch:
    batch = Batch.of(g.me, number)
    if batch is None or batch.state != "draft" or batch.act not in FORMS:
        abort(404)
    demand(g.me, ACTS[batch.act].needs)
    return batch


def _watched(listing: Listing, batch: Batch) -> Any:
    """The list, and above it how far the change is."""
    return done(listing.url(batch=str(batch.id)), LIST, "listing", **shown(listing, Batch.of(g.me, batch.id)))


def _listing(query: str) -> Listing:
    return listing_of(inbound.query(query[:2000]))


def _chosen(listing: Listing) -> list[int]:
    """The ticked tickets, or all of the list; what the agent does not see is not among them."""
    if request.form.get("all"):
        return listing.everything(MOST + 1)
    ids = [inbound.number(each) for each in request.form.getlist("ticket")[:MOST] if is_number(each)]
    return Ticket.among(g.me, ids)


def _details(act: str) -> dict[str, Any]:
    """What the bar of the list says about the act; a choice that is not offered says nothing."""
    asked = request.form
    if act == "status":
        return {"status": asked.get("status", ""), "why": _number(asked.get("why", ""))}
    if act == "tag":
        return {name: _words(asked.get(f"tags_{name}", "")) for name in ("add", "remove")}
    names = {"assign": "assignee"}
    value = asked.get(names.get(act, act), "")
    if act in ("assign", "group", "priority", "category") and value != "none" and value not in _offered(act):
        raise SaysNothing
    return {"to": _number(value)} if act != "remove" else {}


def _offered(act: str) -> set[str]:
    if act == "group":
        return {str(team.id) for team in g.teams.open_to_me}
    return {str(choice.id) for choice in Choices().offered("assignee" if act == "assign" else act)}


def _number(text: str) -> int | None:
    return int(text) if is_number(text) else None


def _words(text: str) -> list[str]:
    return [word for each in text[:500].split(",") if (word := " ".join(each.split()))]
