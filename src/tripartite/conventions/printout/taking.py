"""The services taken, as a convention lists them: one row a service, with what each issuer does and asks."""

from collections.abc import Mapping
from fractions import Fraction

from tripartite.conventions.printout.parts import ServicePart, ServiceTaken
from tripartite.pricing.estimate import RECURRING, Estimate, Frequency, Line, Status, voted_text
from tripartite.pricing.french import when_text
from tripartite.pricing.grid import Grid, Service
from tripartite.pricing.holding import Chosen, Holding
from tripartite.pricing.money import number_text

Row = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""The services of a row, and the options chosen."""


def services_taken(estimate: Estimate, grid: Grid, slots: Mapping[str, int]) -> list[ServiceTaken]:
    """The services of an estimate in the order of the grid; `slots` gives each issuer its colour, as on screens.

    A charge that several services share stands with the first of them that was ordered, and names the others.
    """
    rows: dict[Row, list[Line]] = {}
    alone = [line for line in estimate.lines if len(line.services) == 1]
    for line in alone:
        rows.setdefault((line.services, line.options), []).append(line)
    for line in estimate.lines:
        if len(line.services) > 1:
            rows.setdefault(_row_of(line, rows), []).append(line)
    families = list(grid.families)
    services = list(grid.services)
    ordered = sorted(
        rows.items(),
        key=lambda item: (families.index(grid.services[item[0][0][0]].family), services.index(item[0][0][0])),
    )
    return [_taken(row, lines, grid, slots) for row, lines in ordered]


def services_left(whole: Estimate, change: Estimate, grid: Grid, slots: Mapping[str, int]) -> list[ServiceTaken]:
    """The services that an amendment leaves: all that is then in service, at what is due for the whole each year, with
    what the change alone asks once or for a term, and what is due under a condition as long as the service is held.
    """
    recurring = [line for line in whole.lines if line.frequency in RECURRING]
    apart = [line for line in change.lines if line.frequency not in RECURRING]
    shown = {code for line in (*recurring, *apart) for code in line.services}
    said = {(line.services, line.charge, line.issuer) for line in apart}
    paid = [
        line
        for line in whole.lines
        if line.frequency not in RECURRING
        and (line.services, line.charge, line.issuer) not in said
        and (line.status is Status.CONDITIONAL or not shown.intersection(line.services))
    ]
    return services_taken(whole._replace(lines=(*recurring, *apart, *paid)), grid, slots)


def what_changes(held: Holding, left: Holding, grid: Grid) -> list[str]:
    """What an amendment changes, a sentence each, from what was held to what is left."""
    before, after = held.of_each(), left.of_each()
    places = {code: place for place, code in enumerate(grid.services)}
    keys = sorted({**before, **after}, key=lambda key: places.get(key[0], len(places)))
    return [_change(key, before.get(key), after.get(key), grid) for key in keys if before.get(key) != after.get(key)]


def _change(key: Chosen, before: Holding | None, after: Holding | None, grid: Grid) -> str:
    service = grid.services.get(key[0])
    name = ", ".join((service.name if service else key[0], *(value for _, value in key[1])))
    if after is None:
        return f"{name} : arrêté ({_count(before or Holding(), service)})"
    if before is None:
        return f"{name} : ajouté ({_count(after, service)})"
    return f"{name} : {_count(before, service)} → {_count(after, service)}"


def _count(held: Holding, service: Service | None) -> str:
    lines = list(held)
    if not all(line.is_simple for line in lines):
        return " ; ".join(line.text(service.quantities if service else ()) for line in lines)
    total = held.total
    return f"{number_text(total)}\u00a0{service.unit.of(total)}" if service else number_text(total)


def _row_of(line: Line, rows: dict[Row, list[Line]]) -> Row:
    """Where a shared charge goes: the first of its services that has a row, or a row of them all."""
    return next((row for code in line.services for row in rows if row[0] == (code,)), (line.services, ()))


def _taken(row: Row, lines: list[Line], grid: Grid, slots: Mapping[str, int]) -> ServiceTaken:
    codes, options = row
    service = grid.services[codes[0]]
    names = " + ".join(grid.services[code].name for code in codes)
    chosen = [value.name for option, code in options for value in service.options[option].values if value.code == code]
    return ServiceTaken(
        family=grid.families[service.family].name,
        name=", ".join((names, *chosen)),
        quantity_text=_quantity(row, lines, grid),
        parts=tuple(
            ServicePart(
                code,
                slots[code],
                issuer.short_name,
                tuple(_sentence(line, row, grid) for line in lines if line.issuer == code),
            )
            for code, issuer in grid.issuers.items()
        ),
        codes=codes,
    )


def _quantity(row: Row, lines: list[Line], grid: Grid) -> str:
    """How much is taken: what the service's own charges count (shared ones count others too)."""
    counted = [line for line in lines if line.services == row[0]]
    sums: dict[tuple[str, str], int | Fraction] = {}
    for line in counted:
        key = (line.charge, line.issuer)
        sums[key] = sums.get(key, 0) + line.quantity
    quantity = max(sums.values())
    unit = (
        grid.services[row[0][0]].unit
        if len(row[0]) == 1
        else grid.charge_of(counted[0].service, counted[0].charge, counted[0].issuer).unit
    )
    return f"{number_text(quantity)}\u00a0{unit.of(quantity)}"


def _sentence(line: Line, row: Row, grid: Grid) -> str:
    """« Abonnement, par an : 80,00 € »."""
    charge = grid.charge_of(line.service, line.charge, line.issuer)
    with_others = ""
    if line.services != row[0]:
        others = [grid.services[code].name for code in line.services if code not in row[0]]
        count = f"{number_text(line.quantity)}\u00a0{charge.unit.of(line.quantity)}"
        with_others = f" ({count}, avec {' et '.join(others)})"
    return f"{charge.name}{with_others}, {when_text(line.frequency, line.years)} : {_amount(line)}"


def _amount(line: Line) -> str:
    if line.status is Status.INCLUDED:
        return "inclus"
    if line.status is Status.ON_REQUEST or line.amount_cents is None:
        return "sur devis, au prix du devis"
    amount = voted_text(line, line.voted_cents or 0)
    if line.voted_first_year_cents is not None:
        per = "mois" if line.frequency is Frequency.MONTHLY else "an"
        amount = f"{voted_text(line, line.voted_first_year_cents)} la première année, puis {amount} par {per}"
    if line.status is Status.CONDITIONAL:
        reason = line.reason.rstrip(". ")
        amount = f"{amount}, {reason[:1].lower()}{reason[1:]}"
    return amount
