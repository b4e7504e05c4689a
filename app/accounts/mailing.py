"""Mail to a person that belongs to no ticket: a link to sign in, an invitation."""

from app.accounts.person import Person
from app.branding.company import Company
from app.lib import message_ids, secrets
from app.lib.db import Record
from app.outbox.delivery import Delivery
from app.outbox.wire import current_wire
from app.timeline.event import Event


def mail(
    letter: str,
    *,
    event: Event,
    to_name: str,
    to_address: str,
    about: Record,
    person: Person | None = None,
    language: str | None = None,
) -> Delivery:
    """Writes the delivery of one letter, in the caller's transaction."""
    company = Company.ours()
    delivery = Delivery.create(
        letter=letter,
        about_kind=type(about).__name__,
        about_id=about.id,
        event=event,
        person=person,
        to_name=to_name,
        to_address=to_address,
        language=language or (person and person.language) or company.language,
        is_automatic="auto-generated",
        wire=current_wire(),
    )
    key = secrets.keys().derive("message-id")
    delivery.change(mail_id=message_ids.make(0, 0, delivery.id, company.mail_domain, key))
    return delivery
