"""Amounts: exact decimals, read and shown as the reader writes them."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_currency_precision

from app.lib import numbers

CURRENCIES = ("EUR", "USD", "GBP", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "AOA", "MZN", "CVE", "CHF")
LARGEST = Decimal("999999999.99")


class NotAnAmount(numbers.NotANumber):
    """What was typed is no amount in this language."""


def read(text: str, locale: str) -> Decimal:
    """The amount that was typed: "1.248,50" in Spanish, "1,248.50" in English. Raises NotAnAmount."""
    try:
        amount = numbers.read(text.strip().strip("€$£"), locale)
    except numbers.NotANumber:
        raise NotAnAmount from None
    if amount.is_signed():
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
