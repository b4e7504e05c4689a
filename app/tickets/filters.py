"""What a list of tickets is narrowed by: each filter is a name and a value, from the address or from the search box."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from peewee import Field, Select, fn

from app.accounts.person import Person
from app.catalog.lists import Tag
from app.lib.clock import now
from app.lib.folding import folded
from app.lib.prepared import slot
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.tickets.custom import MOST, CustomValue, key_as_typed, key_of, number_of
from app.tickets.lifecycle import CLOSED, STATUSES, TEAM
from app.tickets.settings import TicketSettings
from app.tickets.ticket import NEVER, Ticket, TicketCopy, TicketRead, TicketTag

# Fields of a ticket that hold a number of something, each filtered by it.
NUMBERS = (
    "priority", "assignee", "category", "type", "group", "requester", "organization", "service", "product", "origin",
    "company", "justification", "equipment", "mailbox",
)  # fmt: skip
DATED = ("requester", "organization")  # whose index goes on with the date, and then with the turn
DUE = ("overdue", "today", "week", "none")
VISIBILITY = ("public", "internal")
SIGNATURE = ("yes", "no")
HAS = ("files", "news")
# The parameters of an address, in the order the chips stand in.
NAMES = (
    "status", *NUMBERS, "tag", "due", "visibility", "has", "signature", "language", "created_from", "created_to",
)  # fmt: skip
# What only the search box says, as words of a ticket.
TEXTS: dict[str, tuple[Field, ...]] = {
    "from": (Ticket.name, Ticket.email, Ticket.customer_company, Ticket.phone),
    "serial": (Ticket.serial,),
    "order": (Ticket.sales_order,),
    "subject": (Ticket.subject,),
}
FIELD_OF = {"tag": "tags", "to": "cc", "order": "sales_order", "due": "due_at"}  # where it has another name
PATTERN = dict.fromkeys(map(ord, "%_\\"), " ")  # what a person typed is no pattern of its own
FIXED = frozenset({"me", "none", *DUE, *VISIBILITY, *SIGNATURE, *HAS})  # values that shape the condition itself


@dataclass(frozen=True)
class Filter:
    """One of them; `place` names its slot in a statement that is prepared for every value."""

    name: str
    value: str
    place: str
    unwanted: bool = False  # tickets of which it is not so

    @property
    def shape(self) -> Hashable:
        """What the text of a statement depends on."""
        fixed = self.value in FIXED or "," in self.value or self.name in ("status", "state")
        return self.name, self.place, self.value if fixed else None, self.unwanted

    @property
    def values(self) -> dict[str, Any]:
        """What goes into its slots, beside the moments of the reader's day."""
        if self.name in NUMBERS and is_number(self.value):
            return {self.place: int(self.value)}
        if self.name in TEXTS or self.name == "to":
            return {self.place: f"%{folded(self.value.translate(PATTERN))}%"}
        if number_of(self.name):
            return {self.place: key_of(self.value), f"{self.place}_typed": key_as_typed(self.value)}
        return {self.place: self.value}

    def ids(self, turns: Iterable[int]) -> Select | None:
        """The ids of its tickets, of these turns, where they have to be found before all else; None for the others.

        Copies know no turns.
        """
        if self.unwanted:
            return None
        if self.name == "to":
            return _copied(self)
        if self.name == "tag":
            links = TicketTag.select(TicketTag.ticket.alias("id"))
            return links.where(TicketTag.tag.in_(_tags(self)), TicketTag.turn.in_(turns))
        if field := number_of(self.name):
            return _valued(self, field).where(CustomValue.turn.in_(turns))
        if self.name in DATED:
            theirs = Ticket.alias()
            found = self._is(getattr(theirs, self.name))
            return theirs.select(theirs.id.alias("id")).where(found, theirs.turn.in_(turns))
        return None

    @property
    def condition(self) -> Any:
        """The condition over tickets."""
        return ~fn.COALESCE(self._condition, False) if self.unwanted else self._condition  # what is not known is not so

    @property
    def _condition(self) -> Any:
        if field := number_of(self.name):
            return fn.EXISTS(_valued(self, field).where(CustomValue.ticket == Ticket.id))
        return self._is(getattr(Ticket, self.name)) if self.name in NUMBERS else _CONDITIONS[self.name](self)

    def _is(self, column: Any) -> Any:
        """The condition that a column holds the number, or one of them, or none at all."""
        if "," in self.value:
            return column.in_([int(each) for each in self.value.split(",")])
        if self.value == "none":
            return column.is_null()
        return column == slot("me" if self.value == "me" else self.place)


def of_address(args: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address names soundly."""
    names = (*NAMES, *_own(args)[:MOST])
    return {name: value for name in names if (value := args.get(name, "").strip()) and is_sound(name, value)}


def is_named(args: Iterable[str]) -> bool:
    """Whether an address names any filter."""
    return not set(NAMES).isdisjoint(args) or bool(_own(args))


def _own(args: Iterable[str]) -> list[str]:
    return sorted(filter(number_of, args), key=number_of)  # type: ignore[arg-type]


def is_sound(name: str, value: str) -> bool:
    if number_of(name):
        return len(value) <= 120
    if name in NUMBERS:
        return is_number(value) or value == "none" or (name == "assignee" and value == "me")
    if name in ("tag", "language"):
        return len(value) <= 120
    if name in ("created_from", "created_to"):
        return day(value) is not None
    allowed: dict[str, Iterable[str]] = {
        "status": STATUSES, "due": DUE, "visibility": VISIBILITY, "has": HAS, "signature": SIGNATURE,
    }  # fmt: skip
    return value in allowed[name]


def is_off(name: str) -> bool:
    """Whether what it looks at is switched off for the installation (T6)."""
    return FIELD_OF.get(name, name) in TicketSettings.fields_off


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def day(text: str) -> date | None:
    """A date as a date field sends it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def stored(at: datetime) -> Any:
    """A moment as the engine keeps it."""
    return Ticket.due_order.db_value(at)


@lru_cache(256)
def midnight(zone: ZoneInfo, of: date) -> Any:
    """The moment a day begins where the reader is, as the engine keeps it."""
    return stored(datetime(of.year, of.month, of.day, tzinfo=zone).astimezone(UTC))


def moments(zone: ZoneInfo) -> dict[str, Any]:
    """The slots of time that conditions speak of: the end of today and of the week after, and now, to the minute."""
    return _moments(zone, now().replace(second=0, microsecond=0))


@lru_cache(64)
def _moments(zone: ZoneInfo, minute: datetime) -> dict[str, Any]:
    today = minute.astimezone(zone).date()
    return {
        "day_end": midnight(zone, today + timedelta(days=1)),
        "week_end": midnight(zone, today + timedelta(days=8)),
        "minute": stored(minute),
    }


def place_in_time(filters: Iterable[Filter], zone: ZoneInfo) -> dict[str, Any]:
    """The slots of filters by date: a day begins and ends where the reader is."""
    found = {}
    for each in filters:
        if each.name in ("created_from", "created_to") and (of := day(each.value)):
            found[each.place] = midnight(zone, of + timedelta(days=each.name == "created_to"))
    return found


def _status(asked: Filter) -> Any:
    keys = [key for key in asked.value.split(",") if key in STATUSES]
    return Ticket.status.in_(keys) if len(keys) > 1 else Ticket.status == keys[0]


def _tags(asked: Filter) -> Select:
    return Tag.select(Tag.id).where(Tag.name == slot(asked.place))


def _tag(asked: Filter) -> Any:
    links = TicketTag.select(TicketTag.id)
    return fn.EXISTS(links.where(TicketTag.ticket == Ticket.id, TicketTag.tag.in_(_tags(asked))))


def _valued(asked: Filter, field: int) -> Select:
    """Where a field of the installation's own holds the value: as it is kept, or as the reader writes numbers."""
    found = CustomValue.select(CustomValue.ticket.alias("id"))
    keys = [slot(asked.place), slot(f"{asked.place}_typed")]
    return found.where(CustomValue.field == field, CustomValue.key.in_(keys))


def _due(asked: Filter) -> Any:
    if asked.value == "none":
        return Ticket.due_order == NEVER
    end = {"overdue": "minute", "today": "day_end", "week": "week_end"}[asked.value]
    return Ticket.due_order < slot(end)


def _has(asked: Filter) -> Any:
    if asked.value == "files":
        return Ticket.has_files == True  # noqa: E712
    read = TicketRead.select(TicketRead.ticket).where(
        TicketRead.ticket == Ticket.id, TicketRead.at >= Ticket.last_heard_at
    )
    return (Ticket.turn == TEAM) & Ticket.last_heard_at.is_null(False) & ~fn.EXISTS(read)


def _words(*fields: Any, place: str) -> Any:
    text = fn.COALESCE(fields[0], "")
    for field in fields[1:]:
        text = text.concat(" ").concat(fn.COALESCE(field, ""))
    return fn.LOWER(fn.f_unaccent(text)) ** slot(place)


def _from(asked: Filter) -> Any:
    theirs = Organization.select(Organization.id).where(_words(Organization.name, place=asked.place))
    return _words(*TEXTS["from"], place=asked.place) | Ticket.organization.in_(theirs)


def _serial(asked: Filter) -> Any:
    machines = Equipment.select(Equipment.id).where(_words(Equipment.serial, place=asked.place))
    return _words(*TEXTS["serial"], place=asked.place) | Ticket.equipment.in_(machines)


def _copied(asked: Filter) -> Select:
    """The tickets of which somebody of this name or address gets copies, each once."""
    theirs = Person.select(Person.id).where(_words(Person.name, Person.email, place=asked.place))
    return TicketCopy.select(TicketCopy.ticket.alias("id")).where(TicketCopy.person.in_(theirs)).distinct()


def _state(asked: Filter) -> Any:
    return {
        "open": Ticket.turn < CLOSED,
        "closed": Ticket.turn == CLOSED,
        "unattended": Ticket.turn == TEAM,
        "attended": Ticket.turn.not_in([TEAM, CLOSED]),
    }[asked.value]


_CONDITIONS: dict[str, Any] = {
    "status": _status,
    "state": _state,
    "tag": _tag,
    "due": _due,
    "has": _has,
    "to": lambda asked: Ticket.id.in_(_copied(asked)),
    "from": _from,
    "visibility": lambda asked: Ticket.is_internal == (asked.value == "internal"),
    "signature": lambda asked: Ticket.online_signature == (asked.value == "yes"),
    "language": lambda asked: Ticket.language == slot(asked.place),
    "created_from": lambda asked: Ticket.created_at >= slot(asked.place),
    "created_to": lambda asked: Ticket.created_at < slot(asked.place),
    "serial": _serial,
    **{name: (lambda asked: _words(*TEXTS[asked.name], place=asked.place)) for name in ("order", "subject")},
}
