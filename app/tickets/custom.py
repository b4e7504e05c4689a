"""Fields of the installation's own: what tickets have of them (SPEC T20)."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, IntegerField, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.catalog.lists import CustomField
from app.lib import numbers
from app.lib.db import Record, transaction
from app.lib.folding import folded
from app.lib.kinds import NO, YES
from app.lib.refusals import Refused
from app.lib.words import language
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

LONGEST = 2000
KEY = 80  # characters of a value by which it is found
NAME = re.compile(r"custom_([0-9]{1,9})")  # how an address, a form or a list calls a field
MOST = 12  # fields by which a list is narrowed, or that it shows: more than people have, and less than an attack needs


class NotSuchAValue(Refused):
    says = _l("“%(name)s” does not take this value.")


class CustomValue(Record):
    """What stands in one field of one ticket: a text; a number with a point, a date as 2026-11-26, yes or no."""

    ticket = DeferredForeignKey("Ticket", backref="custom_values", index=False, on_delete="CASCADE")
    field = ForeignKeyField(CustomField, index=False, on_delete="CASCADE")
    text = TextField()
    key = CharField(max_length=KEY)
    turn = IntegerField()  # the ticket's: of a value the open tickets are found without its closed ones

    class Meta:
        indexes = ((("ticket", "field"), True), (("field", "key", "turn", "ticket"), False))

    def save(self, *args: Any, **options: Any) -> Any:
        self.key, self.turn = key_of(self.text), self.ticket.turn
        return super().save(*args, **options)


class Customizable:
    """Reading and setting them."""

    def custom(self: "Ticket") -> list[tuple[CustomField, str]]:
        """The fields of a ticket of this type, each with what stands in it; empty where nothing does."""
        fields = CustomField.of_type(self.type_id)
        if not fields:
            return []
        query = CustomValue.select(CustomValue.field, CustomValue.text).where(CustomValue.ticket == self)
        known = dict(query.tuples())
        return [(field, known.get(field.id, "")) for field in fields]

    @transaction()
    def set_custom(self: "Ticket", field: CustomField, value: Any, *, by: Person) -> None:
        """Raises NotAllowed, NotSuchAValue."""
        demand(by, "edit")
        self.lock()
        before = CustomValue.find(ticket=self.id, field=field.id)
        if before and value == before.text:  # it may be a choice that is offered no more
            return
        text = tidy(field, value)
        if text == (before.text if before else ""):
            return
        self._keep_custom({field: text})
        self.touch()
        was, later = ({"kind": field.kind, "text": each} if each else None for each in (before and before.text, text))
        self.record("ticket.edited", by=by, field=field.label, was=was, now=later)

    def set_custom_named(self: "Ticket", name: str, value: Any, *, by: Person) -> None:
        """As `set_custom`, the field named as in an address: custom_7."""
        field = next((each for each, _text in self.custom() if f"custom_{each.id}" == name), None)
        if field is not None:
            self.set_custom(field, value, by=by)

    def take_custom(self: "Ticket", origin: "Ticket") -> None:
        """The values of another ticket as they stand, of what is offered no more too."""
        for each in CustomValue.select().where(CustomValue.ticket == origin):
            CustomValue.create(ticket=self, field=each.field_id, text=each.text)

    def _keep_custom(self: "Ticket", values: dict[CustomField, Any]) -> None:
        for field, value in values.items():
            CustomValue.delete().where(CustomValue.ticket == self, CustomValue.field == field).execute()
            if text := tidy(field, value):
                CustomValue.create(ticket=self, field=field, text=text)


def number_of(name: str) -> int | None:
    """The field that is meant by custom_7; None where another is."""
    found = NAME.fullmatch(name)
    return int(found[1]) if found else None


def key_of(text: str) -> str:
    """By what a value is found: without regard to case and accents, and a number however its fraction is written."""
    key = folded(text.strip())[:KEY]
    if re.fullmatch(r"-?\d{1,15}[.,]\d{1,15}", key):
        return f"{Decimal(key.replace(',', '.')).normalize():f}"
    return key


def key_as_typed(text: str) -> str:
    """The key that is meant by who writes a number as is usual in the reader's language: 18.450 in Spanish is 18450."""
    if not re.fullmatch(r"-?\d[\d.,]*[.,]\d+", text.strip()):
        return key_of(text)
    try:
        return key_of(f"{numbers.read(text, language()).normalize():f}")
    except numbers.NotANumber:
        return key_of(text)


def tidy(field: CustomField, value: Any) -> str:
    """The value as it is kept. Raises NotSuchAValue."""
    if value is None or value == "":
        return ""
    text = str(value).strip()[:LONGEST]
    try:
        if field.kind == "yes_no":
            return YES if value is True or text == YES else NO if value is False or text == NO else _refuse(field)
        if field.kind == "date":
            return date.fromisoformat(text).isoformat()
        if field.kind == "number":
            number = Decimal(text.replace(",", "."))
            return f"{number.normalize():f}" if _is_written(number) else _refuse(field)
    except (ValueError, InvalidOperation):
        _refuse(field)
    if field.kind == "choice" and text not in field.choices:
        _refuse(field)
    return text


def _is_written(number: Decimal) -> bool:
    """Whether somebody may have meant it: at most fifteen digits before the point and as many behind it.

    Nothing is computed with another one: 1e9999999 is more than any context holds.
    """
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -15 and number.adjusted() < 15


def _refuse(field: CustomField) -> str:
    raise NotSuchAValue(name=field.label, field=f"custom_{field.id}")
