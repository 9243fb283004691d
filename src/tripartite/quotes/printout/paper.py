"""All that a printed quote says, as one value; what is not known is left out of the paper."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.pricing.french import day_text
from tripartite.pricing.naming import complement
from tripartite.quotes.printout.parts import (
    Companion,
    Contact,
    IssuerIdentity,
    PaperLine,
    PaperTotals,
    Recipient,
    Tariff,
    Vat,
)
from tripartite.quotes.printout.wording import (
    NO_VAT,
    companion_json,
    families_json,
    issuer_json,
    line_json,
    percent_text,
    recipient_json,
    together_json,
    totals_json,
)

MODEL = "quote-2024-03-26"


@dataclass(frozen=True, slots=True)
class QuotePaper:
    """A quote as printed. Without a number it is a draft, and says so across the page. `basis` is that of its tariff:
    « TTC », or « HT », where its columns are HT and its VAT stands below their total.
    """

    issuer: IssuerIdentity
    recipient: Recipient
    contact: Contact | None
    number: str | None
    issued_on: date
    valid_until: date
    version: int
    supersedes: str | None
    changes: tuple[str, ...]
    request: str | None
    lines: tuple[PaperLine, ...]
    conditional: tuple[PaperLine, ...]
    families: tuple[tuple[str, str], ...]
    totals: PaperTotals
    vat: Vat
    companions: tuple[Companion, ...]
    tariff: Tariff
    conditions: tuple[str, ...]
    basis: str = "TTC"
    style: PaperStyle = PLAIN

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def title(self) -> str:
        """The name of the file's document: « Devis n° … — X »."""
        name = (
            f"Devis n°\u00a0{self.number}" if self.number else f"Projet de devis {complement(self.issuer.short_name)}"
        )
        return f"{name} — {self.recipient.name}"

    def as_payload(self) -> dict[str, Any]:
        """The paper for JSON: every amount in cents and as written in French."""
        return {
            "kind": "quote",
            "model": self.model,
            "title": self.title,
            "draft": self.is_draft,
            "number": self.number,
            "version": self.version,
            "supersedes": self.supersedes,
            "changes": list(self.changes),
            "request": self.request,
            "issued_on": self.issued_on.isoformat(),
            "issued_on_text": day_text(self.issued_on),
            "valid_until": self.valid_until.isoformat(),
            "valid_until_text": day_text(self.valid_until),
            "issuer": issuer_json(self.issuer),
            "recipient": recipient_json(self.recipient),
            "contact": None
            if self.contact is None
            else {
                "name": self.contact.name,
                "function": self.contact.function,
                "email": self.contact.email,
                "phone": self.contact.phone,
            },
            "basis": self.basis,
            "vat": {
                "rate": self.vat.rate,
                "rate_text": None if self.vat.rate is None else percent_text(self.vat.rate),
                "mention": None if self.vat.rate is not None else self.vat.mention or NO_VAT,
            },
            "families": families_json(self.families, self.lines),
            "conditional": [line_json(line) for line in self.conditional],
            "totals": totals_json(self.totals),
            "companions": [companion_json(companion) for companion in self.companions],
            "together": together_json(self.totals, self.companions),
            "tariff": {
                "grid": self.tariff.grid,
                "version": self.tariff.version,
                "act": self.tariff.act,
                "body": self.tariff.body,
                "interpretations": [
                    {"code": code, "title": title, "text": text} for code, title, text in self.tariff.interpretations
                ],
            },
            "conditions": list(self.conditions),
            **self.style.as_payload(),
        }
