"""Phone numbers in international form, read and checked by Google's own tables (phonenumbers)."""

from contextlib import suppress
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

# From the small table: asked country by country, the library imports a module of each.
_PREFIXES = {
    country: code
    for code, countries in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
    for country in countries
    if country in phonenumbers.SUPPORTED_REGIONS
}
COUNTRIES = sorted(_PREFIXES)


def digits(typed: str, country: str) -> str | None:
    """Country prefix and number, digits only, as wa.me wants it; None for what is no number that exists.

    A number is first read with its prefix, whether its plus was typed or not, then as one of `country`.
    """
    plain = typed.strip()
    with_plus = plain if plain.startswith("+") else f"+{plain.removeprefix('00')}"
    for text, region in ((with_plus, None), (plain, country)):
        try:
            number = phonenumbers.parse(text, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


def shown(number: str) -> str:
    """Digits with their prefix, as people read them: +34 666 77 78 88."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(f"+{number}"), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return f"+{number}"


@lru_cache(2048)
def spaced(typed: str) -> str:
    """+34600555014 as people read it, +34 600 55 50 14; whatever somebody wrote in a way of their own stays theirs."""
    is_bare = typed.startswith("+") and typed[1:].isdecimal()
    return shown(typed[1:]) if is_bare else typed


def sought(typed: str) -> list[str]:
    """A number by what people look for: as it was typed, in its groups, without spaces, without its prefix."""
    if not (plain := "".join(each for each in typed if each.isdigit())):
        return [typed]
    found = [typed, plain]
    if typed.strip().startswith("+"):
        with suppress(NumberParseException):
            national = phonenumbers.national_significant_number(phonenumbers.parse(typed))
            found += [f"+{plain}", national, shown(plain)]  # PostgreSQL keeps the sign of a number
    return list(dict.fromkeys(found))


def prefix(country: str) -> int:
    """The prefix of a country: 34 of Spain."""
    return _PREFIXES[country]
