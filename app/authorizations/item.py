"""Items: what a request is made of, each with its amount; and what a customer chooses among them (SPEC W6a)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.lib import money
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

MOST = 50
LONGEST = 500


class NoWords(Refused):
    says = _l("Say what item %(number)s is.")
    field = "items"


class BadAmount(Refused):
    says = _l("The amount of item %(number)s is not one in %(currency)s.")
    field = "items"


class TooManyItems(Refused):
    says = _l("Too many items: %(limit)s at most.")
    field = "items"


class NoReasonFor(Refused):
    says = _l("Tell us why you do not authorize “%(item)s”.")


class NothingChosen(Refused):
    says = _l("You authorize none of it: deny the whole request instead.")
    field = "items"


@dataclass(frozen=True)
class Item:
    """One line of a request. The amount is exact, or None where it has none."""

    number: int
    text: str
    amount: Decimal | None = None

    def kept(self) -> dict[str, Any]:
        """As the database and what is hashed hold it: no float ever."""
        return {"number": self.number, "text": self.text, "amount": None if self.amount is None else str(self.amount)}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Item":
        return cls(kept["number"], kept["text"], None if kept["amount"] is None else Decimal(kept["amount"]))


def listed(given: Iterable[tuple[str, Decimal | None]], currency: str) -> list[Item]:
    """The items of a new request; lines left wholly empty are passed over.

    Raises NoWords, BadAmount, TooManyItems.
    """
    items: list[Item] = []
    for text, amount in given:
        text = " ".join(text.split())[:LONGEST]
        if not text and amount is None:
            continue
        number = len(items) + 1
        if not text:
            raise NoWords(number=number)
        items.append(Item(number, text, _amount(amount, number, currency)))
    if len(items) > MOST:
        raise TooManyItems(limit=MOST)
    return items


def _amount(amount: Decimal | None, number: int, currency: str) -> Decimal | None:
    if amount is None:
        return None
    try:
        fitted = money.exact(amount, currency)
    except money.NotAnAmount:
        raise BadAmount(number=number, currency=currency) from None
    if not 0 <= fitted <= money.LARGEST:
        raise BadAmount(number=number, currency=currency)
    return fitted


def total(items: Iterable[Item]) -> Decimal | None:
    """What these cost together; None where none of them has an amount."""
    amounts = [item.amount for item in items if item.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


@dataclass(frozen=True)
class Choice:
    """What somebody authorizes of a request: all of it, or not the items refused, each for its reason."""

    refused: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.refused

    def among(self, items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
        """The items authorized, and those refused."""
        items = list(items)
        return [each for each in items if each.number not in self.refused], [
            each for each in items if each.number in self.refused
        ]

    def insist_sound(self, items: Iterable[Item]) -> None:
        """Raises NoReasonFor, NothingChosen."""
        wanted, refused = self.among(items)
        if refused and not wanted:
            raise NothingChosen
        for item in refused:
            if not self.refused[item.number].strip():
                raise NoReasonFor(field=f"reason{item.number}", item=item.text)


WHOLE = Choice()
