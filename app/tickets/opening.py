"""Opening a ticket at the desk."""

from typing import Any

from app.accounts.agent import demand
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib.db import transaction
from app.tickets.ticket import Ticket


@transaction()
def open_at_desk(*, by: Person, name: str, email: str | None, **fields: Any) -> Ticket:
    """An agent writes down somebody's matter (C1): whoever has an address is, or becomes, a contact.

    Raises NotAllowed, NoSubject, NoRequester, NotAnAddress, NothingSaid.
    """
    demand(by, "open")
    if machine := fields.get("equipment"):
        fields["serial"] = fields.get("serial") or machine.serial
        fields["organization"] = fields.get("organization") or machine.organization
    requester = Contact.register(name, email) if email else None
    if requester and name == email:
        name = requester.name
    return Ticket.open(by=by, channel="desk", requester=requester, name=name, email=email, **fields)
