"""A quote's paper put into JSON: figures raw, and as French writes them."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from tripartite.pricing import Frequency, Status
from tripartite.pricing.estimate import quantity_json
from tripartite.pricing.money import euros, number_text, rate_text
from tripartite.pricing.vat import Split

if TYPE_CHECKING:
    from tripartite.quotes.printout.paper import (
        Companion,
        Figure,
        IssuerIdentity,
        PaperLine,
        PaperTotals,
        QuotePaper,
        Recipient,
    )

WHEN = {
    Frequency.ONCE: "une fois",
    Frequency.YEARLY: "par an",
    Frequency.MONTHLY: "par mois",
    Frequency.PER_ACT: "à l'acte",
}
NO_VAT = "TVA non applicable"
NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=\w)")
"""« 5 Go » is not cut at the end of a line."""


def payload_of(paper: "QuotePaper") -> dict[str, Any]:
    """All that the paper says, in the shape that its model reads."""
    return {
        "kind": "quote",
        "model": paper.model,
        "title": paper.title,
        "draft": paper.is_draft,
        "number": paper.number,
        "version": paper.version,
        "supersedes": paper.supersedes,
        "changes": list(paper.changes),
        "request": paper.request,
        "issued_on": paper.issued_on.isoformat(),
        "issued_on_text": day_text(paper.issued_on),
        "valid_until": paper.valid_until.isoformat(),
        "valid_until_text": day_text(paper.valid_until),
        "issuer": issuer_json(paper.issuer),
        "recipient": recipient_json(paper.recipient),
        "contact": None
        if paper.contact is None
        else {
            "name": paper.contact.name,
            "function": paper.contact.function,
            "email": paper.contact.email,
            "phone": paper.contact.phone,
        },
        "vat": {
            "rate": paper.vat.rate,
            "rate_text": None if paper.vat.rate is None else percent_text(paper.vat.rate),
            "mention": None if paper.vat.rate is not None else paper.vat.mention or NO_VAT,
        },
        "families": _families(paper),
        "conditional": [_line(line) for line in paper.conditional],
        "totals": _totals(paper.totals),
        "companions": [_companion(companion) for companion in paper.companions],
        "together": _together(paper),
        "tariff": {
            "grid": paper.tariff.grid,
            "version": paper.tariff.version,
            "act": paper.tariff.act,
            "body": paper.tariff.body,
            "interpretations": [
                {"code": code, "title": title, "text": text} for code, title, text in paper.tariff.interpretations
            ],
        },
        "conditions": list(paper.conditions),
    }


def day_text(day: date) -> str:
    """« 26/03/2024 »."""
    return f"{day:%d/%m/%Y}"


def percent_text(rate: int) -> str:
    """A VAT rate: 2000 is « 20 % », 550 « 5,5 % »."""
    whole, rest = divmod(rate, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}\u00a0%"


def siret_text(siret: str | None) -> str | None:
    """« 200 039 386 00038 »."""
    return siret and "\u00a0".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def siren_text(siren: str | None) -> str | None:
    return siren and "\u00a0".join((siren[:3], siren[3:6], siren[6:]))


def issuer_json(issuer: "IssuerIdentity") -> dict[str, Any]:
    """An issuer as papers read it."""
    return {
        "code": issuer.code,
        "slot": issuer.slot,
        "name": issuer.name,
        "short_name": issuer.short_name,
        "part": issuer.part,
        "siret": issuer.siret,
        "siret_text": siret_text(issuer.siret),
        "address": list(issuer.address),
        "email": issuer.email,
        "phone": issuer.phone,
        "website": issuer.website,
    }


def recipient_json(recipient: "Recipient") -> dict[str, Any]:
    """A beneficiary as papers read it."""
    return {
        "name": recipient.name,
        "siren": recipient.siren,
        "siren_text": siren_text(recipient.siren),
        "siret": recipient.siret,
        "siret_text": siret_text(recipient.siret),
        "address": list(recipient.address),
        "figures": [_figure(figure) for figure in recipient.figures],
    }


def _figure(figure: "Figure") -> dict[str, Any]:
    return {
        "label": figure.label,
        "value": figure.value,
        "text": number_text(figure.value),
        "source": figure.source,
    }


def _families(paper: "QuotePaper") -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name, "lines": [_line(line) for line in lines]}
        for code, name in paper.families
        if (lines := [line for line in paper.lines if line.family == code])
    ]


def _line(line: "PaperLine") -> dict[str, Any]:
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
        "status_text": None if shown else {Status.INCLUDED: "inclus"}.get(line.status, "sur devis"),
        "due": _split(line.due) if shown else None,
        "note": line.note[:1].upper() + line.note[1:],
    }


def when_text(frequency: Frequency, years: int | None) -> str:
    """« par an », « une fois », « pour 3 ans »."""
    if frequency is Frequency.TERM:
        return f"pour {years} an{'s' if years >= 2 else ''}" if years else "pour la durée"
    return WHEN[frequency]


def _split(split: Split) -> dict[str, Any]:
    return {
        "net_cents": split.net,
        "net": euros(split.net),
        "vat_cents": split.vat,
        "vat": euros(split.vat),
        "gross_cents": split.gross,
        "gross": euros(split.gross),
    }


def _totals(totals: "PaperTotals") -> dict[str, Any]:
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
        "complete": totals.complete,
    }


def _companion(companion: "Companion") -> dict[str, Any]:
    return {
        "name": companion.name,
        "slot": companion.slot,
        "number": companion.number,
        "first_year_cents": companion.first_year_cents,
        "first_year": euros(companion.first_year_cents),
        "yearly_cents": companion.yearly_cents,
        "yearly": euros(companion.yearly_cents),
        "complete": companion.complete,
    }


def _together(paper: "QuotePaper") -> dict[str, Any]:
    """What the quotes of all issuers come to, for the same request."""
    first_year = paper.totals.first_year.gross + sum(companion.first_year_cents for companion in paper.companions)
    yearly = paper.totals.yearly.gross + sum(companion.yearly_cents for companion in paper.companions)
    return {
        "first_year_cents": first_year,
        "first_year": euros(first_year),
        "yearly_cents": yearly,
        "yearly": euros(yearly),
        "complete": paper.totals.complete and all(companion.complete for companion in paper.companions),
    }
