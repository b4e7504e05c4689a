"""The blueprint that the modules of this room share, and the list an agent came from."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, g, session, url_for

from app.frame import zone
from app.tickets.dossier import Dossier
from app.tickets.listing import Listing

tickets = Blueprint("tickets", __name__)


def listing_of(args: Mapping[str, str]) -> Listing:
    """The list that these arguments describe, as this agent sees it."""
    args = dict(args.items())  # werkzeug's own dictionary raises and catches an error for each key it has not
    return Listing.from_args(args, me=g.me, teams=g.teams, zone=zone(), path=url_for("desk.tickets.index"))


def remember(listing: Listing) -> None:
    """Keeps where the agent is working, so that a ticket's page leads back and on. Ticket addresses stay short."""
    query = urlsplit(listing.url()).query
    if session.get("list") != query:
        session["list"] = query


def last_listing() -> Listing:
    """The list an agent came from."""
    return listing_of(dict(parse_qsl(session.get("list", ""))))


def dossier_of(number: int) -> Dossier:
    """The ticket with this number, as this agent sees it; else 404."""
    return Dossier.for_agent(g.me, number, teams=g.teams)
