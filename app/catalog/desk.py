"""The lists of the catalog, kept by administrators."""

from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for

from app.accounts.agent import demand
from app.catalog.entry import Entry
from app.catalog.forms import COLOR_NAMES, entry_answers, entry_form
from app.catalog.lists import LISTS
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l

catalog = Blueprint("catalog", __name__, url_prefix="/settings/lists")
LIST, PAGE = "catalog/desk/show.html", "catalog/desk/edit.html"
TITLES: dict[str, Any] = {
    "types": _l("Types"), "categories": _l("Categories"), "services": _l("Services"),
    "priorities": _l("Priorities"), "origins": _l("Origins"), "tags": _l("Tags"), "products": _l("Products"),
    "justifications": _l("Reasons for a status"), "fields": _l("Fields of your own"),
}  # fmt: skip
HELP: dict[str, Any] = {
    "types": _l("The scope in which a ticket is handled. The first one is the default."),
    "categories": _l("What the customer says it is. A category may have its own survey."),
    "services": _l("What we offer. A service may belong to a group."),
    "priorities": _l("The first one is the default. The mark decides its place in a list."),
    "origins": _l("How a ticket reached us."),
    "tags": _l("Words that group tickets; agents add new ones on the ticket."),
    "products": _l("What we sell."),
    "fields": _l("What tickets have beside the fields that are built in: of every type, or of one."),
    "justifications": _l("Why a ticket is in progress, pending or resolved."),
}


@catalog.before_request
def only_administrators() -> None:
    demand(g.me, "configure")
    g.nav.here = "settings"


@catalog.get("")
def index() -> Any:
    return redirect(url_for(".show", name="categories"), 303)


@catalog.get("/<string:name>")
def show(name: str) -> Any:
    return _page(name)


@catalog.get("/<string:name>/new")
def new(name: str) -> Any:
    form = entry_form(_entries(name))
    return page(PAGE, name=name, title=TITLES[name], entry=None, form=form)


@catalog.post("/<string:name>")
def create(name: str) -> Any:
    entries = _entries(name)
    form = entry_form(entries)
    try:
        entries.enter(by=g.me, **entry_answers(form))
    except Refused as problem:
        return page(PAGE, name=name, title=TITLES[name], entry=None, form=form.refuse(problem), status=problem.status)
    return done(url_for(".show", name=name), said=_("Saved."))


@catalog.get("/<string:name>/<int:number>")
def edit(name: str, number: int) -> Any:
    entry = _entry(name, number)
    return page(PAGE, name=name, title=TITLES[name], entry=entry, form=entry_form(_entries(name), entry))


@catalog.post("/<string:name>/<int:number>")
def update(name: str, number: int) -> Any:
    entry = _entry(name, number)
    form = entry_form(_entries(name), entry)
    try:
        entry.amend(by=g.me, **entry_answers(form))
    except Refused as problem:
        return page(PAGE, name=name, title=TITLES[name], entry=entry, form=form.refuse(problem), status=problem.status)
    return done(url_for(".show", name=name), said=_("Saved."))


@catalog.post("/<string:name>/<int:number>/move")
def update_place(name: str, number: int) -> Any:
    _entry(name, number).move(up="up" in request.form)
    return done(url_for(".show", name=name), LIST, "entries", **_values(name))


@catalog.post("/<string:name>/<int:number>/switch")
def update_switch(name: str, number: int) -> Any:
    try:
        _entry(name, number).switch(on="on" in request.form)
    except Refused as problem:
        return _page(name, problem)
    return done(url_for(".show", name=name), LIST, "entries", **_values(name))


def _entries(name: str) -> type[Entry]:
    return LISTS.get(name) or abort(404)


def _entry(name: str, number: int) -> Entry:
    return _entries(name).by_number(number) or abort(404)


def _values(name: str) -> dict[str, Any]:
    tabs = [
        {"label": title, "url": url_for("desk.catalog.show", name=key), "current": key == name}
        for key, title in TITLES.items()
    ]
    return {
        "name": name,
        "title": TITLES[name],
        "help": HELP[name],
        "entries": _entries(name).all(),
        "tabs": tabs,
        "colors": COLOR_NAMES,
    }


def _page(name: str, problem: Refused | None = None) -> Any:
    _entries(name)
    return page(LIST, "entries", status=problem.status if problem else 200, problem=problem, **_values(name))
