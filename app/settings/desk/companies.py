"""Our companies: usually one."""

from typing import Any

from flask import abort, g, url_for

from app.branding.company import Company
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.settings.desk import settings
from app.settings.forms import CompanyForm

PAGE, LIST = "settings/desk/company.html", "settings/desk/companies.html"


@settings.get("/companies")
def index_companies() -> Any:
    """The list where there are several; the one company's page where there is one."""
    companies = Company.all()
    if len(companies) == 1:
        return page(PAGE, company_here=companies[0], form=CompanyForm(obj=companies[0]), alone=True)
    return page(LIST, companies=companies)


@settings.get("/companies/new")
def new_company() -> Any:
    ours = Company.ours()
    form = CompanyForm(language=ours.language, timezone=ours.timezone)
    return page(PAGE, company_here=None, form=form, alone=False)


@settings.post("/companies")
def create_company() -> Any:
    form = CompanyForm()
    try:
        Company.found(by=g.me, **form.answers())
    except Refused as problem:
        answer = {"form": form.refuse(problem), "company_here": None, "alone": False}
        return page(PAGE, status=problem.status, **answer)
    return done(url_for(".index_companies"), said=_("Saved."))


@settings.get("/companies/<int:number>")
def edit_company(number: int) -> Any:
    company = Company.by_number(number) or abort(404)
    return page(PAGE, company_here=company, form=CompanyForm(obj=company), alone=False)


@settings.post("/companies/<int:number>")
def update_company(number: int) -> Any:
    company, form = Company.by_number(number) or abort(404), CompanyForm()
    try:
        company.describe(by=g.me, **form.answers())
    except Refused as problem:
        answer = {"form": form.refuse(problem), "company_here": company, "alone": False}
        return page(PAGE, status=problem.status, **answer)
    return done(url_for(".index_companies"), said=_("Saved."))
