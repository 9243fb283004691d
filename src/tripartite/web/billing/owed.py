"""What is still due, by fiscal year and by body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tripartite.accounts.rights import Action
from tripartite.billing.queries.owed import Owing, balance, balances_by_body, balances_by_year
from tripartite.sheets import Cell, Cents
from tripartite.web.billing.own import own_issuer
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout

PAGE = 50
COLUMNS = ("structure", "due par", "factures", "facturé", "avoirs", "payé", "reste dû", "en retard", "à rembourser")


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    """The bodies that owe something, or to which something is to be paid back; all of them in the file."""
    issuer, today = own_issuer(request), timezone.localdate()
    bodies = [one for one in balances_by_body(issuer.code, on=today) if one.balance.owed or one.balance.to_repay]
    if layout := wanted_layout(request):
        return export(f"restes-dus-{issuer.code}-{today:%Y-%m-%d}", COLUMNS, _exported(bodies), layout)
    context = {
        "issuer": issuer,
        "today": today,
        "total": balance(issuer.code, on=today),
        "years": balances_by_year(issuer.code, on=today),
        "page": Paginator(bodies, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "web/billing/owed.html", context)


def _exported(bodies: Iterable[Owing]) -> Iterator[list[Cell]]:
    for _, name, one, heir in bodies:
        amounts = (one.gross, one.credited, one.paid, one.owed, one.overdue, one.to_repay)
        yield [name, heir or name, one.invoices, *(Cents(cents) for cents in amounts)]
