"""The bodies whose category changes by the figures known: before, after, the effect, from which due date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tripartite.accounts.rights import Action
from tripartite.parties.queries.bodies import issuers
from tripartite.parties.queries.facts import facts_of
from tripartite.pricing.lacking import together
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.effects import figure_effect
from tripartite.subscriptions.queries.former import paid_before
from tripartite.subscriptions.queries.pending import category_candidates
from tripartite.subscriptions.queries.running import readings_of_many
from tripartite.typed import clean_line
from tripartite.web.running.cost import LACKING, columns_of, compared
from tripartite.web.shell.access import requires
from tripartite.web.shell.days import asked_day
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer

PAGE = 25
READ_AT_ONCE = 200


@requires(Action.SUBSCRIPTION_READ)
def list_changes(request: HttpRequest) -> HttpResponse:
    """The page of the list, or all of it by `?format=csv|xlsx`."""
    on, wrong = asked_day(request)
    text = clean_line(request.GET.get("q", ""))[:100]
    rows = [row for row in _rows(on) if all(word.lower() in row["body"].name.lower() for word in text.split()[:8])]
    if layout := wanted_layout(request):
        known = issuers()
        written = (_export_row(row, _amounts(row, known)) for row in rows)
        return export(f"categories-{on:%Y-%m-%d}", _columns(), written, layout)
    page, known = Paginator(rows, PAGE).get_page(request.GET.get("page")), issuers()
    context = {
        "page": page,
        "lines": [(row, _amounts(row, known)) for row in page.object_list],
        "columns": columns_of({}, known),
        "on": on,
        "wrong": wrong,
        "text": text,
        "filtered": bool(request.GET),
    }
    return render(request, "web/running/category_changes.html", context)


def _rows(on: date) -> Iterator[dict[str, Any]]:
    figures = dict(category_candidates(on=on))
    for readings in readings_of_many(list(figures), at_once=READ_AT_ONCE):
        effects = {
            body_id: effect
            for body_id, reading in readings.items()
            if (effect := figure_effect(reading, figures[body_id], on=on)) is not None
        }
        former = paid_before(effects, on=on) if effects else {}
        for body_id, effect in effects.items():
            for found in effect.changes:
                yield {
                    "body": readings[body_id].body,
                    "facts": facts_of(readings[body_id].body, on=found.on),
                    "found": found,
                    "effect": effect,
                    "former": former[body_id],
                    "on": found.on,
                }


def _amounts(row: dict[str, Any], known: Sequence[Issuer]) -> list[dict[str, Any]]:
    """What it costs without the new figures and with them, under one tariff: asked for the rows that are shown."""
    return compared(row["effect"].without, row["effect"].cost, known)


def _columns() -> list[str]:
    amounts = [f"{issuer.short_name}, par an TTC, {when}" for issuer in issuers() for when in ("avant", "après")]
    return ["collectivité", "SIREN", "service", "catégorie avant", "catégorie après", "à partir du", *amounts, LACKING]


def _export_row(row: dict[str, Any], amounts: Sequence[dict[str, Any]]) -> list[Cell]:
    found = row["found"]
    sums = [each[when] for each in amounts for when in ("before", "after")]
    cells: list[Cell] = [Cents(each.cents) for each in sums]
    lacks = str(together(each.lacks for each in sums))
    return [row["body"].name, row["body"].siren, found.name, found.before, found.after, row["on"], *cells, lacks]
