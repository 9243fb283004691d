"""What an invoice comes to: what was voted, to the cent, under the standard's own rule for VAT.

EN 16931 adds up the HT of the lines (BT-106), computes VAT once on it (BT-117, BR-CO-17), and adds both (BT-112,
BR-CO-15). Some sums voted TTC cannot be reached so: at 20 %, those of 3 modulo 6 cents. What is then a cent too much or
too little is the rounding amount (BT-114), and what is to pay (BT-115) is what was voted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from tripartite.billing.printout.parts import InvoiceLine
from tripartite.pricing.money import divide
from tripartite.pricing.vat import WHOLE, Split, add_vat, split_vat

QUANTITY_STEPS = 10_000
"""In a unit: a quantity has four decimals at most (BR-FR-DEC-02)."""
PRICE_STEPS = (100, 1_000, 10_000, 100_000, 1_000_000)
"""In a euro: a price has six decimals at most (BR-FR-DEC-03)."""


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """In cents. `lines` are the columns of each line: HT is BT-131; a VAT column would not add up to `vat` where
    there is a rounding.

    `net` is BT-106 and BT-109, `vat` BT-110, `gross` BT-112, `rounding` BT-114, `due` BT-115.
    """

    lines: tuple[Split, ...]
    net: int
    vat: int
    gross: int
    rounding: int
    due: int

    def settled_in_vat(self) -> "InvoiceTotals":
        """The same where no rounding amount can be said (BASIC WL): the cent is in the VAT, which that profile's rules
        let differ.
        """
        return replace(self, vat=self.vat + self.rounding, gross=self.due, rounding=0)


def total_lines(lines: Sequence[InvoiceLine], rate: int | None) -> InvoiceTotals:
    """The totals of lines that bear one rate (2000 = 20 %; None: no VAT), each voted TTC or HT.

    What is due is the sum of what was voted TTC, and of what was voted HT with its VAT, rounded once. The HT of lines
    voted TTC is that of their total, shared by largest remainder (`pricing.vat`).
    """
    taxed = split_vat([(line.voted_cents, rate) for line in lines if line.basis == "TTC"])
    untaxed = add_vat([line.voted_cents for line in lines if line.basis != "TTC"], rate)
    columns = {"TTC": iter(taxed.lines), "HT": iter(untaxed)}
    splits = tuple(next(columns["TTC" if line.basis == "TTC" else "HT"]) for line in lines)
    net = sum(split.net for split in splits)
    due = sum(split.gross for split in splits)
    vat = divide(net * (rate or 0), WHOLE)
    return InvoiceTotals(splits, net, vat, net + vat, due - net - vat, due)


class UnitPrice(NamedTuple):
    """How the HT of a line comes from its quantity (BT-129): `price` (BT-146) is in euros, for `base` units (BT-149).

    All are exact; a price is never below zero (BR-27), so what is given back has a negative quantity.
    """

    quantity: Fraction
    price: Fraction
    base: Fraction


def unit_price(net: int, quantity: Fraction) -> UnitPrice:
    """The price that gives `net` cents for `quantity`, rounded to the cent, with as few decimals as do.

    Where six decimals do not, the price is said for the whole quantity; a quantity that cannot be written (none, or
    more than four decimals) is said as one.
    """
    sized = abs(quantity) if quantity and _writable(quantity) else Fraction(1)
    amount = abs(net)
    signed = -sized if net < 0 else sized
    for scale in PRICE_STEPS:
        price = Fraction(_nearest(Fraction(amount * scale, 100) / sized), scale)
        if _nearest(price * sized * 100) == amount:
            return UnitPrice(signed, price, Fraction(1))
    return UnitPrice(signed, Fraction(amount, 100), sized)


def _writable(quantity: Fraction) -> bool:
    return (quantity * QUANTITY_STEPS).denominator == 1


def _nearest(number: Fraction) -> int:
    return divide(number.numerator, number.denominator)
