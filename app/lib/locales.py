"""The languages and time zones that forms offer."""

from zoneinfo import available_timezones

from wtforms.fields.choices import SelectChoice

from app.lib.words import LANGUAGE_NAMES

LANGUAGES = [SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
# The zones people know by a city; not the historical names and offsets.
CONTINENTS = tuple("Africa/ America/ Antarctica/ Asia/ Atlantic/ Australia/ Europe/ Indian/ Pacific/".split())


def zone_choices() -> list[SelectChoice]:
    known = (zone for zone in sorted(available_timezones()) if zone.startswith(CONTINENTS))
    return [SelectChoice(zone, zone.replace("_", " ")) for zone in known]
