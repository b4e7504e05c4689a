"""How a company looks: logos, favicon, theme, with a preview that is saved by Confirm (W7)."""

from typing import Any

from flask import Response, abort, g, redirect, request, url_for

from app.branding.company import Company
from app.branding.forms import LookForm, draft_of
from app.branding.picture import PLACES
from app.branding.serving import drawn
from app.lib.files import store
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.settings.desk import settings

PAGE = "settings/desk/look.html"


@settings.get("/looks")
def index_looks() -> Any:
    return redirect(url_for(".edit_look", number=Company.ours().id or abort(404)), 303)


@settings.get("/looks/<int:number>")
def edit_look(number: int) -> Any:
    company = _company(number)
    return _page(company, LookForm(formdata=None, theme=company.theme), company)


@settings.post("/looks/<int:number>")
def update_look(number: int) -> Any:
    """Confirm saves; the other button only shows what it would be."""
    company, form = _company(number), LookForm()
    shown = company
    try:
        pictures = form.chosen(company)
        shown = company.wearing(form.theme.data or company.theme, pictures)
        form.insist()
        if "preview" in request.form:
            return _page(company, form, shown)
        company.dress(by=g.me, theme=form.theme.data, pictures=pictures)
    except Refused as problem:
        return _page(company, form.refuse(problem), shown, problem.status)
    return done(url_for(".edit_look", number=number), said=_("Saved. Everybody sees it from now on."))


@settings.get("/looks/<int:number>/<string:place>/<string:token>.png")
def show_draft(number: int, place: str, token: str) -> Response:
    """A picture that is not confirmed yet, for the preview alone."""
    picture = draft_of(_company(number), place, token) if place in PLACES else None
    if picture is None or not store().exists(picture.sha256):
        abort(404)
    return drawn(picture.sha256, "no-store")


def _company(number: int) -> Company:
    return Company.by_number(number) or abort(404)


def _page(company: Company, form: LookForm, shown: Company, status: int = 200) -> Any:
    """`shown` is the company as it would be; a picture that nobody wears yet has an address of its own."""
    urls = {}
    for place in PLACES:
        token, own = form[f"{place}_draft"].data, shown.picture(place)
        if token and own and draft_of(company, place, token) == own:
            urls[own.sha256] = url_for(".show_draft", number=company.id, place=place, token=token)
    return page(
        PAGE, "look", form=form, here=company, shown=shown, companies=Company.all(), places=PLACES, status=status,
        address_of=lambda picture: urls.get(picture.sha256, picture.url), is_changed=shown is not company,
    )  # fmt: skip
