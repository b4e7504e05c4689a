"""What the installation keeps of its customers, and how they come in by a portal link."""

import re
from typing import Any
from urllib.parse import urlsplit

from app.lib.words import lazy_gettext as _l
from app.organizations.organization import Organization
from app.settings.section import Flag, Pick, Section, Words

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def origin_of(text: str) -> str | None:
    """`https://host` or `https://host:port` of an address of a site; None for what a policy may not hold."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        return None
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    if not (parts.scheme == "https" or local) or not HOST.fullmatch(parts.hostname or "") or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


def _organizations() -> list[tuple[Any, str]]:
    return [(each.id, each.name) for each in Organization.all()]


class CustomerSettings(Section):
    """Equipment, and the links to the portal."""

    title = _l("Customers and links")

    uses_equipment = Flag(
        True,
        _l("Equipment"),
        _l("Serial number, brand and model of what stands at customers'. Switched off, it is hidden everywhere."),
    )
    generic_organization = Pick(
        None,
        _l("Generic organization for tickets created in the portal"),
        _l("Tickets that come by the generic link belong to it."),
        offers=_organizations,
    )
    framing_sites = Words(
        [],
        _l("Sites that may show our links in a frame"),
        _l("One address a line, for example https://intranet.example.com. Nobody else can frame a page of ours."),
        check=origin_of,
        refusal=_l("“%(word)s” is no address of a site: write https:// and its name."),
    )
