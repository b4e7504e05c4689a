"""A ticket that may belong to another one: joining it, or keeping it apart."""

from typing import Any

from flask import g, request, url_for

from app.accounts.agent import NotAllowed
from app.lib.pages import done
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.tickets.desk.room import dossier_of, tickets


@tickets.post("/tickets/<int:number>/joining")
def create_joining(number: int) -> Any:
    """Joins it to the ticket that its first mail names, or takes that for a mistake."""
    ticket, here = dossier_of(number).ticket, url_for(".show", number=number)
    try:
        if request.form.get("do") == "apart":
            ticket.keep_apart(by=g.me)
            return done(here, said=_("The ticket stays separate."))
        other = ticket.join_maybe(by=g.me)
    except NotAllowed:
        raise
    except Refused as problem:
        return done(here, said=problem.sentence, is_bad=True)
    said = _("Ticket %(number)s is part of this one now.", number=number)
    return done(url_for(".show", number=other.number), said=said)
