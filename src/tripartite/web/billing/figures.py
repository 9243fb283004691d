"""The numbers that people ask for, of a fiscal year and the one before, each leading to its invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tripartite.accounts.rights import Action
from tripartite.billing.queries.figures import YearlyLine, billed_by_service, figures_by_epci, figures_of_year
from tripartite.billing.queries.invoices import NO_EPCI, years_billed
from tripartite.sheets import Cell, Cents
from tripartite.typed import whole_number
from tripartite.web.billing.own import own_issuer
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    issuer, years = own_issuer(request), years_billed(own_issuer(request).code)
    typed = request.GET.get("exercice", "")
    year = whole_number(typed, digits=4) or timezone.localdate().year
    epcis = figures_by_epci(issuer.code, year)
    services = billed_by_service(issuer.code, year)
    if layout := wanted_layout(request):
        name = f"chiffres-{issuer.code}-{year}"
        if request.GET.get("par") == "service":
            columns = ("service", f"facturé HT {year}", f"facturé HT {year - 1}")
            return export(f"{name}-services", columns, _services(services), layout)
        amounts = [f"{what} {one}" for one in (year, year - 1) for what in WORDS]
        return export(f"{name}-epci", ("EPCI", "SIREN", *amounts), _epcis(epcis), layout)
    context = {
        "issuer": issuer,
        "no_epci": NO_EPCI,
        "year": year,
        "before": year - 1,
        "years": sorted({*years, year}, reverse=True),
        "total": figures_of_year(issuer.code, year),
        "epcis": epcis,
        "services": services,
    }
    return render(request, "web/billing/figures.html", context)


WORDS = ("facturé", "encaissé", "reste dû")


def _epcis(lines: Iterable[YearlyLine]) -> Iterator[list[Cell]]:
    for line in lines:
        amounts = [each for one in (line.now, line.before) for each in (one.billed, one.collected, one.due)]
        yield [line.name, line.key, *(Cents(cents) for cents in amounts)]


def _services(lines: Iterable[YearlyLine]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [line.name, Cents(line.now), Cents(line.before)]
