"""Signing, by three ways that can be mixed: on paper, outside with a certificate, here with a link and a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Convention, Signatory, Signature
from tripartite.conventions.printout.evidence import signature_evidence
from tripartite.conventions.queries.access import party
from tripartite.conventions.queries.conventions import (
    convention_by_id,
    revisions_of,
    waiting_signatories,
    what_signatory_lacks,
)
from tripartite.conventions.queries.signatures import proof_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.letters import tell_in_force, tell_signature
from tripartite.conventions.services.outside import (
    AGAIN,
    OVERTAKEN,
    Confirmation,
    fresh_signatures,
    shown_by,
    signature_of,
)
from tripartite.conventions.services.records import awaited, check_living, journal, move
from tripartite.conventions.services.sending import check_quotes
from tripartite.conventions.states import ConventionState, Way
from tripartite.documents.errors import SealError, UnreadablePdf
from tripartite.documents.queries import pdf_of
from tripartite.documents.reports import SignatureReport
from tripartite.documents.scans import ScanRefused
from tripartite.documents.services import store_document, store_scan
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import why_ended
from tripartite.parties.queries.mandates import declared_only
from tripartite.pricing.calendar import last_day
from tripartite.quotes.services.answers import engage_request
from tripartite.quotes.services.evidence import keep_evidence
from tripartite.typed import clean_line

CONSENT = "J'ai lu la convention {number} et je la signe au nom {party}, en vertu de l'acte qui m'habilite."


def consent_words(signatory: Signatory, convention: Convention) -> str:
    """The words that a signatory agrees to when signing here."""
    return CONSENT.format(number=convention.number, party=party(signatory, convention).of)


@dataclass(frozen=True, slots=True)
class Consent:
    """What shows that a person signed here: words agreed to, how the code came (`by_phone`: an agent read it out),
    where from, with what."""

    words: str
    code_sent_to: str
    address: str
    browser: str
    by_phone: bool = False


@transaction.atomic
def record_paper_signature(
    *,
    signatory_id: int,
    signed_on: date,
    scan: bytes,
    original_place: str,
    actor: Actor,
    at: datetime,
    received_on: date | None = None,
) -> Convention:
    """Record a signature given on paper: the day that it bears, its scan (PDF, JPEG or PNG), where the original is
    kept, and the day it was received (`received_on`; today unless said).

    Raises ConventionError when no signature is awaited, when a day is impossible, when the scan is not one, or when
    the person had no power on either day: the one that a paper bears is only declared.
    """
    convention, signatory = awaited(signatory_id)
    received = received_on or timezone.localdate(at)
    _check_binding(convention, signatory, signed_on, at, received_on=received)
    if not signed_on <= received <= timezone.localdate(at):
        raise ConventionError("L'original est reçu entre le jour de sa signature et aujourd'hui.")
    if not clean_line(original_place):
        raise ConventionError("Dites où l'original signé est conservé : c'est lui qui fait foi.")
    try:
        document = store_scan(
            kind="signed-scan",
            content=scan,
            title=f"{convention.number} signée sur papier par {signatory.name}",
            payload={"convention": convention.number, "signed_on": signed_on.isoformat()},
            at=at,
        )
    except ScanRefused as error:
        raise ConventionError(str(error)) from None
    convention.original_place = clean_line(original_place)[:300]
    evidence = {"received_on": received.isoformat()}
    return _signed(convention, signatory, Way.PAPER, signed_on, document.pk, evidence, actor, at)


@dataclass(frozen=True, slots=True)
class Deposit:
    """A PDF signed outside, read: the new signatures, and how many revisions it was read against."""

    fresh: Sequence[SignatureReport]
    revisions: int


def read_deposit(*, signatory_id: int, pdf: bytes, at: datetime) -> Deposit:
    """What a PDF deposited for a signatory brings, read before anything is locked: it takes as long as a file may.

    Raises ConventionError as `deposit_signed_pdf` does.
    """
    with transaction.atomic():
        convention, _ = awaited(signatory_id)
        revisions = _revisions(convention)
    try:
        return Deposit(fresh_signatures(pdf, revisions, at), len(revisions))
    except UnreadablePdf as error:
        raise ConventionError(f"Ce fichier ne se lit pas : {error}") from None


@transaction.atomic
def deposit_signed_pdf(
    *,
    signatory_id: int,
    pdf: bytes,
    actor: Actor,
    at: datetime,
    confirmation: Confirmation | None = None,
    read: Deposit | None = None,
) -> Convention:
    """Keep a PDF signed outside with a certificate, once its new signature is verified and is the signatory's.

    The file must extend the latest revision: signatures are made one after the other. The certificate names the
    signatory, or its body where the text admits a seal; otherwise an agent of that very party confirms, with a reason
    (`confirmation`). Raises ConventionError, with the way out, when the file does not extend, when nothing new is
    signed, when the signature cannot be relied on, or when it is somebody else's. `read` is what `read_deposit` said
    of it just before; it is refused when somebody has signed in between.
    """
    deposit = read or read_deposit(signatory_id=signatory_id, pdf=pdf, at=at)
    convention, signatory = awaited(signatory_id)
    if deposit.revisions != len(_revisions(convention)):
        raise ConventionError(f"Ce fichier ne prolonge pas la dernière version : {OVERTAKEN} {AGAIN}")
    fresh = deposit.fresh
    theirs, held = signature_of(convention, signatory, fresh, confirmation, actor.label)
    signed_on = timezone.localdate(theirs.stamped_at or theirs.declared_at or at)
    received_on = None if theirs.stamped_at else timezone.localdate(at)
    _check_binding(convention, signatory, signed_on, at, received_on=received_on)
    evidence = {"signatures": [shown_by(one) for one in fresh], "holder": held | {"field": theirs.field}}
    document = _keep_revision(convention, signatory, pdf, evidence, at)
    return _signed(convention, signatory, Way.OUTSIDE, signed_on, document, evidence, actor, at)


@transaction.atomic
def sign_here(*, signatory_id: int, consent: Consent, actor: Actor, at: datetime) -> Convention:
    """Record that a person, identified by a link and a code, signs; the platform's seal dates and protects the text.

    `codes.sign_with_code` has checked the code. Raises ConventionError when no signature is awaited, without power, or
    when the seal cannot be applied.
    """
    from tripartite.documents.sealing import seal_pdf, seals_are_stamped  # noqa: PLC0415 - slow to import

    convention, signatory = awaited(signatory_id)
    signed_on = timezone.localdate(at)
    _check_binding(convention, signatory, signed_on, at)
    evidence: dict[str, Any] = {
        "words": consent.words,
        "code_sent_to": consent.code_sent_to,
        "address": consent.address[:60],
        "browser": consent.browser[:300],
        "at": at.isoformat(),
        "stamped": seals_are_stamped(),
        "by_phone": consent.by_phone,
    }
    latest = _latest(convention)
    try:
        sealed = seal_pdf(
            latest,
            reason=f"{signatory.name}, {signatory.function} : {consent.words}",
            name=signatory.name,
            at=at,
            field=f"signataire-{signatory.position}",
        )
    except SealError as error:
        raise ConventionError(f"Le sceau n'a pas pu être apposé : {error}") from None
    document = _keep_revision(convention, signatory, sealed, evidence, at)
    proof = keep_evidence(signature_evidence(convention, signatory, evidence, (latest, sealed), at=at), at=at)
    return _signed(convention, signatory, Way.HERE, signed_on, document, evidence, actor, at, proof=proof)


def _latest(convention: Convention) -> bytes:
    return _revisions(convention)[-1]


def _revisions(convention: Convention) -> list[bytes]:
    """The paper that was sent and each electronic revision of it, in order: what is signed next is the last one."""
    read = convention_by_id(convention.pk)
    assert read is not None  # noqa: S101 - it is locked by the caller
    return [pdf_of(document_id) for document_id in revisions_of(read)]


def _check_binding(
    convention: Convention, signatory: Signatory, signed_on: date, at: datetime, *, received_on: date | None = None
) -> None:
    """Raise ConventionError when a signature of that person on that day would not bind. A day that is only declared
    proves nothing: with `received_on`, the power must be there on both days."""
    check_quotes(convention)
    check_living(convention.beneficiary, on=signed_on)
    if signed_on > timezone.localdate(at):
        raise ConventionError("La date de signature est à venir.")
    if convention.sent_at and signed_on < timezone.localdate(convention.sent_at):
        raise ConventionError("La signature précède l'envoi de la convention.")
    lacks = what_signatory_lacks(signatory, on=signed_on)
    if lacks:
        raise ConventionError(f"{signatory.name} ne peut pas encore engager : {lacks}")
    if received_on is None or received_on == signed_on:
        return
    if lost := why_ended(convention.beneficiary, on=received_on) or what_signatory_lacks(signatory, on=received_on):
        raise ConventionError(f"{signatory.name} ne peut plus engager. {declared_only(signed_on, received_on)} {lost}")


def _keep_revision(
    convention: Convention, signatory: Signatory, pdf: bytes, evidence: dict[str, Any], at: datetime
) -> int:
    document = store_document(
        kind="signed-revision",
        issuer="",
        number=None,
        title=f"{convention.number} signée par {signatory.name}",
        model="",
        payload={"convention": convention.number} | evidence,
        pdf=pdf,
        at=at,
    )
    return document.pk


def _signed(  # noqa: PLR0917 - all that a signature is
    convention: Convention,
    signatory: Signatory,
    way: Way,
    signed_on: date,
    document_id: int,
    evidence: dict[str, Any],
    actor: Actor,
    at: datetime,
    *,
    proof: int | None = None,
) -> Convention:
    """Write the signature and move the convention; the last one closes the request and may put it in force."""
    signature = Signature.objects.create(
        signatory=signatory,
        way=way,
        signed_on=signed_on,
        document_id=document_id,
        proof_id=proof,
        evidence=evidence,
        recorded_by=actor.label,
        recorded_at=at,
    )
    read = convention_by_id(convention.pk)
    left = waiting_signatories(read) if read else []
    if left and convention.state == ConventionState.SENT:
        move(convention, ConventionState.PARTLY_SIGNED)
    elif not left:
        move(convention, ConventionState.SIGNED)
    convention.save()
    text = f"{convention} signée par {signatory}, {proof_of(signature).told}"
    journal(convention, actor, at, "conventions.sign", text, signatory=signatory.pk, way=str(way))
    if not left:
        engage_request(request_id=convention.request_id, actor=actor, at=at)
        _start(convention, actor, at)
    tell_signature(convention=convention, signatory=signatory, how=proof_of(signature).told, actor=actor, at=at)
    return convention


def _start(convention: Convention, actor: Actor, at: datetime) -> None:
    """The day on which it is in force: that of the last signature, or the later one that it says."""
    last = Signature.objects.filter(signatory__convention=convention).order_by("-signed_on").first()
    assert last is not None  # noqa: S101 - it was just signed
    convention.due_on = max(last.signed_on, convention.due_on or last.signed_on)
    if convention.due_on <= timezone.localdate(at):
        put_in_force(convention, actor, at)
    convention.save()


def put_in_force(convention: Convention, actor: Actor, at: datetime) -> None:
    """Put a signed convention in force from its day. The caller holds its lock and saves."""
    move(convention, ConventionState.IN_FORCE)
    assert convention.due_on is not None  # noqa: S101 - set when it was signed
    convention.in_force_on = convention.due_on
    parent = convention.parent
    convention.ends_on = parent.ends_on if parent else last_day(convention.due_on, convention.years)
    journal(
        convention, actor, at, "conventions.in-force", f"{convention} en vigueur le {convention.in_force_on:%d/%m/%Y}."
    )
    tell_in_force(convention=convention, actor=actor, at=at)
