"""Money: whole cents outside, exact rates inside, one rounding.

A rate of a grid is an integer number of *micros* (millionths of a euro), so that 0,0035 € a page is exact.
Amounts that people see are integer cents, rounded once, half away from zero, at the end of a line.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

MICROS_PER_CENT = 10_000
HALF_CENT = 5_000
MICROS_PER_EURO = 1_000_000


def micros(euros: Decimal) -> int:
    """The rate `euros` in micros. Raises ValueError when it is finer than a millionth of a euro."""
    scaled = euros * MICROS_PER_EURO
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{euros} €")
    return int(scaled)


def to_cents(amount: int | Fraction) -> int:
    """The only rounding: micros to cents, half away from zero."""
    if amount < 0:
        return -to_cents(-amount)
    return (amount + HALF_CENT) // MICROS_PER_CENT


def divide(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, half away from zero (denominator > 0)."""
    if numerator < 0:
        return -divide(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` cents shared in proportion to `weights` by largest remainder: the parts add up to `total`.

    Equal remainders go to the first ones. Weights are not negative; if all are zero, the total must be zero.
    """
    base = sum(weights)
    if base == 0:
        if total:
            raise ValueError("nothing to share on")
        return [0] * len(weights)
    parts = [total * weight // base for weight in weights]
    left = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % base), i))
    for index in order[:left]:
        parts[index] += 1
    return parts


NO_BREAK = "\u202f"
MINUS = "\u2212"
"""What people read below zero; machines read a hyphen (CSV, JSON)."""


def euros(cents: int) -> str:
    """`103000` as « 1 030,00 € », with no-break spaces; below zero, with a minus sign."""
    sign, cents = (MINUS, -cents) if cents < 0 else ("", cents)
    units, rest = divmod(cents, 100)
    return f"{sign}{units if units < 1000 else whole(units)},{rest:02d}\u00a0€"


def amount_text(gross: int, net: int | None) -> str:
    """What is due, TTC: « 60,00 € TTC », after what was voted where that is HT: « 50,00 € HT, soit 60,00 € TTC »."""
    voted = "" if net is None or net == gross else f"{euros(net)} HT, soit "
    return f"{voted}{euros(gross)} TTC"


def whole(number: int) -> str:
    """`12345` as « 12 345 » (narrow no-break space); below zero, with a minus sign."""
    return str(number) if 0 <= number < 1000 else f"{number:,}".replace(",", NO_BREAK).replace("-", MINUS)


def rate_text(rate: int) -> str:
    """A rate in micros as people write it: at least two decimals, no more than needed (« 0,0035 € »)."""
    euro_part, rest = divmod(abs(rate), MICROS_PER_EURO)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{MINUS if rate < 0 else ''}{whole(euro_part)},{decimals}\u00a0€"


def number_text(number: int | Fraction) -> str:
    """A quantity as people write it: « 1 500 », « 2,5 »."""
    if number.__class__ is int or number == int(number):
        return whole(int(number))
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):,f}"
    return text.replace(",", NO_BREAK).replace(".", ",").replace("-", MINUS)


def read_number_text(text: str) -> int | Fraction:
    """What `number_text` wrote, exactly. Raises ValueError where it is no number."""
    number = Fraction("".join(text.split()).replace(",", ".").replace(MINUS, "-"))
    return int(number) if number.denominator == 1 else number
