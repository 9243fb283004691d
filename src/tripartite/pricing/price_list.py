"""A grid laid out flat: one row per price that it votes, with the condition under which it is the one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tripartite.pricing.cases import Measure
from tripartite.pricing.compositions import Bounded, ByDimension, Choose, FirstYear, Plans, Sum
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid import Charge, Grid, Unit
from tripartite.pricing.money import MICROS_PER_EURO, number_text, rate_text
from tripartite.pricing.order import KIND_LABELS
from tripartite.pricing.prices import (
    Bands,
    Blank,
    Blocks,
    Flat,
    Included,
    Marginal,
    NoPrice,
    OnRequest,
    Percent,
    PerUnit,
    Price,
    Rate,
    Refused,
    When,
    percent_text,
)
from tripartite.pricing.scales import MEASURE_WORDS, Scale

FREQUENCIES = {
    Frequency.ONCE: "une fois",
    Frequency.YEARLY: "par an",
    Frequency.MONTHLY: "par mois",
    Frequency.TERM: "pour la durée",
    Frequency.PER_ACT: "par acte",
}


class PriceRow(NamedTuple):
    """One price of the grid. `amount` is in euros, decimal comma, empty where there is none; `price` says it whole."""

    family: str
    services: str
    charge: str
    issuer: str
    frequency: str
    condition: str
    price: str
    amount: str
    place: str


class _Cell(NamedTuple):
    conditions: tuple[str, ...]
    text: str
    amount: int | None = None


def price_list(grid: Grid) -> Iterator[PriceRow]:
    """Every price of a grid, in its order, blank cells apart."""
    for charge in grid.charges:
        service = grid.services[charge.services[0]]
        names = " et ".join(grid.services[code].name for code in charge.services)
        for issuer, price in charge.prices.items():
            for cell in _cells(price, charge.unit):
                yield PriceRow(
                    family=grid.families[service.family].name,
                    services=names,
                    charge=charge.name,
                    issuer=grid.issuers[issuer].short_name,
                    frequency=_frequency(charge),
                    condition=", ".join(filter(None, cell.conditions)),
                    price=cell.text,
                    amount="" if cell.amount is None else _decimal(cell.amount),
                    place=charge.place,
                )


def _frequency(charge: Charge) -> str:
    words = FREQUENCIES[charge.frequency]
    if isinstance(charge.years, int):
        words = f"pour {charge.years} an{'s' if charge.years > 1 else ''}"
    return f"{words}, selon la situation" if charge.conditional else words


def _cells(price: Price, unit: Unit) -> Iterator[_Cell]:  # noqa: C901 - one case per form of price
    match price:
        case NoPrice(outcome):
            if not isinstance(outcome, Blank):
                yield _Cell((), _words(outcome))
        case Bands(rows):
            for row in rows:
                yield from _under(f"{row.text} {price.measure.word(unit).plural}", _cells(row.price, unit))
        case ByDimension(dimensions, cells):
            for key, cell in cells.items():
                yield from _under(_position(dimensions, key), _cells(cell, unit))
        case Plans(plans, beyond):
            for plan in plans:
                yield from _under(f"formule « {plan.name} »", _cells(plan.price, unit))
            yield from _under("au-delà", _cells(beyond, unit))
        case Choose(branches, otherwise):
            for branch in branches:
                yield from _under(_condition(branch.when), _cells(branch.price, unit))
            yield from _under("sinon", _cells(otherwise, unit))
        case FirstYear(first, following):
            yield from _under("première année", _cells(first, unit))
            yield from _under("années suivantes", _cells(following, unit))
        case _:
            yield _combined(price, unit)


def _combined(price: Price, unit: Unit) -> _Cell:  # noqa: PLR0911 - one case per form of price
    """Forms that make one price, said in one sentence."""
    match price:
        case PerUnit(rate, measure):
            return _Cell((), f"{_rate(rate)} par {measure.word(unit).singular}{_allowance(measure)}", rate.base)
        case Flat(rate):
            return _Cell((), _rate(rate), rate.base)
        case Blocks(base, plus, size, beyond, measure):
            start = f"{rate_text(base)} puis " if base else ""
            word = measure.word(unit).plural
            past = f" au-delà de {number_text(beyond)}" if beyond else ""
            return _Cell((), f"{start}{rate_text(plus)} par tranche entamée de {number_text(size)} {word}{past}", plus)
        case Marginal(rows):
            slices = " ; ".join(f"{_slice(row.last)} : {rate_text(row.rate)}" for row in rows)
            return _Cell((), f"chaque {price.measure.word(unit).singular} au prix de sa tranche ({slices})")
        case Percent(share):
            return _Cell((), f"{number_text(share * 100)} % de la base déclarée")
        case Sum(terms):
            return _Cell((), " + ".join(_whole(term, unit) for term in terms))
        case Bounded(inner, least, most):
            texts = [_whole(inner, unit)]
            texts += [f"au moins {rate_text(least)}"] if least is not None else []
            texts += [f"au plus {rate_text(most)}"] if most is not None else []
            return _Cell((), ", ".join(texts))
    raise AssertionError(price)


def _whole(price: Price, unit: Unit) -> str:
    """A price inside another, as one text: its rows with their conditions, between brackets where there are several."""
    texts = [" : ".join(filter(None, (", ".join(cell.conditions), cell.text))) for cell in _cells(price, unit)]
    return texts[0] if len(texts) == 1 else f"({' ; '.join(texts)})"


def _allowance(measure: Measure) -> str:
    """What the measure leaves free, and what it bills at least."""
    free = f", {number_text(measure.included)} sans supplément" if measure.included else ""
    least = f", minimum facturé : {number_text(measure.minimum)}" if measure.minimum else ""
    return free + least


def _under(condition: str, cells: Iterator[_Cell]) -> Iterator[_Cell]:
    for cell in cells:
        yield cell._replace(conditions=(condition, *cell.conditions))


def _words(outcome: Included | OnRequest | Refused | Blank) -> str:
    match outcome:
        case Included():
            return "inclus"
        case OnRequest(reason):
            return f"sur devis ({reason})" if reason else "sur devis"
        case Refused(message):
            return f"refusé ({message})"
        case Blank():
            return ""


def _rate(rate: Rate) -> str:
    more = "".join(
        f" + {rate_text(one.add) if one.add else percent_text(one.percent)} ({one.label})" for one in rate.surcharges
    )
    return rate_text(rate.base) + more


def _slice(last: int | None) -> str:
    return "au-delà" if last is None else f"jusqu'à {number_text(last)}"


def _position(dimensions: Sequence[Scale | str], key: Sequence[str]) -> str:
    words = []
    for dimension, code in zip(dimensions, key, strict=True):
        if isinstance(dimension, Scale):
            ranges = [
                f"{found.text} {MEASURE_WORDS[measure]}"
                for measure, candidates in dimension.ranges.items()
                for found in candidates
                if found.category == code and not found.interpretation
            ]
            words.append(f"catégorie {code} ({' ; '.join(ranges)})")
        elif dimension == "kind":
            words.append(next((label for kind, label in KIND_LABELS.items() if kind.value == code), code))
        else:
            words.append(code)
    return ", ".join(words)


def _condition(when: When) -> str:
    words = [" ou ".join(KIND_LABELS[kind] for kind in when.kinds), " ou ".join(when.client_classes)]
    words += [f"{name} : {' ou '.join(values)}" for name, values in when.options]
    words += [
        f"{name} à partir de {first}" if last is None else f"{name} de {first} à {last}"
        for name, first, last in when.figures
    ]
    return ", ".join(filter(None, words))


def _decimal(micros: int) -> str:
    """Euros with a decimal comma and at least two decimals, as a spreadsheet set in French reads them."""
    whole_part, rest = divmod(micros, MICROS_PER_EURO)
    decimals = f"{rest:0{len(str(MICROS_PER_EURO)) - 1}d}".rstrip("0").ljust(2, "0")
    return f"{whole_part},{decimals}"
