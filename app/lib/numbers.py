"""Numbers as people type them."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import NumberFormatError, format_decimal, parse_decimal

# One mark that can be no grouping of thousands in any language: 12.5, 0,450, 1250.400.
FRACTION = re.compile(r"-?(?:0[.,]\d+|\d+[.,](?!\d{3}$)\d+|\d{4,}[.,]\d+)")


class NotANumber(ValueError):
    """What was typed is no number in this language."""


def read(text: str, locale: str) -> Decimal:
    """The number that was typed: 18450 for "18.450" in Spanish, for "18,450" in English. Raises NotANumber."""
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    if FRACTION.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not re.fullmatch(r"-?[\d.,]+", text, re.ASCII):
        raise NotANumber
    try:
        number = parse_decimal(text, locale=locale, strict=True)
    except (NumberFormatError, InvalidOperation):
        raise NotANumber from None
    if not number.is_finite():
        raise NotANumber
    return number


def typed(number: Decimal, locale: str) -> str:
    """As somebody would type it into a field: without grouping."""
    return format_decimal(number, locale=locale, decimal_quantization=False, group_separator=False)
