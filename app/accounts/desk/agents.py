"""The team: who works here, and who is invited (P1)."""

from typing import Any

from flask import abort, g, request, url_for

from app.accounts.agent import Agent, demand
from app.accounts.desk import accounts
from app.accounts.forms import AgentForm, InviteForm
from app.accounts.invitation import Invitation
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _

LIST, PAGE, INVITE = "accounts/desk/index.html", "accounts/desk/edit.html", "accounts/desk/invite.html"


@accounts.get("/settings/agents")
def index() -> Any:
    _only("invite")
    return page(LIST, agents=Agent.everybody(), invitations=Invitation.pending())


@accounts.get("/settings/agents/<int:number>")
def edit(number: int) -> Any:
    _only("configure")
    agent = Agent.by_person(number) or abort(404)
    return page(PAGE, agent=agent, form=AgentForm(obj=agent))


@accounts.post("/settings/agents/<int:number>")
def update(number: int) -> Any:
    _only("configure")
    agent, form = Agent.by_person(number) or abort(404), AgentForm()
    try:
        agent.amend(by=g.me, **form.answers())
    except Refused as problem:
        return page(PAGE, agent=agent, form=form.refuse(problem), status=problem.status)
    return done(url_for(".index"), said=_("Saved."))


@accounts.get("/settings/invitations/new")
def new_invitation() -> Any:
    _only("invite")
    return page(INVITE, form=InviteForm())


@accounts.post("/settings/invitations")
def create_invitation() -> Any:
    """Invites all rows at once; the button "+" adds one more, with script or without."""
    _only("invite")
    form = InviteForm()
    if "more" in request.form:
        form.rows.append_entry()
        return page(INVITE, form=form)
    form.drop_blank_rows()
    try:
        form.insist()
        Invitation.invite_all([row.form.answers for row in form.rows], by=g.me)
    except Refused as problem:
        return page(INVITE, form=form.refuse(problem), status=problem.status)
    return done(url_for(".index"), said=_("The invitations are on their way."))


@accounts.post("/settings/invitations/<int:number>/mail")
def create_invitation_mail(number: int) -> Any:
    (Invitation.by_number(number) or abort(404)).send_again(by=g.me)
    return done(url_for(".index"), said=_("Sent again, with a fresh link."))


@accounts.post("/settings/invitations/<int:number>/withdrawal")
def destroy_invitation(number: int) -> Any:
    (Invitation.by_number(number) or abort(404)).withdraw(by=g.me)
    return done(url_for(".index"), said=_("The invitation is withdrawn; its link no longer works."))


def _only(act: str) -> None:
    demand(g.me, act)
    g.nav.here = "settings"
