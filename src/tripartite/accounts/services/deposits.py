"""Acts that a beneficiary deposits in its own file, for an agent to read and record."""

from datetime import datetime

from django.db import transaction

from tripartite.accounts.queries import DEPOSIT, deposits_of
from tripartite.accounts.services.news import tell_agents
from tripartite.documents.scans import ScanRefused, check_scan
from tripartite.documents.services import store_document
from tripartite.journal.services import Actor, record

MOST = 20


@transaction.atomic
def deposit_act(*, request_id: int, reference: str, content: bytes, actor: Actor, at: datetime) -> int:
    """Keep the scan of an act with the file it was deposited in, and answer its key among the papers.

    It empowers nobody until an agent has read and recorded it. Raises ScanRefused when it is neither a PDF
    nor a picture, when it is too big, or when the file holds too many already.
    """
    media_type = check_scan(content)
    deposited = deposits_of(request_id)
    if len(deposited) >= MOST:
        raise ScanRefused("Trop d'actes ont été déposés dans ce dossier : appelez l'un des émetteurs.")
    document = store_document(
        kind="deposited-act",
        issuer="",
        number=None,
        title=f"Acte déposé n° {len(deposited) + 1}, demande {reference}",
        model="",
        payload={"request": reference, "deposited_by": actor.label},
        pdf=content,
        media_type=media_type,
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
