"""Fields that more than one form about tickets has, the installation's own among them."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from wtforms import (
    DateField,
    Field,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.person import Person
from app.branding.company import Company
from app.catalog.entry import Entry, NameTaken
from app.catalog.lists import CustomField, Origin, TicketType
from app.lib.fields import NumberField
from app.lib.forms import offer
from app.lib.kinds import NO, YES, value_of
from app.lib.words import lazy_gettext as _l
from app.organizations.organization import Organization
from app.tickets.custom import LONGEST, tidy

REQUIRED = DataRequired(_l("Fill this in."))
CUSTOM = "custom_"
# What an agent may add while filling in a ticket (T5), by the field it belongs to.
ADDABLE: dict[str, type[Entry]] = {"type": TicketType, "origin": Origin}


class NewEntryField(StringField):
    """A word for an entry that its list does not have yet."""


def with_new(told: dict[str, Any], *, by: Person) -> dict[str, Any]:
    """What a form told, with the new entries that were typed added to their lists and chosen. Raises NameTaken."""
    for name, entries in ADDABLE.items():
        field = f"new_{name}" if f"new_{name}" in told else "new" if name in told else ""
        if typed := (told.pop(field, "") or "").strip():
            try:
                told[name] = entries.enter(by=by, name=typed)
            except NameTaken:
                raise NameTaken(field=field) from None
    return told


def custom_field(field: CustomField, *, must: bool = True, optional_words: Any = "", standing: str = "") -> Field:
    """The field of a form for one of the installation's own (T20).

    `standing`: what stands in it, which stays choosable where it is offered no more.
    """
    checks = [REQUIRED] if must and field.is_required else [Optional()]
    told: dict[str, Any] = {"description": optional_words}
    if field.kind == "yes_no":
        return SelectField(field.label, checks, choices=offer([("", "–"), (YES, _l("Yes")), (NO, _l("No"))]), **told)
    if field.kind == "choice":
        offered = list(dict.fromkeys([*field.choices, *filter(None, [standing])]))
        return SelectField(field.label, checks, choices=offer([("", "–"), *((each, each) for each in offered)]), **told)
    if field.kind == "date":
        return DateField(field.label, checks, **told)
    if field.kind == "number":
        return NumberField(field.label, checks, render_kw={"inputmode": "decimal", "maxlength": 40}, **told)
    return StringField(field.label, [*checks, Length(max=LONGEST)], **told)


def shown_in_form(field: CustomField, text: str) -> Any:
    """What is kept, as the field of a form takes it: nothing where it came from when the field was of another kind."""
    value = value_of(field.kind, text)
    if field.kind in ("date", "number"):
        return value if isinstance(value, date | Decimal) else None
    return text or None


class Customized:
    """A form that asks for fields of the installation's own too."""

    own: ClassVar[list[CustomField]] = []

    @classmethod
    def asking(cls, fields: list[CustomField], hints: Any = None) -> Any:
        """This form with these fields, each required where it must be and `hints` has no word for it."""
        asked = {
            f"{CUSTOM}{each.id}": custom_field(
                each, must=not (hints or {}).get(each.id), optional_words=(hints or {}).get(each.id, "")
            )
            for each in fields
        }
        return type(cls.__name__, (cls,), {**asked, "own": fields})

    @property
    def own_fields(self) -> list[Field]:
        return [self[f"{CUSTOM}{each.id}"] for each in self.own]  # type: ignore[index]

    def own_told(self) -> dict[str, str]:
        """What was filled in, by the field's id. Raises NotSuchAValue."""
        told = {str(each.id): tidy(each, self[f"{CUSTOM}{each.id}"].data) for each in self.own}  # type: ignore[index]
        return {key: text for key, text in told.items() if text}


def organizations() -> list[Organization]:
    return list(Organization.select().where(Organization.is_active).order_by(Organization.name).limit(500))


def companies() -> list[Company]:
    return list(Company.select().where(Company.is_active).order_by(Company.name))
