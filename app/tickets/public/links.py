"""The personal link of a mail: it opens the ticket, or offers a fresh link to the same address."""

from typing import Any

from flask import abort, current_app, redirect, url_for

from app.accounts import signin
from app.frame import wear
from app.lib.limits import limiter
from app.lib.pages import page
from app.tickets.personal_link import LinkEnded, PersonalLink
from app.tickets.public import tickets

ENDED = "tickets/public/ended.html"


@tickets.get("/t/<string:token>")
@limiter.limit("60/minute")
def show_link(token: str) -> Any:
    """Opens the ticket for the link's person and moves on to a clean address. A GET or HEAD leaves only a trace.

    The link of a mail whose request was withdrawn or replaced leads to the page that says so.
    """
    link = PersonalLink.by_token(token) or abort(404)
    if not link.is_live:
        wear(link.ticket.company)
        return _private(page(ENDED, token=token, is_revoked=link.revoked_at is not None, status=LinkEnded.status))
    link.used()
    there = url_for("portal.tickets.show", number=link.ticket.number)
    if asked := link.taken_back:
        there = url_for("portal.authorizations.show", number=asked.ticket.number, version=asked.number)
    answer = redirect(there, 303)
    is_https = current_app.extensions["ventanilla"].is_https
    return _private(signin.admit_guest(answer, link.id, is_https=is_https))


@tickets.post("/t/<string:token>/renewal")
@limiter.limit("5/minute;20/hour")
def create_renewal(token: str) -> Any:
    link = PersonalLink.by_token(token) or abort(404)
    if not link.is_live:
        link.renew()
    wear(link.ticket.company)
    return _private(page(ENDED, token=token, is_sent=True))


def _private(answer: Any) -> Any:
    """The token in this address is a key: no page it leads to may read it from the referrer.

    A page still says which site it is of: over HTTPS its form would be refused without that.
    """
    answer.headers["Referrer-Policy"] = "no-referrer" if answer.location else "strict-origin"
    return answer
