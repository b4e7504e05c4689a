"""Amounts: exact decimals, read and shown as the reader writes them."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import NumberFormatError, format_currency, format_decimal, get_currency_precision, parse_decimal

CURRENCIES = ("EUR", "USD", "GBP", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "AOA", "MZN", "CVE", "CHF")
LARGEST = Decimal("999999999.99")
# "1248.50" can be no grouping of thousands in any language, so its point is a decimal one.
PLAIN = re.compile(r"\d+\.\d{1,2}")


class NotAnAmount(ValueError):
    """What was typed is no amount in this language."""


def read(text: str, locale: str) -> Decimal:
    """The amount that was typed: "1.248,50" in Spanish, "1,248.50" in English. Raises NotAnAmount."""
    text = re.sub(r"[\s\u00a0\u202f]", "", text).strip("€$£")
    if PLAIN.fullmatch(text):
        return Decimal(text)
    if not re.fullmatch(r"[\d.,]+", text):
        raise NotAnAmount
    try:
        amount = parse_decimal(text, locale=locale, strict=True)
    except (NumberFormatError, InvalidOperation):
        raise NotAnAmount from None
    if not amount.is_finite():
        raise NotAnAmount
    return amount


def shown(amount: Decimal, currency: str, locale: str) -> str:
    """1.248,50 €, as this language writes it; Portuguese as in Portugal, but reais as in Brazil."""
    if locale == "pt" and currency != "BRL":
        locale = "pt_PT"
    return format_currency(amount, currency, locale=locale)


def typed(amount: Decimal, locale: str) -> str:
    """As somebody would type it into a field: without grouping."""
    return format_decimal(amount, format="0.00" if amount % 1 else "0", locale=locale)


def digits(currency: str) -> int:
    """How many decimals this currency has."""
    return get_currency_precision(currency)


def exact(amount: Decimal, currency: str) -> Decimal:
    """The amount with the currency's decimals; one that has more is not rounded. Raises NotAnAmount."""
    fitted = amount.quantize(Decimal(1).scaleb(-digits(currency)))
    if fitted != amount:
        raise NotAnAmount
    return fitted
