"""Reading conditions (`when`) and surcharges."""

from collections.abc import Callable, Iterator

from tripartite.pricing.order import Kind
from tripartite.pricing.prices import Price, Surcharge, When
from tripartite.pricing.surroundings import Surroundings
from tripartite.pricing.tables import Table

ReadAmounts = Callable[[Table, Surroundings], Price]
"""How the table of amounts of a surcharge is read: « by » and « add »."""


def read_surcharges(table: Table, around: Surroundings, amounts: ReadAmounts) -> tuple[Surcharge, ...]:
    """The surcharges of a price, which add to its amount or, for a table, to each of its amounts."""
    return tuple(_surcharge(row, around, amounts) for row in table.tables("surcharges", named="label"))


def _surcharge(row: Table, around: Surroundings, amounts: ReadAmounts) -> Surcharge:
    """A surcharge: its label, its condition, an amount, a table of amounts or a percentage."""
    label = row.text("label")
    by = amounts(row, around) if row.has("by") else None
    add = row.amount("add") or 0 if row.has("add") and by is None else 0
    percent = row.number("percent") or 0
    if (by is not None or bool(add)) == bool(percent):
        row.wrong(None, "écrire add (montant) ou percent (pourcentage du tarif), l'un des deux.")
    hundredths = percent * 100
    if hundredths != int(hundredths):
        row.wrong("percent", "deux décimales au plus.")
    surcharge = Surcharge(label, read_when(row, around), add, int(hundredths), by)
    row.close()
    return surcharge


def read_when(row: Table, around: Surroundings) -> When:
    """The condition written at `when`; findings name what is unknown in it."""
    table = row.table("when")
    if table is None:
        row.wrong("when", "dire quand : when = { … }.")
        return When()
    kinds = tuple(_kind(kind, table) for kind in table.texts("kind"))
    classes = table.texts("client_class")
    for code in classes:
        if code not in around.client_classes:
            table.wrong("client_class", f"classe de client inconnue : « {code} ».")
    options = tuple(_when_options(table, around))
    figures = tuple(_when_figures(table, around))
    table.close()
    if not (kinds or classes or options or figures):
        table.wrong(None, "condition vide : elle vaudrait toujours.")
    return When(tuple(kind for kind in kinds if kind), classes, options, figures)


def _kind(code: str, table: Table) -> Kind | None:
    try:
        return Kind(code)
    except ValueError:
        table.wrong("kind", f"type de structure inconnu : « {code} » ; choisir parmi {', '.join(Kind)}.")
        return None


def _when_options(table: Table, around: Surroundings) -> Iterator[tuple[str, tuple[str, ...]]]:
    options = table.table("options")
    for code in options.values if options else ():
        assert options is not None  # noqa: S101 - for the type checker
        values = options.words(code)
        option = around.options.get(code)
        known = {value.code for value in option.values} if option else set()
        if not option:
            options.wrong(code, "option inconnue de ce service.")
        elif not set(values) <= known:
            options.wrong(code, f"valeur inconnue ; choisir parmi {', '.join(sorted(known))}.")
        yield code, values


def _when_figures(table: Table, around: Surroundings) -> Iterator[tuple[str, int, int | None]]:
    for name in ("population", "staff", *around.facts):
        bounds = table.table(name)
        if bounds is not None:
            first, last = bounds.integer("from"), bounds.integer("to")
            if first is None and last is None:
                bounds.wrong(None, "donner from, to ou les deux.")
            bounds.close()
            yield name, first or 0, last
