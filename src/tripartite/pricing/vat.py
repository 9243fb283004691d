"""VAT, once per rate: what a price voted TTC holds of it, what is added to one voted HT, then shared over the lines.

What was voted is never computed again: the other columns are derived from it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tripartite.pricing.money import divide

WHOLE = 10_000
"""Rates are integers in hundredths of a percent: 2000 is 20 %."""


class Split(NamedTuple):
    """An amount in its three columns, in cents: `net` (HT) + `vat` (TVA) = `gross` (TTC)."""

    net: int
    vat: int
    gross: int


class RateTotal(NamedTuple):
    """What the lines of one rate add up to. `rate` is None where there is no VAT."""

    rate: int | None
    split: Split


class Breakdown(NamedTuple):
    """The lines of a paper in three columns, in their order, and their totals by rate (the highest first)."""

    lines: tuple[Split, ...]
    rates: tuple[RateTotal, ...]

    @property
    def total(self) -> Split:
        return add(self.lines)


def add(splits: Sequence[Split]) -> Split:
    """The sum of each column."""
    return Split(sum(s.net for s in splits), sum(s.vat for s in splits), sum(s.gross for s in splits))


def split_vat(lines: Sequence[tuple[int, int | None]]) -> Breakdown:
    """Put the lines of a paper in three columns that add up to the cent, across and down.

    Each line is its TTC in cents with its rate (2000 = 20 %), or None where VAT does not apply; the TTC is never
    changed. For each rate, the HT of the total is rounded once (half away from zero), then shared by largest
    remainder, so each line is within one cent of its own exact HT. Equal remainders go to the first lines.
    Raises ValueError on a negative rate.
    """
    rates = sorted({rate for _, rate in lines}, key=lambda rate: -1 if rate is None else rate, reverse=True)
    nets = [0] * len(lines)
    totals = []
    for rate in rates:
        places = [place for place, line in enumerate(lines) if line[1] == rate]
        gross = [lines[place][0] for place in places]
        parts = _nets(gross, rate or 0)
        for place, net in zip(places, parts, strict=True):
            nets[place] = net
        totals.append(RateTotal(rate, Split(sum(parts), sum(gross) - sum(parts), sum(gross))))
    splits = tuple(Split(net, line[0] - net, line[0]) for net, line in zip(nets, lines, strict=True))
    return Breakdown(splits, tuple(totals))


def add_vat(nets: Sequence[int], rate: int | None, *, vat: int | None = None) -> tuple[Split, ...]:
    """The three columns of lines voted HT, in cents, that bear one rate (2000 = 20 %; None: no VAT).

    The HT of a line is never changed. The VAT of their total is rounded once (half away from zero), or is `vat` where
    they are a part of a paper, then shared by largest remainder, so each line is within one cent of its own exact VAT;
    equal remainders go to the first lines. Raises ValueError on a negative rate.
    """
    shares = _shares(nets, _positive(rate or 0), WHOLE, vat)
    return tuple(Split(net, part, net + part) for net, part in zip(nets, shares, strict=True))


def _nets(gross: Sequence[int], rate: int) -> list[int]:
    """The HT of each amount: the HT of their total, shared by largest remainder."""
    return _shares(gross, WHOLE, WHOLE + _positive(rate))


def _positive(rate: int) -> int:
    if rate < 0:
        raise ValueError(f"a VAT rate is not negative: {rate}")
    return rate


def _shares(amounts: Sequence[int], times: int, over: int, total: int | None = None) -> list[int]:
    """`times / over` of each amount: that of their total, rounded once (or given), and shared by largest remainder."""
    parts, remainders = [], []
    for amount in amounts:
        part, remainder = divmod(amount * times, over)
        parts.append(part)
        remainders.append(remainder)
    left = (divide(sum(amounts) * times, over) if total is None else total) - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: (-remainders[place], place))[:left]:
        parts[place] += 1
    return parts
