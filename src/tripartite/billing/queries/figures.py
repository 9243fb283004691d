"""What people ask of a fiscal year: billed, collected, still due, by EPCI and by service. Amounts are integer cents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Sum

from tripartite.billing.models import BilledLine, Invoice
from tripartite.billing.queries.invoices import OWED


@dataclass(frozen=True, slots=True)
class Figures:
    """TTC: `billed` is what invoices ask less what credit notes took back, `collected` what was paid less what was paid
    back, `due` what is still to be paid.
    """

    billed: int = 0
    collected: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class YearlyLine:
    """A line of figures for a year and the one before; `key` names what it is of."""

    key: str
    name: str
    now: Any
    before: Any


def figures_of_year(issuer: str, year: int) -> YearlyLine:
    """All the invoices of a fiscal year, and of the year before: one query."""
    found = _by_year(issuer, year, "issuer")
    return YearlyLine("", "En tout", *(found.get((issuer, one), Figures()) for one in (year, year - 1)))


def figures_by_epci(issuer: str, year: int) -> list[YearlyLine]:
    """The same by the EPCI of the bodies billed, by name; the key is its SIREN, « » without one. One query."""
    found = _by_year(issuer, year, "body__epci__siren", "body__epci__name")
    keys = {key[:2] for key in found}
    lines = [
        YearlyLine(
            siren or "",
            name or "sans intercommunalité",
            *(found.get((siren, name, one), Figures()) for one in (year, year - 1)),
        )
        for siren, name in keys
    ]
    return sorted(lines, key=lambda line: (not line.key, line.name))


def billed_by_service(issuer: str, year: int) -> list[YearlyLine]:
    """What is billed HT, less what credit notes took back, by service, by name: the key is its code. Two queries."""
    of_year = {"fiscal_year__in": (year, year - 1)}
    asked = _lines(issuer, "invoice", of_year)
    back = _lines(issuer, "credit_note__invoice", of_year)
    names = {key[0]: name for key, (name, _) in {**back, **asked}.items()}
    lines = []
    for code, name in names.items():
        now, before = (
            asked.get((code, one), ("", 0))[1] - back.get((code, one), ("", 0))[1] for one in (year, year - 1)
        )
        lines.append(YearlyLine(code, name, now, before))
    return sorted(lines, key=lambda line: (line.name, line.key))


def _by_year(issuer: str, year: int, *columns: str) -> dict[tuple[Any, ...], Figures]:
    rows = Invoice.objects.filter(issuer=issuer, fiscal_year__in=(year, year - 1)).annotate(left=OWED).order_by()
    sums = rows.values(*columns, "fiscal_year").annotate(
        billed=Sum(F("gross_cents") - F("credited_cents")),
        collected=Sum("paid_cents"),
        due=Sum("left", filter=Q(left__gt=0)),
    )
    return {
        (*(row[name] for name in columns), row["fiscal_year"]): Figures(
            row["billed"], row["collected"], row["due"] or 0
        )
        for row in sums
    }


def _lines(issuer: str, at: str, of_year: Mapping[str, Iterable[int]]) -> dict[tuple[str, int], tuple[str, int]]:
    kept = {f"{at}__issuer": issuer} | {f"{at}__{name}": value for name, value in of_year.items()}
    rows = BilledLine.objects.filter(**kept).order_by().values("service", f"{at}__fiscal_year")
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for row in rows.annotate(net=Sum("net_cents"), name=F("service_name")).values_list(
        "service", f"{at}__fiscal_year", "name", "net"
    ):
        code, year, name, net = row
        found[code, year] = (name, found.get((code, year), ("", 0))[1] + net)
    return found
