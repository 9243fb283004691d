"""Quantities, exactly: a JSON number is read as the decimal that was written, and written as the decimal that it is.

Nothing is computed with binary fractions: a float is met here, where JSON is read or written, and nowhere else.
"""

from decimal import Decimal
from fractions import Fraction

from tripartite.pricing.cases import Number

MOST_DIGITS = 40
"""Of a decimal number: beyond, making an exact fraction of it would hold the machine for minutes."""


def exact(value: object) -> Number | None:
    """A finite JSON number (int, float or Decimal) exactly as it was written; a fraction as it is; else None.

    A float stands for the shortest decimal that gives it back: the one in the JSON text that it was read from.
    """
    if type(value) is int:
        return value
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value.adjusted()) > 15:
        return None
    if len(value.as_tuple().digits) > MOST_DIGITS:
        return None
    return plain(Fraction(value))


def plain(number: Number) -> Number:
    """The same number, an integer where it is one."""
    return int(number) if number.denominator == 1 else number


def quantity_json(quantity: Number) -> int | float:
    """A quantity for JSON: whole, or a decimal number on its step (`exact` reads it back as it was)."""
    return int(quantity) if quantity.__class__ is int or quantity == int(quantity) else float(quantity)


def quantity_text(quantity: Number) -> str:
    """A quantity as exact decimal text, for columns and addresses: « 4 », « 2.5 »."""
    return f"{Decimal(quantity.numerator) / Decimal(quantity.denominator):f}"
