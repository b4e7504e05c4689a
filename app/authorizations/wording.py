"""How a request is told: who asks and when, and what changed between two versions, word by word."""

import difflib
import re
from zoneinfo import ZoneInfo

from flask_babel import get_locale, get_timezone

from app.authorizations.authorization import Authorization
from app.lib import moments
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
