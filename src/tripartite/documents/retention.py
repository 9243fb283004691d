"""How long each kind of paper is to be kept, and by what text. Nothing is ever deleted here: lists are for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from tripartite.documents.models import Document

ACCOUNTING = "code de commerce, article L. 123-22 : pièces justificatives, dix ans"
PUBLIC_ARCHIVES = "code du patrimoine, articles L. 212-2 et L. 212-3 : aucune élimination sans visa des archives"


@dataclass(frozen=True, slots=True)
class Period:
    """So many years after the paper was made, from such a text."""

    kind: str
    label: str
    years: int
    source: str


PERIODS = {
    "quote": Period("quote", "devis", 10, ACCOUNTING),
    "convention": Period("convention", "convention et avenant", 30, "droits et obligations : à verser aux archives"),
    "signed-revision": Period("signed-revision", "convention signée", 30, "suit la convention"),
    "signed-scan": Period("signed-scan", "copie d'un original signé", 30, "suit la convention"),
    "evidence": Period("evidence", "preuve d'un accord ou d'une signature", 30, "suit la convention"),
    "trace": Period(
        "trace",
        "relevé technique d'un accord ou d'une signature",
        11,
        "six ans de convention au plus, puis cinq ans pour agir : code civil, article 2224",
    ),
    "letter": Period("letter", "courrier d'échéance", 10, "suit la convention qu'il concerne"),
    "certificate": Period(
        "certificate", "certificat d'une clé de signature", 10, "suit les papiers que la clé a signés"
    ),
    **{
        kind: Period(kind, label, 10, ACCOUNTING)
        for kind, label in (
            ("invoice", "facture"),
            ("invoice-plain", "facture, PDF seul"),
            ("credit-note", "avoir"),
            ("credit-note-plain", "avoir, PDF seul"),
            ("reminder", "relance"),
            ("pes-flow", "flux PES d'un bordereau"),
            ("pes-return", "retour du comptable"),
        )
    },
    "signing-refusal": Period("signing-refusal", "refus de signer", 30, "suit la convention"),
    "deposited-act": Period(
        "deposited-act", "acte habilitant un signataire, déposé", 30, "suit les conventions que l'acte permet de signer"
    ),
    "scan": Period("scan", "pièce déposée (accord, acte)", 10, "suit le devis ou la convention qu'elle justifie"),
}


def periods() -> list[Period]:
    """The periods, with the years that the installation sets (TRIPARTITE_KEEP_YEARS: « quote=10,convention=30 »)."""
    chosen = dict(settings.CONFIG.keep_years)
    return [Period(one.kind, one.label, chosen.get(one.kind, one.years), one.source) for one in PERIODS.values()]


def past_their_time(*, on: date) -> Iterator[tuple[Document, Period]]:
    """The papers whose time has passed on a day, the oldest first, with their period."""
    for period in periods():
        limit = on.replace(year=on.year - period.years, day=min(on.day, 28))
        for document in Document.objects.filter(kind=period.kind).order_by("created_at", "pk"):
            if timezone.localdate(document.created_at) >= limit:
                break
            yield document, period
