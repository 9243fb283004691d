"""Papers of conventions made without the database: three parties, the act of 26 March 2024, two quotes."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.factories.tariffs import grid_text
from tripartite.conventions.printout.building import convention_paper
from tripartite.conventions.printout.casting import cast_for
from tripartite.conventions.printout.deliberation import DeliberationPaper, deliberation_paper
from tripartite.conventions.printout.model_text import ModelText
from tripartite.conventions.printout.paper import ConventionPaper
from tripartite.conventions.printout.parts import Mandate, Party, QuoteReference, ServiceTaken, Term
from tripartite.conventions.printout.taking import services_taken
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

MODELS = Path(__file__).parents[2] / "models"
CONVENTION, AMENDMENT, DELIBERATION = "convention/2026-11-27", "amendment/2026-11-27", "deliberation/2026-11-27"
DAY = date(2026, 11, 24)
NUMBERS = {"lfn": "LFN-2026-00012", "cdg62": "CDG62-2026-00047"}
ORDINARY = {"messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1}
TWELVE = {
    "messagerie-5go": 4,
    "messagerie-illimitee": 2,
    "nom-de-domaine": 1,
    "page-internet": 1,
    "cle-signature-1-cdg": 1,
    "cle-signature-2-cdg": 1,
    "cle-signature-3-cdg": 2,
    "cle-signature-1-site": 1,
    "sauvegarde": 1,
    "stockage-supplementaire": 101,
    "antivirus": 6,
    "demarches-simplifiees": 1,
}
KNOWN = Term(3, 1, 3, date(2027, 1, 1), date(2029, 12, 31), date(2029, 9, 30))
UNKNOWN = Term(3, 0, 3)
HOSTILE = '# \\ " * _ $ ` <b> #panic("x") @label // /* {lfn.name} [si commune] ${x} \u202e🦊'


def text_of_model(code: str) -> str:
    """The TOML of a shipped model."""
    return (MODELS / f"{code}.toml").read_text(encoding="utf-8")


def model(code: str) -> ModelText:
    """A shipped model, read, its roles played by the issuers of the grid."""
    return cast_for(text_of_model(code), grid())


@cache
def grid() -> Grid:
    """Read once: nothing changes it."""
    return read_grid(grid_text())


def estimate(quantities: dict[str, Any]) -> Estimate:
    """What a commune of 1 478 inhabitants asks for."""
    lines = [{"service": service, "quantity": quantity} for service, quantity in quantities.items()]
    asked = {"beneficiary": {"kind": "commune", "department": "62", "population": 1478}, "lines": lines}
    return price_order(grid(), parse_order(asked).order(on=DAY))


def taken(quantities: dict[str, Any]) -> list[ServiceTaken]:
    return services_taken(estimate(quantities), grid(), {"lfn": 1, "cdg62": 2})


def parties(**beneficiary: Any) -> list[Party]:
    """Two issuers and a commune, all that is needed to sign."""
    named = {code: issuer.name for code, issuer in grid().issuers.items()}
    lfn_address = ("1 rue de l'Exemple", "62000 Arras")
    cdg_address = ("Allée de l'Exemple", "62700 Bruay-la-Buissière")
    syndicat = mandate("comité syndical", "2026-07", date(2026, 7, 7), date(2026, 7, 10))
    cdg = mandate("conseil d'administration", None, date(2026, 9, 15), date(2026, 9, 18))
    by: dict[str, Any] = {"kind_label": "", "signatory_function": "Président"}
    commune: dict[str, Any] = {
        "role": "beneficiary",
        "name": "Ruitz",
        "kind_label": "Commune",
        "siren": "216207274",
        "siret": "21620727400013",
        "address": ("Mairie", "62620 Ruitz"),
        "signatory_name": "Prénom NOM",
        "signatory_function": "Maire",
        "mandate": mandate("conseil municipal", "2026-31", date(2026, 10, 12), date(2026, 10, 15)),
    }
    return [
        Party(
            role="lfn",
            name=named["lfn"],
            siret="20003938600038",
            address=lfn_address,
            signatory_name="Alix FIBRE",
            mandate=syndicat,
            slot=1,
            **by,
        ),
        Party(
            role="cdg62",
            name=named["cdg62"],
            siret="12345678900011",
            address=cdg_address,
            signatory_name="Sacha CENTRE",
            mandate=cdg,
            slot=2,
            **by,
        ),
        Party(**(commune | beneficiary)),
    ]


def mandate(organ: str, number: str | None, adopted_on: date, enforceable_on: date) -> Mandate:
    return Mandate("délibération", organ, number, adopted_on, enforceable_on)


def quotes(quantities: dict[str, Any]) -> list[QuoteReference]:
    """The two quotes of an order, issued the day before."""
    totals = estimate(quantities).totals
    return [
        QuoteReference(
            NUMBERS[code],
            known.short_name,
            slot,
            date(2026, 11, 23),
            totals[code].first_year_cents,
            totals[code].yearly_cents,
            totals[code].once_cents,
            totals[code].term_cents,
        )
        for slot, (code, known) in enumerate(grid().issuers.items(), start=1)
    ]


BEARING = frozenset({"I1", "I6"})
"""The interpretations that bear on what an ordinary town hall takes."""


def paper(quantities: dict[str, Any] | None = None, **changes: Any) -> ConventionPaper:
    """A convention that can be sent; `changes` are arguments of `convention_paper`."""
    asked = ORDINARY if quantities is None else quantities
    values: dict[str, Any] = {
        "text": model(CONVENTION),
        "number": "CONV-2026-00007",
        "reference": "D-2026-00005",
        "issued_on": DAY,
        "parties": parties(),
        "services": taken(asked),
        "quotes": quotes(asked),
        "grid": grid(),
        "bearing": BEARING,
        "term": KNOWN,
    }
    return convention_paper(**(values | changes))


def amendment(**changes: Any) -> ConventionPaper:
    """An amendment that adds two mailboxes."""
    values = {
        "text": model(AMENDMENT),
        "number": "CONV-2026-00007-A1",
        "amends": "CONV-2026-00007",
        "changes": ["Messagerie, compte 5 Go : 6 comptes au lieu de 4."],
    }
    return paper(ORDINARY | {"messagerie-5go": 6}, **(values | changes))


def deliberation(quantities: dict[str, Any] | None = None, **changes: Any) -> DeliberationPaper:
    """The draft deliberation of the same commune."""
    asked = ORDINARY if quantities is None else quantities
    values: dict[str, Any] = {
        "text": model(DELIBERATION),
        "reference": "D-2026-00005",
        "issued_on": DAY,
        "parties": parties(),
        "services": taken(asked),
        "quotes": quotes(asked),
        "grid": grid(),
        "bearing": BEARING,
        "term": KNOWN,
    }
    return deliberation_paper(**(values | changes))
