"""« Ce qui tombe dû » for a body between two days: each item, why, from which quote. Nothing is billed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.following.queries.due import read_due
from tripartite.parties.queries.bodies import body_by_identifier, issuers
from tripartite.pricing.calendar import last_day
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind
from tripartite.subscriptions.queries.renewing import IfRenewed, if_renewed
from tripartite.typed import day_within
from tripartite.web.shell.access import requires
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer

COLUMNS = (
    "tombe dû le",
    "émetteur",
    "service",
    "ligne",
    "quantité",
    "du",
    "au",
    "montant",
    "base",
    "genre",
    "devis",
    "explication",
    "acte",
    "identité",
)
KINDS = {ItemKind.DUE: "dû", ItemKind.DIFFERENCE: "différence", ItemKind.CREDIT: "rendu"}
WRONG = "Donnez deux jours entre 2000 et 2150, le premier avant le dernier : une année est montrée à la place."


@dataclass(frozen=True, slots=True)
class DueRow:
    """An item, with its issuer and its kind in words."""

    item: DueItem
    issuer: Issuer
    kind: str


@dataclass(frozen=True, slots=True)
class DueTable:
    """Items in order, and the total of each issuer (cents, as voted), those without a price left out; what would fall
    due only if its convention were renewed.
    """

    rows: tuple[DueRow, ...]
    totals: tuple[tuple[Issuer, int, bool], ...]
    if_renewed: tuple[IfRenewed, ...]

    @property
    def waits(self) -> bool:
        return any(row.item.amount_cents is None for row in self.rows)


@requires(Action.SUBSCRIPTION_READ)
def show_due(request: HttpRequest, siren: str) -> HttpResponse:
    """The page, or the list by `?format=csv|xlsx`."""
    body = or_404(body_by_identifier("siren", siren))
    since, until, wrong = _window(request)
    table = due_rows(body.pk, since, until)
    if layout := wanted_layout(request):
        name = f"du-{siren}-{since:%Y-%m-%d}-{until:%Y-%m-%d}"
        return export(name, COLUMNS, map(_export_row, table.rows), layout)
    context = {"body": body, "since": since, "until": until, "wrong": wrong, "due": table}
    return render(request, "web/running/due.html", context, status=422 if wrong else 200)


def due_rows(body_id: int, since: date, until: date) -> DueTable:
    """What falls due for a body between two days, as its pages show it."""
    known = {issuer.code: issuer for issuer in issuers()}
    due = read_due([body_id])
    items = due.between(since, until)[body_id]
    rows = tuple(DueRow(item, known[item.issuer], KINDS[item.kind]) for item in items if item.issuer in known)
    totals = []
    for issuer in known.values():
        own = [row.item.amount_cents for row in rows if row.issuer == issuer]
        if own:
            totals.append((issuer, sum(amount or 0 for amount in own), None not in own))
    return DueTable(rows, tuple(totals), if_renewed(due.readings[body_id].subscriptions, until))


def _window(request: HttpRequest) -> tuple[date, date, str]:
    """The days asked for; a year from today otherwise."""
    today = timezone.localdate()
    usual = today, last_day(today, 1)
    if "since" not in request.GET and "until" not in request.GET:
        return *usual, ""
    since, until = (day_within(request.GET.get(name, "")) for name in ("since", "until"))
    if since is None or until is None or until < since:
        return *usual, WRONG
    return since, until, ""


def _export_row(row: DueRow) -> list[Cell]:
    item = row.item
    named: list[Cell] = [
        item.on,
        item.issuer,
        item.service_name,
        item.charge_name,
        item.quantity,
        item.since,
        item.until,
    ]
    amount = None if item.amount_cents is None else Cents(item.amount_cents)
    return [*named, amount, item.basis, row.kind, ", ".join(item.quotes), item.explanation, item.citation, item.key]
