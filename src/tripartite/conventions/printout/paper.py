"""All that a convention or an amendment says, as one value."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.conventions.printout.parts import PaperParty, Party, QuoteReference, Section, ServiceTaken, Tariff, Term
from tripartite.conventions.printout.tariff_table import tariff_payload
from tripartite.conventions.printout.wording import (
    party_payload,
    quote_payload,
    sections_payload,
    services_payload,
    term_payload,
    together_payload,
)
from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.pricing.french import day_text

MODEL = "convention-2026-11-27"
WHERE_SIGNED = (
    "Où sont les signatures. Sur papier : dans ces cadres, sur l'original signé. Avec un certificat : dans le fichier"
    " PDF lui-même, où un lecteur de PDF les montre. Par lien et code : sous le sceau de la plateforme, dans ce"
    " fichier, avec un papier de preuve. Un cadre vide ne dit donc pas qu'une signature manque. Le dossier {reference}"
    " les garde toutes ; la page « Vérifier un papier » dit ce qu'elles valent."
)
"""Printed under the places where parties sign."""


@dataclass(frozen=True, slots=True)
class ConventionPaper:
    """A convention, or an amendment (`amends` is then the number of its convention). Without a number, a draft."""

    text: str
    kind: str
    heading: str
    number: str | None
    reference: str
    issued_on: date
    amends: str | None
    changes: tuple[str, ...]
    parties: tuple[PaperParty, ...]
    visas: tuple[str, ...]
    articles: tuple[Section, ...]
    annexes: tuple[Section, ...]
    services: tuple[ServiceTaken, ...]
    quotes: tuple[QuoteReference, ...]
    term: Term
    tariff: Tariff
    style: PaperStyle = PLAIN

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def beneficiary(self) -> Party:
        return next(one.party for one in self.parties if one.party.role == "beneficiary")

    @property
    def title(self) -> str:
        """The name of the file's document: « Convention n° … — X »."""
        amendment = self.kind == "amendment"
        if self.number is None:
            name = "Projet d'avenant" if amendment else "Projet de convention"
        else:
            name = f"{'Avenant' if amendment else 'Convention'} n°\u00a0{self.number}"
        return f"{name} — {self.beneficiary.name}"

    def as_payload(self) -> dict[str, Any]:
        """The paper for JSON: every amount in cents and as written in French."""
        return {
            "kind": self.kind,
            "model": self.model,
            "text": self.text,
            "title": self.title,
            "heading": self.heading,
            "draft": self.is_draft,
            "number": self.number,
            "reference": self.reference,
            "issued_on": self.issued_on.isoformat(),
            "issued_on_text": day_text(self.issued_on),
            "amends": self.amends,
            "changes": list(self.changes),
            "parties": [party_payload(one) for one in self.parties],
            "visas": list(self.visas),
            "articles": sections_payload(self.articles),
            "annexes": sections_payload(self.annexes),
            "services": services_payload(self.services),
            "quotes": [quote_payload(quote) for quote in self.quotes],
            "together": together_payload(self.quotes),
            "term": term_payload(self.term),
            "where_signed": WHERE_SIGNED.format(reference=self.reference),
            "tariff": tariff_payload(self.tariff),
            **self.style.as_payload(),
        }
