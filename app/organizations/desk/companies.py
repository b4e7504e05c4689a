"""Organizations: the companies that customers belong to."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.organizations.desk import organizations
from app.organizations.forms import OrganizationForm
from app.organizations.organization import Organization
from app.tickets.satisfaction import Satisfaction
from app.tickets.ticket import Ticket

LIST, PAGE = "organizations/desk/organizations.html", "organizations/desk/organization.html"
EDIT = "organizations/desk/edit.html"


@organizations.get("/organizations")
def index() -> Any:
    words = request.args.get("words", "")
    rows, after = Organization.listed(words, request.args.get("after", ""))
    return page(LIST, rows=rows, words=words, after=after)


@organizations.get("/organizations/new")
def new() -> Any:
    return _page(None, OrganizationForm())


@organizations.post("/organizations")
def create() -> Any:
    form = OrganizationForm()
    try:
        organization = Organization.enter(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(None, form.refuse(problem), problem.status)
    return done(url_for(".show", number=organization.id), said=_("Saved."))


@organizations.get("/organizations/<int:number>")
def show(number: int) -> Any:
    organization = _organization(number)
    whose = {"organization": organization}
    satisfaction = Satisfaction.for_agent(g.me, **whose)
    return page(PAGE, **whose, tickets=Ticket.latest_of(g.me, **whose), satisfaction=satisfaction)


@organizations.get("/organizations/<int:number>/edit")
def edit(number: int) -> Any:
    organization = _organization(number)
    return _page(organization, OrganizationForm(obj=organization))


@organizations.post("/organizations/<int:number>")
def update(number: int) -> Any:
    organization, form = _organization(number), OrganizationForm()
    try:
        organization.amend(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(organization, form.refuse(problem), problem.status)
    return done(url_for(".show", number=number), said=_("Saved."))


def _organization(number: int) -> Organization:
    return Organization.by_number(number) or abort(404)


def _answers(form: OrganizationForm) -> dict[str, Any]:
    answers = form.answers()
    return answers | {"tax_id": answers["tax_id"] or None}


def _page(organization: Organization | None, form: OrganizationForm, status: int = 200) -> Any:
    number = organization.id if organization else None
    return page(
        EDIT, form=form, status=status, title=organization.name if organization else _("New organization"),
        action=url_for(".update", number=number) if organization else url_for(".create"),
        back_url=url_for(".show", number=number) if organization else url_for(".index"),
        back_label=organization.name if organization else _("Organizations"),
    )  # fmt: skip
