"""For whoever comes: the support page, the form that opens a ticket, and the personal link of a mail."""

from typing import Any

from flask import Blueprint

from app.lib.pages import page
from app.tickets.settings import FormSettings

tickets = Blueprint("tickets", __name__)


@tickets.get("/support")
def index() -> Any:
    return page("tickets/public/index.html", who=FormSettings.who_may_open)


# Their routes join the blueprint above, which must be there first.
from app.tickets.public import links, opening  # noqa: E402

__all__ = ["links", "opening", "tickets"]
