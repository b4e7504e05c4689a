"""Reply templates: texts that agents start from (SPEC A6), and what fills itself in there."""

import re
from collections.abc import Iterable
from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey, IntegerField, TextField, fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.folding import has_words
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

USES: dict[str, Any] = {
    "reply": _l("Reply"),
    "closing": _l("Closing"),
    "authorization": _l("Authorization request"),
    "whatsapp": "WhatsApp",
}
PLACEHOLDERS: dict[str, Any] = {
    "name": _l("the customer's first name"),
    "full_name": _l("the customer's whole name"),
    "organization": _l("the customer's organization"),
    "number": _l("the ticket's number"),
    "subject": _l("the ticket's subject"),
    "status": _l("the ticket's status"),
    "product": _l("the product"),
    "serial": _l("the serial number"),
    "deadline": _l("the deadline"),
    "agent": _l("the agent's name"),
    "company": _l("our company's name"),
}
ANY = re.compile(r"\{([A-Za-z_]\w{0,40})\}")
KNOWN = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


class TemplateUnfinished(Refused):
    says = _l("A template needs a name and a text.")
    field = "text"


class UnknownPlaceholder(Refused):
    says = _l("Nothing fills in %(placeholder)s. What can be filled in stands beside.")
    field = "text"


class ReplyTemplate(Record):
    """One text: for replies, closings or authorization requests; for every group or one, any language or one."""

    name = CharField(max_length=120)
    text = TextField()
    use = CharField(max_length=20, default="reply")  # reply, closing, authorization
    language = CharField(max_length=5, null=True)
    group = DeferredForeignKey("Group", null=True, on_delete="SET NULL")
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)

    # --- choosing one ------------------------------------------------------------------------------------------

    @classmethod
    def offered(
        cls, *, use: str, groups: Iterable[int | None] = (), language: str = "", words: str = ""
    ) -> "list[ReplyTemplate]":
        """What an agent may start from, in their order: those of these groups and of this language first.

        Templates of other groups are left out; `words` must all be in the name or the text.
        """
        mine = {group for group in groups if group}
        found = cls.select().where(cls.is_active, cls.use == use).order_by(cls.position, cls.name, cls.id)
        wanted = [each for each in found if each.group_id is None or each.group_id in mine]
        wanted = [each for each in wanted if has_words(f"{each.name} {each.text}", words)]
        return sorted(wanted, key=lambda each: (each.language not in (language, None), *each._nearness(language)))

    def _nearness(self, language: str) -> tuple[bool, bool]:
        return self.group_id is None, self.language != language

    @property
    def beginning(self) -> str:
        """On one line: the first one, and more where that is only a greeting."""
        return " ".join(self.text.split())[:160]

    def filled(self, values: dict[str, str]) -> str:
        """The text with its placeholders filled in, in one pass; one that cannot be filled stays, to be seen."""
        return ANY.sub(lambda found: values.get(found[1]) or found[0], self.text)

    # --- keeping them ------------------------------------------------------------------------------------------

    @classmethod
    def all(cls, *, use: str = "", words: str = "") -> "list[ReplyTemplate]":
        """Also those switched off, by use and in their order."""
        query = cls.select().where(cls.use == use) if use else cls.select()
        found = query.order_by(cls.use.desc(), cls.position, cls.name, cls.id)
        return [each for each in found if has_words(f"{each.name} {each.text}", words)]

    @classmethod
    def by_number(cls, number: int) -> "ReplyTemplate | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def write(cls, *, by: Person, name: str, text: str, use: str = "reply", **details: Any) -> "ReplyTemplate":
        """A new template, last of its use. Raises NotAllowed, TemplateUnfinished, UnknownPlaceholder."""
        demand(by, "configure")
        _insist(name, text)
        last = cls.select(fn.MAX(cls.position)).where(cls.use == use).scalar() or 0
        template = cls.create(name=name.strip(), text=text.strip(), use=use, position=last + 1, **details)
        record("template.written", by=by, about=template)
        return template

    @transaction()
    def rewrite(self, *, by: Person, name: str, text: str, **details: Any) -> None:
        """Raises NotAllowed, TemplateUnfinished, UnknownPlaceholder."""
        demand(by, "configure")
        _insist(name, text)
        self.change(name=name.strip(), text=text.strip(), **details)
        record("template.rewritten", by=by, about=self)

    @transaction()
    def switch(self, *, on: bool, by: Person) -> None:
        """Offers it, or no longer offers it."""
        demand(by, "configure")
        self.change(is_active=on)
        record("template.rewritten", by=by, about=self, active=on)

    @transaction()
    def move(self, *, up: bool, by: Person) -> None:
        """Changes places with its neighbour of the same use."""
        demand(by, "configure")
        entries = type(self).all(use=self.use)
        here = [entry.id for entry in entries].index(self.id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(entries):
            entries[here], entries[there] = entries[there], entries[here]
        for position, entry in enumerate(entries, 1):
            if entry.position != position:
                entry.change(position=position)

    @transaction()
    def remove(self, *, by: Person) -> None:
        """Texts that began with it stay as they were sent."""
        demand(by, "configure")
        record("template.removed", by=by, name=self.name)
        self.delete_instance()

    @property
    def use_label(self) -> str:
        return str(USES[self.use])


def _insist(name: str, text: str) -> None:
    if not (name.strip() and text.strip()):
        raise TemplateUnfinished
    for found in ANY.finditer(text):
        if found[1] not in PLACEHOLDERS:
            raise UnknownPlaceholder(placeholder=found[0])
