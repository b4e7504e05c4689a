"""Sites: the places of a customer's where equipment stands (T7)."""

from typing import Any

from flask import abort, g, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.organizations.desk import organizations
from app.organizations.forms import SiteForm
from app.organizations.organization import Organization
from app.organizations.site import Site

PAGE, EDIT = "organizations/desk/site.html", "organizations/desk/edit.html"


@organizations.get("/organizations/<int:number>/sites/new")
def new_site(number: int) -> Any:
    return _page(_organization(number), None, SiteForm())


@organizations.post("/organizations/<int:number>/sites")
def create_site(number: int) -> Any:
    organization, form = _organization(number), SiteForm()
    try:
        site = Site.enter(organization, by=g.me, **form.answers())
    except Refused as problem:
        return _page(organization, None, form.refuse(problem), problem.status)
    return done(url_for(".show_site", number=site.id), said=_("Saved."))


@organizations.get("/sites/<int:number>")
def show_site(number: int) -> Any:
    return page(PAGE, site=_site(number))


@organizations.get("/sites/<int:number>/edit")
def edit_site(number: int) -> Any:
    site = _site(number)
    return _page(site.organization, site, SiteForm(obj=site))


@organizations.post("/sites/<int:number>")
def update_site(number: int) -> Any:
    site, form = _site(number), SiteForm()
    try:
        site.amend(by=g.me, **form.answers())
    except Refused as problem:
        return _page(site.organization, site, form.refuse(problem), problem.status)
    return done(url_for(".show_site", number=number), said=_("Saved."))


def _organization(number: int) -> Organization:
    return Organization.by_number(number) or abort(404)


def _site(number: int) -> Site:
    return Site.by_number(number) or abort(404)


def _page(organization: Organization, site: Site | None, form: SiteForm, status: int = 200) -> Any:
    return page(
        EDIT, form=form, status=status, title=site.name if site else _("New site"),
        action=url_for(".update_site", number=site.id) if site else url_for(".create_site", number=organization.id),
        back_url=url_for(".show_site", number=site.id) if site else url_for(".show", number=organization.id),
        back_label=site.name if site else organization.name,
    )  # fmt: skip
