"""Equipment: what stands at customers' (T7)."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib.forms import offer
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.organizations.desk import organizations
from app.organizations.equipment import Equipment
from app.organizations.forms import EquipmentForm
from app.organizations.organization import Organization
from app.organizations.site import Site
from app.tickets.ticket import Ticket

LIST, PAGE = "organizations/desk/equipment_list.html", "organizations/desk/equipment.html"
EDIT = "organizations/desk/edit.html"


@organizations.get("/equipment")
def index_equipment() -> Any:
    words = request.args.get("words", "")
    rows, after = Equipment.listed(words, request.args.get("after", ""))
    return page(LIST, rows=rows, words=words, after=after)


@organizations.get("/equipment/new")
def new_equipment() -> Any:
    return _page(None, _form(organization=request.args.get("organization", "0")))


@organizations.post("/equipment")
def create_equipment() -> Any:
    form = _form()
    try:
        equipment = Equipment.enter(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(None, form.refuse(problem), problem.status)
    return done(url_for(".show_equipment", number=equipment.id), said=_("Saved."))


@organizations.get("/equipment/<int:number>")
def show_equipment(number: int) -> Any:
    equipment = _equipment(number)
    return page(PAGE, equipment=equipment, tickets=Ticket.latest_of(g.me, equipment=equipment))


@organizations.get("/equipment/<int:number>/edit")
def edit_equipment(number: int) -> Any:
    equipment = _equipment(number)
    known = {name: getattr(equipment, name) for name in ("name", "serial", "brand", "model", "is_active")}
    place = f"{equipment.organization_id or 0}" + (f"-{equipment.site_id}" if equipment.site_id else "")
    return _page(equipment, _form(**known, organization=place))


@organizations.post("/equipment/<int:number>")
def update_equipment(number: int) -> Any:
    equipment, form = _equipment(number), _form()
    try:
        equipment.amend(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(equipment, form.refuse(problem), problem.status)
    return done(url_for(".show_equipment", number=number), said=_("Saved."))


def _equipment(number: int) -> Equipment:
    return Equipment.by_number(number) or abort(404)


def _form(**known: Any) -> EquipmentForm:
    """An organization and a site of it are one choice: their numbers with a dash between."""
    form = EquipmentForm(data=known)
    there = [(str(each.id), each.name) for each in Organization.all()]
    there += [(f"{site.organization_id}-{site.id}", f"{site.organization.name} · {site.name}") for site in Site.all()]
    form.organization.choices = offer([("0", _("Nobody yet")), *sorted(there, key=lambda each: each[1].casefold())])
    return form


def _answers(form: EquipmentForm) -> dict[str, Any]:
    answers = form.answers()
    organization, _dash, site = answers["organization"].partition("-")
    return answers | {
        "organization": int(organization) or None,
        "site": Site.by_number(int(site)) if site else None,
    }


def _page(equipment: Equipment | None, form: EquipmentForm, status: int = 200) -> Any:
    number = equipment.id if equipment else None
    return page(
        EDIT, form=form, status=status, title=equipment.name if equipment else _("New equipment"),
        action=url_for(".update_equipment", number=number) if equipment else url_for(".create_equipment"),
        back_url=url_for(".show_equipment", number=number) if equipment else url_for(".index_equipment"),
        back_label=equipment.name if equipment else _("Equipment"),
    )  # fmt: skip
