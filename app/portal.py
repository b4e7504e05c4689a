"""The customer portal: one door, and the rooms behind it."""

from typing import Any

from flask import Blueprint, g, request, url_for

from app.accounts import signin
from app.accounts.portal import accounts
from app.accounts.visitor import Visitor
from app.attachments.portal import attachments
from app.authorizations.portal import authorizations
from app.documents.portal import documents
from app.frame import PortalNavigation, wear
from app.lib import words
from app.messages.portal import messages
from app.tickets.personal_link import LinkEnded, PersonalLink
from app.tickets.portal import tickets
from app.tickets.ticket import Ticket

portal = Blueprint("portal", __name__, url_prefix="/portal")
for room in (accounts, attachments, authorizations, documents, messages, tickets):
    portal.register_blueprint(room)


@portal.before_request
def only_contacts() -> Any:
    """Every room behind this door has `g.me`: a Visitor, signed in or a guest of one ticket."""
    g.me = _guest() or _signed_in()
    if g.me is None:
        return _ended() or signin.ask()
    if number := (request.view_args or {}).get("number"):
        wear(Ticket.company_of(number))
    g.nav = PortalNavigation(g.me.person, is_guest=g.me.is_guest)
    if request.method == "POST":
        g.me.person.acts_in(words.language())
    if g.me.is_guest:  # the cookie would lose against the contact's own language
        number = (request.view_args or {})["number"]
        g.language_url = url_for("portal.accounts.update_language", number=number)
    return None


def _ended() -> Any:
    """For a guest whose link has ended while the page was open: the link's own page, which offers a fresh one."""
    number = (request.view_args or {}).get("number")
    ids = signin.guest_links() if number is not None else []
    link = PersonalLink.ended(number, ids) if ids else None
    if link is None:
        return None
    return signin.lead(url_for("public.tickets.show_link", token=link.token), words=LinkEnded.says, is_ended=True)


def _signed_in() -> Visitor | None:
    session = signin.session()
    if session and session.person.contact:
        return Visitor(session.person, session=session)
    return None


def _guest() -> Visitor | None:
    """The guest of the ticket in the address, unless somebody signed in may see it as themselves.

    A guest's links are asked again on each request, so that a revoked one ends at once.
    """
    number = (request.view_args or {}).get("number")
    ids = signin.guest_links() if number is not None else []
    link = PersonalLink.opening(number, ids) if ids else None
    if link is None or (signin.person() == link.person and link.person.contact):
        return None
    return Visitor(link.person, ticket_id=link.ticket_id, link=link)
