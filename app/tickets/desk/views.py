"""Saved views: keeping a list under a name, changing it, its order, and deleting it."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, g, request, url_for

from app.accounts.agent import NotAllowed
from app.frame import zone
from app.lib import inbound
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.desk.room import listing_of, tickets
from app.tickets.forms.entries import SavedViewForm
from app.tickets.listing import Listing, of_saved
from app.tickets.saved_view import SavedView

PAGE, EDIT = "tickets/desk/views.html", "tickets/desk/edit_view.html"


@tickets.get("/views")
def index_views() -> Any:
    return page(PAGE, "views", views=_views())


@tickets.get("/views/new")
def new_view() -> Any:
    return page(EDIT, form=SavedViewForm.of(g.me), listing=_listing(request.args.get("list", "")), view=None)


@tickets.post("/views")
def create_view() -> Any:
    form, listing = SavedViewForm.of(g.me), _listing(request.form.get("list", ""))
    try:
        kept = SavedView.keep(by=g.me, query=urlencode(listing.state), **form.answers())
    except Refused as problem:
        return page(EDIT, "edit_view", form=form.refuse(problem), listing=listing, view=None, status=problem.status)
    return done(url_for(".index", saved=kept.id), said=_("The view is saved."))


@tickets.get("/views/<int:number>")
def edit_view(number: int) -> Any:
    """Its name and for whom; and what it shows, where the list it began as was changed (`list`)."""
    view = _view(number)
    form = SavedViewForm.of(g.me, name=view.name, shared=view.is_shared)
    return page(EDIT, form=form, listing=_listing(request.args.get("list", view.query)), view=view)


@tickets.post("/views/<int:number>")
def update_view(number: int) -> Any:
    view, form, listing = _view(number), SavedViewForm.of(g.me), _listing(request.form.get("list", ""))
    try:
        view.amend(by=g.me, query=urlencode(listing.state), **form.answers())
    except NotAllowed:
        raise
    except Refused as problem:
        return page(EDIT, "edit_view", form=form.refuse(problem), listing=listing, view=view, status=problem.status)
    return done(url_for(".index", saved=view.id), said=_("The view is saved."))


@tickets.post("/views/<int:number>/place")
def update_view_place(number: int) -> Any:
    _view(number).move(up=request.form.get("up") == "1", by=g.me)
    return done(url_for(".index_views"), PAGE, "views", views=_views(fresh=True))


@tickets.post("/views/<int:number>/deletion")
def destroy_view(number: int) -> Any:
    _view(number).remove(by=g.me)
    return done(url_for(".index_views"), PAGE, "views", said=_("The view is deleted."), views=_views(fresh=True))


def _view(number: int) -> SavedView:
    view = g.saved.by_number(number) or abort(404)
    if not view.may_be_changed_by(g.me):
        raise NotAllowed
    return view


def _views(*, fresh: bool = False) -> list[tuple[SavedView, str]]:
    """Each with the address of its list."""
    g.nav.mark("views")
    found = SavedView.seen_by(g.me) if fresh else g.saved.all
    path = url_for(".index")
    return [(view, of_saved(view, me=g.me, teams=g.teams, zone=zone(), path=path).url()) for view in found]


def _listing(query: str) -> Listing:
    return listing_of({name: value for name, value in inbound.query(query[:2000]).items() if name != "saved"})
