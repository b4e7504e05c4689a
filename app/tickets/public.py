"""For whoever comes: the support page, the form that opens a ticket, and the personal link of a mail."""

import time
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib.limits import limiter
from app.lib.once import AlreadySent, once
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.outbox.delivery import Delivery
from app.tickets.forms import OpeningForm
from app.tickets.personal_link import LinkEnded, PersonalLink
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket

tickets = Blueprint("tickets", __name__)
FORM, ENDED = "tickets/public/new.html", "tickets/public/ended.html"
ACKNOWLEDGED_AN_HOUR, ACKNOWLEDGED_A_DAY = 3, 10
REMEMBERED = 15 * 60  # seconds the number stands on the thank-you page


@tickets.get("/support")
def index() -> Any:
    return page("tickets/public/index.html", who=FormSettings.who_may_open)


@tickets.get("/support/new")
def new() -> Any:
    known = _customer()
    return _closed_to(known) or page(FORM, form=OpeningForm.for_person(known), known=known)


@tickets.post("/support/new")
@limiter.limit("10/minute;40/hour")
def create() -> Any:
    known = _customer()
    if closed := _closed_to(known):
        return closed
    form = OpeningForm.for_person(known)
    try:
        form.keep_files(by=known, still_wanted=request.form.getlist("kept"))
        form.insist()
        with once(form.key):
            ticket = _open(form, known)
            session["opened"] = [ticket.number, int(time.time())]
    except AlreadySent:
        return done(url_for(".show_thanks"))
    except Refused as problem:
        return page(FORM, "opening", form=form.refuse(problem), known=known, status=problem.status)
    return done(url_for(".show_thanks"))


@tickets.get("/support/thanks")
def show_thanks() -> Any:
    """The number is shown to the browser that opened the ticket, for some minutes; no address tells one."""
    number, at = session.get("opened") or (None, 0)
    number = number if at > time.time() - REMEMBERED else None
    return page("tickets/public/show_thanks.html", number=number, known=_customer())


@tickets.get("/t/<string:token>")
@limiter.limit("60/minute")
def show_link(token: str) -> Any:
    """Opens the ticket for the link's person and moves on to a clean address. A GET or HEAD leaves only a trace."""
    link = PersonalLink.by_token(token) or abort(404)
    if not link.is_live:
        return _private(page(ENDED, token=token, status=LinkEnded.status))
    link.used()
    answer = redirect(url_for("portal.tickets.show", number=link.ticket.number), 303)
    is_https = current_app.extensions["ventanilla"].is_https
    return _private(signin.admit_guest(answer, link.id, is_https=is_https))


@tickets.post("/t/<string:token>/renewal")
@limiter.limit("5/minute;20/hour")
def create_renewal(token: str) -> Any:
    link = PersonalLink.by_token(token) or abort(404)
    if not link.is_live:
        link.renew()
    return _private(page(ENDED, token=token, is_sent=True))


def _private(answer: Any) -> Any:
    """The token in this address is a key: no page it leads to may read it from the referrer.

    A page still says which site it is of: over HTTPS its form would be refused without that.
    """
    answer.headers["Referrer-Policy"] = "no-referrer" if answer.location else "strict-origin"
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
