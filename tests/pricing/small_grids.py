"""Small grids to try one rule at a time: one service, one price, and what the test adds."""

from datetime import date
from typing import Any

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Line
from tripartite.pricing.findings import Finding
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

ON = date(2026, 9, 1)
HEAD = """
format = 1
code = "essai/2026"
title = "Essai"
basis = "{basis}"
prorata = "none"
applies_from = 2026-01-01
{root}
[act]
body = "Syndicat de l'essai"
kind = "délibération"
subject = "Tarifs"

[[issuer]]
code = "op"
name = "Opérateur"
part = "Services"
vat = {vat}

[[family]]
code = "f"
name = "Famille"
"""
SERVICE = """
[[service]]
code = "{code}"
family = "f"
name = "Service {code}"
{fields}
[[service.charge]]
code = "prix"
name = "Prix"
frequency = "{frequency}"
{charge}
op = {price}
"""
UNIT = 'unit = ["compte", "comptes"]'
SIZES = """
[[scale]]
code = "taille"
name = "Taille"
[[scale.classed_by]]
kinds = ["commune", "departement", "region", "autre"]
by = "population"
[[scale.classed_by]]
kinds = ["epci", "syndicat", "ccas", "cias", "caisse-des-ecoles", "etablissement-public"]
by = "staff"
[[scale.category]]
code = "P"
population = { to = 1000 }
staff = { to = 10 }
[[scale.category]]
code = "G"
population = { from = 1001 }
staff = { from = 11 }
"""


def service(price: str, *, code: str = "s", fields: str = UNIT, frequency: str = "yearly", charge: str = "") -> str:
    """The text of one service with one price."""
    return SERVICE.format(code=code, price=price, fields=fields, frequency=frequency, charge=charge)


def grid_text(*parts: str, root: str = "", basis: str = "TTC", vat: str = "[{ from = 2026-01-01, rate = 20 }]") -> str:
    """The text of a grid made of a common head and these parts."""
    return HEAD.format(root=root, basis=basis, vat=vat) + "".join(parts)


def line(service: str = "s", quantity: float | None = None, **more: Any) -> dict[str, Any]:
    """A line of an order."""
    return {"service": service, **({} if quantity is None else {"quantity": quantity}), **more}


def estimate(text: str, *lines: dict[str, Any], held: tuple[dict[str, Any], ...] = (), **body: Any) -> Estimate:
    """The estimate of an order under a grid's text, for a commune unless said otherwise."""
    order = {"beneficiary": {"kind": "commune", **body}, "lines": list(lines), "in_service": list(held)}
    return price_order(read_grid(text), parse_order(order).order(on=ON))


def one_line(price: str, quantity: float = 1, *, fields: str = UNIT, extra: str = "", **body: Any) -> Line:
    """The only line of an order of one service at this price; `extra` is what the grid holds beside it."""
    (answer,) = estimate(grid_text(service(price, fields=fields), extra), line(quantity=quantity), **body).lines
    return answer


def cents(price: str, quantity: float = 1, **more: Any) -> int | None:
    """The amount of that line in cents, None on request."""
    return one_line(price, quantity, **more).amount_cents


def found(*parts: str, **head: Any) -> list[Finding]:
    """What the check of a grid made of these parts finds."""
    return check_grid(grid_text(*parts, **head))


def texts(findings: list[Finding]) -> list[str]:
    """Findings as a person reads them, without their line."""
    return [f"{finding.severity.value}, {finding.place} : {finding.message}" for finding in findings]
