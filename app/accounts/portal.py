"""A customer's own data: name, language, zone, looks, password."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import force_locale, get_locale

from app.accounts import signin
from app.accounts.address import OtherAddress
from app.accounts.forms import OwnDataForm, PasswordForm
from app.accounts.session import Session
from app.branding.company import Company
from app.config import LANGUAGES
from app.lib.db import transaction
from app.lib.limits import limiter
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.ticket import Ticket

accounts = Blueprint("accounts", __name__)
PAGE = "accounts/portal/edit_profile.html"


@accounts.get("/profile")
def edit_profile() -> Any:
    return _page(_profile(), PasswordForm(formdata=None))


@accounts.post("/profile")
def update_profile() -> Any:
    form = _profile()
    try:
        told = form.answers()
        phones = {name: told.pop(name) for name in ("phone", "mobile", "more_phones")}
        with transaction():
            g.me.person.contact.tell_phones(**phones)
            g.me.person.describe(**told | {"mode": told["mode"] or None})
    except Refused as problem:
        return _page(form.refuse(problem), PasswordForm(formdata=None), "profile", problem.status)
    with force_locale(told["language"]):  # theirs from now on
        return done(url_for(".edit_profile"), said=_("Saved."))


@accounts.post("/profile/password")
@limiter.limit("10/minute;30/hour")
def update_password() -> Any:
    form = PasswordForm()
    try:
        form.insist()
        g.me.person.change_password(form.password.data or "", old=form.old.data or "")
    except Refused as problem:
        return _page(_profile(blank=True), form.refuse(problem), "password_section", problem.status)
    g.me.session.end_others()
    return done(url_for(".edit_profile"), said=_("Your password is set. Other sign-ins have ended."))


@accounts.post("/profile/sessions/<int:number>/end")
def destroy_session(number: int) -> Any:
    """Ends one sign-in of one's own, elsewhere or here."""
    Session.end_one(number, by=g.me.person)
    return done(url_for(".edit_profile", _anchor="sessions"), said=_("That sign-in has ended."))


@accounts.post("/profile/sessions/end")
def destroy_sessions() -> Any:
    g.me.session.end_others()
    return done(url_for(".edit_profile", _anchor="sessions"), said=_("All other sign-ins have ended."))


@accounts.post("/tickets/<int:number>/language")
def update_language(number: int) -> Any:
    """A guest's choice: the person's own language, in which our next mail is written too."""
    Ticket.for_contact(g.me, number)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        g.me.person.change(language=chosen)
    return redirect(signin.safe_next(request.form.get("next"), url_for("portal.tickets.show", number=number)), 303)


def _page(profile: OwnDataForm, password: PasswordForm, block: str | None = None, status: int = 200) -> Any:
    person = g.me.person
    sessions, others = Session.live_ones(person), OtherAddress.of(person)
    return page(PAGE, block, profile=profile, password=password, sessions=sessions, others=others, status=status)


def _profile(*, blank: bool = False) -> OwnDataForm:
    person = g.me.person
    known = {
        "name": person.name,
        "language": person.language or str(get_locale()),
        "timezone": person.timezone or Company.ours().timezone,
        "mode": person.mode or "",
    }
    known |= {name: getattr(person.contact, name) for name in ("phone", "mobile", "more_phones")}
    form = OwnDataForm(formdata=None, data=known) if blank else OwnDataForm(data=known)
    form.offer_zones()
    return form
