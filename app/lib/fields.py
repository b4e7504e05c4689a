"""Fields that forms of several features share: one record of a list, a moment in the reader's zone, a list of words."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import get_locale, get_timezone
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.fields.choices import Choice
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea

from app.lib import money, numbers
from app.lib.db import Record
from app.lib.words import gettext as _

NO_MOMENT = "Not a valid datetime value."  # wtforms has it in our languages
YEARS = range(1970, 9001)  # beyond them a moment may have no place in somebody else's zone


class RecordField(SelectField):
    """One record of a list, chosen by its id; the field's data is the record itself, or None for `blank`.

    `offers` is asked once a form. A record that is no longer on offer stays choosable where it already stands.
    """

    def __init__(
        self,
        label: Any,
        offers: Callable[[], Iterable[Any]],
        *,
        blank: Any = None,
        validators: Any = (),
        **options: Any,
    ) -> None:
        super().__init__(label, [*validators], choices=[], validate_choice=False, **options)
        self.offers, self.blank = offers, blank
        self._offered: list[Any] | None = None

    @property
    def offered(self) -> list[Any]:
        if self._offered is None:
            self._offered = list(self.offers())
            if isinstance(self.object_data, Record) and self.object_data not in self._offered:
                self._offered.append(self.object_data)
        return self._offered

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        if not given:
            self.data = None
            return
        self.data = next((each for each in self.offered if str(each.id) == given), None)
        if self.data is None:
            raise ValidationError(_("Choose one of those offered."))

    def iter_choices(self) -> Iterator[Any]:
        chosen = self.data.id if self.data is not None else None
        if self.blank is not None:
            yield Choice("", str(self.blank), chosen is None, {})
        for each in self.offered:
            yield Choice(str(each.id), self.words(each), each.id == chosen, {})

    def words(self, each: Any) -> str:
        """What a choice is called."""
        return str(getattr(each, "label", None) or each.name)

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.blank is None:
            raise ValidationError(_("Choose one of those offered."))


class MomentField(DateTimeLocalField):
    """A moment, typed and shown in the reader's zone; the data is aware, in UTC."""

    data: Any

    def __init__(self, label: Any, validators: Any = (), **options: Any) -> None:
        super().__init__(label, [*validators], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValidationError(self.gettext(NO_MOMENT))
        if self.data is not None:
            self.data = self.data.replace(tzinfo=_zone()).astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if not isinstance(self.data, datetime):
            return ""
        return self.data.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M")


class NumberField(StringField):
    """A number as the reader writes it; the data is an exact Decimal, or None where nothing was typed."""

    data: Any
    written: ClassVar[Any] = numbers  # how it is read, and typed
    example = Decimal("1250.4")

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0].strip() if valuelist else ""
        self.data = None
        if given:
            try:
                self.data = self.written.read(given, str(get_locale()))
            except numbers.NotANumber:
                example = self.written.typed(self.example, str(get_locale()))
                raise ValidationError(_("Write it as %(example)s.", example=example)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written.typed(self.data, str(get_locale()))


class AmountField(NumberField):
    """An amount of money, likewise."""

    written: ClassVar[Any] = money


def words_of(text: str) -> list[str]:
    """What stands between commas, semicolons and ends of lines."""
    parts = (part.strip() for part in re.split(r"[,;\n]", text))
    return [part for part in parts if part]


class WordsField(StringField):
    """Several words or addresses in one line, between commas; the data is a list."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = words_of(valuelist[0]) if valuelist else []

    def _value(self) -> str:
        return ", ".join(self.data or [])


class LinesField(WordsField):
    """Several words, one a line."""

    widget = TextArea()

    def _value(self) -> str:
        return "\n".join(self.data or [])


def _zone() -> ZoneInfo:
    return ZoneInfo(str(get_timezone()))
