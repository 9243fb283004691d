"""What the parties to a convention are told: a signature, all of them, in force, abandoned, ended. Each in the
act's own transaction, once to each address.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from tripartite.accounts.services.news import tell_agents
from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.queries.conventions import convention_by_id, current_document_id, waiting_signatories
from tripartite.conventions.states import ConventionState, Way
from tripartite.documents.queries import document_by_id
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.quotes.services.letters import write_about

PDF = "application/pdf"


def named(convention: Convention) -> str:
    """« La convention C-2026-00012 », « L'avenant n° 1 à la convention C-2026-00012 (C-2026-00013) »."""
    if convention.parent is not None:
        words = convention.request.amendment or f"avenant à la convention {convention.parent.number}"
        return f"L'{words} ({convention.number})"
    return f"La convention {convention.number}"


def references_of(convention: Convention) -> list[tuple[str, str]]:
    """The numbers by which a letter about a convention is known."""
    if convention.parent is not None:
        return [("Avenant", str(convention.number)), ("Convention", str(convention.parent.number))]
    return [("Convention", str(convention.number))]


def ask_to_sign(
    *,
    convention: Convention,
    signatory: Signatory,
    kind: str,
    subject: str,
    paragraphs: Iterable[str],
    actor: Actor,
    at: datetime,
    attachments: Collection[int] = (),
) -> bool:
    """Write to a signatory whose signature is awaited: the link leads to where one signs. Whether a letter is to go:
    none without an address, nor to one that cannot be written to (that one is set aside).
    """
    return bool(signatory.email) and write_about(
        kind=kind,
        asked=convention.request,
        to=(signatory.name, signatory.email),
        subject=subject,
        paragraphs=paragraphs,
        attachments=attachments,
        references=references_of(convention),
        sign=convention.pk,
        actor=actor,
        at=at,
    )


def tell_parties(
    *,
    convention: Convention,
    kind: str,
    subject: str,
    paragraphs: Iterable[str],
    actor: Actor,
    at: datetime,
    attachments: Iterable[int] = (),
) -> None:
    """Write the same to each party: the contact of the file and every signatory, once to each address. A letter that
    cannot be written keeps none of the others back.
    """
    said, papers = tuple(paragraphs), tuple(attachments)
    asked = convention.request
    people = {asked.contact_email.lower(): (asked.contact_name, asked.contact_email)}
    for one in convention.signatories.all():
        people.setdefault(one.email.lower(), (one.name, one.email))
    people.pop("", None)
    for to in people.values():
        write_about(
            kind=kind,
            asked=asked,
            to=to,
            subject=subject,
            paragraphs=said,
            attachments=papers,
            references=references_of(convention),
            actor=actor,
            at=at,
        )


def tell_signature(*, convention: Convention, signatory: Signatory, how: str, actor: Actor, at: datetime) -> None:
    """Tell a signature (`how`: when, by which way) to those whose own is awaited; the last one, to each party, with the
    paper, when the convention is in force on a later day only. The agents are told too.
    """
    read = convention_by_id(convention.pk)
    left = waiting_signatories(read) if read else []
    signed = f"{named(convention)} est signé{_e(convention)} par {signatory}, {how}"
    tell_agents(
        request_id=convention.request_id,
        reference=convention.request.reference,
        what=f"signature de {convention.number}, {convention.beneficiary.name}",
        text=signed,
        actor=actor,
        at=at,
    )
    for one in left:
        others = [str(each) for each in left if each.pk != one.pk]
        ask_to_sign(
            convention=convention,
            signatory=one,
            kind="convention.signature",
            subject=f"{convention.number} : {signatory.name} a signé, votre signature est attendue",
            paragraphs=(
                signed,
                "Votre signature est attendue." + (f" Manque aussi : {', '.join(others)}." if others else ""),
            ),
            actor=actor,
            at=at,
        )
    if convention.state == ConventionState.SIGNED:
        tell_parties(
            convention=convention,
            kind="convention.signed",
            subject=f"{convention.number}, signé{_e(convention)} par tous",
            paragraphs=(
                signed,
                f"Tous ont signé. Entrée en vigueur : le {_day(convention.due_on)}.",
            ),
            attachments=_papers(convention),
            actor=actor,
            at=at,
        )


def tell_in_force(*, convention: Convention, actor: Actor, at: datetime) -> None:
    """Tell each party that the convention is in force, until when, with the paper."""
    until = f", jusqu'au {_day(convention.ends_on)} compris" if convention.ends_on else ""
    since = f"{named(convention)} est en vigueur depuis le {_day(convention.in_force_on)}{until}."
    places = f"L'original signé sur papier est conservé ici : {convention.original_place}."
    tell_parties(
        convention=convention,
        kind="convention.in-force",
        subject=f"{convention.number}, en vigueur : {convention.beneficiary.name}",
        paragraphs=(
            since,
            "Le texte signé est joint.",
            *([places] if convention.original_place else []),
            "Les émetteurs préparent la mise en service ; le dossier dit où elle en est et ce qui est attendu de vous.",
        ),
        attachments=_papers(convention),
        actor=actor,
        at=at,
    )


def tell_abandoned(*, convention: Convention, reason: str, actor: Actor, at: datetime) -> None:
    """Tell each party that signatures are no longer awaited, and why; nobody when none had been asked."""
    if convention.number:
        tell_parties(
            convention=convention,
            kind="convention.abandoned",
            subject=f"{convention.number}, abandonné{_e(convention)} : rien n'est à signer",
            paragraphs=(
                f"{named(convention)} est abandonné{_e(convention)}. Motif : {reason}",
                "Plus aucune signature n'est attendue ; celles qui ont été données n'engagent pas.",
            ),
            actor=actor,
            at=at,
        )


def tell_ended(*, convention: Convention, reason: str, actor: Actor, at: datetime) -> None:
    """Tell each party that a convention has ended, since when and why."""
    tell_parties(
        convention=convention,
        kind="convention.ended",
        subject=f"{convention.number}, terminée le {_day(convention.ended_on)}",
        paragraphs=(
            f"{named(convention)} est terminée : son dernier jour était le {_day(convention.ended_on)}.",
            f"Motif : {reason}",
            "Le dossier reste lisible, avec tous ses papiers.",
        ),
        actor=actor,
        at=at,
    )


def _papers(convention: Convention) -> list[int]:
    """The text with the electronic signatures that it bears, then the copy of each signature given on paper, if that is
    a PDF: a picture stays in the file.
    """
    read = convention_by_id(convention.pk)
    assert read is not None  # noqa: S101 - the caller holds it
    current = current_document_id(read)
    signed = [one.signature for one in read.signatories.all() if hasattr(one, "signature")]
    on_paper = [one.document_id for one in signed if one.way == Way.PAPER]
    documents = [document_by_id(key) for key in (current, *on_paper) if key is not None]
    return [one.pk for one in documents if one is not None and one.media_type == PDF]


def _day(day: date | None) -> str:
    assert day is not None  # noqa: S101 - the state of the convention says so
    return day_text(day)


def _e(convention: Convention) -> str:
    return "" if convention.parent_id else "e"
