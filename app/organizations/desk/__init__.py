"""Customers at the desk: contacts, organizations, equipment; each noun has its module."""

from flask import Blueprint, abort, g, request

from app.accounts.agent import demand
from app.organizations.settings import CustomerSettings

OF_EQUIPMENT = ("equipment", "_site", "site_links", "site_link")
# What holds or sends a key of customers: who never writes to them could speak as one of them.
OF_KEYS = ("link", "links", "code", "stickers", "sticker_file", "revocation", "revocation_of_all", "account")

organizations = Blueprint("organizations", __name__)


@organizations.before_request
def who_may() -> None:
    """Everybody reads; who may edit tickets may edit the people they belong to."""
    function = (request.endpoint or "").rpartition(".")[2]
    if function.endswith(OF_EQUIPMENT) and not CustomerSettings.uses_equipment:
        abort(404)
    reads = function.startswith(("index", "show"))
    demand(g.me, "reply" if function.endswith(OF_KEYS) else "see" if reads else "edit")
    g.nav.here = "customers"


# Their routes join the blueprint above, which must be there first.
from app.organizations.desk import companies, contacts, equipment, links, sites  # noqa: E402

__all__ = ["companies", "contacts", "equipment", "links", "organizations", "sites"]
