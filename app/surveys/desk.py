"""Surveys at the desk: sending one by hand."""

from typing import Any

from flask import Blueprint, g, url_for

from app.lib.pages import done
from app.lib.words import gettext as _
from app.tickets.ticket import Ticket

surveys = Blueprint("surveys", __name__)


@surveys.post("/tickets/<int:number>/survey-invitations")
def create(number: int) -> Any:
    Ticket.for_agent(g.me, number, itself=True).send_survey(by=g.me)
    return done(url_for("desk.tickets.show", number=number), said=_("The survey is on its way."))
