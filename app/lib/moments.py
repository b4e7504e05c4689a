"""Times as people say them: today "10:24", this week "Wed 18", before that "18 Nov"; always in somebody's zone."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.lib.clock import now
from app.lib.words import gettext as _

# The same short forms in our three languages, where CLDR would say "18 Wed", "Nov 18" and "4:24 PM" in English.
WEEKDAY, DAY, DAY_AND_YEAR = "EEE d", "d MMM", "d MMM y"
SPELLED = {"es": "EEEE d 'de' MMMM", "pt": "EEEE, d 'de' MMMM"}
WITH_YEAR = {"es": "d 'de' MMMM 'de' y", "pt": "d 'de' MMMM 'de' y"}


def short(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """For lists: hour today, "yesterday", weekday within six days, else day and month, with the year when far off."""
    there = moment.astimezone(zone)
    days = days_ago(moment, zone)
    if days == 0:
        return hour(there, locale)
    if days == 1:
        return _("yesterday")
    return _short_day(there, days, locale)


def full(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """For titles and conversations: "today, 10:24", "Wed 18, 10:24", "3 Mar, 10:24"."""
    there = moment.astimezone(zone)
    days = days_ago(moment, zone)
    if days == 0:
        return _("today, %(time)s", time=hour(there, locale))
    return f"{_short_day(there, days, locale)}, {hour(there, locale)}"


def long(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """With the offset, for evidence and mails: "18 November 2026, 10:24:05 (UTC+01:00)"."""
    there = moment.astimezone(zone)
    text = _said(WITH_YEAR.get(locale[:2], "d MMMM y"), there.date().isoformat(), locale)
    return f"{text}, {there:%H:%M:%S} ({_offset(there)})"


def compact(moment: datetime, zone: ZoneInfo, locale: str, *, seconds: bool = False) -> str:
    """With the offset, for the narrow columns of documents: "18 Nov 2026, 10:24 (UTC+01:00)"."""
    there = moment.astimezone(zone)
    clock = f"{there:%H:%M:%S}" if seconds else hour(there, locale)
    return f"{date(moment, zone, locale)}, {clock} ({_offset(there)})"


def day(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """ "Thursday 26 November"."""
    return _said(SPELLED.get(locale[:2], "EEEE d MMMM"), moment.astimezone(zone).date().isoformat(), locale)


def date(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """ "26 Nov 2026"."""
    return _said(DAY_AND_YEAR, moment.astimezone(zone).date().isoformat(), locale)


def hour(there: datetime, locale: str) -> str:
    """ "8:12" in Spanish, "08:12" in English and Portuguese."""
    return f"{there.hour}:{there.minute:02d}" if locale[:2] == "es" else f"{there.hour:02d}:{there.minute:02d}"


def days_ago(moment: datetime, zone: ZoneInfo) -> int:
    """Midnights since then, where the reader is; of what is to come, less than nothing."""
    return (now().astimezone(zone).date() - moment.astimezone(zone).date()).days


def span(duration: timedelta) -> str:
    """A length as a clock says it: "42 min", "1 h 52", "3 d"."""
    minutes = int(abs(duration).total_seconds() // 60)
    if minutes < 60:
        return _("%(minutes)s min", minutes=minutes)
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return _("%(hours)s h %(minutes)02d", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)
    return _("%(days)s d", days=minutes // (24 * 60))


def _offset(there: datetime) -> str:
    offset = there.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}"


def _short_day(there: datetime, days: int, locale: str) -> str:
    pattern = WEEKDAY if -7 < days < 7 else DAY if -300 < days < 300 else DAY_AND_YEAR
    return _said(pattern, there.date().isoformat(), locale)


# Babel takes 50 to 100 µs a date; a list of 25 rows shows many of the same.
@lru_cache(maxsize=4096)
def _said(pattern: str, iso_date: str, locale: str) -> str:
    return format_date(datetime.fromisoformat(iso_date), pattern, locale=locale).replace(".", "")
