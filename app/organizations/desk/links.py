"""Portal links: consulted, made, revoked; their codes and stickers (C15)."""

from typing import Any

from flask import Response, abort, g, request, send_file, url_for
from flask_babel import get_locale

from app.documents.sticker_sheet import StickerSheet
from app.lib import qr
from app.lib.files import store
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import ngettext
from app.organizations.desk import organizations
from app.organizations.forms import LinkNoteForm
from app.organizations.organization import Organization
from app.organizations.portal_link import PortalLink
from app.organizations.settings import CustomerSettings
from app.organizations.site import Site

PAGE, SHEET = "organizations/desk/links.html", "organizations/desk/stickers.html"
ALONE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"


@organizations.get("/portal-links")
def index_links() -> Any:
    """The generic ones."""
    return _page({})


@organizations.post("/portal-links")
def create_link() -> Any:
    return _create({})


@organizations.get("/organizations/<int:number>/portal-links")
def show_links(number: int) -> Any:
    return _page({"organization": _organization(number)})


@organizations.post("/organizations/<int:number>/portal-links")
def create_organization_link(number: int) -> Any:
    return _create({"organization": _organization(number)})


@organizations.get("/sites/<int:number>/portal-links")
def show_site_links(number: int) -> Any:
    return _page({"site": _site(number)})


@organizations.post("/sites/<int:number>/portal-links")
def create_site_link(number: int) -> Any:
    return _create({"site": _site(number)})


@organizations.post("/portal-links/<int:link>/revocation")
def create_revocation(link: int) -> Any:
    found = _link(link)
    found.revoke(by=g.me)
    return done(_way(found), said=_("That link leads nowhere any more."))


@organizations.post("/organizations/<int:number>/portal-links/revocation")
def create_revocation_of_all(number: int) -> Any:
    organization = _organization(number)
    count = PortalLink.revoke_all(organization, by=g.me)
    said = ngettext("%(num)s link leads nowhere any more.", "%(num)s links lead nowhere any more.", count)
    return done(url_for(".show_links", number=number), said=said)


@organizations.get("/portal-links/<int:link>/code.svg")
def show_code(link: int) -> Response:
    """The link as a QR code."""
    response = Response(qr.svg(_live(link).url), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = ALONE
    if "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="qr-{link}.svg"'
    return response


@organizations.post("/portal-links/<int:link>/stickers")
def create_stickers(link: int) -> Any:
    sheet = StickerSheet.ask(_live(link), by=g.me, language=str(get_locale()))
    return done(url_for(".show_stickers", link=link, sheet=sheet.id))


@organizations.get("/portal-links/<int:link>/stickers/<int:sheet>")
def show_stickers(link: int, sheet: int) -> Any:
    """Where it stands; a page that was waiting gets a link that starts by itself."""
    found = _link(link)
    return page(SHEET, "document", link=found, sheet=_sheet(found, sheet), back_url=_way(found))


@organizations.get("/portal-links/<int:link>/stickers/<int:sheet>/file")
def show_sticker_file(link: int, sheet: int) -> Any:
    found = _sheet(_link(link), sheet)
    if not found.is_ready:
        abort(404)
    name = _("stickers-%(number)s.pdf", number=link)
    answer = send_file(store().path(found.sha256 or ""), mimetype="application/pdf", download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer


def _create(owner: dict[str, Any]) -> Any:
    form = LinkNoteForm()
    try:
        link = PortalLink.issue(by=g.me, **owner, **form.answers())
    except Refused as problem:
        return _page(owner, form.refuse(problem), problem.status)
    return done(_way(link), said=_("The link is ready."))


def _page(owner: dict[str, Any], form: LinkNoteForm | None = None, status: int = 200) -> Any:
    site, organization = owner.get("site"), owner.get("organization")
    action = url_for(".create_link")
    if site or organization:
        kind = ".create_site_link" if site else ".create_organization_link"
        action = url_for(kind, number=(site or organization).id)
    return page(
        PAGE, links=PortalLink.listed(**owner), form=form or LinkNoteForm(formdata=None), site=site,
        organization=organization, action=action, generic=PortalLink.generic_organization(),
        sites=CustomerSettings.framing_sites, status=status,
    )  # fmt: skip


def _way(link: PortalLink) -> str:
    """The page on which a link stands."""
    if link.site_id:
        return url_for(".show_site_links", number=link.site_id)
    return url_for(".show_links", number=link.organization_id) if link.organization_id else url_for(".index_links")


def _organization(number: int) -> Organization:
    return Organization.by_number(number) or abort(404)


def _site(number: int) -> Site:
    return Site.by_number(number) or abort(404)


def _link(number: int) -> PortalLink:
    return PortalLink.by_number(number) or abort(404)


def _live(number: int) -> PortalLink:
    link = _link(number)
    return link if link.is_live else abort(404)


def _sheet(link: PortalLink, number: int) -> StickerSheet:
    return StickerSheet.of_link(link, number) or abort(404)
