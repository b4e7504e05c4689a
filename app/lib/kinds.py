"""Values of own fields: kept as a text each, read as their kind has it (SPEC T20)."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from flask_babel import format_decimal

from app.lib import moments
from app.lib.words import gettext as _
from app.lib.words import language

YES, NO = "yes", "no"


def said(kind: str, text: str) -> str:
    """The value of a field of this kind as people read it, in their way of writing dates and numbers."""
    value = value_of(kind, text)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return moments.date(datetime(value.year, value.month, value.day, tzinfo=UTC), ZoneInfo("UTC"), language())
    return format_decimal(value) if isinstance(value, Decimal) else value


def value_of(kind: str, text: str) -> str | bool | date | Decimal:
    """What stands in a field of this kind; the text itself where it came from when the field was of another kind."""
    try:
        if kind == "yes_no":
            return {YES: True, NO: False}.get(text, text)
        if kind == "date" and text:
            return date.fromisoformat(text)
        if kind == "number" and text:
            return Decimal(text)
    except (ValueError, InvalidOperation):
        pass
    return text
