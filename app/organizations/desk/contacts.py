"""Contacts: the customers' people."""

from typing import Any

from flask import abort, g, request, url_for

from app.accounts.address import OtherAddress
from app.accounts.contact import Contact
from app.accounts.invitation import Invitation
from app.lib.forms import offer
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.organizations.desk import organizations
from app.organizations.forms import ContactForm
from app.organizations.organization import Organization
from app.tickets.satisfaction import Satisfaction
from app.tickets.ticket import Ticket

LIST, PAGE, EDIT = "organizations/desk/contacts.html", "organizations/desk/contact.html", "organizations/desk/edit.html"


@organizations.get("/contacts")
def index_contacts() -> Any:
    words = request.args.get("words", "")
    rows, after = Contact.listed(words, request.args.get("after", ""))
    return page(LIST, rows=rows, words=words, after=after)


@organizations.get("/contacts/new")
def new_contact() -> Any:
    return _page(None, _form(organization=request.args.get("organization", 0, int)))


@organizations.post("/contacts")
def create_contact() -> Any:
    form = _form()
    try:
        person = Contact.enter(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(None, form.refuse(problem), problem.status)
    return done(url_for(".show_contact", number=person.id), said=_("Saved."))


@organizations.get("/contacts/<int:number>")
def show_contact(number: int) -> Any:
    contact = _contact(number)
    others = OtherAddress.of(contact.person)
    return page(
        PAGE,
        contact=contact,
        person=contact.person,
        others=others,
        tickets=Ticket.latest_of(g.me, requester=contact.person),
        satisfaction=Satisfaction.for_agent(g.me, requester=contact.person),
    )


@organizations.get("/contacts/<int:number>/edit")
def edit_contact(number: int) -> Any:
    contact = _contact(number)
    person = contact.person
    known = {"organization": contact.organization_id or 0, "language": person.language or ""}
    known |= {"name": person.name, "email": person.email or ""}
    known |= {
        name: getattr(contact, name)
        for name in ("position", "phone", "mobile", "more_phones", "may_authorize", "notes")
    }
    known["other_addresses"] = "\n".join(OtherAddress.of(person))
    return _page(contact, _form(**known))


@organizations.post("/contacts/<int:number>")
def update_contact(number: int) -> Any:
    contact, form = _contact(number), _form()
    try:
        contact.amend(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(contact, form.refuse(problem), problem.status)
    return done(url_for(".show_contact", number=number), said=_("Saved."))


@organizations.post("/contacts/<int:number>/account")
def create_contact_account(number: int) -> Any:
    """Offers an account at the portal, by a link to set a password."""
    contact = _contact(number)
    Invitation.invite_contact(contact.person, by=g.me)
    return done(url_for(".show_contact", number=number), said=_("A letter with a link is on its way."))


@organizations.post("/contacts/<int:number>/mailing")
def create_contact_mailing(number: int) -> Any:
    """Mail to them leaves again after it came back, or after a complaint."""
    _contact(number).write_again(by=g.me)
    return done(url_for(".show_contact", number=number), said=_("Mail to them leaves again."))


def _contact(number: int) -> Contact:
    return Contact.by_person(number) or abort(404)


def _form(**known: Any) -> ContactForm:
    form = ContactForm(data=known)
    form.organization.choices = offer([(0, _("None")), *((each.id, each.name) for each in Organization.all())])
    return form


def _answers(form: ContactForm) -> dict[str, Any]:
    answers = form.answers()
    return answers | {"organization": answers["organization"] or None, "language": answers["language"] or None}


def _page(contact: Contact | None, form: ContactForm, status: int = 200) -> Any:
    number = contact.person.id if contact else None
    return page(
        EDIT, form=form, status=status, title=contact.person.name if contact else _("New contact"),
        action=url_for(".update_contact", number=number) if contact else url_for(".create_contact"),
        back_url=url_for(".show_contact", number=number) if contact else url_for(".index_contacts"),
        back_label=contact.person.name if contact else _("Contacts"),
    )  # fmt: skip
