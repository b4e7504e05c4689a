"""The form that opens a ticket: for everyone, for customers signed in, or for nobody (SPEC C2, C3)."""

import time
from datetime import timedelta
from typing import Any

from flask import current_app, jsonify, request, session, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib import limits, proof, recaptcha
from app.lib.limits import limiter
from app.lib.once import AlreadySent, once, spend
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.safety import POLICY
from app.outbox.delivery import Delivery
from app.tickets.forms.opening import OpeningForm
from app.tickets.held_form import FormOver, HeldForm
from app.tickets.public import tickets
from app.tickets.settings import FormSettings, RecaptchaSettings
from app.tickets.ticket import Ticket

FORM, CONFIRM = "tickets/public/new.html", "tickets/public/confirm.html"
ACKNOWLEDGED_AN_HOUR, ACKNOWLEDGED_A_DAY = 3, 10
REMEMBERED = 15 * 60  # seconds the number stands on the thank-you page
ACTION = "open_ticket"  # what reCAPTCHA is told about


@tickets.get("/support/new")
def new() -> Any:
    known = _customer()
    return _closed_to(known) or _page(OpeningForm.for_person(known), known)


@tickets.post("/support/new")
@limiter.limit("300/hour", key_func=limits.visitor)  # beyond what the form itself forgives: a page without it
@limiter.limit("2000/hour", key_func=limits.network)
def create() -> Any:
    known = _customer()
    if closed := _closed_to(known):
        return closed
    form = OpeningForm.for_person(known)
    try:
        _take(form, known)
    except AlreadySent:
        return done(url_for(".show_thanks"))
    except Refused as problem:
        return _page(form.refuse(problem), known, status=problem.status)
    return done(url_for(".show_thanks"))


@tickets.get("/support/challenge")
@limiter.limit("60/minute")
def show_challenge() -> Any:
    """What a visitor's browser computes while they write; nothing is kept of it."""
    return jsonify(proof.challenge())


@tickets.get("/support/thanks")
def show_thanks() -> Any:
    """The number is shown to the browser that opened the ticket, for some minutes; no address tells one."""
    held = session.get("held") or ("", 0)
    address = held[0] if held[1] > time.time() - REMEMBERED else ""
    return page("tickets/public/show_thanks.html", number=_opened_here(), held=address, known=_customer())


@tickets.get("/support/confirmations/<string:token>")
def show_confirmation(token: str) -> Any:
    """A page with a button: scanners open links, and must not open tickets."""
    try:
        return _private(page(CONFIRM, token=token, held=HeldForm.by_token(token)))
    except FormOver as problem:
        return _private(page(CONFIRM, problem=problem, status=problem.status))


@tickets.post("/support/confirmations/<string:token>")
@limiter.limit("20/minute")
def create_confirmation(token: str) -> Any:
    try:
        ticket = HeldForm.by_token(token).confirm()
    except FormOver as problem:
        return _private(page(CONFIRM, problem=problem, status=problem.status))
    session["opened"] = [ticket.number, int(time.time())]
    session.pop("held", None)
    return done(url_for(".show_thanks"))


def _page(form: OpeningForm, known: Person | None, *, status: int = 200) -> Any:
    """The form, with whatever shows that a person fills it in; only where Google does, its scripts are let in."""
    judge = None if known else "recaptcha" if RecaptchaSettings.is_on() else "proof"
    base = current_app.extensions["ventanilla"].recaptcha_url
    answer = page(FORM, "opening", form=form, known=known, judge=judge, recaptcha_url=base, action=ACTION,
                  site_key=RecaptchaSettings.site_key, status=status)  # fmt: skip
    if judge == "recaptcha":
        answer.headers["Content-Security-Policy"] = _policy(base)
    return answer


def _policy(base: str) -> str:
    theirs = f"{base}/ https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/"
    policy = POLICY.replace("script-src 'self'", f"script-src 'self' {theirs}")
    policy = policy.replace("connect-src 'self'", f"connect-src 'self' {base}/")
    return policy.replace("frame-src 'self'", f"frame-src 'self' {base}/ https://recaptcha.google.com/recaptcha/")


def _take(form: OpeningForm, known: Person | None) -> None:
    """Opens the ticket, or holds the form until its sender confirms by mail. Raises AlreadySent, and any refusal."""
    limits.insist("opening", limits.visitor(), "10/minute", "40/hour")
    limits.insist("opening of a network", limits.network(), "60/minute", "300/hour")
    form.keep_files(by=known, still_wanted=request.form.getlist("kept"))
    form.insist()
    if _is_again(form):
        raise AlreadySent
    shown = "" if known else _shown()
    with once(form.key):
        if known or (shown and spend(shown)):
            ticket = _open(form, known)
            session["opened"] = [ticket.number, int(time.time())]
            session.pop("held", None)
        else:
            held = HeldForm.hold(form.told(), files=form.kept, draft_key=form.key, language=str(get_locale()))
            session["held"] = [held.email, int(time.time())]
            session.pop("opened", None)


def _shown() -> str:
    """What names the proof that a person sent this, to be used up; empty without one. May wait for Google."""
    if not RecaptchaSettings.is_on():
        return proof.spent_key(request.form.get("altcha", ""))
    base = current_app.extensions["ventanilla"].recaptcha_url
    token, secret = request.form.get("recaptcha", ""), RecaptchaSettings.secret_key
    score = recaptcha.score(token, secret=secret, action=ACTION, base_url=base)
    return recaptcha.name_of(token) if score >= float(RecaptchaSettings.minimum_score) else ""


def _opened_here() -> int | None:
    """The number of the ticket that this browser has just opened."""
    number, at = session.get("opened") or (None, 0)
    return number if at > time.time() - REMEMBERED else None


def _is_again(form: OpeningForm) -> bool:
    """Whether it says what this browser has just said: a form sent again after going back, with a key of its own."""
    number = _opened_here()
    ticket = Ticket.find(number=number) if number else None
    if ticket is None or form.kept:
        return False
    first = next(iter(ticket.conversation(public_only=True)), None)
    told = ((form.subject.data or "").strip(), (form.text.data or "").strip())
    return first is not None and (ticket.subject, first.text) == told


def _private(answer: Any) -> Any:
    """The token in this address is a key: no other page may read it from the referrer."""
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def _customer() -> Person | None:
    """Who is signed in, if it is a customer."""
    somebody = signin.person()
    return somebody if somebody and somebody.contact else None


def _closed_to(known: Person | None) -> Any:
    """The page that says why there is no form here, if there is none."""
    who = FormSettings.who_may_open
    if who == "nobody" or (who == "registered" and known is None):
        return page("tickets/public/closed.html", who=who, status=403 if request.method == "POST" else 200)
    return None


def _open(form: OpeningForm, known: Person | None) -> Ticket:
    """The ticket of the customer signed in, else of the contact with this address. Nothing of theirs is shown."""
    told = form.told()
    person = known or Contact.register(told["name"], told["email"], language=str(get_locale()))
    told |= {"name": known.name, "email": known.email} if known else {}
    answered = bool(known) or _may_acknowledge(person)
    return Ticket.open(by=person, requester=person, channel="form", files=form.kept, acknowledge=answered, **told)


def _may_acknowledge(person: Person) -> bool:
    """Whether we write to who is said to have filled in the form: anybody can type the address of somebody else.

    The ticket is opened all the same, as with too many mails of one sender.
    """
    an_hour, a_day = (Delivery.written_to(person, "tickets.opened", within=timedelta(hours=hours)) for hours in (1, 24))
    return an_hour < ACKNOWLEDGED_AN_HOUR and a_day < ACKNOWLEDGED_A_DAY
