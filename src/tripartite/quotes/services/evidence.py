"""Keeping the papers of evidence: rendered and stored with the act that they show."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from tripartite.documents.render import render
from tripartite.documents.services import store_document
from tripartite.journal.services import Actor
from tripartite.quotes.models import Quote, Request
from tripartite.quotes.printout.evidence import CLOCK, FINGERPRINT, EvidencePaper, instant_text

AGREED = (
    "La personne est entrée par le lien personnel envoyé à son adresse, a lu les devis et donné son accord en ces mots."
    " Son nom et sa fonction sont ceux qu'elle a tapés : l'accord compte une fois enregistré l'acte qui l'habilite."
)


def keep_agreement(
    request: Request, quotes: Iterable[Quote], given: tuple[str, str, str, str], *, actor: Actor, at: datetime
) -> int:
    """Keep the evidence of an agreement given online on quotes; `given` is its words, the person with its function, the
    network address and the browser. The key of its document.
    """
    words, person, address, browser = given
    chosen, body = list(quotes), request.beneficiary
    paper = EvidencePaper(
        heading="Preuve d'un accord donné en ligne",
        about=" et ".join(quote.number for quote in chosen),
        author=body.name,
        reference=request.reference,
        at=at,
        facts=(
            ("Personne", person),
            ("Au nom de", body.legal.named),
            ("Accord donné le", instant_text(at)),
            ("Reconnue par", actor.label),
        ),
        words=words,
        papers=tuple((f"Devis {quote.number}", quote.document.sha256) for quote in chosen),
        worth=(AGREED, CLOCK, FINGERPRINT),
        trace=(("Adresse réseau", address), ("Navigateur", browser)),
    )
    return keep_evidence(paper, at=at)


def keep_evidence(paper: EvidencePaper, *, at: datetime) -> int:
    """Render and keep a paper of evidence, and apart the record of from where and with what, in the caller's
    transaction, which journals the act. The key of the paper's document; its payload names that of the record.
    """
    text = paper.trace_text(secrets.token_hex(16)).encode()
    trace = store_document(
        kind="trace",
        issuer="",
        number=None,
        title=f"{paper.title}, relevé technique"[:300],
        model="",
        payload={"reference": paper.reference},
        pdf=text,
        media_type="text/plain",
        at=at,
    )
    payload = paper.as_payload(trace.sha256) | {"trace": trace.pk}
    document = store_document(
        kind="evidence",
        issuer="",
        number=None,
        title=paper.title[:300],
        model=paper.model,
        payload=payload,
        pdf=render(paper.model, payload),
        at=at,
    )
    return document.pk
