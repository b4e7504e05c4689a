"""The groups of agents (P3)."""

from typing import Any

from flask import abort, g, url_for

from app.accounts.agent import Agent, demand
from app.accounts.desk import accounts
from app.accounts.forms import GroupForm
from app.accounts.group import Group
from app.lib.forms import offer
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _

LIST, PAGE = "accounts/desk/groups.html", "accounts/desk/group.html"


@accounts.get("/settings/groups")
def index_groups() -> Any:
    _only_administrators()
    return page(LIST, groups=Group.all())


@accounts.get("/settings/groups/new")
def new_group() -> Any:
    _only_administrators()
    return page(PAGE, group=None, form=_form())


@accounts.post("/settings/groups")
def create_group() -> Any:
    _only_administrators()
    form = _form()
    try:
        Group.found(by=g.me, **form.answers())
    except Refused as problem:
        return page(PAGE, group=None, form=form.refuse(problem), status=problem.status)
    return done(url_for(".index_groups"), said=_("Saved."))


@accounts.get("/settings/groups/<int:number>")
def edit_group(number: int) -> Any:
    _only_administrators()
    group = Group.by_number(number) or abort(404)
    return page(PAGE, group=group, form=_form(group))


@accounts.post("/settings/groups/<int:number>")
def update_group(number: int) -> Any:
    _only_administrators()
    group = Group.by_number(number) or abort(404)
    form = _form(group)
    try:
        group.describe(by=g.me, **form.answers())
    except Refused as problem:
        return page(PAGE, group=group, form=form.refuse(problem), status=problem.status)
    return done(url_for(".index_groups"), said=_("Saved."))


def _form(group: Group | None = None) -> GroupForm:
    known: dict[str, Any] = {}
    if group:
        known = {"name": group.name, "is_restricted": group.is_restricted, "is_active": group.is_active}
        known["members"] = [person.id for person in group.members]
    form = GroupForm(data=known)
    form.members.choices = offer((each.person.id, each.person.name) for each in Agent.everybody() if each.is_active)
    return form


def _only_administrators() -> None:
    demand(g.me, "configure")
    g.nav.here = "settings"
