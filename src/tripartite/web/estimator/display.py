"""An estimate as the screen shows it: services by family, one column per issuer, totals, what to know.

Nothing is computed here: amounts, explanations and warnings are those of pricing, put into words and columns.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils import timezone

from tripartite.parties.queries.bodies import slots_among
from tripartite.parties.queries.looks import issuers_on, renamed
from tripartite.pricing.estimate import Estimate, Line, Status, Totals, voted_text
from tripartite.pricing.french import when_text
from tripartite.pricing.grid import Grid, Interpretation, Issuer, Option, Service
from tripartite.pricing.lacking import Lacks, together
from tripartite.pricing.order import OrderError
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.pricing.quantities import quantity_text
from tripartite.web.estimator.selection import HELD, SET_UP, Selection, asks_set_up, field_of, quantity_fields

if TYPE_CHECKING:
    from tripartite.parties.models import IssuerLook

ONE = ("0", "1", "0,5", "1,5", "0.5", "1.5")
"""Quantities that take the singular in French: what is below two."""


@dataclass(frozen=True, slots=True)
class Column:
    """An issuer and its place: the slot gives its mark, and its colour where its look gives none."""

    issuer: Issuer
    slot: int
    look: "IssuerLook | None" = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one issuer asks for one charge, and why."""

    column: Column
    line: Line
    text: str
    note: str
    explanation: str
    interpretations: tuple[Interpretation, ...]
    name: str
    """« Stockage supplémentaire, abonnement »."""

    @property
    def status(self) -> str:
        return self.line.status.value.replace("_", "-")

    @property
    def figure_field(self) -> str:
        """The field that asks for the figure that it waits for."""
        return field_of(self.line.missing)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge of the tariff, with a cell per issuer (None where it asks nothing)."""

    anchor: str
    name: str
    when: str
    place: str
    cells: tuple[Cell | None, ...]

    @property
    def said(self) -> list[Cell]:
        return [cell for cell in self.cells if cell is not None]


@dataclass(frozen=True, slots=True)
class QuantityField:
    """One number to type (or a box to tick) for a service."""

    name: str
    label: str
    unit: str
    value: str
    step: str
    maximum: int | None
    error: str
    unit_word: str
    """The unit as it goes with the value: « 1 compte », « 4 comptes »."""


@dataclass(frozen=True, slots=True)
class OptionField:
    """One choice to make for a service."""

    name: str
    option: Option
    value: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service that can be chosen, and what it costs once it is."""

    service: Service
    ticked: bool
    fields: tuple[QuantityField, ...]
    options: tuple[OptionField, ...]
    charges: tuple[ChargeRow, ...]
    error: str
    set_up: QuantityField | None = None
    """How much of what is asked for is in place already, where going live is charged."""

    @property
    def chosen(self) -> bool:
        return any(field.value for field in self.fields)


@dataclass(frozen=True, slots=True)
class FamilyRows:
    """The services of a family."""

    code: str
    name: str
    about: str
    rows: tuple[ServiceRow, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The totals of one issuer, in cents, on the basis that was voted; what is paid, TTC, where VAT is added to it."""

    column: Column
    once: int
    term: int
    yearly: int
    first_year: int
    lacks: Lacks
    yearly_taxed: int | None = None
    first_year_taxed: int | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that the estimator shows about an order: rows, totals, warnings, or why there is no price."""

    columns: tuple[Column, ...]
    families: tuple[FamilyRows, ...]
    held: tuple[ServiceRow, ...]
    sums: tuple[Sum, ...] = ()
    estimate: Estimate | None = None
    refusal: OrderError | None = None
    interpretations: tuple[Interpretation, ...] = ()
    on_request: tuple[Cell, ...] = field(default=())
    missing: tuple[Cell, ...] = ()
    to_say: tuple[ServiceRow, ...] = ()
    """The services asked for and held already, of which nobody has said how much is in place."""

    @property
    def first_year(self) -> int:
        return sum(each.first_year for each in self.sums)

    @property
    def yearly(self) -> int:
        return sum(each.yearly for each in self.sums)

    @property
    def first_year_taxed(self) -> int | None:
        return self._taxed([(each.first_year, each.first_year_taxed) for each in self.sums])

    @property
    def yearly_taxed(self) -> int | None:
        return self._taxed([(each.yearly, each.yearly_taxed) for each in self.sums])

    @staticmethod
    def _taxed(amounts: list[tuple[int, int | None]]) -> int | None:
        """What all pay, TTC, where one of them at least adds VAT."""
        if all(taxed is None for _, taxed in amounts):
            return None
        return sum(voted if taxed is None else taxed for voted, taxed in amounts)

    @property
    def term(self) -> int:
        return sum(each.term for each in self.sums)

    @property
    def lacks(self) -> Lacks:
        return together(each.lacks for each in self.sums)

    @property
    def holds(self) -> bool:
        """True when something is said to be in service already."""
        return any(row.chosen or row.error or (row.set_up and row.set_up.value) for row in self.held)


def columns_of(grid: Grid) -> tuple[Column, ...]:
    """The issuers of a grid under their names of today, each with its slot, in the order of the grid: one query."""
    registered = issuers_on(timezone.localdate())
    slots, looks = slots_among(registered, grid.issuers), {one.code: one.look for one in registered}
    return tuple(
        Column(issuer, slots[code], looks.get(code)) for code, issuer in renamed(grid, registered).issuers.items()
    )


def show(
    grid: Grid,
    selection: Selection,
    estimate: Estimate | None = None,
    refusal: OrderError | None = None,
    *,
    left: Collection[str] = (),
) -> Screen:
    """The screen for a selection: its estimate when it has one, the refusal at its place when it was refused. `left`
    are the services that a former programme left in place.
    """
    columns = columns_of(grid)
    charges = _charge_rows(grid, columns, estimate) if estimate else {}
    rows = {
        code: _service_row(service, code, selection, charges.get(code, ()), _refusal_at(refusal, selection, code))
        for code, service in grid.services.items()
    }
    families = tuple(
        FamilyRows(
            family.code, family.name, family.about, tuple(row for row in rows.values() if row.service.family == code)
        )
        for code, family in grid.families.items()
    )
    held = tuple(
        replace(
            _service_row(service, HELD + code, selection, (), _refusal_at(refusal, selection, code, held=True)),
            set_up=_set_up_field(service, selection) if asks_set_up(service, grid) else None,
        )
        for code, service in grid.services.items()
    )
    cells = [cell for row in rows.values() for charge in row.charges for cell in charge.said]
    return Screen(
        columns,
        tuple(family for family in families if family.rows),
        held,
        _sums(columns, estimate) if estimate else (),
        estimate,
        refusal,
        _bearing(grid, cells, estimate) if estimate else (),
        tuple(cell for cell in cells if cell.line.status is Status.ON_REQUEST),
        tuple(cell for cell in cells if cell.line.status is Status.MISSING),
        tuple(
            row
            for row in held
            if row.set_up and not row.set_up.value and rows[row.service.code].chosen
            if row.chosen or row.service.code in left
        ),
    )


def _set_up_field(service: Service, selection: Selection) -> QuantityField:
    name, measured = SET_UP + service.code, service.quantities["quantity"]
    return QuantityField(
        name=name,
        label="dont déjà en place",
        unit=measured.unit.plural,
        value=selection.typed.get(name, ""),
        step=quantity_text(measured.step),
        maximum=measured.maximum,
        error=selection.errors.get(name, ""),
        unit_word=measured.unit.plural,
    )


def _service_row(
    service: Service, place: str, selection: Selection, charges: tuple[ChargeRow, ...], refusal: str
) -> ServiceRow:
    ticked = service.held_once
    fields = tuple(
        QuantityField(
            name=at,
            label=measured.name or measured.unit.plural.capitalize(),
            unit=measured.unit.plural,
            value=selection.typed.get(at, ""),
            step=quantity_text(measured.step),
            maximum=measured.maximum,
            error=selection.errors.get(at, ""),
            unit_word=measured.unit.singular if selection.typed.get(at, "") in ONE else measured.unit.plural,
        )
        for at, name in quantity_fields(service, place).items()
        for measured in (service.quantities[name],)
    )
    options = tuple(
        OptionField(f"{place}.{name}", option, selection.typed.get(f"{place}.{name}", ""))
        for name, option in service.options.items()
    )
    return ServiceRow(service, ticked, fields, options, charges, refusal)


def _refusal_at(refusal: OrderError | None, selection: Selection, code: str, *, held: bool = False) -> str:
    """The message of a refusal that bears on the line of this service, « » otherwise."""
    if refusal is None or refusal.line is None or refusal.held is not held:
        return ""
    lines = selection.held if held else selection.lines
    named = refusal.line < len(lines) and lines[refusal.line]["service"] == code
    return refusal.message if named else ""


def _charge_rows(grid: Grid, columns: tuple[Column, ...], estimate: Estimate) -> Mapping[str, tuple[ChargeRow, ...]]:
    """The lines of an estimate, by service then by charge; a charge shared by services stands under the first."""
    grouped: dict[tuple[str, int], dict[str, Line]] = {}
    for line in estimate.lines:
        at = grid.place_of(line.service, line.charge, line.issuer)
        grouped.setdefault((line.service, at), {})[line.issuer] = line
    rows: dict[str, list[ChargeRow]] = {}
    for (service, at), lines in grouped.items():
        charge = grid.charges[at]
        cells = tuple(
            _cell(grid, column, found) if (found := lines.get(column.issuer.code)) else None for column in columns
        )
        row = ChargeRow(f"{service}-{at}", charge.name, when(next(iter(lines.values()))), charge.place, cells)
        rows.setdefault(service, []).append(row)
    return {service: tuple(of_service) for service, of_service in rows.items()}


def when(line: Line) -> str:
    """« par an », « une fois », « pour 3 ans »."""
    return when_text(line.frequency, line.years)


def _cell(grid: Grid, column: Column, line: Line) -> Cell:
    text, note = _words(line)
    bearing = tuple(grid.interpretations[code] for code in line.interpretations if code in grid.interpretations)
    services = " + ".join(grid.services[code].name for code in line.services)
    charge = grid.charge_of(line.service, line.charge, line.issuer).name
    name = f"{services}, {charge[:1].lower()}{charge[1:]}"
    return Cell(column, line, text, note, line.explanation, bearing, name)


def _words(line: Line) -> tuple[str, str]:
    amount = "" if line.voted_cents is None else voted_text(line, line.voted_cents)
    match line.status:
        case Status.INCLUDED:
            return "inclus", ""
        case Status.ON_REQUEST:
            return ON_REQUEST, beside_on_request(line.reason)
        case Status.MISSING:
            return "à calculer", line.reason
        case Status.CONDITIONAL:
            return amount or ON_REQUEST, f"{line.reason} Non compté dans les totaux."
        case Status.PRICED if line.voted_first_year_cents is not None:
            return amount, f"{voted_text(line, line.voted_first_year_cents)} la première année"
    return amount, ""


def _sums(columns: tuple[Column, ...], estimate: Estimate) -> tuple[Sum, ...]:
    return tuple(_sum(column, estimate.totals[column.issuer.code]) for column in columns)


def _sum(column: Column, total: Totals) -> Sum:
    voted = total.voted
    return Sum(
        column,
        voted.once_cents,
        voted.term_cents,
        voted.yearly_cents,
        voted.first_year_cents,
        total.lacks,
        None if total.yearly_cents == voted.yearly_cents else total.yearly_cents,
        None if total.first_year_cents == voted.first_year_cents else total.first_year_cents,
    )


def _bearing(grid: Grid, cells: list[Cell], estimate: Estimate) -> tuple[Interpretation, ...]:
    """The interpretations that bear on this estimate, in the order of the grid, each once."""
    codes = {reading.code for cell in cells for reading in cell.interpretations}
    codes |= {warning.interpretation for warning in estimate.warnings if warning.interpretation}
    return tuple(reading for code, reading in grid.interpretations.items() if code in codes)
