"""Acts that a beneficiary deposits in its own file, for an agent to read and record."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tripartite.accounts.queries import DEPOSIT, SET_ASIDE, deposits_of
from tripartite.accounts.services.news import tell_agents
from tripartite.documents.queries import document_by_id
from tripartite.documents.scans import ScanRefused, check_scan
from tripartite.documents.services import store_scan
from tripartite.journal.services import Actor, record
from tripartite.typed import clean_line

MOST = 20


@transaction.atomic
def deposit_act(*, request_id: int, reference: str, content: bytes, actor: Actor, at: datetime) -> int:
    """Keep the scan of an act with the file it was deposited in, and answer its key among the papers. The same paper
    deposited again is the one already there.

    It empowers nobody until an agent has read and recorded it. Raises ScanRefused when it is neither a PDF
    nor a picture, when it is too big, or when the file holds too many already.
    """
    check_scan(content)
    deposited, digest = deposits_of(request_id), sha256(content).hexdigest()
    for one in deposited:
        kept = document_by_id(one.document)
        if kept is not None and kept.sha256 == digest and not one.set_aside:
            return one.document
    if len(deposited) >= MOST:
        raise ScanRefused("Trop d'actes ont été déposés dans ce dossier : appelez l'un des émetteurs.")
    document = store_scan(
        kind="deposited-act",
        content=content,
        title=f"Acte déposé n° {len(deposited) + 1}, demande {reference}",
        payload={"request": reference, "deposited_by": actor.label},
        at=at,
    )
    record(
        actor=actor,
        at=at,
        action=DEPOSIT,
        subject_kind="request",
        subject_id=request_id,
        text=f"{document.title} : à lire, puis à enregistrer par un agent.",
        details={"document": document.pk},
    )
    tell_agents(
        request_id=request_id,
        reference=reference,
        what="acte déposé",
        text=f"Un acte est déposé par {actor.label} : à lire, puis à enregistrer.",
        actor=actor,
        at=at,
    )
    return document.pk


@transaction.atomic
def set_deposit_aside(*, request_id: int, document_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say why a deposited paper is not the act that was asked for: it stays among the papers, and waits for nobody.

    Raises ValueError, in French, without a reason, or for a paper that was not deposited there or waits no more.
    """
    waiting = {one.document: one for one in deposits_of(request_id) if not one.set_aside}
    if document_id not in waiting:
        raise ValueError("Ce dépôt n'attend plus.")
    if not clean_line(reason):
        raise ValueError("Dites pourquoi : la collectivité le lit dans son espace.")
    record(
        actor=actor,
        at=at,
        action=SET_ASIDE,
        subject_kind="request",
        subject_id=request_id,
        text=f"Acte déposé n° {waiting[document_id].place} écarté : {clean_line(reason)[:500]}",
        details={"document": document_id, "reason": clean_line(reason)[:500]},
    )
