"""A ticket that an agent opens for somebody."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any, Self

from wtforms import (
    BooleanField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person, clean_address
from app.attachments.forms import FilesForm
from app.branding.company import Company
from app.catalog.entry import NameTaken
from app.catalog.lists import Category, CustomField, Origin, Priority, Product, Service, TicketType
from app.lib.fields import MomentField, RecordField, WordsField
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.tickets.corresponding import copied
from app.tickets.forms.fields import (
    ADDABLE,
    CUSTOM,
    REQUIRED,
    Customized,
    NewEntryField,
    companies,
    organizations,
)
from app.tickets.settings import TicketSettings


class NoAddress(Refused):
    says = _l("We answer by e-mail: write your address.")
    field = "email"


class Nobody(Refused):
    """What was typed as the requester holds neither a name nor an address."""

    says = _l("Type a name, an e-mail address, or both.")
    field = "requester"


class LeftEmpty(Refused):
    """A field that a ticket of this type does not go without."""

    says = _l("Fill this in.")


class NewTicketForm(Customized, FilesForm):
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
    new_type = NewEntryField(_l("Type, if it is not listed"), [Length(max=120)])
    category = RecordField(_l("Category"), Category.active, blank=_l("None"))
    service = RecordField(_l("Service"), Service.active, blank=_l("None"))
    tags = WordsField(_l("Tags"), description=_l("Between commas; a new word becomes a tag."))
    cc = WordsField(_l("Copies to"), description=_l("E-mail addresses between commas."))
    due_at = MomentField(_l("Deadline"), [Optional()])
    internal = BooleanField(_l("Internal: only the team sees it, and no mail goes out"))
    phone = TelField(_l("Phone"), [Length(max=60)])
    customer_company = StringField(_l("Customer company"), [Length(max=200)])
    organization = RecordField(_l("Organization"), lambda: organizations(), blank=_l("As the contact says"))
    equipment = RecordField(_l("Equipment"), Equipment.offered, blank=_l("None"))
    product = RecordField(_l("Product"), Product.active, blank=_l("None"))
    serial = StringField(_l("Serial number"), [Length(max=120)])
    sales_order = StringField(_l("Sales order"), [Length(max=120)])
    origin = RecordField(_l("Channel"), Origin.active)
    new_origin = NewEntryField(_l("Channel, if it is not listed"), [Length(max=120)])
    company = RecordField(_l("Company"), lambda: companies())
    diagnosis = TextAreaField(_l("Diagnosis"), render_kw={"rows": 3})
    online_signature = BooleanField(_l("Authorizations are signed online"), default=True)

    @classmethod
    def for_agent(cls, me: Person, **known: Any) -> Self:
        """Filled in with what is known: the agent is its assignee unless they choose otherwise (T8)."""
        fields = CustomField.active()
        hints = {each.id: _("Only of the type “%(type)s”", type=each.type.label) for each in fields if each.type}
        form = cls.asking(fields, hints)(
            assignee=me, priority=Priority.first(), type=TicketType.first(), origin=Origin.by_key("desk"),
            company=Company.ours(), **known,
        )  # fmt: skip
        for name in TicketSettings.fields_off:
            del form["internal" if name == "visibility" else name]
        if len(form.company.offered) < 2:
            del form.company
        for name in ("priority", "type"):  # of a list whose entries are all off there is nothing to choose
            if name in form and not form[name].offered:
                del form[name]
        return form

    def missing(self) -> Iterator[Refused]:
        """What the verbs would refuse one after the other."""
        yield from super().missing()
        yield from self._left_empty()
        try:
            whom(self.requester.data or "?")
        except Refused as problem:
            problem.field = "requester"
            yield problem
        try:
            for address in self.cc.data if "cc" in self else []:
                copied(address)
        except Refused as problem:
            yield problem
        for name, entries in ADDABLE.items():
            field = f"new_{name}"
            if field in self and (typed := (self[field].data or "").strip()) and entries.is_taken(typed):
                yield NameTaken(field=field)

    def _left_empty(self) -> Iterator[Refused]:
        """What must be filled in of the type that is chosen (T20)."""
        chosen = None if (self.new_type.data or "").strip() else self.type.data if "type" in self else None
        for each in self.own:
            name = f"{CUSTOM}{each.id}"
            if each.is_required and each.type_id and each.type == chosen and self[name].data in (None, ""):
                yield LeftEmpty(field=name)

    @property
    def known(self) -> list[tuple[str, str]]:
        """Contacts to choose from without a script, the latest ones: (what is typed, name)."""
        query = Person.select(Person.name, Person.email).join(Contact).where(Person.email.is_null(False))
        people = query.order_by(Contact.id.desc()).limit(200)
        return [(f"{person.name} <{person.email}>", person.name) for person in people]

    def told(self) -> dict[str, Any]:
        """What was filled in, ready for the verb. Raises Nobody."""
        plain = {"files", "draft_key", "csrf_token", "requester", "internal"}
        told = {name: value for name, value in self.data.items() if name not in plain and not name.startswith(CUSTOM)}
        name, email = whom(self.requester.data or "")
        told |= {"name": name, "email": email, "is_internal": "internal" in self and self.internal.data}
        return told | {"custom": self.own_told()}


def known_of(
    *, contact: Contact | None = None, organization: Organization | None = None, equipment: Equipment | None = None
) -> dict[str, Any]:
    """What "Create ticket" on one of these fills in (T7): whose it is, where it stands, how to call."""
    owner = (
        organization or (equipment.organization if equipment else None) or (contact.organization if contact else None)
    )
    people = list(owner.contacts.limit(2)) if owner and not contact else []
    contact = contact or (people[0] if len(people) == 1 else None)
    known: dict[str, Any] = {"organization": owner, "equipment": equipment}
    if equipment:
        known["serial"] = equipment.serial
    if contact:
        person = contact.person
        known["requester"] = f"{person.name} <{person.email}>" if person.email else person.name
        known["phone"] = contact.best_phone
    return {name: value for name, value in known.items() if value}


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
