"""The ticket: one customer's matter, from the first word to the last."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Self

from peewee import (
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from app.accounts.agent import demand
from app.accounts.group import Group
from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.authorizations.authorization import Authorizable
from app.authorizations.claimed import Pointable
from app.branding.company import Company
from app.catalog.lists import (
    Category,
    CustomField,
    Justification,
    Origin,
    Priority,
    Product,
    Service,
    Tag,
    TicketType,
)
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.messages.claimable import Claimable
from app.messages.conversational import Conversational
from app.messages.message import Message
from app.messages.undoable import Undoable
from app.messages.version import Revisable
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.surveys.surveyable import Surveyable
from app.tickets.access import Accessible
from app.tickets.assignable import Assignable, works_here
from app.tickets.closable import Closable
from app.tickets.corresponding import Corresponding
from app.tickets.counter import Counter
from app.tickets.custom import Customizable, CustomValue
from app.tickets.deliverable import Deliverable
from app.tickets.doubtful import Doubtful
from app.tickets.editable import Editable, NoRequester, NoSubject
from app.tickets.findable import Findable
from app.tickets.intervention import Intervenable
from app.tickets.lifecycle import CLOSED_ONES, STATUSES, TEAM, Status, next_status
from app.tickets.mergeable import Mergeable
from app.tickets.personal_link import Linked
from app.tickets.reachable import Reachable
from app.tickets.relatable import Relatable
from app.tickets.removable import Removable, TicketAway
from app.tickets.restorable import Restorable
from app.tickets.settings import TicketSettings
from app.tickets.snoozable import Snoozable
from app.tickets.splittable import Splittable
from app.tickets.watchable import Watchable
from app.timeline.event import Recorded

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # "no deadline" in an order by deadline


# Whatever else a list can be narrowed by.
FURTHER = (
    "type", "service", "product", "origin", "company", "justification", "equipment", "mailbox", "is_internal",
    "has_files", "online_signature", "language",
)  # fmt: skip


class Ticket(
    Accessible,
    Assignable,
    Authorizable,
    Claimable,
    Closable,
    Conversational,
    Corresponding,
    Customizable,
    Deliverable,
    Doubtful,
    Editable,
    Findable,
    Intervenable,
    Linked,
    Reachable,
    Mergeable,
    Pointable,
    Recorded,
    Relatable,
    Removable,
    Restorable,
    Revisable,
    Snoozable,
    Splittable,
    Surveyable,
    Undoable,
    Watchable,
    Record,
):
    """One customer's matter. The fields are those of SPEC T2; what can be done with it stands in the class line."""

    number = IntegerField(unique=True)  # what people see; id is the key
    subject = CharField(max_length=300)
    is_internal = BooleanField(default=False)
    status = CharField(max_length=24, default="open")
    turn = IntegerField(default=TEAM)  # who must act; follows the status
    justification = ForeignKeyField(Justification, null=True, index=False, on_delete="SET NULL")
    type = ForeignKeyField(TicketType, null=True, index=False, on_delete="RESTRICT")
    category = ForeignKeyField(Category, null=True, index=False, on_delete="RESTRICT")
    service = ForeignKeyField(Service, null=True, index=False, on_delete="RESTRICT")
    priority = ForeignKeyField(Priority, null=True, index=False, on_delete="RESTRICT")
    product = ForeignKeyField(Product, null=True, index=False, on_delete="RESTRICT")
    origin = ForeignKeyField(Origin, null=True, index=False, on_delete="RESTRICT")
    channel = CharField(max_length=20, default="desk")
    company = ForeignKeyField(Company, index=False, on_delete="RESTRICT")
    group = ForeignKeyField(Group, null=True, index=False, on_delete="SET NULL")
    assignee = ForeignKeyField(Person, null=True, backref="tickets_assigned", index=False, on_delete="SET NULL")
    requester = ForeignKeyField(Person, null=True, backref="tickets", index=False, on_delete="RESTRICT")
    organization = ForeignKeyField(Organization, null=True, backref="tickets", index=False, on_delete="SET NULL")
    name = CharField(max_length=200)
    email = CharField(max_length=254, null=True)
    phone = CharField(max_length=60, default="")
    customer_company = CharField(max_length=200, default="")
    equipment = ForeignKeyField(Equipment, null=True, backref="tickets", index=False, on_delete="SET NULL")
    serial = CharField(max_length=120, default="")
    sales_order = CharField(max_length=120, default="")
    diagnosis = TextField(default="")
    online_signature = BooleanField(default=True)
    language = CharField(max_length=5, default="es")
    mailbox = DeferredForeignKey("Mailbox", null=True, backref="tickets", index=False, on_delete="SET NULL")
    due_at = UTCDateTimeField(null=True)
    due_source = CharField(max_length=10, default="")  # manual, policy; empty: undefined
    due_order = UTCDateTimeField(default=NEVER)
    created_at = UTCDateTimeField(default=now)
    active_at = UTCDateTimeField(default=now)  # of the last change
    last_heard_at = UTCDateTimeField(null=True)  # of the customer's last word
    first_response_at = UTCDateTimeField(null=True)
    resolved_at = UTCDateTimeField(null=True)  # of one that was closed at once: then
    closed_at = UTCDateTimeField(null=True)
    snippet = CharField(max_length=200, default="")
    has_files = BooleanField(default=False)
    revision = IntegerField(default=1)
    maybe_of = ForeignKeyField("self", null=True, index=False, on_delete="SET NULL")  # what its first mail only claims
    merged_into = ForeignKeyField("self", null=True, backref="merged", on_delete="SET NULL")  # never one merged itself
    removed_at = UTCDateTimeField(null=True, index=True)  # put into the bin
    purged_at = UTCDateTimeField(null=True)  # its conversation is gone for good
    wakes_at = UTCDateTimeField(null=True, index=True)  # pending until then

    class Meta:
        # The orders of the list, each behind the filters of a shipped view (listing.py). What stands behind the order
        # is what figures and other filters ask beside it, so that they need no row.
        indexes = (
            (("turn", "due_order", "id"), False),
            (("turn", "active_at", "id", "last_heard_at"), False),
            (("turn", "created_at", "id", "first_response_at"), False),
            (("assignee", "turn", "due_order", "id", "priority", "category", "type"), False),
            (("group", "turn", "due_order", "id", "priority", "category", "type"), False),
            (("status", "turn", "due_order", "id"), False),
            (("category", "turn", "due_order", "id", "priority", "type"), False),
            (("priority", "turn", "due_order", "id", "category", "type"), False),
            (("requester", "created_at", "id", "turn"), False),
            (("organization", "created_at", "id", "turn"), False),
            (("email", "created_at"), False),
            (("serial",), False),
            (("turn", "closed_at", "due_at", "resolved_at"), False),
            *(((field, "turn"), False) for field in FURTHER),
        )

    # --- opening -----------------------------------------------------------------------------------------------

    @classmethod
    @transaction()
    def open(
        cls,
        *,
        by: Person,
        subject: str,
        text: str,
        channel: str,
        requester: Person | None = None,
        name: str = "",
        email: str | None = None,
        assignee: Person | None = None,
        files: Iterable[Attachment] = (),
        cc: Iterable[str] = (),
        tags: Iterable[str] = (),
        message: dict[str, Any] | None = None,
        acknowledge: bool = True,
        custom: dict[str, str] | None = None,
        **fields: Any,
    ) -> "Ticket":
        """Opens a ticket (L1): number, first message, history, and the acknowledgement with the personal link.

        `message`: more fields of the first message (html, quoted, mail_id, references, proof, said_at), or others than
        those that follow from the ticket (by, is_public, is_incoming, channel).
        `custom`: what stands in the installation's own fields, by their ids. `fields`: any other field of the ticket.
        Raises NoSubject, NoRequester, NothingSaid.
        """
        if channel == "desk" or fields.get("is_internal"):  # an internal one is for the team alone to open (T3)
            demand(by, "open")
        subject = " ".join(subject.split())[:300]
        name = name.strip() or (requester.name if requester else "") or (email or "")
        if not subject:
            raise NoSubject
        if not name:
            raise NoRequester
        email = email or (requester.email if requester else None)
        assignee = assignee if assignee and works_here(assignee) else None  # whom a mailbox names may be gone
        files = list(files)
        is_note = fields.get("is_internal") or not (message or {}).get("is_public", True)
        ticket = cls.create(
            number=Counter.next("ticket"),
            subject=subject,
            channel=channel,
            requester=requester,
            name=name,
            email=email,
            assignee=assignee,
            snippet="" if is_note else " ".join(text.split())[:200],
            has_files=bool(files),
            **cls._defaults(fields, requester, channel, assigned=assignee is not None),
        )
        ticket._begin(text, by=by, files=files, message=message or {})
        if custom:
            ticket._keep_custom({each: custom.get(str(each.id)) for each in CustomField.of_type(ticket.type)})
        if cc:
            ticket.copy_to(list(cc))
            ticket.index_myself()
        if tags:
            ticket.tag_with(list(tags), by=by)
        event = ticket.record("ticket.opened", by=by, public=True, status=ticket.status, channel=channel)
        if acknowledge:
            ticket.mail_customer("tickets.opened", event=event)
        return ticket

    @classmethod
    def _defaults(
        cls, fields: dict[str, Any], requester: Person | None, channel: str, *, assigned: bool
    ) -> dict[str, Any]:
        company = fields.get("company") or Company.ours()
        status = TicketSettings.status_after_assignment if assigned else TicketSettings.status_after_creation
        moment = fields.get("created_at") or now()
        contact = requester.contact if requester else None
        filled: dict[str, Any] = {
            "company": company,
            "type": fields.get("type") or TicketType.first(),
            "priority": fields.get("priority") or Priority.first(),
            "origin": fields.get("origin") or Origin.by_key(channel),
            "language": (requester and requester.language) or company.language,
            "organization": contact.organization if contact else None,
            "phone": contact.phone if contact else "",
            "status": status,
            "turn": STATUSES[status].turn,
            "created_at": moment,
            "active_at": now(),
            "last_heard_at": None if channel == "desk" else now(),
        }
        filled.update({name: value for name, value in fields.items() if value is not None})
        filled["due_order"] = filled.get("due_at") or NEVER
        filled["due_source"] = "manual" if filled.get("due_at") else ""
        return filled

    def _begin(self, text: str, *, by: Person, files: Iterable[Attachment], message: dict[str, Any]) -> None:
        from_customer = self.channel != "desk"
        usual: dict[str, Any] = {
            "by": self.requester if from_customer and self.requester else by,
            "is_public": not self.is_internal,
            "is_incoming": from_customer,
            "channel": self.channel,
            "said_at": self.created_at,
        }
        self.first_message = self._say(text, files=files, **(usual | message))
        self.index_myself(is_new=True)

    # --- what every verb uses ----------------------------------------------------------------------------------

    def lock(self) -> Self:
        """As of any record. Raises TicketAway where it was merged or put into the bin: nothing is done with it then."""
        self.hold()
        if self.is_away:
            raise TicketAway.of(self)
        return self

    def hold(self) -> Self:
        """Locks it wherever it is."""
        return super().lock()

    def move(self, act: str) -> str:
        """Takes the status where `act` leads. Returns the one before. Raises StatusForbids."""
        was = self.status
        self.become(next_status(act, was))
        return was

    def become(self, status: str) -> None:
        if status == self.status:
            return
        self.status, self.turn = status, STATUSES[status].turn
        self.justification = self.wakes_at = None
        is_over = status == "resolved" or status in CLOSED_ONES
        self.resolved_at = (self.resolved_at or now()) if is_over else None
        if status not in CLOSED_ONES:
            self.closed_at = None

    def touch(self, message: Message | None = None) -> None:
        """Saves the ticket after a change, with what lists show of it."""
        self.active_at = now()
        self.revision += 1
        self.due_order = self.due_at or NEVER
        if message is not None and message.is_public:
            self.snippet = message.snippet
        if "turn" in {field.name for field in self.dirty_fields}:
            for records in (TicketTag, CustomValue):
                records.update(turn=self.turn).where(records.ticket == self).execute()
        self.save()

    # --- questions ---------------------------------------------------------------------------------------------

    @property
    def state(self) -> Status:
        return STATUSES[self.status]

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED_ONES

    @property
    def tags(self) -> list[Tag]:
        return list(Tag.select().join(TicketTag).where(TicketTag.ticket == self).order_by(Tag.position, Tag.id))


class TicketTag(Record):
    """One tag on one ticket."""

    ticket = ForeignKeyField(Ticket, backref="tag_links", index=False, on_delete="CASCADE")
    tag = ForeignKeyField(Tag, backref="ticket_links", index=False, on_delete="CASCADE")
    turn = IntegerField()  # the ticket's: a tag's open tickets are found without its closed ones

    class Meta:
        indexes = ((("ticket", "tag"), True), (("tag", "turn", "ticket"), False))

    def save(self, *args: Any, **options: Any) -> Any:
        self.turn = self.ticket.turn
        return super().save(*args, **options)


class TicketCopy(Record):
    """Somebody who gets a copy of every public message (T4)."""

    ticket = ForeignKeyField(Ticket, backref="copies", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="copied_on", on_delete="CASCADE")

    class Meta:
        indexes = ((("ticket", "person"), True),)


class TicketFollower(Record):
    """An agent who wants to hear of it (P3: sees it too, whatever its group)."""

    ticket = ForeignKeyField(Ticket, backref="follower_links", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="followed", on_delete="CASCADE")

    class Meta:
        indexes = ((("ticket", "person"), True),)


class TicketMerge(Record):
    """What one merge moved, so that it can be taken apart."""

    source = ForeignKeyField(Ticket, backref="merges", on_delete="CASCADE")
    target = ForeignKeyField(Ticket, backref="joins", on_delete="CASCADE")
    by = ForeignKeyField(Person, on_delete="RESTRICT")
    at = UTCDateTimeField(default=now)
    moved = JSONField(default=dict)  # what was moved -> the ids of its rows
    undone_at = UTCDateTimeField(null=True)


class TicketRelation(Record):
    """How two tickets belong together (T10): `ticket` is the parent, or the duplicate, of `other`."""

    kind = CharField(max_length=12)  # parent, duplicate, related
    ticket = ForeignKeyField(Ticket, backref="relations", index=False, on_delete="CASCADE")
    other = ForeignKeyField(Ticket, backref="relations_to", on_delete="CASCADE")

    class Meta:
        indexes = ((("ticket", "other"), True),)


class TicketRead(Record):
    """A trace: when an agent last opened the ticket, so that a list can show what nobody has read."""

    ticket = ForeignKeyField(Ticket, unique=True, backref="read", on_delete="CASCADE")
    at = UTCDateTimeField(default=now)

    @classmethod
    def mark(cls, ticket: Ticket) -> None:
        cls.insert(ticket=ticket, at=now()).on_conflict(conflict_target=[cls.ticket], update={cls.at: now()}).execute()
