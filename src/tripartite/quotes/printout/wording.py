"""What a quote's paper is made of, put into JSON: figures raw, and as French writes them."""

import re
from collections.abc import Iterable
from typing import Any

from tripartite.pricing.estimate import Status
from tripartite.pricing.french import identifier_text, when_text
from tripartite.pricing.lacking import Lacks, together
from tripartite.pricing.money import euros, number_text, rate_text
from tripartite.pricing.quantities import quantity_json
from tripartite.pricing.vat import Split
from tripartite.quotes.printout.parts import Companion, Figure, IssuerIdentity, PaperLine, PaperTotals, Recipient

NO_VAT = "TVA non applicable"
NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=\w)")
"""« 5 Go » is not cut at the end of a line."""

NO_AMOUNT = {Status.INCLUDED: "inclus", Status.MISSING: "à calculer"}
"""What stands for an amount; else « sur devis »."""


def percent_text(rate: int) -> str:
    """A VAT rate: 2000 is « 20 % », 550 « 5,5 % »."""
    whole, rest = divmod(rate, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}\u00a0%"


def issuer_json(issuer: IssuerIdentity) -> dict[str, Any]:
    """An issuer as papers read it."""
    return {
        "code": issuer.code,
        "slot": issuer.slot,
        "name": issuer.name,
        "short_name": issuer.short_name,
        "part": issuer.part,
        "siret": issuer.siret,
        "siret_text": identifier_text(issuer.siret),
        "address": list(issuer.address),
        "email": issuer.email,
        "phone": issuer.phone,
        "website": issuer.website,
    }


def recipient_json(recipient: Recipient) -> dict[str, Any]:
    """A beneficiary as papers read it."""
    return {
        "name": recipient.name,
        "legal": recipient.legal or recipient.name,
        "siren": recipient.siren,
        "siren_text": identifier_text(recipient.siren),
        "siret": recipient.siret,
        "siret_text": identifier_text(recipient.siret),
        "address": list(recipient.address),
        "figures": [_figure(figure) for figure in recipient.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "label": figure.label,
        "value": figure.value,
        "text": number_text(figure.value),
        "source": figure.source,
    }


def families_json(families: Iterable[tuple[str, str]], lines: Iterable[PaperLine]) -> list[dict[str, Any]]:
    """The lines by family, those without a line left out."""
    listed = tuple(lines)
    return [
        {"code": code, "name": name, "lines": [line_json(line) for line in of_family]}
        for code, name in families
        if (of_family := [line for line in listed if line.family == code])
    ]


def line_json(line: PaperLine) -> dict[str, Any]:
    shown = line.status is Status.PRICED or (line.status is Status.CONDITIONAL and line.amount_cents is not None)
    return {
        "service": line.service,
        "charge": line.charge,
        "name": NUMBER_AND_UNIT.sub("\u00a0", line.name),
        "charge_name": line.charge_name,
        "frequency": line.frequency.value,
        "years": line.years,
        "when": when_text(line.frequency, line.years),
        "quantity": quantity_json(line.quantity),
        "quantity_text": f"{number_text(line.quantity)}\u00a0{line.unit}",
        "unit_amount_micros": line.unit_amount,
        "unit_text": None if line.unit_amount is None else rate_text(line.unit_amount),
        "amount_cents": line.amount_cents,
        "first_year_amount_cents": line.first_year_amount_cents,
        "status": line.status.value,
        "status_text": None if shown else NO_AMOUNT.get(line.status, "sur devis"),
        "due": _split(line.due) if shown else None,
        "note": line.note[:1].upper() + line.note[1:],
    }


def _split(split: Split) -> dict[str, Any]:
    return {
        "net_cents": split.net,
        "net": euros(split.net),
        "vat_cents": split.vat,
        "vat": euros(split.vat),
        "gross_cents": split.gross,
        "gross": euros(split.gross),
    }


def totals_json(totals: PaperTotals) -> dict[str, Any]:
    return {
        "once": _split(totals.once),
        "term": _split(totals.term),
        "first_yearly": _split(totals.first_yearly),
        "first_year": _split(totals.first_year),
        "yearly": _split(totals.yearly),
        "rates": [
            {
                "rate": total.rate,
                "rate_text": None if total.rate is None else percent_text(total.rate),
                **_split(total.split),
            }
            for total in totals.rates
        ],
        **_lacks_json(totals.lacks),
    }


def companion_json(companion: Companion) -> dict[str, Any]:
    return {
        "name": companion.name,
        "slot": companion.slot,
        "number": companion.number,
        "first_year_cents": companion.first_year_cents,
        "first_year": euros(companion.first_year_cents),
        "yearly_cents": companion.yearly_cents,
        "yearly": euros(companion.yearly_cents),
        **_lacks_json(companion.lacks),
    }


def together_json(totals: PaperTotals, companions: Iterable[Companion]) -> dict[str, Any]:
    """What the quotes of all issuers come to, for the same request."""
    others = tuple(companions)
    first_year = totals.first_year.gross + sum(one.first_year_cents for one in others)
    yearly = totals.yearly.gross + sum(one.yearly_cents for one in others)
    return {
        "first_year_cents": first_year,
        "first_year": euros(first_year),
        "yearly_cents": yearly,
        "yearly": euros(yearly),
        **_lacks_json(together((totals.lacks, *(one.lacks for one in others)))),
    }


def _lacks_json(lacks: Lacks) -> dict[str, Any]:
    """What amounts leave out: whether they are complete, and the words that each of them carries where they are not."""
    return {"complete": not lacks} | ({"lacks": str(lacks)} if lacks else {})
