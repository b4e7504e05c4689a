"""One property of a ticket, edited where it stands."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.accounts.agent import Agent
from app.accounts.group import Group
from app.catalog.lists import Category, Justification, Origin, Priority, Product, Service, TicketType
from app.lib.fields import MomentField, RecordField, WordsField
from app.lib.forms import Form
from app.lib.locales import LANGUAGES
from app.lib.words import lazy_gettext as _l
from app.organizations.equipment import Equipment
from app.tickets.choices import reason
from app.tickets.forms.fields import (
    CUSTOM,
    REQUIRED,
    NewEntryField,
    companies,
    custom_field,
    organizations,
    shown_in_form,
)
from app.tickets.lifecycle import ON_HAND, STATUSES


def editor(name: str, ticket: Any) -> Form:
    """The form that edits one property of a ticket, its fields named as the domain names them. Raises KeyError."""
    if name.startswith(CUSTOM):
        found = next((each for each in ticket.custom() if f"{CUSTOM}{each[0].id}" == name), None)
        if found is None:
            raise KeyError(name)
        field = custom_field(found[0], must=False, standing=found[1])
        fields, values = _one(field, name, shown_in_form(*found))
    else:
        fields, values = EDITORS[name](ticket)
    kind = type("PropertyForm", (Form,), fields)
    return kind(data=values)


def _one(field: Field, name: str, value: Any) -> tuple[dict[str, Field], dict[str, Any]]:
    return {name: field}, {name: value}


def _text(name: str, label: Any, most: int, *, long: bool = False) -> Any:
    kind = TextAreaField if long else StringField
    return lambda ticket: _one(kind(label, [Length(max=most)]), name, getattr(ticket, name))


def _entry(name: str, label: Any, offers: Any, *, blank: Any = None) -> Any:
    return lambda ticket: _one(RecordField(label, offers, blank=blank), name, getattr(ticket, name))


def _addable(name: str, label: Any, entries: Any) -> Any:
    """A list to which an agent may add what is missing (T5)."""

    def fields(ticket: Any) -> Any:
        offered = {
            name: RecordField(label, entries.active),
            "new": NewEntryField(_l("Or a new one"), [Length(max=120)]),
        }
        return offered, {name: getattr(ticket, name)}

    return fields


class _ReasonField(RecordField):
    def words(self, each: Any) -> str:
        return reason(each)


def _status(ticket: Any) -> Any:
    choices = [SelectChoice(key, str(STATUSES[key].label)) for key in STATUSES if key in ON_HAND]
    fields = {  # in the order in which they are made, forms show them
        "status": SelectField(_l("Status"), choices=choices),
        "justification": _ReasonField(_l("Because"), Justification.active, blank=_l("No reason given")),
    }
    return fields, {"status": ticket.status, "justification": ticket.justification}


def _due_at(ticket: Any) -> Any:
    source = _l("Set by hand.") if ticket.due_source == "manual" else ""
    return _one(MomentField(_l("Deadline"), [Optional()], description=source), "due_at", ticket.due_at)


def _requester(ticket: Any) -> Any:
    fields = {
        "name": StringField(_l("Name"), [Length(max=200)]),
        "email": EmailField(_l("E-mail"), [REQUIRED, Length(max=254)]),
        "phone": TelField(_l("Phone"), [Length(max=60)]),
    }
    return fields, {"name": ticket.name, "email": ticket.email, "phone": ticket.phone}


def _visibility(ticket: Any) -> Any:
    choices = [SelectChoice("public", _l("Public")), SelectChoice("internal", _l("Internal"))]
    now_so = "internal" if ticket.is_internal else "public"
    return _one(SelectField(_l("Visibility"), choices=choices), "visibility", now_so)


def _language(ticket: Any) -> Any:
    return _one(SelectField(_l("Language"), choices=LANGUAGES), "language", ticket.language)


def _equipment(ticket: Any) -> Any:
    def offers() -> list[Equipment]:
        theirs = (Equipment.organization == ticket.organization) if ticket.organization_id else Equipment.id.is_null()
        return list(Equipment.select().where(theirs, Equipment.is_active).order_by(Equipment.name).limit(500))

    return _one(RecordField(_l("Equipment"), offers, blank=_l("None")), "equipment", ticket.equipment)


EDITORS: dict[str, Any] = {
    "subject": _text("subject", _l("Subject"), 300),
    "status": _status,
    "assignee": _entry("assignee", _l("Assigned to"), Agent.working, blank=_l("Nobody")),
    "group": _entry("group", _l("Group"), Group.active, blank=_l("None")),
    "priority": _entry("priority", _l("Priority"), Priority.active),
    "type": _addable("type", _l("Type"), TicketType),
    "category": _entry("category", _l("Category"), Category.active, blank=_l("None")),
    "service": _entry("service", _l("Service"), Service.active, blank=_l("None")),
    "product": _entry("product", _l("Product"), Product.active, blank=_l("None")),
    "origin": _addable("origin", _l("Channel"), Origin),
    "company": _entry("company", _l("Company"), companies),
    "organization": _entry("organization", _l("Organization"), organizations, blank=_l("None")),
    "equipment": _equipment,
    "serial": _text("serial", _l("Serial number"), 120),
    "sales_order": _text("sales_order", _l("Sales order"), 120),
    "customer_company": _text("customer_company", _l("Customer company"), 200),
    "diagnosis": _text("diagnosis", _l("Diagnosis"), 20_000, long=True),
    "phone": _text("phone", _l("Phone"), 60),
    "online_signature": lambda ticket: _one(
        BooleanField(_l("Online signature")), "online_signature", ticket.online_signature
    ),
    "language": _language,
    "due_at": _due_at,
    "tags": lambda ticket: _one(WordsField(_l("Tags")), "tags", [tag.label for tag in ticket.tags]),
    "cc": lambda ticket: _one(WordsField(_l("Copies to")), "cc", ticket.copied_addresses),
    "requester": _requester,
    "visibility": _visibility,
}
