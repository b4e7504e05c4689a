"""The settings at the desk: for administrators; each noun has its module."""

from flask import Blueprint, g

from app.accounts.agent import demand

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.before_request
def only_administrators() -> None:
    demand(g.me, "configure")
    g.nav.here = "settings"


# Their routes join the blueprint above, which must be there first.
from app.settings.desk import companies, letters, looks, seal, sections, surveys, templates, wire  # noqa: E402

__all__ = ["companies", "letters", "looks", "seal", "sections", "settings", "surveys", "templates", "wire"]
