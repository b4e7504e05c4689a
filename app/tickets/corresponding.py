"""Mail to the customer: one delivery for each letter and recipient, each with its own personal link."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peewee import Query

from app.accounts.contact import Contact
from app.accounts.person import NotAnAddress, Person, clean_address
from app.branding.company import Company
from app.lib import message_ids, secrets
from app.lib.clock import now
from app.lib.db import Record
from app.lib.prepared import prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import current_wire
from app.tickets.personal_link import PersonalLink

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket
    from app.timeline.event import Event

WRITTEN_BY_A_PERSON = frozenset({"messages.replied", "authorizations.requested", "authorizations.reminded"})
ASKED_FOR = frozenset({"tickets.fresh_link"})  # goes to who complained of our mail, too
MOST_COPIES = 50  # people in copy of one ticket


class NotACopy(NotAnAddress):
    says = _l("“%(address)s” is not an e-mail address.")
    field = "cc"


class TooManyCopies(Refused):
    says = _l("Too many people in copy: %(limit)s at most.")
    field = "cc"


class Corresponding:
    """Writing to the requester and to those in copy."""

    def mail_customer(
        self: "Ticket",
        letter: str,
        *,
        event: "Event",
        message: Message | None = None,
        about: Record | None = None,
        only: Person | None = None,
        with_cc: bool = False,
        linked: bool = True,
    ) -> list[Delivery]:
        """Writes the deliveries of one letter, in the verb's transaction. An internal ticket writes to nobody.

        `linked`: each with a personal link; a letter without one opens nothing by itself.
        """
        if self.is_internal:
            return []
        people = [only] if only else self._recipients(with_cc=with_cc)
        if letter not in ASKED_FOR:
            people = [person for person in people if not (person.contact and person.contact.is_muted)]
        return [
            self._deliver(letter, person, event=event, message=message, about=about, linked=linked) for person in people
        ]

    def _recipients(self: "Ticket", *, with_cc: bool) -> list[Person]:
        people = [self.requester] if self.requester and self.email else []
        if with_cc and self.shows("cc"):
            people += [person for person in self.copied_people if person.email and person not in people]
        return [person for person in people if person]

    def _deliver(
        self: "Ticket",
        letter: str,
        person: Person,
        *,
        event: "Event",
        message: Message | None,
        about: Record | None,
        linked: bool,
    ) -> Delivery:
        # Mail about the ticket goes to the ticket's e-mail (T4), which need not be the contact's.
        address = self.email if person.id == self.requester_id else person.email
        delivery = Delivery.create(
            letter=letter,
            ticket=self,
            message=message,
            about_kind=type(about).__name__ if about else None,
            about_id=about.id if about else None,
            event=event,
            person=person,
            link=PersonalLink.issue(self, person) if linked else None,
            to_name=person.name,
            to_address=address or "",
            language=person.language or self.language,
            is_automatic="" if letter in WRITTEN_BY_A_PERSON else "auto-generated",
            wire=current_wire(),
            due_at=event.held_until or now(),
            **self._thread(person),
        )
        if letter == "tickets.opened" and self.channel == "email":
            delivery.is_automatic = "auto-replied"
        delivery.mail_id = message_ids.make(
            self.number,
            message.id if message else 0,
            delivery.id,
            Company.ours().mail_domain,
            secrets.keys().derive("message-id"),
        )
        delivery.save(only=["mail_id", "is_automatic"])
        return delivery

    def _thread(self: "Ticket", person: Person) -> dict[str, str | None]:
        """In-Reply-To and References: what this person last wrote us by mail and what we wrote them."""
        heard = prepared("heard last", _heard_last).rows({"ticket": self.id, "automatic": False}).fetchone()
        ours = [row[0] for row in prepared("mailed last", _mailed_last).rows({"ticket": self.id, "person": person.id})]
        theirs = [*(heard[1] or "").split()[-10:], heard[0]] if heard else []
        chain = list(dict.fromkeys([*theirs[:-1], *reversed(ours), *theirs[-1:]]))
        answered = (heard[0] if heard else None) or (ours[0] if ours else None)
        return {"in_reply_to": answered, "references": " ".join(chain)}

    @property
    def copied_people(self: "Ticket") -> list[Person]:
        """Who reads what the requester reads, as they were added."""
        return [copy.person for copy in self.copies.order_by(Record.records["TicketCopy"].id)]

    @property
    def copied_addresses(self: "Ticket") -> list[str]:
        return [person.email for person in self.copied_people if person.email]

    def copy_to(self: "Ticket", addresses: list[str]) -> dict[str, list[int]]:
        """Sets who gets a copy of every public message.

        Returns the ids of the people who get one that got none ("added") and of those who get none any more ("ended");
        {} where nothing has changed. Raises NotACopy, TooManyCopies.
        """
        wanted = {copied(address) for address in addresses if address.strip()} - {self.email}
        there = {person.email: person.id for person in self.copied_people if person.email}  # who has none reads it only
        if len(wanted) > MOST_COPIES and wanted - there.keys():
            raise TooManyCopies(limit=MOST_COPIES)
        people = [there.get(address) or Contact.register(address, address).id for address in sorted(wanted)]
        added = [each for each in dict.fromkeys(people) if each not in there.values()]
        ended = [each for each in there.values() if each not in people]
        self.change_copies(added=added, ended=ended)
        return {"added": added, "ended": ended} if added or ended else {}

    def copy_also(self: "Ticket", addresses: list[str] | None) -> dict[str, list[int]]:
        """The same beside a message; None leaves them as they are."""
        changed = {} if addresses is None else self.copy_to(addresses)
        if changed:
            self.index_myself()
        return changed

    def change_copies(self: "Ticket", *, added: Iterable[int], ended: Iterable[int]) -> None:
        """Who gets copies from now on, or no more: the ids of people."""
        copies = Record.records["TicketCopy"]
        copies.delete().where(copies.ticket == self, copies.person.in_(list(ended))).execute()
        there = {copy.person_id for copy in self.copies}
        for person in added:
            if person not in there:
                copies.create(ticket=self, person=person)


def copied(address: str) -> str:
    """An address for copies, as it is kept. Raises NotACopy."""
    try:
        return clean_address(address)
    except NotAnAddress:
        raise NotACopy(address=address) from None


def _heard_last() -> Query:
    cls = Message
    mine = cls.ticket_id == slot("ticket"), cls.mail_id.is_null(False), cls.is_automatic == slot("automatic")
    return cls.select(cls.mail_id, cls.references).where(*mine).order_by(cls.id.desc()).limit(1)


def _mailed_last() -> Query:
    cls = Delivery
    theirs = cls.ticket_id == slot("ticket"), cls.person_id == slot("person"), cls.mail_id.is_null(False)
    return cls.select(cls.mail_id).where(*theirs).order_by(cls.id.desc()).limit(5)
