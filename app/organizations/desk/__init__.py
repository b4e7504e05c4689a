"""Customers at the desk: contacts, organizations, equipment; each noun has its module."""

from flask import Blueprint, g, request

from app.accounts.agent import demand

organizations = Blueprint("organizations", __name__)


@organizations.before_request
def who_may() -> None:
    """Everybody reads; who may edit tickets may edit the people they belong to."""
    function = (request.endpoint or "").rpartition(".")[2]
    demand(g.me, "see" if function.startswith(("index", "show")) else "edit")
    g.nav.here = "customers"


# Their routes join the blueprint above, which must be there first.
from app.organizations.desk import companies, contacts, equipment  # noqa: E402

__all__ = ["companies", "contacts", "equipment", "organizations"]
