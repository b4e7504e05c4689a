"""One's own profile at the desk: what one is called, how pages look, password, and where one is signed in."""

from typing import Any

from flask import g, url_for
from flask_babel import force_locale, get_locale

from app.accounts import signin
from app.accounts.desk import accounts
from app.accounts.forms import AgentProfileForm, PasswordForm
from app.accounts.session import Session
from app.branding.company import Company
from app.lib.limits import limiter
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.notifications.settings import HEADLINES

PAGE = "accounts/desk/profile.html"


@accounts.get("/profile")
def edit_profile() -> Any:
    return _page()


@accounts.post("/profile")
def update_profile() -> Any:
    form = _form()
    try:
        told = form.answers()
        told.pop("wanted")
        g.me.agent.prefer(shortcuts=told.pop("shortcuts"), unwanted=form.unwanted(g.me.agent.unwanted))
        g.me.describe(**told | {"mode": told["mode"] or None})
    except Refused as problem:
        return _page(profile=form.refuse(problem), status=problem.status)
    with force_locale(told["language"]):  # theirs from now on
        return done(url_for(".edit_profile"), said=_("Saved."))


@accounts.post("/profile/password")
@limiter.limit("10/minute;30/hour")
def update_password() -> Any:
    form = PasswordForm()
    try:
        form.insist()
        g.me.change_password(form.password.data or "", old=form.old.data or "")
    except Refused as problem:
        return _page(password=form.refuse(problem), status=problem.status)
    if here := signin.session():
        here.end_others()
    return done(url_for(".edit_profile"), said=_("Your password is set. Other sign-ins have ended."))


@accounts.post("/profile/sessions/<int:number>/end")
def destroy_session(number: int) -> Any:
    Session.end_one(number, by=g.me)
    return done(url_for(".edit_profile"), said=_("That sign-in has ended."))


def _page(profile: Any = None, password: Any = None, status: int = 200) -> Any:
    return page(
        PAGE, profile=profile or _form(blank=True), password=password or PasswordForm(formdata=None),
        sessions=Session.live_ones(g.me), here=signin.session(), status=status,
    )  # fmt: skip


def _form(*, blank: bool = False) -> AgentProfileForm:
    known = {
        "name": g.me.name,
        "language": g.me.language or str(get_locale()),
        "timezone": g.me.timezone or Company.ours().timezone,
        "mode": g.me.mode or "",
        "shortcuts": g.me.agent.shortcuts,
        "wanted": [kind for kind in HEADLINES if kind not in g.me.agent.unwanted],
    }
    form = AgentProfileForm(formdata=None, data=known) if blank else AgentProfileForm(data=known)
    form.offer_zones()
    form.offer_notices()
    return form
