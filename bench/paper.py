"""Papers: how many quotes a second, on one thread and on two, ordinary and of forty lines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bench.measuring import line, median_seconds
from tripartite.documents.render import render
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.quotes.printout.building import quote_paper
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient, Vat

GRID = Path(__file__).resolve().parents[1] / "grids/cdg62/2024-03-26.toml"
DAY = date(2024, 4, 15)
BODY = {"kind": "commune", "department": "62", "population": 1478}
ORDINARY = {"messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1}
PAPERS = 40
_serial = count(1)


def run() -> None:
    """Print papers a second; the floor of each is the same paper on one thread."""
    print("Papier (PDF/A-2a et PDF/UA-1)")
    for what, payload in (("quatre lignes", _ordinary()), ("quarante lignes", _long())):
        render(payload["model"], payload)
        alone = median_seconds(partial(_render_on, 1, payload), runs=5) / PAPERS
        both = median_seconds(partial(_render_on, 2, payload), runs=5) / PAPERS
        line(f"devis de {what}, un fil : par seconde", f"{1 / alone:.0f}")
        line(f"devis de {what}, deux fils : par seconde", f"{1 / both:.0f}", alone / both, "un seul fil")


def _render_on(threads: int, payload: dict[str, Any]) -> None:
    with ThreadPoolExecutor(threads) as pool:
        papers = [{**payload, "number": f"LFN-2024-{next(_serial):05d}"} for _ in range(PAPERS)]  # none met before
        for pdf in pool.map(lambda paper: render(paper["model"], paper), papers):
            if not pdf.startswith(b"%PDF"):
                raise RuntimeError("not a PDF")


def _ordinary() -> dict[str, Any]:
    return _payload(GRID.read_text(encoding="utf-8"), ORDINARY)


def _long() -> dict[str, Any]:
    """A quote of forty lines over several pages, under the shipped grid with forty services more."""
    text = GRID.read_text(encoding="utf-8")
    for place in range(40):
        text += (
            f'\n[[service]]\ncode = "essai-{place}"\nfamily = "securite"\nname = "Service d\'essai {place}"\n'
            'about = "Essai."\nunit = ["compte", "comptes"]\n[[service.charge]]\ncode = "abonnement"\n'
            f'name = "Abonnement"\nfrequency = "yearly"\nplace = "Essai"\nlfn = {{ per_unit = {place}.35 }}\n'
        )
    return _payload(text, {f"essai-{place}": place + 1 for place in range(40)})


def _payload(grid_text: str, quantities: dict[str, int]) -> dict[str, Any]:
    grid = read_grid(grid_text)
    lines = [{"service": service, "quantity": quantity} for service, quantity in quantities.items()]
    estimate = price_order(grid, parse_order({"beneficiary": BODY, "lines": lines}).order(on=DAY))
    issuer = grid.issuers["lfn"]
    vat = issuer.vat_on(DAY)
    if vat is None:
        raise RuntimeError("no VAT")
    return quote_paper(
        grid=grid,
        lines=estimate.lines,
        agent_prices={},
        issuer=IssuerIdentity("lfn", 1, issuer.name, issuer.short_name, issuer.part, issuer.siret),
        recipient=Recipient("Ruitz", "216207274"),
        contact=None,
        number="LFN-2024-00001",
        issued_on=DAY,
        valid_until=date(2024, 7, 14),
        vat=Vat(vat.rate, vat.mention),
    ).as_payload()
