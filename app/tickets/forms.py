"""The forms about tickets."""

from email.utils import parseaddr
from typing import Any, Self

from wtforms import BooleanField, EmailField, Field, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import FileInput

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person, clean_address
from app.attachments.forms import FilesForm
from app.branding.company import Company
from app.catalog.lists import Category, Justification, Origin, Priority, Product, Service, TicketType
from app.config import LANGUAGES
from app.lib.fields import MomentField, RecordField, WordsField
from app.lib.forms import Form
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.tickets.lifecycle import ON_HAND, STATUSES
from app.tickets.settings import TicketSettings

REQUIRED = DataRequired(_l("Fill this in."))


class ATrap(Refused):
    """A field nobody sees was filled in: by a robot, or by a browser that fills in too much."""

    says = _l("Something filled in a field that stays empty. Press Send again.")


class OpeningForm(FilesForm):
    """The public form (SPEC C2): one file, never more."""

    most = 1

    name = StringField(_l("Your name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail"), [REQUIRED, Length(max=254)], render_kw={"autocomplete": "email"})
    phone = TelField(_l("Phone"), [Optional(), Length(max=60)], render_kw={"autocomplete": "tel"})
    company = StringField(_l("Your company"), [Optional(), Length(max=200)], render_kw={"autocomplete": "organization"})
    category = SelectField(_l("What is it about?"), [REQUIRED])
    subject = StringField(_l("Subject"), [REQUIRED, Length(max=300)])
    text = TextAreaField(
        _l("What happens, and since when"), [REQUIRED, Length(max=100_000)], render_kw={"rows": 4, "maxlength": 100_000}
    )
    # The name says nothing that a browser or a password manager would fill in by itself.
    nickname_of_pet = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    @classmethod
    def for_person(cls, known: Person | None) -> Self:
        """For a visitor, or for a customer whose name and address we know."""
        form = cls()
        form.files.label.text, form.files.widget = _l("Photo or document"), FileInput()
        form.category.choices = [SelectChoice("", _l("Choose"))]
        form.category.choices += [SelectChoice(str(category.id), category.label) for category in Category.active()]
        if "customer_company" in TicketSettings.fields_off or (known and known.contact and known.contact.organization):
            del form.company
        if "category" in TicketSettings.fields_off:
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
        return {name: value for name, value in told.items() if value not in (None, "")}


class Nobody(Refused):
    """What was typed as the requester holds neither a name nor an address."""

    says = _l("Type a name, an e-mail address, or both.")
    field = "requester"


class NewTicketForm(FilesForm):
    """A ticket opened at the desk (SPEC C1): every field of T2 that is switched on."""

    subject = StringField(_l("Subject"), [REQUIRED, Length(max=300)])
    requester = StringField(
        _l("Requester"),
        [REQUIRED, Length(max=450)],
        description=_l("A name, an e-mail address, or both."),
        render_kw={"list": "contacts", "autocomplete": "off"},
    )
    text = TextAreaField(_l("Description"), render_kw={"rows": 8, "maxlength": 100_000})
    assignee = RecordField(_l("Assigned to"), Agent.working, blank=_l("Nobody"))
    group = RecordField(_l("Group"), Group.active, blank=_l("None"))
    priority = RecordField(_l("Priority"), Priority.active)
    type = RecordField(_l("Type"), TicketType.active)
    category = RecordField(_l("Category"), Category.active, blank=_l("None"))
    service = RecordField(_l("Service"), Service.active, blank=_l("None"))
    tags = WordsField(_l("Tags"), description=_l("Between commas; a new word becomes a tag."))
    cc = WordsField(_l("Copies to"), description=_l("E-mail addresses between commas."))
    due_at = MomentField(_l("Deadline"), [Optional()])
    internal = BooleanField(_l("Internal: only the team sees it, and no mail goes out"))
    phone = TelField(_l("Phone"), [Length(max=60)])
    customer_company = StringField(_l("Customer company"), [Length(max=200)])
    organization = RecordField(_l("Organization"), lambda: organizations(), blank=_l("As the contact says"))
    product = RecordField(_l("Product"), Product.active, blank=_l("None"))
    serial = StringField(_l("Serial number"), [Length(max=120)])
    sales_order = StringField(_l("Sales order"), [Length(max=120)])
    origin = RecordField(_l("Channel"), Origin.active)
    company = RecordField(_l("Company"), lambda: companies())
    diagnosis = TextAreaField(_l("Diagnosis"), render_kw={"rows": 3})
    online_signature = BooleanField(_l("Authorizations are signed online"), default=True)

    @classmethod
    def for_agent(cls, me: Person, *, requester: str = "") -> Self:
        """Filled in with what is known: the agent is its assignee unless they choose otherwise (T8)."""
        form = cls(
            assignee=me, requester=requester, priority=Priority.first(), type=TicketType.first(),
            origin=Origin.by_key("desk"), company=Company.ours(),
        )  # fmt: skip
        for name in TicketSettings.fields_off:
            del form["internal" if name == "visibility" else name]
        if len(form.company.offered) < 2:
            del form.company
        return form

    @property
    def known(self) -> list[tuple[str, str]]:
        """Contacts to choose from without a script, the latest ones: (what is typed, name)."""
        query = Person.select(Person.name, Person.email).join(Contact).where(Person.email.is_null(False))
        people = query.order_by(Contact.id.desc()).limit(200)
        return [(f"{person.name} <{person.email}>", person.name) for person in people]

    def told(self) -> dict[str, Any]:
        """What was filled in, ready for the verb. Raises Nobody."""
        plain = {"files", "draft_key", "csrf_token", "requester", "internal"}
        told = {name: value for name, value in self.data.items() if name not in plain}
        name, email = whom(self.requester.data or "")
        return told | {"name": name, "email": email, "is_internal": "internal" in self and self.internal.data}


def whom(text: str) -> tuple[str, str | None]:
    """The name and the address in what was typed. Raises Nobody, NotAnAddress."""
    text = " ".join(text.split())
    if "@" not in text:
        if not text.strip("<> "):
            raise Nobody
        return text[:200], None
    name, address = parseaddr(text)
    address = clean_address(address or text)
    return name[:200] or address, address


def organizations() -> list[Organization]:
    return list(Organization.select().where(Organization.is_active).order_by(Organization.name).limit(500))


def companies() -> list[Company]:
    return list(Company.select().where(Company.is_active).order_by(Company.name))


def editor(name: str, ticket: Any) -> Form:
    """The form that edits one property of a ticket, its fields named as the domain names them. Raises KeyError."""
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


def _status(ticket: Any) -> Any:
    choices = [SelectChoice(key, str(STATUSES[key].label)) for key in STATUSES if key in ON_HAND]
    reasons = RecordField(_l("Because"), Justification.active, blank=_l("No reason given"))
    fields = {"status": SelectField(_l("Status"), choices=choices), "justification": reasons}
    return fields, {"status": ticket.status, "justification": ticket.justification}


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
    names = {"es": "Español", "en": "English", "pt": "Português"}
    choices = [SelectChoice(code, names[code]) for code in LANGUAGES]
    return _one(SelectField(_l("Language"), choices=choices), "language", ticket.language)


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
    "type": _entry("type", _l("Type"), TicketType.active),
    "category": _entry("category", _l("Category"), Category.active, blank=_l("None")),
    "service": _entry("service", _l("Service"), Service.active, blank=_l("None")),
    "product": _entry("product", _l("Product"), Product.active, blank=_l("None")),
    "origin": _entry("origin", _l("Channel"), Origin.active),
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
    "due_at": lambda ticket: _one(MomentField(_l("Deadline"), [Optional()]), "due_at", ticket.due_at),
    "tags": lambda ticket: _one(WordsField(_l("Tags")), "tags", [tag.label for tag in ticket.tags]),
    "cc": lambda ticket: _one(WordsField(_l("Copies to")), "cc", [copy.person.email for copy in ticket.copies]),
    "requester": _requester,
    "visibility": _visibility,
}
