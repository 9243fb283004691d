"""Letters about a file: each carries its own link, single use, to that file alone, for the address it is sent to.

An act queues the letter that it causes, in its own transaction: whatever door it came by, the same people are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.services.links import create_access_link
from tripartite.journal.services import Actor
from tripartite.messages.letters import Letter, Link, public_address, write_letter
from tripartite.messages.services.queueing import MessageError, queue_message
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.models import Quote, Request


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why quotes are issued, in the words of their letter: what comes before their numbers, then how it opens."""

    subject: str
    opening: str


def write_quotes_issued(
    *, request: Request, quotes: Sequence[Quote], occasion: Occasion | None, actor: Actor, at: datetime
) -> None:
    """Queue the letter that brings its quotes to the contact of a request; none without an address."""
    if not request.contact_email:
        return
    numbers = " et ".join(quote.number for quote in quotes)
    last = min(quote.valid_until for quote in quotes)
    why = occasion or _usual(request)
    write_about(
        kind="quotes.issued",
        asked=request,
        to=(request.contact_name, request.contact_email),
        subject=f"{why.subject} {numbers}",
        paragraphs=(
            f"{why.opening} Ils vont ensemble.",
            (
                f"Vous pouvez les accepter ou les refuser jusqu'au {last:%d/%m/%Y} compris, par le lien ci-dessous,"
                " sans compte ni mot de passe. Rien n'est engagé avant votre réponse."
            ),
        ),
        attachments=[quote.document_id for quote in quotes],
        actor=actor,
        at=at,
    )


def _usual(request: Request) -> Occasion:
    body = request.beneficiary.legal
    if request.amendment:
        return Occasion(
            subject=f"Vos devis, {request.amendment} :",
            opening=f"Les devis de l'{request.amendment}, pour {body.named}, sont joints, un par émetteur.",
        )
    return Occasion(subject="Vos devis", opening=f"Les devis pour {body.named} sont joints, un par émetteur.")


def write_about(
    *,
    kind: str,
    asked: Any,
    to: tuple[str, str],
    subject: str,
    paragraphs: Iterable[str],
    actor: Actor,
    at: datetime,
    attachments: Iterable[int] = (),
) -> None:
    """Queue a letter with its own link. An address that cannot be one stops nothing: no link, no letter."""
    try:
        with transaction.atomic():
            token = create_access_link(request_id=asked.pk, email=to[1], actor=actor, at=at)
            letter = _letter(subject, [*paragraphs, _about_link(at)], token)
            queue_message(
                kind=kind,
                to=to,
                subject=subject,
                text=letter.text,
                html=letter.html,
                attachments=tuple(attachments),
                about=("request", asked.pk),
                actor=actor,
                at=at,
            )
    except MessageError:
        return


def _about_link(at: datetime) -> str:
    last = timezone.localdate(at + settings.CONFIG.link_life)
    return (
        f"Le lien ci-dessous est personnel. Il s'ouvre une fois, jusqu'au {last:%d/%m/%Y} ; ensuite, la même page en"
        " envoie un autre."
    )


def _letter(title: str, paragraphs: list[str], token: str) -> Letter:
    link = Link("Ouvrir le dossier", public_address(reverse("space-link", args=[token])))
    return write_letter(title=title, paragraphs=paragraphs, link=link, signature=letter_signature())


def letter_signature() -> str:
    """Who signs a letter: the issuers, by their names."""
    return "\n".join(issuer.name for issuer in issuers()) or "Tripartite"
