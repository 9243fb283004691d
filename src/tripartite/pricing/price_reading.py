"""Reading the price forms of a grid's text. Each form is named by one key; the others qualify it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tripartite.pricing.cases import QUANTITY, Measure, Number
from tripartite.pricing.compositions import (
    Bounded,
    Branch,
    ByDimension,
    Choose,
    FirstYear,
    Plan,
    Plans,
    Sum,
)
from tripartite.pricing.condition_reading import read_surcharges, read_when
from tripartite.pricing.money import number_text
from tripartite.pricing.order import Kind
from tripartite.pricing.outcomes import BLANK, BY_ISSUER, INCLUDED, OnRequest, Refused
from tripartite.pricing.prices import (
    Band,
    Bands,
    Blocks,
    Flat,
    Marginal,
    MarginalRow,
    NoPrice,
    Percent,
    PerUnit,
    Price,
    Rate,
    Surcharge,
)
from tripartite.pricing.scales import Scale
from tripartite.pricing.surroundings import Surroundings
from tripartite.pricing.tables import Table

WORDS: Mapping[str, Price] = {
    "included": NoPrice(INCLUDED),
    "blank": NoPrice(BLANK),
    "on_request": NoPrice(OnRequest(BY_ISSUER)),
}
NOWHERE = NoPrice(OnRequest("Le tarif ne prévoit pas ce cas."))


def read_price(value: object, table: Table, key: str, around: Surroundings) -> Price:
    """The price written at `key` of `table`; findings say what is wrong, and the answer is then a blank."""
    if isinstance(value, str):
        if value in WORDS:
            return WORDS[value]
        table.wrong(key, "écrire included, on_request, blank, ou une table de prix.")
        return WORDS["blank"]
    if not isinstance(value, dict):
        table.wrong(key, "une table de prix est attendue : { per_unit = 20 }, { flat = 50 }…")
        return WORDS["blank"]
    inner = Table(value, table.place.at(key), table.findings)
    price = read_price_table(inner, around)
    inner.close()
    return price


def read_price_table(table: Table, around: Surroundings) -> Price:
    """The price that a table describes, with its qualifiers (measure, first year, bounds)."""
    if around.depth > 8:
        table.wrong(None, "prix trop imbriqués.")
        return WORDS["blank"]
    around = replace(around, depth=around.depth + 1)
    around = replace(around, measure=_measure(table, around))
    forms = [form for form in FORMS if table.has(form)]
    if len(forms) != 1:
        table.taken.update(forms)
        known = ", ".join(FORMS)
        table.wrong(None, f"écrire une forme de prix, et une seule, parmi : {known}.")
        return WORDS["blank"]
    price = _by(table, forms[0], around) if table.has("by") else FORMS[forms[0]](table, around)
    if table.has("first_year"):
        first = read_price(table.raw("first_year"), table, "first_year", around)
        price = FirstYear(first, price)
    least = table.amount("minimum_amount") if table.has("minimum_amount") else None
    most = table.amount("maximum_amount") if table.has("maximum_amount") else None
    if least is not None or most is not None:
        if least is not None and most is not None and least > most:
            table.wrong("minimum_amount", "le minimum dépasse le maximum.")
        price = Bounded(price, least, most)
    return price


def _measure(table: Table, around: Surroundings) -> Measure:
    measure = around.measure
    if table.has("of"):
        value = table.raw("of")
        names = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
        measure = _named_measure(names, table, around) or measure
    included = table.number("included_quantity")
    minimum = table.number("billed_minimum")
    if included or minimum:
        measure = measure._replace(included=included or 0, minimum=minimum or 0)
    return measure


def _named_measure(names: tuple[Any, ...], table: Table, around: Surroundings) -> Measure | None:
    if names == ("quantity",) and "quantity" in around.quantities:
        return QUANTITY
    if names and all(name in around.quantities for name in names):
        return Measure(names=names)
    counted = tuple(name for name in names if name in around.quantities)
    figures = tuple(name for name in names if name not in around.quantities)
    known_figures = {"population", "staff", *around.facts}
    if figures and len(set(names)) == len(names) and known_figures.issuperset(figures):
        return Measure(counted, figures, units=tuple(around.fact_units.get(name) for name in figures))
    known = ", ".join([*around.quantities, "population", "staff", *around.facts])
    table.wrong("of", f"mesure inconnue ; choisir parmi : {known}.")
    return None


def _rate(table: Table, key: str, around: Surroundings) -> Rate:
    return Rate(table.amount(key) or 0, read_surcharges(table, around, _amounts))


def _per_unit(table: Table, around: Surroundings) -> Price:
    return PerUnit(_rate(table, "per_unit", around), around.measure)


def _flat(table: Table, around: Surroundings) -> Price:
    if not table.has("plus"):
        return Flat(_rate(table, "flat", around))
    size = table.integer("per_started", least=1)
    if size is None:
        table.wrong("per_started", "dire la taille d'une tranche entamée.")
    beyond = table.integer("beyond")
    plus, base = table.amount("plus") or 0, table.amount("flat") or 0
    return Blocks(base, plus, size or 1, int(around.after) if beyond is None else beyond, around.measure)


def _included(table: Table, around: Surroundings) -> Price:  # noqa: ARG001 - the shape of every form
    if not table.flag("included"):
        table.wrong("included", "écrire included = true.")
    return NoPrice(INCLUDED)


def _blank(table: Table, around: Surroundings) -> Price:  # noqa: ARG001
    if not table.flag("blank"):
        table.wrong("blank", "écrire blank = true.")
    return NoPrice(BLANK)


def _on_request(table: Table, around: Surroundings) -> Price:  # noqa: ARG001
    return NoPrice(OnRequest(table.text("on_request")))


def _refused(table: Table, around: Surroundings) -> Price:  # noqa: ARG001
    return NoPrice(Refused(table.text("refused")))


def _same_as(table: Table, around: Surroundings) -> Price:
    reference = table.text("same_as")
    if reference in around.followed:
        table.wrong("same_as", f"« {reference} » renvoie à lui-même : écrire son prix quelque part.")
        return WORDS["blank"]
    target = around.same_as(reference)
    if target is None:
        table.wrong("same_as", f"aucune charge « {reference} » avec un prix pour cet émetteur.")
        return WORDS["blank"]
    return read_price(target, table, "same_as", replace(around, followed=(*around.followed, reference)))


def _percent(table: Table, around: Surroundings) -> Price:
    percent = table.number("percent")
    measure = around.measure
    if measure is QUANTITY and "quantity" not in around.quantities:
        table.wrong("of", "dire de quoi : of = …")
    if measure.figures and sum(name.endswith("_cents") for name in measure.figures) != 1:
        table.wrong("of", "un pourcentage porte sur un montant : une donnée dont le code finit par _cents.")
    return Percent(Fraction(percent or 0) / 100, measure)


def _bands(table: Table, around: Surroundings) -> Price:
    step = around.step_of(around.measure)
    first = around.least_of(around.measure)
    rows: list[Band] = []
    for row in table.tables("bands"):
        start = row.number("from")
        first = first if start is None else start
        last = row.number("to")
        if not around.measure.included:
            _check_step(row, step, start, last)
        inside = replace(around, after=max(first - step, 0), settled=())
        cited = row.texts("interpretations")
        for code in cited:
            if code not in around.interpretations:
                row.wrong("interpretations", f"interprétation inconnue : « {code} ».")
        price = read_price_table(row, inside)
        rows.append(Band(first, last, price, row.optional_text("interpretation"), cited))
        row.close()
        if last is not None:
            first = last + step
    if not rows:
        table.wrong("bands", "au moins une tranche.")
    for settled in around.settled:
        like = next((row for row in rows if row.holds(settled.like)), None)
        if like is None:
            table.wrong(
                "bands",
                f"{settled.interpretation} règle un cas comme {settled.like}, qu'aucune tranche ne contient.",
            )
        else:
            rows.append(Band(settled.first, settled.last, like.price, settled.interpretation, like.cited))
    return Bands(tuple(rows), around.measure)


def _check_step(row: Table, step: Number, first: Number | None, last: Number | None) -> None:
    """The bounds of a row are quantities that can be asked: between two of them, a hole would not be seen."""
    for key, bound in (("from", first), ("to", last)):
        if bound is not None and bound % step:
            counted = "nombre entier" if step == 1 else f"multiple de {number_text(step)}"
            row.wrong(key, f"une borne est un {counted}, comme les quantités ; elle est comprise dans la tranche.")


def _marginal(table: Table, around: Surroundings) -> Price:
    rows: list[MarginalRow] = []
    for row in table.tables("marginal"):
        last = row.integer("to", least=1)
        if rows and (rows[-1].last is None or (last is not None and last <= (rows[-1].last or 0))):
            row.wrong("to", "chaque tranche doit aller plus loin que la précédente.")
        rows.append(MarginalRow(last, row.amount("per_unit") or 0))
        row.close()
    if not rows:
        table.wrong("marginal", "au moins une tranche.")
        rows.append(MarginalRow(None, 0))
    return Marginal(tuple(rows), around.measure)


def _plans(table: Table, around: Surroundings) -> Price:
    plans: list[Plan] = []
    for row in table.tables("plans", named="name"):
        limits: list[tuple[Measure, int]] = []
        bounds = row.table("limits")
        for name in bounds.values if bounds else ():
            assert bounds is not None  # noqa: S101 - for the type checker
            most = bounds.integer(name)
            measure = _named_measure((name,), bounds, around)
            if measure is not None and most is not None:
                limits.append((measure, most))
        plans.append(Plan(row.text("name"), tuple(limits), read_price_table(row, around)))
        row.close()
    if not plans:
        table.wrong("plans", "au moins une formule.")
    beyond = read_price(table.raw("beyond"), table, "beyond", around) if table.has("beyond") else NOWHERE
    return Plans(tuple(plans), beyond)


def _sum(table: Table, around: Surroundings) -> Price:
    parts = []
    for row in table.tables("sum"):
        parts.append(read_price_table(row, around))
        row.close()
    if not parts:
        table.wrong("sum", "au moins une part.")
    return Sum(tuple(parts))


def _choose(table: Table, around: Surroundings) -> Price:
    branches: list[Branch] = []
    otherwise: Price | None = None
    for row in table.tables("choose"):
        if otherwise is not None:
            row.wrong(None, "ligne jamais atteinte : la précédente vaut dans tous les cas.")
        if row.has("when"):
            branches.append(Branch(read_when(row, around), read_price_table(row, around)))
        else:
            otherwise = read_price_table(row, around)
        row.close()
    if otherwise is None:
        table.wrong("choose", "finir par une ligne sans when : ce qui vaut dans les autres cas.")
    return Choose(tuple(branches), otherwise or NOWHERE)


FORMS: Mapping[str, Callable[[Table, Surroundings], Price]] = {
    "per_unit": _per_unit,
    "flat": _flat,
    "bands": _bands,
    "marginal": _marginal,
    "percent": _percent,
    "plans": _plans,
    "sum": _sum,
    "choose": _choose,
    "cases": lambda table, around: _by(table, "cases", around),
    "included": _included,
    "on_request": _on_request,
    "refused": _refused,
    "blank": _blank,
    "same_as": _same_as,
}


def _by(table: Table, form: str, around: Surroundings) -> Price:
    """A table of prices by dimensions: amounts of one form, or any price in `cases`."""
    value = table.raw("by")
    table.taken.add(form)
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    dimensions: list[Scale | str] = []
    allowed: list[tuple[str, ...]] = []
    for name in names:
        codes = _values_of(name, around)
        if codes is None:
            table.wrong("by", f"« {name} » n'est ni une échelle, ni une option, ni kind, ni client_class.")
            return NOWHERE
        dimensions.append(around.scales.get(name, name))
        allowed.append(codes)
    if not dimensions or form not in ("per_unit", "flat", "cases", "add"):
        table.wrong("by", 'écrire by = "…" avec per_unit, flat ou cases.')
        return NOWHERE
    cells: dict[tuple[str, ...], Price] = {}
    surcharges = read_surcharges(table, around, _amounts) if form in ("per_unit", "flat") else ()
    nested = table.table(form)
    if nested is not None:
        cells = _cells(nested, form, around, allowed, surcharges)
    otherwise = NOWHERE
    if table.has("otherwise"):
        otherwise = read_price(table.raw("otherwise"), table, "otherwise", around)  # type: ignore[assignment]
    elif missing := [key for key in _product(_needed(names, allowed, around)) if key not in cells]:
        shown = ", ".join(" / ".join(key) for key in missing[:5])
        table.wrong(form, f"cas sans prix : {shown} (ajouter otherwise pour les autres cas).")
    return ByDimension(tuple(dimensions), cells, otherwise)


def _amounts(row: Table, around: Surroundings) -> Price:
    """The amounts that a surcharge adds, by dimensions."""
    return _by(row, "add", around)


def _values_of(name: str, around: Surroundings) -> tuple[str, ...] | None:
    if name in around.scales:
        return around.scales[name].categories
    if name in around.options:
        return tuple(value.code for value in around.options[name].values)
    if name == "kind":
        return tuple(kind.value for kind in Kind)
    if name == "client_class":
        return tuple(around.client_classes)
    return None


def _needed(names: list[str], allowed: list[tuple[str, ...]], around: Surroundings) -> list[tuple[str, ...]]:
    """The values that a table must price: of the kinds of body, those that the grid admits."""
    admitted = [kind.value for kind in Kind if not around.kinds or kind in around.kinds]
    return [tuple(admitted) if name == "kind" else codes for name, codes in zip(names, allowed, strict=True)]


def _product(allowed: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    if not allowed:
        yield ()
        return
    for first in allowed[0]:
        for rest in _product(allowed[1:]):
            yield (first, *rest)


def _cells(
    nested: Table,
    form: str,
    around: Surroundings,
    allowed: list[tuple[str, ...]],
    surcharges: tuple[Surcharge, ...],
) -> dict[tuple[str, ...], Price]:
    """The cells of a table nested as deep as there are dimensions, by their keys; `surcharges` add to each amount."""
    cells: dict[tuple[str, ...], Price] = {}
    for code in nested.values:
        value = nested.raw(code)
        if code not in allowed[0]:
            nested.wrong(code, f"valeur inconnue ; choisir parmi {', '.join(allowed[0])}.")
        elif len(allowed) > 1:
            inner = Table(value, nested.place.at(code), nested.findings)
            cells |= {(code, *key): cell for key, cell in _cells(inner, form, around, allowed[1:], surcharges).items()}
        elif form == "cases" or isinstance(value, str | dict):
            cells[(code,)] = read_price(value, nested, code, around)
        else:
            rate = Rate(nested.as_amount(code, value) or 0, surcharges)
            cells[(code,)] = PerUnit(rate, around.measure) if form == "per_unit" else Flat(rate)
    return cells
