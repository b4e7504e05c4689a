"""The bin: putting a ticket there, looking through it, taking one out, and the end."""

from typing import Any

from flask import g, request, url_for

from app.accounts.agent import demand
from app.lib import inbound
from app.lib.pages import done, page
from app.lib.words import gettext as _
from app.tickets.desk.room import dossier_of, last_listing, tickets
from app.tickets.removable import PER_PAGE
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

REMOVE, PURGE, BIN = (f"tickets/desk/{name}.html" for name in ("new_removal", "new_purge", "index_bin"))


@tickets.get("/tickets/<int:number>/removal")
def new_removal(number: int) -> Any:
    """Asks first."""
    dossier = dossier_of(number)
    demand(g.me, "remove")
    waiting = len(dossier.ticket.mails_waiting)
    return page(REMOVE, dossier=dossier, ticket=dossier.ticket, days=TicketSettings.keep_removed_for, waiting=waiting)


@tickets.post("/tickets/<int:number>/removal")
def create_removal(number: int) -> Any:
    dossier_of(number).ticket.remove(by=g.me)
    return done(last_listing().here(), said=_("Ticket %(number)s is in the bin.", number=number))


@tickets.post("/tickets/<int:number>/restoration")
def create_restoration(number: int) -> Any:
    dossier_of(number).ticket.restore(by=g.me)
    return done(url_for(".show", number=number), said=_("The ticket is back."))


@tickets.get("/tickets/<int:number>/purge")
def new_purge(number: int) -> Any:
    """Asks first: this cannot be undone."""
    dossier = dossier_of(number)
    demand(g.me, "purge")
    return page(PURGE, dossier=dossier, ticket=dossier.ticket)


@tickets.post("/tickets/<int:number>/purge")
def create_purge(number: int) -> Any:
    dossier_of(number).ticket.purge(by=g.me)
    return done(url_for(".index_bin"), said=_("The conversation of ticket %(number)s is gone for good.", number=number))


@tickets.get("/bin")
def index_bin() -> Any:
    """What was deleted, the latest first."""
    before = request.args.get("before", 0, type=inbound.number)
    found = Ticket.in_bin(g.me, before=before)
    shown = found[:PER_PAGE]
    older = url_for(".index_bin", before=shown[-1].number) if len(found) > PER_PAGE else None
    g.nav.mark("bin")
    return page(
        BIN, tickets=shown, older_url=older, newest_url=url_for(".index_bin") if before else None,
        days=TicketSettings.keep_removed_for,
    )  # fmt: skip
