"""A customer's own data: name, language, zone, looks, password."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.forms import PasswordForm, ProfileForm
from app.branding.company import Company
from app.config import LANGUAGES
from app.lib.limits import limiter
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.ticket import Ticket

accounts = Blueprint("accounts", __name__)
PAGE = "accounts/portal/edit_profile.html"


@accounts.get("/profile")
def edit_profile() -> Any:
    return page(PAGE, profile=_profile(), password=PasswordForm(formdata=None))


@accounts.post("/profile")
def update_profile() -> Any:
    form = _profile()
    try:
        told = form.answers()
        g.me.person.describe(**told | {"mode": told["mode"] or None})
    except Refused as problem:
        blank = PasswordForm(formdata=None)
        return page(PAGE, "profile", profile=form.refuse(problem), password=blank, status=problem.status)
    return done(url_for(".edit_profile"), said=_("Saved."))


@accounts.post("/profile/password")
@limiter.limit("10/minute;30/hour")
def update_password() -> Any:
    form = PasswordForm()
    try:
        form.insist()
        g.me.person.change_password(form.password.data or "", old=form.old.data or "")
    except Refused as problem:
        return page(
            PAGE, "password_section", profile=_profile(blank=True), password=form.refuse(problem), status=problem.status
        )
    g.me.session.end_others()
    return done(url_for(".edit_profile"), said=_("Your password is set. Other sign-ins have ended."))


@accounts.post("/tickets/<int:number>/language")
def update_language(number: int) -> Any:
    """A guest's choice: the person's own language, in which our next mail is written too."""
    Ticket.for_contact(g.me, number)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        g.me.person.change(language=chosen)
    return redirect(signin.safe_next(request.form.get("next"), url_for("portal.tickets.show", number=number)), 303)


def _profile(*, blank: bool = False) -> ProfileForm:
    person = g.me.person
    known = {
        "name": person.name,
        "language": person.language or str(get_locale()),
        "timezone": person.timezone or Company.ours().timezone,
        "mode": person.mode or "",
    }
    form = ProfileForm(formdata=None, data=known) if blank else ProfileForm(data=known)
    form.offer_zones()
    return form
