"""Sending a convention for signature: its number, its text frozen, each signatory asked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.printout.lacking import missing
from tripartite.conventions.printout.paper import MODEL
from tripartite.conventions.queries.conventions import convention_by_id, text_by_code
from tripartite.conventions.queries.holdings import held_beside, services_in_force, starts_from
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.letters import ask_to_sign, named
from tripartite.conventions.services.papers import paper_of
from tripartite.conventions.services.records import check_living, journal, locked, move
from tripartite.conventions.states import ConventionState
from tripartite.documents.numbers import take_number
from tripartite.documents.render import render
from tripartite.documents.services import store_document
from tripartite.journal.services import Actor
from tripartite.quotes.queries.requests import accepted_version


@transaction.atomic
def send_convention(*, convention_id: int, actor: Actor, at: datetime) -> Convention:
    """Freeze the text of a convention, number it and ask for its signatures: each signatory who has an address is
    written to.

    Raises ConventionError, and writes nothing, when the accepted quotes have changed since, or when the text lacks
    something: a SIRET, a seat, a signatory, the act that empowers one.
    """
    convention = locked(convention_id)
    move(convention, ConventionState.SENT)
    check_quotes(convention)
    day = timezone.localdate(at)
    check_living(convention.beneficiary, on=day)
    if lacks := what_lacks(convention, on=day):
        raise ConventionError("Il manque : " + " ; ".join(lack.removesuffix(".") for lack in lacks) + ".")
    number = f"C-{day.year}-{take_number(issuer='', series='convention', year=day.year):05d}"
    paper = paper_of(convention, number=number, issued_on=day)
    payload = paper.as_payload()
    convention.number, convention.sent_at = number, at
    convention.document = store_document(
        kind="convention",
        issuer="",
        number=number,
        title=f"{'Avenant' if convention.parent_id else 'Convention'} {number}, {convention.beneficiary.name}",
        model=MODEL,
        payload=payload,
        pdf=render(MODEL, payload),
        at=at,
    )
    convention.save()
    convention.signatories.update(asked_at=at)
    journal(convention, actor, at, "conventions.send", f"{convention} envoyée à la signature.", number=number)
    _write_to_signatories(convention, actor, at)
    return convention


def _write_to_signatories(convention: Convention, actor: Actor, at: datetime) -> None:
    for one in convention.signatories.all():
        write_to_sign(convention, one, actor, at)


def write_to_sign(convention: Convention, one: Signatory, actor: Actor, at: datetime) -> None:
    """Write to a signatory that a sent convention awaits its signature: with the paper and a link of its own."""
    ask_to_sign(
        convention=convention,
        signatory=one,
        kind="convention.sent",
        subject=f"{convention.number}, à signer : {convention.beneficiary.name}",
        paragraphs=(
            f"{named(convention)} avec {convention.beneficiary.legal.named} attend votre signature.",
            (
                "Le lien ci-dessous mène au texte et à votre signature ; il dit qui a signé et qui manque. Vous"
                " pouvez signer là, ou le faire sur papier ou avec votre certificat."
            ),
        ),
        attachments=[convention.document_id] if convention.document_id else (),
        actor=actor,
        at=at,
    )


def what_lacks(convention: Convention, *, on: date) -> list[str]:
    """What prevents sending a convention in preparation, in French, a sentence each; nothing when it can be sent."""
    return missing(paper_of(convention, number="", issued_on=on))


def preview_convention(*, convention: Convention, at: datetime) -> bytes:
    """The PDF of a convention as it stands, marked as a draft. Writes nothing."""
    return render(MODEL, paper_of(convention, number=None, issued_on=timezone.localdate(at)).as_payload())


def preview_text(*, code: str, convention_id: int, at: datetime) -> bytes:
    """The PDF that a text model would make of a real file, marked as a draft. Writes nothing.

    Raises ConventionError when the text or the file does not exist, or when they do not go together.
    """
    text, convention = text_by_code(code), convention_by_id(convention_id)
    if text is None or convention is None:
        raise ConventionError("Ce modèle ou ce dossier n'existe pas.")
    if text.kind != convention.text.kind:
        raise ConventionError("Ce dossier ne convient pas à un texte de ce genre.")
    try:
        paper = paper_of(convention, number=None, issued_on=timezone.localdate(at), text=text.text)
    except ValueError as error:
        raise ConventionError(f"Ce texte ne convient pas à ce dossier : {error}") from None
    return render(MODEL, paper.as_payload())


def check_premise(parent: Convention, order: dict[str, Any]) -> None:
    """Raise ConventionError when an order does not start from what a convention holds: its prices would not be the
    difference that an amendment makes."""
    if not starts_from(order, services_in_force(parent), held_beside(parent)):
        raise ConventionError(
            f"Ces devis ne partent pas de ce que porte aujourd'hui la convention {parent.number} : préparez l'avenant"
            " depuis la page de la convention, qui part de ses services en vigueur."
        )


def check_quotes(convention: Convention) -> None:
    """Raise ConventionError when the convention no longer rests on the accepted quotes."""
    version = accepted_version(convention.request_id)
    if version is None or version.pk != convention.version_id:
        raise ConventionError(
            "Les devis ont changé depuis : abandonnez cette convention et préparez-en une autre, une fois les nouveaux"
            " devis acceptés."
        )
    if convention.parent is not None:
        check_premise(convention.parent, version.order)
