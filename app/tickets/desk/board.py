"""The board: moving a card to another status."""

from typing import Any

from flask import g, request

from app.accounts.agent import NotAllowed
from app.lib import inbound
from app.lib.pages import done
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.desk.index import PAGE, shown
from app.tickets.desk.room import dossier_of, listing_of, tickets
from app.tickets.lifecycle import STATUSES


@tickets.post("/tickets/<int:number>/column")
def update_column(number: int) -> Any:
    """Another status, chosen on the card; the board comes back."""
    listing = listing_of(inbound.query(request.form.get("list", "")[:2000]))
    ticket, status, is_bad = dossier_of(number).ticket, request.form.get("status", ""), False
    try:
        ticket.set_status(status, by=g.me)
        said = _("Ticket %(number)s: %(status)s.", number=number, status=STATUSES[status].label)
    except NotAllowed:
        raise
    except Refused as problem:
        said, is_bad = problem.sentence, True
    return done(listing.url(), PAGE, "listing", said=said, is_bad=is_bad, **shown(listing))
