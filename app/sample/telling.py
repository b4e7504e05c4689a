"""How a sample ticket is told: each step at its moment, by a verb and the right person."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.group import Group
from app.accounts.person import Person
from app.accounts.visitor import Access
from app.attachments.attachment import Attachment
from app.authorizations.item import Choice
from app.authorizations.signature import Strokes
from app.branding.company import Company
from app.catalog.entry import Entry
from app.catalog.lists import Category, CustomField, Justification, Priority, Product, Service
from app.lib import clock
from app.organizations.equipment import Equipment
from app.surveys.survey import SurveyInvitation
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket

ACCESS = {"ip": "203.0.113.42", "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Safari/604.1"}
# Names in handwriting, as a pad of 320 by 110 keeps them.
LUCIA = [
    [[34, 22], [30, 40], [24, 62], [21, 78], [22, 84], [30, 83], [46, 77], [60, 68]],
    [[62, 62], [59, 72], [63, 77], [70, 71], [76, 61], [75, 72], [79, 76], [89, 67]],
    [[101, 60], [92, 63], [89, 72], [95, 78], [102, 72]],
    [[108, 61], [106, 72], [109, 75], [119, 64]],
    [[134, 61], [122, 63], [120, 71], [127, 72], [136, 60], [136, 74], [144, 70], [161, 53]],
    [[178, 20], [172, 44], [164, 80]],
    [[214, 18], [208, 44], [203, 78]],
    [[164, 52], [184, 46], [214, 44], [217, 54]],
    [[213, 68], [224, 62], [220, 56], [214, 66], [222, 76], [238, 60], [240, 64], [252, 75], [270, 68], [288, 70]],
]
RAMON = [
    [[34, 22], [31, 46], [26, 80]],
    [[27, 27], [46, 19], [59, 27], [52, 42], [31, 50], [47, 62], [64, 81]],
    [[86, 62], [76, 60], [69, 69], [75, 78], [86, 68], [86, 79], [94, 72]],
    [[97, 62], [95, 79], [103, 63], [109, 65], [107, 79], [115, 63], [121, 65], [120, 79], [127, 72]],
    [[139, 62], [129, 66], [130, 77], [140, 77], [144, 67], [137, 62], [150, 65]],
    [[139, 51], [146, 42]],
    [[152, 62], [150, 79], [158, 63], [165, 65], [164, 79], [173, 72]],
    [[208, 20], [203, 50], [197, 82]],
    [[192, 24], [212, 19], [240, 21]],
    [[198, 50], [214, 47], [228, 48]],
    [[226, 71], [239, 62], [235, 77], [249, 66], [259, 77], [278, 66], [298, 72]],
]
DRAWN = {"Lucía Herrero": LUCIA, "Ramón Feria": RAMON}


@dataclass
class Story:
    """One ticket. `at` and each step's moment are "2d 9:05" (days ago, local hour) or "40m" (minutes ago)."""

    at: str
    who: str
    subject: str
    text: str
    via: str = "email"
    category: str | None = None
    priority: str = "medium"
    group: str | None = None
    to: str | None = None
    due: int | None = None  # minutes from now; negative: overdue
    tags: list[str] = field(default_factory=list)
    service: str | None = None
    product: str | None = None
    serial: str = ""
    order: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cc: list[str] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)  # in fields of the installation's own; a date in days from now
    steps: list[tuple[Any, ...]] = field(default_factory=list)


class Teller:
    """Tells stories with the verbs of the house, at the moments they say."""

    def __init__(self, people: dict[str, Person], mailbox: Any) -> None:
        self.people, self.mailbox = people, mailbox
        self.now = clock.now()
        self.zone: ZoneInfo = Company.ours().zone
        self.named: dict[Any, dict[str, Any]] = {
            kind: {entry.key or entry.name or "": entry for entry in kind.select()}
            for kind in (Category, Service, Product, Priority, Justification)
        }
        self.groups = {group.name: group for group in Group.select()}
        self.equipment = {each.serial: each for each in Equipment.select()}
        self.own = {each.name: each for each in CustomField.all()}

    def moment(self, said: str) -> datetime:
        """When that was, never later than now."""
        if said.endswith("m"):
            return self.now - timedelta(minutes=int(said[:-1]))
        days, hour = said.split()
        there = (self.now.astimezone(self.zone) - timedelta(days=int(days[:-1]))).replace(second=0, microsecond=0)
        hours, minutes = hour.split(":")
        return min(self.now, there.replace(hour=int(hours), minute=int(minutes)).astimezone(self.now.tzinfo))

    def tell(self, story: Story) -> Ticket:
        with clock.at(self.moment(story.at)):
            ticket = self._open(story)
            if story.group:
                ticket.give_to_group(self.groups[story.group], by=self.people["marta"])
            if story.tags:
                ticket.tag_with(story.tags, by=self.people["marta"])
            if story.to:
                ticket.hand_over(to=self.people[story.to], by=self.people["marta"])
        for verb, at, *rest in story.steps:
            with clock.at(self.moment(at)):
                VERBS[verb](self, ticket, *rest)
        return ticket

    def _open(self, story: Story) -> Ticket:
        customer = self.people[story.who]
        equipment = self.equipment.get(story.serial)
        return Ticket.open(
            by=self.people[story.to or "marta"] if story.via == "desk" else customer,
            subject=story.subject, text=story.text, channel=story.via, requester=customer,
            category=self._entry(Category, story.category), priority=self._entry(Priority, story.priority),
            service=self._entry(Service, story.service), product=self._entry(Product, story.product),
            equipment=equipment, serial=story.serial, sales_order=story.order, cc=story.cc,
            due_at=self.now + timedelta(minutes=story.due) if story.due is not None else None,
            custom={str(self.own[name].id): self._said(value) for name, value in story.own.items()},
            mailbox=self.mailbox if story.via == "email" else None,
            files=self.files(story.files), message=self.mailed(customer, story.subject) if story.via == "email" else {},
        )  # fmt: skip

    def _entry(self, kind: type[Entry], name: str | None) -> Entry | None:
        return self.named[kind][name] if name else None

    def _said(self, value: Any) -> str:
        """What stands in a field; so many days from now as a date."""
        today = self.now.astimezone(self.zone).date()
        return (today + timedelta(days=value)).isoformat() if isinstance(value, int) else str(value)

    def files(self, given: dict[str, bytes]) -> list[Attachment]:
        return [Attachment.keep_part(data, name) for name, data in given.items()]

    def mailed(self, customer: Person, words: str) -> dict[str, str]:
        """What a mail of theirs would have brought with it."""
        name = hashlib.sha256(f"{clock.now()}{words}".encode()).hexdigest()[:20]
        return {"mail_id": f"<{name}@{(customer.email or '').rpartition('@')[2]}>", "proof": "proved"}


def hear(teller: Teller, ticket: Any, text: str, via: str = "email") -> None:
    mail = teller.mailed(ticket.requester, text) if via == "email" else {}
    ticket.hear(text, by=ticket.requester, channel=via, **mail)


def reply(teller: Teller, ticket: Any, who: str, text: str, files: dict[str, bytes] | None = None) -> None:
    ticket.reply(text, by=teller.people[who], files=teller.files(files or {}))


def note(teller: Teller, ticket: Any, who: str, text: str) -> None:
    ticket.note(text, by=teller.people[who])


def ask(
    teller: Teller,
    ticket: Any,
    who: str,
    text: str,
    files: dict[str, bytes] | None = None,
    items: Iterable[tuple[str, str]] = (),
) -> None:
    ticket.request_authorization(
        text,
        by=teller.people[who],
        files=teller.files(files or {}),
        items=[(words, Decimal(amount)) for words, amount in items],
        valid_until=clock.now() + timedelta(days=7),
    )


def authorize(teller: Teller, ticket: Any, refused: dict[int, str] | None = None) -> None:
    """Signed by hand, having come by the link in the mail; perhaps not all of it."""
    pending = ticket.pending_authorization
    customer = ticket.requester
    drawn = Strokes.parse(json.dumps({"width": 320, "height": 110, "strokes": DRAWN[customer.name]}))
    pending.authorize(
        by=customer, name=customer.name, signature=drawn, access=_access(ticket, customer), language=ticket.language,
        choice=Choice(refused or {}),
    )  # fmt: skip


def deny(teller: Teller, ticket: Any, reasons: str) -> None:
    customer = ticket.requester
    ticket.pending_authorization.deny(
        by=customer, reasons=reasons, access=_access(ticket, customer), language=ticket.language
    )


def _access(ticket: Any, customer: Person) -> Access:
    link = PersonalLink.select().where(PersonalLink.ticket == ticket, PersonalLink.person == customer)
    return Access(link=link.order_by(PersonalLink.id.desc()).first(), **ACCESS)


def status(teller: Teller, ticket: Any, who: str, wanted: str, why: str | None = None) -> None:
    ticket.set_status(wanted, by=teller.people[who], justification=teller.named[Justification][why] if why else None)


def close(teller: Teller, ticket: Any, who: str, text: str) -> None:
    ticket.close(text, by=teller.people[who])


def close_by_customer(teller: Teller, ticket: Any) -> None:
    ticket.close_by_customer(by=ticket.requester)


def answer_survey(teller: Teller, ticket: Any, *answers: str) -> None:
    invitation = SurveyInvitation.get(SurveyInvitation.ticket == ticket)
    questions = invitation.survey.in_order
    invitation.answer({f"question-{each.id}": said for each, said in zip(questions, answers, strict=False)})


def hide(teller: Teller, ticket: Any, who: str) -> None:
    ticket.set_visibility(internal=True, by=teller.people[who])


VERBS: dict[str, Callable[..., None]] = {
    "hear": hear, "reply": reply, "note": note, "ask": ask, "authorize": authorize, "deny": deny, "status": status,
    "close": close, "done": close_by_customer, "answered": answer_survey, "hide": hide,
}  # fmt: skip
