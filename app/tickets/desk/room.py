"""The blueprint that the modules of this room share, and the list an agent came from."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, g, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict

from app.frame import zone
from app.lib import inbound
from app.tickets.dossier import Dossier
from app.tickets.listing import Listing
from app.tickets.removable import MergedMeanwhile

tickets = Blueprint("tickets", __name__)


def listing_of(args: Mapping[str, str]) -> Listing:
    """The list that these arguments describe, as this agent sees it."""
    several = args.getlist("columns") if isinstance(args, MultiDict) else []
    args = dict(args.items())  # werkzeug's own dictionary raises and catches an error for each key it has not
    if len(several) > 1:
        args["columns"] = ",".join(several)
    path = url_for("desk.tickets.index")
    return Listing.from_args(args, me=g.me, teams=g.teams, zone=zone(), path=path, saved=g.saved)


def remember(listing: Listing) -> None:
    """Keeps where the agent is working, so that a ticket's page leads back and on. Ticket addresses stay short."""
    query = urlsplit(listing.here()).query
    if session.get("list") != query:
        session["list"] = query


def last_listing() -> Listing:
    """The list an agent came from."""
    return listing_of(inbound.query(session.get("list", "")))


def dossier_of(number: int, *, itself: bool = False) -> Dossier:
    """The ticket with this number, as this agent sees it; else 404.

    The number of a merged one stands for the ticket it went into: a page moves on to that. `itself`: the merged one.
    Nothing is done to that other ticket by a form that was about this one: raises MergedMeanwhile.
    """
    dossier = Dossier.for_agent(g.me, number, teams=g.teams, itself=itself)
    if dossier.ticket.number != number:
        if request.method != "GET":
            raise MergedMeanwhile(number=number)
        there = url_for(request.endpoint or "", **(request.view_args or {}) | {"number": dossier.ticket.number})
        said = urlencode(list(request.args.items(multi=True)))  # apart: url_for has names of its own
        abort(redirect(f"{there}?{said}" if said else there, 303))
    return dossier
