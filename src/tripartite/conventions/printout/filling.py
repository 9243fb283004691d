"""What fills a text in: the values of its placeholders and the conditions that hold, from the facts of the paper."""

from collections.abc import Iterable, Sequence
from datetime import date

from tripartite.conventions.printout.parts import Party, ServiceTaken, Term
from tripartite.conventions.printout.phrases import Facts
from tripartite.conventions.printout.wording import (
    days_text,
    legal_name_of,
    mandate_text,
    months_text,
    seat_text,
    times_text,
    years_text,
)
from tripartite.pricing.endings import EndingRule
from tripartite.pricing.french import day_text, identifier_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.naming import legal_name
from tripartite.pricing.order import KIND_LABELS, Kind
from tripartite.pricing.proration import Prorata

COURT = "tribunal administratif compétent"
"""The judge, where the installation does not name it."""

ORGANS = {
    Kind.COMMUNE: "conseil municipal",
    Kind.DEPARTEMENT: "conseil départemental",
    Kind.REGION: "conseil régional",
    Kind.EPCI: "conseil communautaire",
    Kind.SYNDICAT: "comité syndical",
    Kind.CCAS: "conseil d'administration",
    Kind.CIAS: "conseil d'administration",
    Kind.CAISSE_DES_ECOLES: "comité de la caisse",
    Kind.ETABLISSEMENT_PUBLIC: "conseil d'administration",
}
"""The organ that decides, where no act in hand names it."""

EXECUTIVES = {
    Kind.COMMUNE: "le maire",
    Kind.DEPARTEMENT: "le président du conseil départemental",
    Kind.REGION: "le président du conseil régional",
    Kind.AUTRE: "son représentant légal",
}
"""Who signs, named by the law's own word for the office."""

PARTS_OF_A_YEAR = {
    Prorata.NONE: "l'année commencée est due en entier",
    Prorata.DAYS: "elle est due à proportion de ses jours",
    Prorata.MONTHS: "elle est due à proportion de ses mois commencés",
}
"""What is due to an issuer for a part of a year, as `pricing.proration` counts it."""


def facts_of(
    *,
    parties: Sequence[Party],
    services: Iterable[ServiceTaken],
    grid: Grid,
    term: Term,
    reference: str,
    number: str | None,
    issued_on: date,
    amends: str | None,
    court: str = COURT,
    endings: Sequence[EndingRule] = (),
) -> Facts:
    """The facts of a paper, as its text asks for them."""
    values: dict[str, str | None] = {
        "reference": reference,
        "number": number,
        "issued_on": day_text(issued_on),
        "amends": amends,
        "court": court,
        "tariff.act": grid.act.citation,
        "tariff.body": grid.act.body,
        "tariff.named": legal_name(grid.act.body).named,
        "tariff.grid": grid.code,
        "tariff.version": str(grid.version),
        "tariff.basis": grid.basis,
        "term.duration": years_text(term.years),
        "term.renewals": times_text(term.tacit_renewals),
        "term.longest": years_text(term.years * (1 + term.tacit_renewals)),
        "term.notice": months_text(term.notice_months),
        "term.starts_on": _day(term.starts_on),
        "term.ends_on": _day(term.ends_on),
        "term.last_notice_on": _day(term.last_notice_on),
    }
    for rule in endings:
        values |= {f"ending.{rule.key}.{field}": value for field, value in _ending_values(rule, term).items()}
    for party in parties:
        values |= {f"{party.role}.{field}": value for field, value in _party_values(party, grid).items()}
    kinds = [_kind_of(party) for party in parties if party.role == "beneficiary"]
    true = {
        "reconduction": term.tacit_renewals > 0,
        "reconduction avec préavis": term.tacit_renewals > 0 and term.notice_months > 0,
        "reconduction sans préavis": term.tacit_renewals > 0 and term.notice_months == 0,
        "préavis": term.notice_months > 0,
        "date d'effet": term.starts_on is not None,
        "échéance": term.ends_on is not None,
        "dernier jour de préavis": term.last_notice_on is not None,
        "dernier jour d'opposition": term.tacit_renewals > 0 and term.last_notice_on is not None,
        "prorata": any(grid.prorata_of(issuer) is not Prorata.NONE for issuer in grid.issuers),
        "commune": Kind.COMMUNE in kinds,
        "avenant": amends is not None,
    }
    return Facts(
        values=values,
        conditions=frozenset(name for name, holds in true.items() if holds),
        services=frozenset(code for service in services for code in service.codes),
    )


def organ_of(party: Party) -> str:
    """« conseil municipal »: the organ that the act names, or that bodies of its kind have."""
    if party.mandate and party.mandate.organ:
        return party.mandate.organ
    kind = _kind_of(party)
    return ORGANS.get(kind, "organe délibérant") if kind else "organe délibérant"


def executive_of(party: Party) -> str:
    """« le maire », « le président »."""
    kind = _kind_of(party)
    return EXECUTIVES.get(kind, "le président") if kind else "son représentant légal"


def _day(day: date | None) -> str | None:
    return None if day is None else day_text(day)


def _ending_values(rule: EndingRule, term: Term) -> dict[str, str | None]:
    months = rule.months(term.notice_months)
    return {
        "ground": rule.ground,
        "notice": months_text(months) if months else "aucun préavis",
        "days": days_text(rule.after_days) if rule.after_days else None,
    }


def _party_values(party: Party, grid: Grid) -> dict[str, str | None]:
    return {
        "name": party.name,
        "named": legal_name_of(party).named,
        "of": legal_name_of(party).of,
        "kind": party.kind_label,
        "siret": identifier_text(party.siret),
        "seat": seat_text(party),
        "signatory": party.signatory_name,
        "function": party.signatory_function,
        "mandate": mandate_text(party.mandate),
        "organ": organ_of(party),
        "executive": executive_of(party),
        "prorata": PARTS_OF_A_YEAR[grid.prorata_of(party.role)] if party.role in grid.issuers else None,
    }


def _kind_of(party: Party) -> Kind | None:
    return next((kind for kind, label in KIND_LABELS.items() if label == party.kind_label), None)
