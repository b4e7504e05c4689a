"""What a customer fills in: the public form, and that of an organization's or a site's link."""

from collections.abc import Iterator
from typing import Any, Self

from wtforms import (
    EmailField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import FileInput

from app.accounts.person import NotAnAddress, Person, clean_address
from app.attachments.forms import FilesForm
from app.catalog.lists import Category, CustomField, TicketType
from app.lib.fields import RecordField
from app.lib.framing import Framed
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.equipment import Equipment
from app.tickets.forms.fields import REQUIRED, Customized
from app.tickets.forms.new import NoAddress
from app.tickets.reachable import AtLink, NobodyNamed
from app.tickets.settings import TicketSettings


class ATrap(Refused):
    """A field nobody sees was filled in: by a robot, or by a browser that fills in too much."""

    says = _l("Something filled in a field that stays empty. Press Send again.")


class OpeningForm(Customized, FilesForm):
    """The public form (SPEC C2): one file, never more."""

    most = 1

    name = StringField(_l("Your name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail"), [REQUIRED, Length(max=254)], render_kw={"autocomplete": "email"})
    phone = TelField(_l("Phone"), [Optional(), Length(max=60)], render_kw={"autocomplete": "tel"})
    company = StringField(_l("Your company"), [Optional(), Length(max=200)], render_kw={"autocomplete": "organization"})
    category = SelectField(_l("What is it about?"), [REQUIRED])
    subject = StringField(_l("Subject"), [REQUIRED, Length(max=300)])
    text = TextAreaField(
        _l("What is going on, and since when"),
        [REQUIRED, Length(max=100_000)],
        render_kw={"rows": 4, "maxlength": 100_000},
    )
    # The name says nothing that a browser or a password manager would fill in by itself.
    nickname_of_pet = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    @classmethod
    def for_person(cls, known: Person | None) -> Self:
        """For a visitor, or for a customer whose name and address we know."""
        form = cls.asking([each for each in CustomField.of_type(TicketType.first()) if each.on_form])()
        form.files.label.text, form.files.widget = _l("Photo or document"), FileInput()
        form.category.choices = [SelectChoice("", _l("Choose"))]
        form.category.choices += [SelectChoice(str(category.id), category.label) for category in Category.active()]
        if "customer_company" in TicketSettings.fields_off or (known and known.contact and known.contact.organization):
            del form.company
        if "category" in TicketSettings.fields_off or len(form.category.choices) < 2:  # nothing to choose from
            del form.category
        if known:
            del form.name, form.email
        return form

    def insist(self) -> None:
        """Raises ATrap, NotFilledIn, NotAnAddress."""
        if self.nickname_of_pet.data:
            self.nickname_of_pet.data = ""
            raise ATrap
        super().insist()
        if "email" in self:
            clean_address(self.email.data or "")

    def told(self) -> dict[str, Any]:
        """What was told, as fields of a ticket."""
        fields = {"subject": "subject", "text": "text", "name": "name", "email": "email", "phone": "phone"}
        told = {theirs: (self[ours].data or "").strip() for ours, theirs in fields.items() if ours in self}
        told["customer_company"] = (self.company.data or "").strip() if "company" in self else None
        told["category"] = Category.get_by_id(int(self.category.data)) if "category" in self else None
        if "email" in told:
            told["email"] = clean_address(told["email"])
        told["custom"] = self.own_told() or None
        return {name: value for name, value in told.items() if value not in (None, "")}


class LinkForm(Framed, FilesForm):
    """What somebody writes who came by a portal link (SPEC C15): a message, and who they are."""

    most = 3

    person = RecordField(_l("Who are you?"), list, blank=_l("Somebody else"))
    name = StringField(_l("Your name"), [Length(max=200)], render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail"), [Length(max=254)], render_kw={"autocomplete": "email"})
    equipment = RecordField(_l("Which machine is it about?"), list, blank=_l("None in particular"))
    text = TextAreaField(
        _l("Your message"), [REQUIRED, Length(max=100_000)], render_kw={"rows": 5, "maxlength": 100_000}
    )
    nickname_of_pet = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    @classmethod
    def at(cls, at: AtLink, *, is_reply: bool, serial: str = "") -> Self:
        """The form of this link; `serial` chooses the machine that a sticker names."""
        people, machines = at.people, [] if is_reply else at.link.equipment
        named = next((each for each in machines if each.serial == serial), None)
        form = cls(equipment=named, offered={"person": people, "equipment": machines})
        if at.person or not people:
            del form.person
        if at.person:
            del form.name, form.email
        if not machines:
            del form.equipment
        if not is_reply:
            form.text.label.text = _l("What is going on, and since when")
        return form

    def __init__(self, *arguments: Any, offered: dict[str, list[Any]], **named: Any) -> None:
        self._offered_here = offered
        super().__init__(*arguments, **named)

    def process(self, *arguments: Any, **named: Any) -> None:
        for name, records in self._offered_here.items():
            self[name].offers = lambda records=records: records
        super().process(*arguments, **named)

    def insist(self) -> None:
        """Raises ATrap, NotFilledIn."""
        if self.nickname_of_pet.data:
            self.nickname_of_pet.data = ""
            raise ATrap
        super().insist()

    def missing(self) -> Iterator[Refused]:
        if "name" not in self or self.who["chosen"]:
            return
        if not (self.name.data or "").strip():
            yield NobodyNamed()
        if not (self.email.data or "").strip():
            if "person" not in self:
                yield NoAddress()
            return
        try:
            clean_address(self.email.data or "")
        except NotAnAddress as problem:
            yield problem

    @property
    def who(self) -> dict[str, Any]:
        """What they said of themselves."""
        told = {name: self[name].data or "" if name in self else "" for name in ("name", "email")}
        return told | {"chosen": self.person.data if "person" in self else None}

    @property
    def machine(self) -> Equipment | None:
        return self.equipment.data if "equipment" in self else None

    def status_of(self, problem: Refused) -> int:
        """419 where only the token was too old."""
        return 419 if self.csrf_token.errors else problem.status
