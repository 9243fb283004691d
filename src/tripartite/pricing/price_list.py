"""A grid laid out flat: one row per price that it votes, with the condition under which it is the one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tripartite.pricing.cases import Measure
from tripartite.pricing.compositions import Bounded, ByDimension, Choose, FirstYear, Plans, Sum
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import counted
from tripartite.pricing.grid import Charge, Grid, Measured
from tripartite.pricing.money import MICROS_PER_EURO, number_text, rate_text
from tripartite.pricing.order import KIND_LABELS
from tripartite.pricing.outcomes import ON_REQUEST, Blank, Included, OnRequest, Refused
from tripartite.pricing.prices import (
    Bands,
    Blocks,
    Flat,
    Marginal,
    NoPrice,
    Percent,
    PerUnit,
    Price,
    Rate,
    Surcharge,
    When,
    percent_text,
)
from tripartite.pricing.scales import MEASURE_WORDS, Range, Scale
from tripartite.pricing.units import Unit

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


class _Words(NamedTuple):
    """What the codes of a charge are called: what is counted, classes of client, values of options, facts."""

    unit: Unit
    quantities: Mapping[str, Measured]
    classes: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, str]

    def measure(self, measure: Measure) -> Unit:
        return measure.word(self.unit)


class _Cell(NamedTuple):
    conditions: tuple[str, ...]
    text: str
    amount: int | None = None


def price_columns(grid: Grid) -> tuple[str, ...]:
    """The French names of a row's columns; amounts are as voted, with tax or without."""
    amount = f"montant {grid.basis}"
    return ("famille", "services", "charge", "émetteur", "fréquence", "condition", "prix", amount, "acte")


def price_list(grid: Grid) -> Iterator[PriceRow]:
    """Every price of a grid, in its order, blank cells apart."""
    for charge in grid.charges:
        service = grid.services[charge.services[0]]
        names = " et ".join(grid.services[code].name for code in charge.services)
        values = {code: {value.code: value.name for value in one.values} for code, one in service.options.items()}
        words = _Words(charge.unit, service.quantities, grid.client_classes, values, grid.facts)
        conditional = _begun_small(charge.conditional) if charge.conditional else None
        for issuer, price in charge.prices.items():
            for cell in _cells(price, words):
                yield PriceRow(
                    family=grid.families[service.family].name,
                    services=names,
                    charge=charge.name,
                    issuer=grid.issuers[issuer].short_name,
                    frequency=_frequency(charge),
                    condition=", ".join(filter(None, (conditional, *cell.conditions))),
                    price=cell.text,
                    amount="" if cell.amount is None else _decimal(cell.amount),
                    place=charge.place,
                )


def _frequency(charge: Charge) -> str:
    words = FREQUENCIES[charge.frequency]
    if isinstance(charge.years, int):
        words = f"pour {counted(charge.years, 'an')}"
    return words


def _begun_small(sentence: str) -> str:
    """A sentence as a condition among others: « uniquement en cas d'intervention »."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def _cells(price: Price, words: _Words) -> Iterator[_Cell]:  # noqa: C901 - one case per form of price
    match price:
        case NoPrice(outcome):
            if not isinstance(outcome, Blank):
                yield _Cell((), _words(outcome))
        case Bands(rows):
            for row in rows:
                yield from _under(f"{row.text} {words.measure(price.measure).plural}", _cells(row.price, words))
        case ByDimension(dimensions, cells):
            for key, cell in cells.items():
                yield from _under(_position(dimensions, key, words), _cells(cell, words))
        case Plans(plans, beyond):
            for plan in plans:
                allowed = ", ".join(_most(measure, most, words) for measure, most in plan.limits)
                named = f"formule « {plan.name} »"
                yield from _under(f"{named} ({allowed})" if allowed else named, _cells(plan.price, words))
            yield from _under("au-delà", _cells(beyond, words))
        case Choose(branches, otherwise):
            for branch in branches:
                yield from _under(_condition(branch.when, words), _cells(branch.price, words))
            yield from _under("dans les autres cas", _cells(otherwise, words))
        case FirstYear(first, following):
            yield from _under("première année", _cells(first, words))
            yield from _under("années suivantes", _cells(following, words))
        case _:
            yield _combined(price, words)


def _combined(price: Price, words: _Words) -> _Cell:  # noqa: PLR0911 - one case per form of price
    """Forms that make one price, said in one sentence."""
    match price:
        case PerUnit(rate, measure):
            each = f"par {words.measure(measure).singular}{_allowance(measure)}"
            return _Cell((), f"{rate_text(rate.base)} {each}{_surcharges(rate)}", rate.base)
        case Flat(rate):
            return _Cell((), f"{rate_text(rate.base)}{_surcharges(rate)}", rate.base)
        case Blocks(base, plus, size, beyond, measure):
            start = f"{rate_text(base)} puis " if base else ""
            past = f" au-delà de {number_text(beyond)}" if beyond else ""
            block = f"tranche entamée de {number_text(size)} {words.measure(measure).plural}{past}"
            return _Cell((), f"{start}{rate_text(plus)} par {block}", None if base else plus)
        case Marginal(rows):
            slices = " ; ".join(f"{_slice(row.last)} : {rate_text(row.rate)}" for row in rows)
            return _Cell((), f"chaque {words.measure(price.measure).singular} au prix de sa tranche ({slices})")
        case Percent(share, measure):
            base_name = words.facts.get(measure.figure or "", words.measure(measure).plural)
            return _Cell((), f"{number_text(share * 100)} % de « {base_name} »")
        case Sum(terms):
            return _Cell((), " + ".join(_whole(term, words) for term in terms))
        case Bounded(inner, least, most):
            texts = [_whole(inner, words)]
            texts += [f"au moins {rate_text(least)}"] if least is not None else []
            texts += [f"au plus {rate_text(most)}"] if most is not None else []
            return _Cell((), ", ".join(texts))
    raise AssertionError(price)


def _whole(price: Price, words: _Words) -> str:
    """A price inside another, as one text: its rows with their conditions, between brackets where there are several."""
    texts = [" : ".join(filter(None, (", ".join(cell.conditions), cell.text))) for cell in _cells(price, words)]
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
        case OnRequest():
            return outcome.words(f"{ON_REQUEST} ({{}})")
        case Refused(message):
            return f"refusé ({message})"
        case Blank():
            return ""


def _surcharges(rate: Rate) -> str:
    return "".join(f", plus {_added(one)} ({one.label})" for one in rate.surcharges)


def _added(one: Surcharge) -> str:
    """« 50,00 € », « 20 % », « 10,00 € pour P, 20,00 € pour G »."""
    if isinstance(one.table, ByDimension):
        cells = ((" / ".join(key), cell) for key, cell in one.table.cells.items())
        return ", ".join(f"{rate_text(cell.rate.base)} pour {name}" for name, cell in cells if isinstance(cell, Flat))
    return rate_text(one.add) if one.add else percent_text(one.percent)


def _most(measure: Measure, most: int, words: _Words) -> str:
    """What a plan allows of one thing: « jusqu'à 50 comptes »; a fact is said by its name."""
    if measure.figure is not None and measure.figure in words.facts:
        return f"{words.facts[measure.figure]} : {number_text(most)} au plus"
    unit = words.quantities[measure.names[0]].unit if len(measure.names) == 1 else words.measure(measure)
    return f"jusqu'à {number_text(most)} {unit.of(most)}"


def _slice(last: int | None) -> str:
    return "au-delà" if last is None else f"jusqu'à {number_text(last)}"


def _position(dimensions: Sequence[Scale | str], key: Sequence[str], words: _Words) -> str:
    said = []
    for dimension, code in zip(dimensions, key, strict=True):
        if isinstance(dimension, Scale):
            said.append(f"catégorie {code} ({' ; '.join(_ranges(dimension, code))})")
        elif dimension == "kind":
            said.append(next((label for kind, label in KIND_LABELS.items() if kind.value == code), code))
        elif dimension == "client_class":
            said.append(words.classes.get(code, code))
        else:
            said.append(words.values.get(dimension, {}).get(code, code))
    return ", ".join(said)


def _ranges(scale: Scale, category: str) -> Iterator[str]:
    """The bounds of a category for each measure; what an interpretation adds to it is said with its code."""
    for measure, candidates in scale.ranges.items():
        mine = [found for found in candidates if found.category == category]
        parts = [f"{found.text} {MEASURE_WORDS[measure]}" for found in mine if not found.interpretation]
        parts += [f"{found.text} selon {found.interpretation}" for found in mine if found.interpretation]
        yield ", ".join(parts)


def _condition(when: When, words: _Words) -> str:
    said = [" ou ".join(KIND_LABELS[kind] for kind in when.kinds)]
    said.append(" ou ".join(words.classes.get(code, code) for code in when.client_classes))
    for name, values in when.options:
        known = words.values.get(name, {})
        said.append(" ou ".join(known.get(code, code) for code in values))
    for name, first, last in when.figures:
        span = Range(first, last, "").text
        said.append(
            f"{span} {MEASURE_WORDS[name]}" if name in MEASURE_WORDS else f"{words.facts.get(name, name)} {span}"
        )
    return ", ".join(filter(None, said))


def _decimal(micros: int) -> str:
    """Euros with a decimal comma and at least two decimals, as a spreadsheet set in French reads them."""
    whole_part, rest = divmod(micros, MICROS_PER_EURO)
    decimals = f"{rest:0{len(str(MICROS_PER_EURO)) - 1}d}".rstrip("0").ljust(2, "0")
    return f"{whole_part},{decimals}"
