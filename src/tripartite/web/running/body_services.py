"""What a body has, on any day: its services, its yearly cost issuer by issuer, why, and what is to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action, may
from tripartite.going_live.queries.activations import activations_to_set_going
from tripartite.parties.queries.bodies import body_by_identifier, issuers, merged_bodies
from tripartite.pricing.calendar import last_day
from tripartite.pricing.money import number_text
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.beyond import Beyond
from tripartite.subscriptions.queries.cost_lines import RunningLine
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.effects import changes_ahead
from tripartite.subscriptions.queries.portrait import services_ended, services_held, services_to_come
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.tariffs.queries import grids_in_force
from tripartite.web.estimator.held import held_address
from tripartite.web.running.cost import compared, cost_table
from tripartite.web.running.due import due_rows
from tripartite.web.shell.access import requires
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.days import asked_day
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody

COLUMNS = (
    "service",
    "tarif",
    "émetteur",
    "quantité",
    "montant annuel TTC",
    "montant annuel HT",
    "explication",
    "acte",
    "à ce prix depuis le",
    "prochaine échéance",
)


@requires(Action.SUBSCRIPTION_READ)
def show_services(request: HttpRequest, siren: str) -> HttpResponse:
    """The page, or the list of lines by `?format=csv|xlsx`."""
    body = or_404(body_by_identifier("siren", siren))
    on, wrong = asked_day(request)
    reading = cost_reading([body.pk])[body.pk]
    cost = reading.cost(on)
    if layout := wanted_layout(request):
        rows = (*map(_export_row, cost.lines), *map(_beyond_row, cost.beyond))
        return export(f"services-{siren}-{on:%Y-%m-%d}", COLUMNS, rows, layout)
    known = issuers()
    year = on, last_day(on, 1)
    may_write = may(request.user, Action.SUBSCRIPTION_WRITE)
    context = {
        "body": body,
        "on": on,
        "wrong": wrong,
        "held": services_held(reading, on=on),
        "table": cost_table(cost),
        "ended": services_ended(reading, on=on),
        "to_come": services_to_come(reading, on=on),
        "ahead": [(change, compared(change.before, change.after, known)) for change in changes_ahead(reading, on=on)],
        "due": due_rows(body.pk, *year),
        "year": year,
        "merged": merged_bodies(body),
        "may_write": may_write,
        "more": _new_request(request, body, reading),
    }
    return render(request, "web/running/body_services.html", context)


def _new_request(request: HttpRequest, body: PublicBody, reading: Reading) -> str:
    """Where a service is added: a new request, on top of what is held today."""
    if body.ended_on or not may(request.user, Action.REQUEST_CREATE):
        return ""
    today = timezone.localdate()
    coming = activations_to_set_going(body.pk)
    return held_address(body.siren, reading, grids_in_force(today), coming=coming, on=today)


def _export_row(line: RunningLine) -> list[Cell]:
    quantity = line.line.quantity
    return [
        line.service_name,
        line.charge_name,
        line.issuer,
        int(quantity) if quantity == int(quantity) else number_text(quantity),
        line.no_price if line.yearly_cents is None else Cents(line.yearly_cents),
        None if line.yearly_net_cents is None else Cents(line.yearly_net_cents),
        line.line.explanation,
        line.citation,
        line.priced_on,
        line.due_on,
    ]


def _beyond_row(each: Beyond) -> list[Cell]:
    """What costs nothing more: no charge, no issuer, and why."""
    return [each.subscription.name, "", "", number_text(each.quantity), Cents(0), None, each.text, "", None, None]
