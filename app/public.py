"""The public door: sign-in, language, forms, surveys, health. Nobody is known here yet."""

from flask import Blueprint, g, request

from app.accounts import signin
from app.accounts.public import accounts
from app.accounts.visitor import Visitor
from app.attachments.public import attachments
from app.authorizations.public import authorizations
from app.branding.public import branding
from app.frame import PortalNavigation
from app.house import house
from app.organizations.public import links
from app.settings.public import settings
from app.surveys.public import surveys
from app.tickets.public import tickets

public = Blueprint("public", __name__)
for room in (accounts, attachments, authorizations, branding, house, links, settings, surveys, tickets):
    public.register_blueprint(room)


@public.before_request
def greet() -> None:
    """Nobody needs to be known here; who is signed in all the same, is shown and addressed in their language."""
    if request.endpoint and request.endpoint.startswith(("public.house.", "public.branding.", "public.links.")):
        return
    somebody = signin.person()
    if somebody:
        g.me = Visitor(somebody, session=signin.session()) if somebody.contact else somebody
    g.nav = PortalNavigation(somebody if somebody and somebody.contact else None)
