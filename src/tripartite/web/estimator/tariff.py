"""The voted tariff, for anyone to read and to take away."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from tripartite.pricing.grid import Grid
from tripartite.pricing.price_list import PriceRow, price_columns, price_list
from tripartite.tariffs.queries import grid_versions, grids_in_force, version_by_code
from tripartite.web.estimator.choosing import ask_which, grid_asked, others
from tripartite.web.estimator.display import Column, columns_of
from tripartite.web.estimator.selection import OFFER
from tripartite.web.shell.exports import export, wanted_layout

TARIFF = "grid-current"


@dataclass(frozen=True, slots=True)
class TariffLine:
    """One charge: what each issuer asks for it, in the order of the columns."""

    services: str
    charge: str
    frequency: str
    cells: tuple[tuple[Column, tuple[PriceRow, ...]], ...]


def tariff(request: HttpRequest) -> HttpResponse:
    """The grid in force of the offer that `?offre=` names, or of the only one, as a table; `?format=csv|xlsx` as a
    list, `?format=toml` as its own text.
    """
    today = timezone.localdate()
    grids = grids_in_force(today)
    named = QueryDict(urlencode({OFFER: request.GET[OFFER]})) if OFFER in request.GET else QueryDict()
    grid = grid_asked(named, grids)
    if grid is None:
        return ask_which(request, grids, TARIFF, today)
    name = f"tarif-{f'{grid.offer}-' if len(grids) > 1 else ''}{grid.applies_from:%Y-%m-%d}"
    if layout := wanted_layout(request):
        return export(name, price_columns(grid), price_list(grid), layout)
    if request.GET.get("format") == "toml":
        version = version_by_code(grid.code)
        text = version.text if version else ""
        disposition = f'attachment; filename="{name}.toml"'
        return HttpResponse(text, "application/toml; charset=utf-8", headers={"Content-Disposition": disposition})
    columns = columns_of(grid)
    context = {
        "grid": grid,
        "columns": columns,
        "families": [(family, _lines(grid, columns, list(rows))) for family, rows in _by_family(grid)],
        "versions": grid_versions(offer=grid.offer),
        "own": f"?{urlencode({OFFER: grid.offer})}&" if len(grids) > 1 else "?",
        "other_offers": others(grid, grids, TARIFF, QueryDict()),
    }
    return render(request, "web/estimator/tariff.html", context)


def _by_family(grid: Grid) -> list[tuple[str, list[PriceRow]]]:
    return [(family, list(rows)) for family, rows in groupby(price_list(grid), key=lambda row: row.family)]


def _lines(grid: Grid, columns: tuple[Column, ...], rows: list[PriceRow]) -> list[TariffLine]:
    lines, voted = [], {code: issuer.short_name for code, issuer in grid.issuers.items()}
    for (services, charge, frequency), of_charge in groupby(rows, key=lambda row: (*row[1:3], row.frequency)):
        found = list(of_charge)
        cells = tuple(
            (column, tuple(row for row in found if row.issuer == voted[column.issuer.code])) for column in columns
        )
        lines.append(TariffLine(services, charge, frequency, cells))
    return lines
