"""A section of settings: declared as a class, kept as rows, read as attributes."""

import threading
from typing import Any, ClassVar

from babel import Locale
from peewee import CharField, JSONField

from app.lib import phones, quick
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, on_release, transaction
from app.lib.folding import folded
from app.lib.secrets import Unreadable, vault
from app.lib.words import language
from app.timeline.event import record


class Setting(Record):
    """One changed setting; what was never changed has no row."""

    name = CharField(max_length=80, unique=True)
    value = JSONField(null=True)
    changed_at = UTCDateTimeField(default=now)


_unit = threading.local()


def forget() -> None:
    """Drops what this unit of work has read, so that the next one sees other processes' changes."""
    _unit.__dict__.pop("values", None)


on_release(forget)


def _values() -> dict[str, Any]:
    """All changed settings, read once a unit of work (the table has a few dozen rows at most)."""
    if "values" not in _unit.__dict__:
        _unit.values = {row.name: row.value for row in quick.every(Setting)}
    return _unit.values


class Kind:
    """One setting: a descriptor that knows its default and its sentence.

    `label` and `sentence` are lazy translations; `parse` turns what a form or a row holds into the value.
    """

    field = "text"

    def __init__(self, default: Any, label: Any, sentence: Any = "", **options: Any) -> None:
        self.default, self.label, self.sentence, self.options = default, label, sentence, options
        self.name = ""

    def __set_name__(self, owner: type["Section"], name: str) -> None:
        self.name, self.key = name, f"{owner.__name__}.{name}"

    def __get__(self, instance: Any, owner: type) -> Any:
        return self.stored()

    def stored(self) -> Any:
        """What was chosen, else the default; a kind may answer more than that when it is read."""
        values = _values()
        return self.parse(values[self.key]) if self.key in values else self.default

    def parse(self, value: Any) -> Any:
        return value

    def kept(self, value: Any) -> Any:
        """What the row holds of it."""
        return value

    def told(self, value: Any) -> Any:
        """What the history tells of it."""
        return value


class Text(Kind):
    """A line of text; `matches`: a pattern and the sentence for what does not match it."""

    field = "text"


class Flag(Kind):
    field = "flag"

    def parse(self, value: Any) -> bool:
        return bool(value)


class Number(Kind):
    field = "number"

    def parse(self, value: Any) -> int:
        return int(value)


class Days(Number):
    field = "days"


class Seconds(Number):
    field = "seconds"


class Secret(Kind):
    """A text that no page, event or dump of the database tells again: it is kept encrypted."""

    field = "secret"

    def stored(self) -> Any:
        sealed = super().stored()
        try:
            return vault().unlock(sealed) if sealed else ""
        except Unreadable:  # of another installation's key
            return ""

    def kept(self, value: Any) -> Any:
        return vault().lock(value) if value else ""

    def told(self, value: Any) -> Any:
        return "…" if value else ""


class Choice(Kind):
    """One of `choices`, a list of (value, lazy label)."""

    field = "choice"

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return self.options["choices"]

    def parse(self, value: Any) -> str:
        return value if value in {key for key, _ in self.choices} else self.default


class Country(Choice):
    """A country by its code, named in the reader's language, with the prefix of its telephone numbers."""

    field = "country"

    @property
    def choices(self) -> list[tuple[str, Any]]:
        names = Locale(language()).territories
        found = [(code, f"{names.get(code, code)} (+{phones.prefix(code)})") for code in phones.COUNTRIES]
        return sorted(found, key=lambda pair: folded(pair[1]))

    def parse(self, value: Any) -> str:
        return value if value in phones.COUNTRIES else self.default


class Many(Kind):
    """Some of `choices`, as a list of values."""

    field = "many"

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return self.options["choices"]

    def parse(self, value: Any) -> list[str]:
        known = {key for key, _ in self.choices}
        return [item for item in value or [] if item in known]


class Pick(Kind):
    """One of what `offers()` lists as (id, words), by its id; or none."""

    field = "pick"

    def parse(self, value: Any) -> int | None:
        return int(value) if value else None


class Words(Kind):
    """Several words, one a line, each as `check(word)` says it; what `check` knows nothing of is left out."""

    field = "words"

    def parse(self, value: Any) -> list[str]:
        checked = [self.options["check"](word) for word in value or []]
        return list(dict.fromkeys(word for word in checked if word))


class Section:
    """Base of every section; subclasses are found in `sections` for the settings pages."""

    sections: ClassVar[dict[str, type["Section"]]] = {}
    title: ClassVar[Any] = ""
    link: ClassVar[tuple[Any, str] | None] = None  # words and address of somebody else's page that it needs

    def __init_subclass__(cls) -> None:
        Section.sections[cls.__name__] = cls

    @classmethod
    def kinds(cls) -> dict[str, Kind]:
        return {name: value for name, value in vars(cls).items() if isinstance(value, Kind)}

    @classmethod
    def set(cls, **values: Any) -> dict[str, Any]:
        """Keeps these values; returns those that really changed. Raises KeyError for an unknown name."""
        kinds, changed = cls.kinds(), {}
        for name, value in values.items():
            kind = kinds[name]
            value = kind.parse(value)
            if value == kind.stored():
                continue
            row = {"value": kind.kept(value), "changed_at": now()}
            (
                Setting.insert(name=kind.key, **row)
                .on_conflict(conflict_target=[Setting.name], update={getattr(Setting, name): row[name] for name in row})
                .execute()
            )
            changed[name] = value
            forget()
        return changed

    @classmethod
    def insist_sound(cls, values: dict[str, Any]) -> None:
        """Where settings depend on each other, a section refuses here what does not go together."""

    @classmethod
    @transaction()
    def change(cls, *, by: Any, **values: Any) -> dict[str, Any]:
        """Somebody's change in the settings pages: kept, and noted with what it was before. Raises Refused."""
        kinds = cls.kinds()
        cls.insist_sound({name: kind.stored() for name, kind in kinds.items()} | values)
        before = {name: kinds[name].stored() for name in values}
        changed = cls.set(**values)
        for name, value in changed.items():
            was, told = kinds[name].told(before[name]), kinds[name].told(value)
            record("setting.changed", by=by, section=cls.__name__, name=name, was=was, now=told)
        return changed
