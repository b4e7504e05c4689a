"""People at the desk: agents, invitations, groups, and one's own profile."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)

# Their routes join the blueprint above, which must be there first.
from app.accounts.desk import agents, groups, profile  # noqa: E402

__all__ = ["accounts", "agents", "groups", "profile"]
