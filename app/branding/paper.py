"""The head of a printed page: who we are, with our own logo."""

from base64 import b64encode
from typing import Any

from app.branding.company import Company
from app.branding.letter import BRANDS
from app.lib.files import store


def letterhead(company: Company) -> dict[str, Any]:
    """Plain values for templates/branding/documents/head.html."""
    details = [company.address, company.phone, company.email, company.website]
    return {
        "name": company.name,
        "details": " · ".join(filter(None, details)),
        "logo": _logo(company),
        "brand": BRANDS.get(company.theme, BRANDS["tinta"])["solid"],
    }


def png_address(png: bytes) -> str:
    """A picture as an address that needs no fetching."""
    return "data:image/png;base64," + b64encode(png).decode()


def _logo(company: Company) -> dict[str, Any] | None:
    """The portal's logo in points, within the head of the page."""
    picture = company.picture("portal_logo")
    if picture is None or not store().exists(picture.sha256):
        return None
    width, height = picture.fitted(120, 32)
    address = png_address(store().read(picture.sha256))
    return {"address": address, "width": width, "height": height, "is_wide": picture.is_wide, "tone": picture.tone}
