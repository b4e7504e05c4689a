"""Import rules: what a mail says decides what its ticket is given, before the mailbox's own defaults (SPEC C4)."""

from typing import TYPE_CHECKING, Any

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, JSONField

from app.accounts.agent import demand
from app.accounts.group import Group
from app.accounts.person import Person
from app.branding.company import Company
from app.catalog.lists import Category, Priority, TicketType
from app.conditions.condition import ADDRESS, ALL, Conditions, Fact, checked, sentence
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.mail.mailbox import Mailbox
from app.timeline.event import record

if TYPE_CHECKING:
    from app.mail.parsed import ParsedMail

FACTS = {
    "words": Fact(_l("Subject or text")),
    "subject": Fact(_l("Subject")),
    "text": Fact(_l("Text")),
    "sender": Fact(_l("Sender"), ADDRESS),
    "recipient": Fact(_l("Recipient"), ADDRESS),
    "file": Fact(_l("Name of a file"), ADDRESS),
}
GIVEN = ("company", "group", "assignee", "type", "priority", "category")


class GivesNothing(Refused):
    says = _l("Choose at least one thing that such a ticket is given.")


class ImportRule(Record):
    """One rule of one mailbox. The first that holds gives what it names; all else is as the mailbox says."""

    mailbox = ForeignKeyField(Mailbox, backref="import_rules", on_delete="CASCADE")
    name = CharField(max_length=120)
    joined = CharField(max_length=3, default=ALL)
    conditions = JSONField(default=list)
    company = ForeignKeyField(Company, null=True, on_delete="SET NULL")
    group = ForeignKeyField(Group, null=True, on_delete="SET NULL")
    assignee = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    type = ForeignKeyField(TicketType, null=True, on_delete="SET NULL")
    priority = ForeignKeyField(Priority, null=True, on_delete="SET NULL")
    category = ForeignKeyField(Category, null=True, on_delete="SET NULL")
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)

    @classmethod
    def of(cls, mailbox: Mailbox) -> "list[ImportRule]":
        """Its rules, in the order in which they are asked."""
        return list(cls.select().where(cls.mailbox == mailbox).order_by(cls.position, cls.id))

    @classmethod
    def active(cls) -> "dict[int, list[ImportRule]]":
        """All that are asked, by mailbox."""
        found: dict[int, list[ImportRule]] = {}
        for rule in cls.select().where(cls.is_active).order_by(cls.position, cls.id):
            found.setdefault(rule.mailbox_id, []).append(rule)
        return found

    @classmethod
    def by_number(cls, mailbox: Mailbox, number: int) -> "ImportRule | None":
        return cls.get_or_none(cls.id == number, cls.mailbox == mailbox)

    def holds(self, mail: "ParsedMail") -> bool:
        return Conditions(self.joined, self.conditions).hold(facts_of(mail))

    @property
    def sentences(self) -> list[str]:
        return [sentence(item, FACTS) for item in self.conditions]

    @property
    def is_for_any(self) -> bool:
        return self.joined != ALL

    @classmethod
    @transaction()
    def write(cls, *, by: Person, mailbox: Mailbox, **fields: Any) -> "ImportRule":
        """A new rule, asked after the others. Raises NotAllowed, NoSuchCondition, TooManyConditions, GivesNothing."""
        demand(by, "configure")
        rules = cls.of(mailbox)
        last = rules[-1].position if rules else 0
        rule = cls.create(mailbox=mailbox, position=last + 1, **_checked(fields))
        record("import_rule.written", by=by, about=rule)
        return rule

    @transaction()
    def amend(self, *, by: Person, **fields: Any) -> None:
        """What it is not told stays as it is. Raises what `write` raises."""
        demand(by, "configure")
        self.change(**_checked({name: getattr(self, name) for name in GIVEN} | fields))
        record("import_rule.amended", by=by, about=self)

    @transaction()
    def move(self, *, by: Person, up: bool) -> None:
        """Changes places with the rule that is asked before it, or after it."""
        demand(by, "configure")
        rules = self.of(self.mailbox)
        here = next(place for place, each in enumerate(rules) if each.id == self.id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rules):
            rules[here], rules[there] = rules[there], rules[here]
        for position, each in enumerate(rules, 1):
            each.change(position=position)

    @transaction()
    def remove(self, *, by: Person) -> None:
        demand(by, "configure")
        record("import_rule.removed", by=by, about=self.mailbox, name=self.name)
        self.delete_instance()


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if not any(fields.get(name) for name in GIVEN):
        raise GivesNothing(field="group")
    return fields | {"conditions": checked(fields["conditions"], FACTS)}


def facts_of(mail: "ParsedMail") -> dict[str, Any]:
    """What the conditions of a rule ask about."""
    text = mail.visible or mail.text
    return {
        "words": [mail.subject, text],
        "subject": mail.subject,
        "text": text,
        "sender": mail.from_address,
        "recipient": [each.address for each in mail.recipients],
        "file": [part.name for part in mail.attachments],
    }
