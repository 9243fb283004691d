"""Signing a convention by one of the three ways, and opening at once what the last signature puts in force."""

from datetime import date, datetime

from django.db import transaction

from tripartite.accounts.services.codes import Verdict
from tripartite.conventions.queries.conventions import signatory_by_id
from tripartite.conventions.services.codes import sign_with_code
from tripartite.conventions.services.outside import Confirmation
from tripartite.conventions.services.signing import deposit_signed_pdf, read_deposit, record_paper_signature
from tripartite.going_live.services.activations import open_if_in_force
from tripartite.journal.services import Actor


@transaction.atomic
def sign_on_paper(
    *,
    signatory_id: int,
    signed_on: date,
    scan: bytes,
    original_place: str,
    actor: Actor,
    at: datetime,
    received_on: date | None = None,
) -> None:
    """Record a signature given on paper (`record_paper_signature`), and open what it puts in force."""
    record_paper_signature(
        signatory_id=signatory_id,
        signed_on=signed_on,
        scan=scan,
        original_place=original_place,
        received_on=received_on,
        actor=actor,
        at=at,
    )
    _open(signatory_id, actor, at)


def sign_outside(
    *, signatory_id: int, pdf: bytes, actor: Actor, at: datetime, confirmation: Confirmation | None = None
) -> None:
    """Keep a PDF signed outside with a certificate (`deposit_signed_pdf`), and open what it puts in force."""
    read = read_deposit(signatory_id=signatory_id, pdf=pdf, at=at)
    with transaction.atomic():
        deposit_signed_pdf(signatory_id=signatory_id, pdf=pdf, confirmation=confirmation, read=read, actor=actor, at=at)
        _open(signatory_id, actor, at)


@transaction.atomic
def sign_by_code(*, signatory_id: int, code: str, address: str, browser: str, actor: Actor, at: datetime) -> Verdict:
    """Sign here with a code (`sign_with_code`), and open what it puts in force; what the code is worth."""
    verdict = sign_with_code(signatory_id=signatory_id, code=code, address=address, browser=browser, actor=actor, at=at)
    if verdict is Verdict.RIGHT:
        _open(signatory_id, actor, at)
    return verdict


def _open(signatory_id: int, actor: Actor, at: datetime) -> None:
    signatory = signatory_by_id(signatory_id)
    assert signatory is not None  # noqa: S101 - it has just signed
    open_if_in_force(convention_id=signatory.convention_id, actor=actor, at=at)
