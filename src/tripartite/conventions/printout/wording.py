"""What a convention's paper is made of, put into JSON: figures raw, and as French writes them."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from tripartite.conventions.printout.parts import (
    Mandate,
    PaperParty,
    Party,
    QuoteReference,
    Section,
    ServiceTaken,
    Term,
)
from tripartite.conventions.printout.phrases import UNKNOWN, Block
from tripartite.pricing.estimate import Columns
from tripartite.pricing.french import day_text, identifier_text
from tripartite.pricing.money import euros
from tripartite.pricing.naming import LegalName, legal_name
from tripartite.pricing.order import KIND_LABELS

NUMBERS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
TENS = {15: "quinze", 20: "vingt", 30: "trente", 45: "quarante-cinq", 60: "soixante", 90: "quatre-vingt-dix"}


def mandate_text(mandate: Mandate | None) -> str | None:
    """« délibération n° 2026-31 du 12/10/2026 (conseil municipal), exécutoire le 15/10/2026 »."""
    if mandate is None or not mandate.act:
        return None
    number = f" n°\u00a0{mandate.number}" if mandate.number else ""
    day = f" du {day_text(mandate.adopted_on)}" if mandate.adopted_on else f" (date {UNKNOWN})"
    organ = f" ({mandate.organ})" if mandate.organ else ""
    since = day_text(mandate.enforceable_on) if mandate.enforceable_on else UNKNOWN
    return f"{mandate.act}{number}{day}{organ}, exécutoire le {since}"


def seat_text(party: Party) -> str | None:
    """The address in one line."""
    return ", ".join(party.address) or None


def number_word(number: int, *, feminine: bool = False) -> str:
    """« trois »; figures beyond twelve."""
    if number == 1 and feminine:
        return "une"
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def years_text(years: int) -> str:
    """« trois ans »."""
    return f"{number_word(years)} an{'s' if years > 1 else ''}"


def months_text(months: int) -> str:
    """« trois mois »."""
    return f"{number_word(months)} mois"


def days_text(days: int) -> str:
    """« trente jours »."""
    return f"{TENS.get(days) or number_word(days)} jour{'s' if days > 1 else ''}"


def times_text(times: int) -> str:
    """« une fois »."""
    return f"{number_word(times, feminine=True)} fois"


def services_payload(services: Iterable[ServiceTaken]) -> list[dict[str, Any]]:
    """The services, by family, in their order."""
    return [
        {"name": family, "services": [_service(service) for service in group]}
        for family, group in groupby(services, key=lambda service: service.family)
    ]


def blocks_payload(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [
        {"kind": "list", "items": list(block.texts)}
        if block.kind == "list"
        else {"kind": block.kind, "text": block.text}
        for block in blocks
    ]


def sections_payload(sections: Sequence[Section]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "key": section.key,
            "title": section.title,
            "blocks": blocks_payload(section.blocks),
            "table": section.table,
        }
        for number, section in enumerate(sections, start=1)
    ]


def legal_name_of(party: Party) -> LegalName:
    """The party as law names it."""
    kind = next((kind for kind, label in KIND_LABELS.items() if label == party.kind_label), None)
    return legal_name(party.name, kind)


def party_payload(one: PaperParty) -> dict[str, Any]:
    party, law = one.party, legal_name_of(one.party)
    return {
        "role": party.role,
        "called": one.called,
        "slot": party.slot,
        "name": party.name,
        "named": law.opening,
        "represented": law.representation(party.signatory_function or "", party.signatory_name or UNKNOWN),
        "kind": party.kind_label,
        "siren": party.siren,
        "siren_text": identifier_text(party.siren),
        "siret": party.siret,
        "siret_text": identifier_text(party.siret) or UNKNOWN,
        "address": list(party.address),
        "seat_text": seat_text(party) or UNKNOWN,
        "signatory_name": party.signatory_name or UNKNOWN,
        "signatory_function": party.signatory_function or UNKNOWN,
        "mandate_text": mandate_text(party.mandate) or UNKNOWN,
    }


def _service(service: ServiceTaken) -> dict[str, Any]:
    return {
        "name": service.name,
        "codes": list(service.codes),
        "quantity_text": service.quantity_text,
        "parts": [
            {"issuer": part.issuer, "slot": part.slot, "name": part.name, "sentences": list(part.sentences)}
            for part in service.parts
        ],
    }


def quote_payload(quote: QuoteReference) -> dict[str, Any]:
    return {
        "number": quote.number,
        "number_text": quote.number or UNKNOWN,
        "issuer_name": quote.issuer_name,
        "slot": quote.slot,
        "issued_on": quote.issued_on and quote.issued_on.isoformat(),
        "issued_on_text": day_text(quote.issued_on) if quote.issued_on else UNKNOWN,
        **_amounts([quote]),
    }


def together_payload(quotes: Sequence[QuoteReference]) -> dict[str, Any]:
    return _amounts(quotes)


def _amounts(quotes: Sequence[QuoteReference]) -> dict[str, Any]:
    """What quotes come to, on the basis that was voted, and what is paid the first year, TTC."""
    named = {name.removesuffix("_cents"): sum(getattr(one.voted, name) for one in quotes) for name in Columns._fields}
    named["first_year_gross"] = sum(quote.first_year_cents for quote in quotes)
    return {f"{name}_cents": cents for name, cents in named.items()} | {
        name: euros(cents) for name, cents in named.items()
    }


def term_payload(term: Term) -> dict[str, Any]:
    return {
        "starts_on": term.starts_on and term.starts_on.isoformat(),
        "ends_on": term.ends_on and term.ends_on.isoformat(),
        "last_notice_on": term.last_notice_on and term.last_notice_on.isoformat(),
        "years": term.years,
        "tacit_renewals": term.tacit_renewals,
        "notice_months": term.notice_months,
    }
