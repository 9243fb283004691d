"""« Facturation »: where an issuer's billing stands, every figure leading to what it counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tripartite.accounts.rights import Action
from tripartite.billing.queries.invoices import run_list, to_order
from tripartite.billing.queries.owed import balance, unmatched_cents
from tripartite.billing.queries.settings import settings_on
from tripartite.web.billing.forms import RunForm
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.billing.runs import run_lines
from tripartite.web.shell.access import requires

LATEST = 5


@require_GET
@requires(Action.BILLING_READ)
def home(request: HttpRequest) -> HttpResponse:
    issuer, today = own_issuer(request), timezone.localdate()
    invoices, notes = to_order(issuer.code)
    context = {
        "issuer": issuer,
        "settings": settings_on(issuer.code, today),
        "balance": balance(issuer.code, on=today),
        "unmatched": unmatched_cents(issuer.code),
        "to_order": len(invoices),
        "to_reduce": len(notes),
        "runs": run_lines(run_list(issuer.code)[:LATEST]),
        "form": RunForm(initial={"until": today}),
        "can": can(request),
        "today": today,
    }
    return render(request, "web/billing/home.html", context)
