"""Signing in and out, for agents and customers alike: by password, or by a link in a mail."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.forms import SignInForm, SignInLinkForm
from app.accounts.invitation import Invitation, NoLongerGood
from app.accounts.person import Person
from app.accounts.session import NobodyKnown, Session
from app.lib.limits import at_least, limiter, network, was_refused
from app.lib.pages import page
from app.lib.refusals import Refused

accounts = Blueprint("accounts", __name__)
ANSWERED_IN = 0.3  # seconds for whether there is such a person or not
PAGE, LINK, NEW = (f"accounts/public/{name}.html" for name in ("sign_in", "link", "new"))


@accounts.get("/sign-in")
def sign_in() -> Any:
    form, link = SignInForm(next=request.args.get("next", "")), SignInLinkForm(formdata=None)
    return page(PAGE, form=form, link=link, is_guest="guest" in request.args)


def _account() -> str:
    """Wrong passwords are counted by the account too, wherever they come from."""
    return f"account:{request.form.get('email', '').strip().lower()[:254]}"


@accounts.post("/sign-in")
@limiter.limit("20/minute;100/hour")
@limiter.limit("300/hour", key_func=network, deduct_when=was_refused)
@limiter.limit("100/hour", key_func=_account, deduct_when=was_refused)
def create() -> Any:
    """By password. One sentence for whatever is wrong."""
    form = SignInForm()
    try:
        form.insist()
        somebody = Session.person_of(form.email.data, form.password.data)
    except Refused as problem:
        link = SignInLinkForm(formdata=None, email=form.email.data)
        return page(PAGE, form=form.refuse(problem), link=link, status=422)
    return _let_in(somebody, form.next.data)


@accounts.post("/sign-in/link")
@limiter.limit("5/minute;20/hour")
@limiter.limit("100/hour", key_func=network)
def create_link() -> Any:
    """By mail. Whatever the address, the answer is the same."""
    form = SignInLinkForm()
    try:
        form.insist()
    except Refused as problem:
        return page(PAGE, form=SignInForm(formdata=None), link=form.refuse(problem), status=problem.status)
    with at_least(ANSWERED_IN):
        Invitation.ask("sign-in", form.email.data or "", language=str(get_locale()))
    return page("accounts/public/link_asked.html", email=form.email.data)


@accounts.get("/accounts/new")
def new() -> Any:
    """For who has no account yet, and for who has forgotten the password."""
    return page(NEW, form=SignInLinkForm(formdata=None))


@accounts.post("/accounts")
@limiter.limit("5/minute;20/hour")
@limiter.limit("100/hour", key_func=network)
def create_account() -> Any:
    """A link to choose a password, where the address is a contact's. Whatever the address, the answer is the same."""
    form = SignInLinkForm()
    try:
        form.insist()
    except Refused as problem:
        return page(NEW, form=form.refuse(problem), status=problem.status)
    with at_least(ANSWERED_IN):
        Invitation.ask("password", form.email.data or "", language=str(get_locale()))
    return page("accounts/public/account_asked.html", email=form.email.data)


@accounts.get("/sign-in/link/<string:token>")
def show_link(token: str) -> Any:
    """A page with a button: scanners open links, and must not spend them."""
    try:
        Invitation.by_token(token, "sign-in")
    except NoLongerGood as problem:
        return page(LINK, problem=problem, status=problem.status)
    return page(LINK, token=token)


@accounts.post("/sign-in/link/<string:token>")
@limiter.limit("20/minute")
def create_by_link(token: str) -> Any:
    try:
        invitation = Invitation.by_token(token, "sign-in")
        invitation.spend()
    except NoLongerGood as problem:
        return page(LINK, problem=problem, status=problem.status)
    if not invitation.person.is_active:
        raise NobodyKnown
    return _let_in(invitation.person, mail=invitation.delivery)


@accounts.post("/sign-out")
def destroy() -> Any:
    signin.end()
    return redirect(url_for("public.accounts.sign_in"), 303)


def _let_in(somebody: Person, there: str | None = None, *, mail: Any = None) -> Any:
    """Signs in; agents go to the desk, customers to the portal, unless they were on their way elsewhere."""
    signin.begin(somebody, mail=mail)
    home = url_for("public.house.home") if somebody.agent else "/portal"
    return redirect(signin.safe_next(there, home), 303)
