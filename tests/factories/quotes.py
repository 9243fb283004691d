"""Requests and quotes, made through the services."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from tests.factories import parties, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.parties.services.issuers import update_issuer
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.quotes.printout.building import line_key, quote_paper
from tripartite.quotes.printout.paper import QuotePaper
from tripartite.quotes.printout.parts import AgentPrice, IssuerIdentity, Recipient, Vat
from tripartite.quotes.queries.requests import estimate_request, request_by_id
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.on_request import price_on_request_line
from tripartite.quotes.services.requests import Contact, create_request, revise_request
from tripartite.tariffs.services import adopt_grid, draft_grid

DAY = AT.date()
NEXT_YEAR = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
RUITZ, ARRAS = "62727", "62041"
ORDINARY = {"messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1}
FORTY = {f"essai-{place}": place + 1 for place in range(40)}
WITH_STORAGE_ON_REQUEST = {"sauvegarde": 1, "stockage-supplementaire": 101}
ADDRESSES = {
    "lfn": "1 rue de l'Exemple\n62000 Arras",
    "cdg62": "Allée de l'Exemple\n62700 Bruay-la-Buissière",
}


PHONES = {"lfn": "03 20 00 00 59", "cdg62": "03 21 00 00 62"}


def order(
    quantities: dict[str, Any] | None = None,
    in_service: dict[str, Any] | None = None,
    ended: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The order of a request: `{"messagerie-5go": 4}`; by default a small town hall's ordinary one."""
    said = {"lines": _lines(ORDINARY if quantities is None else quantities), "in_service": _lines(in_service or {})}
    return said | ({"ended": _lines(ended)} if ended else {})


def _lines(quantities: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"service": service, "quantity": quantity} for service, quantity in quantities.items()]


@laid
def offer(basis: str = "TTC", more: str = "") -> Any:
    """The grid adopted, its issuers complete, a dozen communes: all that a quote needs. Answers the pure grid; with
    `basis` « HT », as if its figures were voted HT, and the services that the TOML of `more` adds."""
    grid = tariffs.adopted_grid(basis, more)
    parties.directory()
    complete_issuers()
    return grid


def complete_issuers(**changes: Any) -> None:
    """Give both issuers what their papers print."""
    for code, address in ADDRESSES.items():
        known = {"address": address, "email": f"contact@{code}.exemple.fr", "phone": PHONES[code]}
        update_issuer(code=code, changes=known | changes, actor=TESTER, at=AT)


def request(
    quantities: dict[str, Any] | None = None,
    *,
    body: str = RUITZ,
    in_service: dict[str, Any] | None = None,
    ended: dict[str, Any] | None = None,
    at: datetime = AT,
    **more: Any,
) -> Any:
    """A request of a commune, Ruitz unless said otherwise."""
    return create_request(
        beneficiary_id=parties.body(body).pk,
        order=order(quantities, in_service, ended),
        origin=more.pop("origin", "agent"),
        contact=more.pop("contact", Contact("Dominique ACCUEIL", "Secrétaire", "mairie@exemple.fr", "03 21 00 00 01")),
        actor=TESTER,
        at=at,
        **more,
    )


def revised(wanted: Any, quantities: dict[str, Any], *, at: datetime = AT, **more: Any) -> Any:
    """The request, asking for something else."""
    return revise_request(request_id=wanted.pk, order=order(quantities), actor=TESTER, at=at, **more)


def issued(wanted: Any = None, *, at: datetime = AT, **more: Any) -> dict[str, Any]:
    """The quotes of a request just issued, by issuer."""
    wanted = wanted or request(at=at)
    quotes = issue_quotes(request_id=wanted.pk, actor=TESTER, at=at, **more)
    return {quote.issuer: quote for quote in quotes}


def waiting(wanted: Any) -> tuple[Any, ...]:
    """The lines of a request that wait for a price."""
    return estimate_request(reread(wanted), on=DAY).waiting


def price(wanted: Any, amount_cents: int = 120_000, reason: str = "Étude de faisabilité faite.") -> None:
    """Price every line that waits, each by its own issuer."""
    for line in waiting(wanted):
        price_on_request_line(
            request_id=wanted.pk,
            fingerprint=line.fingerprint,
            amount_cents=amount_cents,
            reason=reason,
            issuer=line.line.issuer,
            actor=TESTER,
            at=AT,
        )


def reread(wanted: Any) -> Any:
    """The request as it stands in the database."""
    return request_by_id(wanted.pk)


_read = cache(read_grid)


def paper(
    quantities: dict[str, Any] | None = None,
    *,
    issuer: str = "lfn",
    number: str | None = "LFN-2026-00012",
    grid_text: str | None = None,
    reason: str = "Étude de faisabilité faite.",
    **changes: Any,
) -> QuotePaper:
    """The quote of an issuer to a commune of 1 478 inhabitants, without the database."""
    grid = _read(grid_text or tariffs.grid_text())
    body = {"kind": "commune", "department": "62", "population": 1478}
    asked = {"beneficiary": body, "lines": _lines(ORDINARY if quantities is None else quantities)}
    lines = price_order(grid, parse_order(asked).order(on=DAY)).lines
    vat = grid.issuers[issuer].vat_on(DAY)
    values: dict[str, Any] = {
        "agent_prices": {line_key(line): AgentPrice(120_000, reason) for line in lines if line.amount_cents is None},
        "issuer": identity(grid, issuer),
        "recipient": Recipient("Ruitz", "216207274", None, ("Mairie, 62620 Ruitz",)),
        "contact": None,
        "issued_on": DAY,
        "valid_until": date(2027, 2, 21),
        "vat": Vat(vat.rate, vat.mention),
    }
    return quote_paper(grid=grid, lines=lines, number=number, **(values | changes))


def identity(grid: Any, code: str) -> IssuerIdentity:
    """An issuer as its papers print it."""
    known = grid.issuers[code]
    slot = list(grid.issuers).index(code) + 1
    address = tuple(ADDRESSES[code].splitlines())
    return IssuerIdentity(code, slot, known.name, known.short_name, known.part, known.siret, address)


def adopt_long_grid() -> dict[str, int]:
    """Adopt a grid of forty services more, for papers of several pages; answers an order of those forty."""
    draft_grid(text=long_grid_text(), actor=TESTER, at=AT)
    adopt_grid(code="essai/longue", actor=TESTER, at=AT)
    return dict(FORTY)


def long_grid_text() -> str:
    """The shipped grid with forty services more."""
    text = tariffs.grid_text().replace(f'"{tariffs.GRID}"', '"essai/longue"')
    families = ("presence-en-ligne", "continuite", "securite", "relation-usagers")
    for place in range(40):
        text += (
            f'\n[[service]]\ncode = "essai-{place}"\nfamily = "{families[place % 4]}"\n'
            f'name = "Service d\'essai {place}"\nabout = "Pour les papiers de plusieurs pages."\n'
            'unit = ["compte", "comptes"]\n'
            '[[service.charge]]\ncode = "abonnement"\nname = "Abonnement"\n'
            f'frequency = "yearly"\nplace = "Essai"\nlfn = {{ per_unit = {place}.35 }}\n'
            f"cdg62 = {{ bands = [{{ from = 1, to = 5, flat = {place} }}, {{ from = 6, flat = {place + 7} }}] }}\n"
        )
    return text
