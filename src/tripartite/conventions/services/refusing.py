"""Refusing to sign: an act of any party, with a reason; everybody else is told, and another convention may follow."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.accounts.services.news import tell_agents
from tripartite.conventions.models import Convention, Signatory, SigningRefusal
from tripartite.conventions.queries.access import party
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.letters import named, tell_parties
from tripartite.conventions.services.records import awaited, journal, move
from tripartite.conventions.states import ConventionState, Way
from tripartite.documents.scans import ScanRefused
from tripartite.documents.services import store_scan
from tripartite.journal.services import Actor
from tripartite.pricing.naming import complement
from tripartite.typed import clean_text

WAYS = (Way.HERE, Way.PAPER)


@transaction.atomic
def refuse_to_sign(
    *,
    signatory_id: int,
    way: str,
    refused_on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    scan: bytes | None = None,
    evidence: dict[str, str] | None = None,
) -> Convention:
    """Record that a party will not sign, `way` "here" (by its link) or "paper" (with the scan of its letter, if any).

    The convention then binds nobody, whoever signed it already; the request stays accepted, so that another one may be
    prepared, or the request changed or cancelled. The other signatories, the contact and whoever refuses are written
    to. Raises ConventionError when no signature is awaited, without a reason, or when the day is impossible.
    """
    convention, signatory = awaited(signatory_id)
    if way not in WAYS:
        raise ConventionError("Un refus se donne ici, ou sur papier.")
    if not clean_text(reason):
        raise ConventionError("Dites pourquoi la signature est refusée.")
    if refused_on > timezone.localdate(at):
        raise ConventionError("La date du refus est à venir.")
    if convention.sent_at and refused_on < timezone.localdate(convention.sent_at):
        raise ConventionError("Le refus précède l'envoi de la convention.")
    SigningRefusal.objects.create(
        signatory=signatory,
        way=way,
        refused_on=refused_on,
        reason=clean_text(reason)[:1000],
        document_id=_kept(convention, signatory, scan, at) if scan else None,
        evidence=evidence or {},
        recorded_by=actor.label,
        recorded_at=at,
    )
    move(convention, ConventionState.REFUSED)
    convention.ended_on = refused_on
    convention.end_reason = (
        f"signature refusée par {signatory}, pour {party(signatory, convention).named} : {clean_text(reason)}"
    )
    convention.save()
    text = f"{convention} : signature refusée par {signatory}, le {refused_on:%d/%m/%Y}. Motif : {clean_text(reason)}"
    journal(convention, actor, at, "conventions.refuse", text, signatory=signatory.pk, way=str(way))
    tell_parties(
        convention=convention,
        kind="convention.refused",
        subject=f"{convention.number} : signature refusée",
        paragraphs=(
            f"{named(convention)} : {signatory}, pour {party(signatory, convention).named}, refuse de signer.",
            f"Motif : {clean_text(reason)}",
            "Personne n'est engagé, même qui avait déjà signé. Un agent reprend le dossier.",
        ),
        actor=actor,
        at=at,
    )
    tell_agents(
        request_id=convention.request_id,
        reference=convention.request.reference,
        what=f"signature de {convention.number} refusée, {convention.beneficiary.name}",
        text=text,
        actor=actor,
        at=at,
    )
    return convention


def _kept(convention: Convention, signatory: Signatory, scan: bytes, at: datetime) -> int:
    try:
        return store_scan(
            kind="signing-refusal",
            content=scan,
            title=f"{convention.number}, refus de signer {complement(signatory.name)}",
            payload={"convention": convention.number},
            at=at,
        ).pk
    except ScanRefused as error:
        raise ConventionError(str(error)) from None
