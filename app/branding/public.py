"""The companies' pictures, at addresses that change with their content."""

from flask import Blueprint, Response, abort

from app.branding.company import Company
from app.branding.serving import drawn
from app.lib import assets
from app.lib.files import store

branding = Blueprint("branding", __name__)


@branding.get("/brand/<string:sha256>.png")
def show(sha256: str) -> Response:
    if len(sha256) != 64 or not Company.shows(sha256) or not store().exists(sha256):
        abort(404)
    return drawn(sha256, assets.A_YEAR)
