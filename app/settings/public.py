"""The links by which one comes in for the first time: set-up, an agent's invitation, a customer's account."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.forms import JoinForm, NewPasswordForm, SetUpForm
from app.accounts.invitation import Invitation, NoLongerGood
from app.branding.company import Company
from app.lib.limits import limiter
from app.lib.pages import page
from app.lib.refusals import Refused

settings = Blueprint("settings", __name__)
SET_UP, JOIN, ACCOUNT, ENDED = (f"settings/public/{name}.html" for name in ("set_up", "join", "account", "ended"))


@settings.errorhandler(NoLongerGood)
def show_ended(problem: NoLongerGood) -> Any:
    return page(ENDED, problem=problem, status=problem.status)


@settings.get("/set-up/<string:token>")
def new(token: str) -> Any:
    Invitation.by_token(token, "setup")
    return page(SET_UP, form=_set_up_form(), token=token)


@settings.post("/set-up/<string:token>")
@limiter.limit("10/minute")
def create(token: str) -> Any:
    """The first administrator; the company, its language and zone. Signs in."""
    form = _set_up_form()
    try:
        told = form.answers()
        company = {"name": told["company"], "language": told["language"], "timezone": told["timezone"]}
        person = Invitation.set_up(
            token, name=told["name"], email=told["email"], password=told["password"], company=company
        )
    except NoLongerGood:
        raise
    except Refused as problem:
        return page(SET_UP, form=form.refuse(problem), token=token, status=problem.status)
    signin.begin(person)
    return redirect("/desk", 303)


@settings.get("/invitations/<string:token>")
def new_agent(token: str) -> Any:
    invitation = Invitation.by_token(token, "agent")
    return page(JOIN, form=JoinForm(name=invitation.name), invitation=invitation, token=token)


@settings.post("/invitations/<string:token>")
@limiter.limit("10/minute")
def create_agent(token: str) -> Any:
    invitation, form = Invitation.by_token(token, "agent"), JoinForm()
    try:
        person = invitation.register(**form.answers())
    except NoLongerGood:
        raise
    except Refused as problem:
        return page(JOIN, form=form.refuse(problem), invitation=invitation, token=token, status=problem.status)
    signin.begin(person)
    return redirect("/desk", 303)


@settings.get("/accounts/<string:token>")
def new_account(token: str) -> Any:
    invitation = Invitation.by_token(token, "account", "password")
    return page(ACCOUNT, form=NewPasswordForm(), invitation=invitation, token=token)


@settings.post("/accounts/<string:token>")
@limiter.limit("10/minute")
def create_account(token: str) -> Any:
    invitation, form = Invitation.by_token(token, "account", "password"), NewPasswordForm()
    try:
        person = invitation.open_account(**form.answers())
    except NoLongerGood:
        raise
    except Refused as problem:
        return page(ACCOUNT, form=form.refuse(problem), invitation=invitation, token=token, status=problem.status)
    signin.begin(person, mail=invitation.delivery)
    return redirect(url_for("public.house.home") if person.agent else url_for("portal.tickets.index"), 303)


def _set_up_form() -> SetUpForm:
    form = SetUpForm(language=str(get_locale()), timezone=Company.ours().timezone)
    form.offer_zones()
    return form
