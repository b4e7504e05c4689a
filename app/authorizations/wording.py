"""How a request is told: who asks and when, and what changed between two versions, word by word."""

import difflib
import re
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import get_locale, get_timezone

from app.authorizations.authorization import Authorization
from app.lib import moments, money
from app.lib.words import gettext as _

WORDS = re.compile(r"\s+|[^\s]+")


def asking(asked: Authorization) -> str:
    """Who asks, and when, to the person who is asked."""
    zone, locale = ZoneInfo(str(get_timezone())), str(get_locale())
    name, time = asked.asked_by.first_name, moments.hour(asked.created_at.astimezone(zone), locale)
    days = moments.days_ago(asked.created_at, zone)
    if days == 0:
        return _("%(name)s asks you for it today at %(time)s.", name=name, time=time)
    if days == 1:
        return _("%(name)s asked you for it yesterday at %(time)s.", name=name, time=time)
    day = moments.day(asked.created_at, zone, locale)
    return _("%(name)s asked you for it on %(day)s at %(time)s.", name=name, day=day, time=time)


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """Pieces of text in order, each "same", "removed" or "added"."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    pieces: list[tuple[str, str]] = []
    for kind, start, end, there, until in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(before[start:end])))
            continue
        if start < end:
            pieces.append(("removed", "".join(before[start:end])))
        if there < until:
            pieces.append(("added", "".join(after[there:until])))
    return pieces


def price(amount: Decimal | None, asked: Authorization) -> str:
    """An amount of this request as the reader writes it."""
    return "" if amount is None else money.shown(amount, asked.currency, str(get_locale()))


class Difference(NamedTuple):
    """One thing that a new version has otherwise: what it is, how it was, how it is; either may be empty."""

    label: str
    was: str
    now: str


def differences(old: Authorization, new: Authorization) -> list[Difference]:
    """What changed beside the text: items, total, files, until when, how it is signed. Both with their `files`."""
    found = [*_items(old, new)]
    pairs = [
        (_("Total"), price(old.total, old), price(new.total, new)),
        (_("Files"), _named(old), _named(new)),
        (_("Can be answered until"), _day(old), _day(new)),
        (_("How"), _way(old), _way(new)),
        (_("Asked of"), old.asked_of.name, new.asked_of.name),
    ]
    return found + [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def _items(old: Authorization, new: Authorization) -> list[Difference]:
    """Item beside item: those with the same words are the same one, wherever it stands."""
    before = {item.text: price(item.amount, old) or "✓" for item in old.items}
    after = {item.text: price(item.amount, new) or "✓" for item in new.items}
    return [
        Difference(text, before.get(text, ""), after.get(text, ""))
        for text in dict.fromkeys([*before, *after])
        if before.get(text) != after.get(text)
    ]


def _named(asked: Authorization) -> str:
    return ", ".join(file.name for file in asked.files)


def _day(asked: Authorization) -> str:
    zone = ZoneInfo(str(get_timezone()))
    return moments.day(asked.valid_until, zone, str(get_locale())) if asked.valid_until else _("without a limit")


def _way(asked: Authorization) -> str:
    return _("With a signature") if asked.needs_signature else _("With a button")
