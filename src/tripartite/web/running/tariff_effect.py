"""What a tariff, adopted or still a draft, changes, or has changed, for those who have services: before, after, from
when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.journal.recall import recalled
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.grid import Grid
from tripartite.pricing.lacking import Sum, together
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.effects import tariff_effect
from tripartite.subscriptions.queries.pending import subscribers_of
from tripartite.subscriptions.queries.running import readings_of_many
from tripartite.tariffs.queries import grid_by_code, rules_from, running_tariffs, version_by_code
from tripartite.tariffs.states import GridState
from tripartite.web.running.cost import LACKING, CostColumn, columns_of, difference
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody

PAGE = 25
MOST_ADDED_UP = 1500
"""Above so many bodies the page does not add up all their costs: the file does."""
ADDED_UP_AT_ONCE = 50
"""Above so many bodies the page shows first, and asks for the sums then."""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What changes for a body, if anything: the days, and per issuer the yearly cost without it and with it."""

    body: PublicBody
    days: tuple[date, ...]
    amounts: dict[str, tuple[Sum, Sum]]


@requires(Action.SUBSCRIPTION_READ)
def show_effect(request: HttpRequest, code: str) -> HttpResponse:
    """The page, its sums by `?sommes=1`, or the whole list by `?format=csv|xlsx`."""
    grid, version = grid_by_code(code), version_by_code(code)
    if grid is None or version is None:
        raise Http404
    on = timezone.localdate()
    draft = version.state == GridState.DRAFT
    drafts = [code] if draft else []
    bodies = recalled("tariff-effect", code, on, read=lambda: _bodies(grid, drafts, on))
    if layout := wanted_layout(request):
        name = f"effet-{code.replace('/', '-')}-{on:%Y-%m-%d}"
        codes = [issuer.code for issuer in issuers()]
        rows = (_export_row(row, codes) for row in _rows(bodies, grid, drafts, on))
        return export(name, _columns(), rows, layout)
    added_up = len(bodies) <= MOST_ADDED_UP
    if "sommes" in request.GET and added_up:
        return render(request, "web/running/effect_totals.html", {"totals": _totals(bodies, grid, drafts, on)})
    page = Paginator(bodies, PAGE).get_page(request.GET.get("page"))
    columns = columns_of({}, issuers())
    context = {
        "grid": grid,
        "draft": draft,
        "page": page,
        "columns": columns,
        "lines": [_line(row, columns) for row in _rows(list(page.object_list), grid, drafts, on)],
        "added_up": added_up,
        "later": len(bodies) > ADDED_UP_AT_ONCE,
        "totals": _totals(bodies, grid, drafts, on) if len(bodies) <= ADDED_UP_AT_ONCE else None,
    }
    return render(request, "web/running/tariff_effect.html", context)


def _bodies(grid: Grid, drafts: Sequence[str], on: date) -> list[int]:
    rows = subscribers_of(grid, running_tariffs(drafts=drafts), on=on).order_by("body__name", "body_id")
    return list(dict.fromkeys(rows.values_list("body_id", flat=True)))


def _rows(bodies: Sequence[int], grid: Grid, drafts: Sequence[str], on: date) -> Iterator[EffectRow]:
    code, ruled = grid.code, rules_from(grid) <= on
    for readings in readings_of_many(bodies, drafts=drafts):
        for reading in readings.values():
            effect = tariff_effect(reading, code, on=on)
            if effect is None and ruled:
                effect = tariff_effect(reading, code, on=date.min)
            amounts = {issuer: (before, after) for issuer, before, after in effect.amounts()} if effect else {}
            yield EffectRow(reading.body, effect.days if effect else (), amounts)


def _line(row: EffectRow, columns: Sequence[CostColumn]) -> dict[str, Any]:
    return {"row": row, "amounts": [(column, row.amounts.get(column.code)) for column in columns]}


def _totals(bodies: Sequence[int], grid: Grid, drafts: Sequence[str], on: date) -> list[dict[str, Any]]:
    sums: dict[str, tuple[Sum, Sum]] = {}
    for row in _rows(bodies, grid, drafts, on):
        for issuer, (before, after) in row.amounts.items():
            known = sums.get(issuer, (Sum(), Sum()))
            sums[issuer] = known[0].plus(before), known[1].plus(after)
    return [
        {"column": column, "before": before, "after": after, "difference": difference(before, after)}
        for column in columns_of(dict.fromkeys(sums, Sum()), issuers())
        for before, after in (sums.get(column.code, (Sum(), Sum())),)
    ]


def _columns() -> list[str]:
    amounts = [f"{issuer.short_name}, par an TTC, {when}" for issuer in issuers() for when in ("sans ce tarif", "avec")]
    return ["collectivité", "SIREN", "à partir du", *amounts, LACKING]


def _export_row(row: EffectRow, codes: Sequence[str]) -> list[Cell]:
    pairs = [row.amounts.get(code) for code in codes]
    amounts: list[Cell] = [None if pair is None else Cents(pair[place].cents) for pair in pairs for place in (0, 1)]
    lacks = str(together(each.lacks for pair in pairs if pair for each in pair))
    return [row.body.name, row.body.siren, row.days[0] if row.days else None, *amounts, lacks]
