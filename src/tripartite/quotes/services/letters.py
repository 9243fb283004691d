"""Letters about a file: each carries its own link, single use, to that file alone, for the address it is sent to.

An act queues the letter that it causes, in its own transaction: whatever door it came by, the same people are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.services.links import create_access_link, masked
from tripartite.journal.services import Actor
from tripartite.messages.letters import Link, public_address, write_letter
from tripartite.messages.services.queueing import Papers, queue_or_set_aside, why_unwritable
from tripartite.parties.queries.signature import letter_signature
from tripartite.pricing.french import instant_text
from tripartite.quotes.models import Quote, QuoteVersion, Request
from tripartite.quotes.services.errors import QuoteError
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why quotes are issued, in the words of their letter: what comes before their numbers, then how it opens."""

    subject: str
    opening: str


def write_quotes_issued(
    *,
    request: Request,
    quotes: Sequence[Quote],
    before: QuoteVersion | None,
    occasion: Occasion | None,
    actor: Actor,
    at: datetime,
    signature: str = "",
) -> None:
    """Queue the letter that brings its quotes to the contact of a request; none without an address. `before` is the
    version that they replace; `signature` that of `letter_signature`, where it is at hand.
    """
    if not request.contact_email:
        return
    numbers = " et ".join(quote.number for quote in quotes)
    last = min(quote.valid_until for quote in quotes)
    why = occasion or _usual(request)
    write_about(
        kind="quotes.issued",
        asked=request,
        to=(request.contact_name, request.contact_email),
        subject=f"{why.subject} {numbers}{_version_words(quotes[0])}",
        paragraphs=(
            f"{why.opening} Ils vont ensemble.",
            *_what_it_replaces(quotes[0].version, before),
            (
                f"Vous pouvez les accepter ou les refuser jusqu'au {last:%d/%m/%Y} compris, par le lien ci-dessous,"
                " sans compte ni mot de passe. Rien n'est engagé avant votre réponse."
            ),
        ),
        attachments={quote.document_id: quote.number for quote in quotes},
        signature=signature,
        required=True,
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


def _version_words(quote: Quote) -> str:
    return f", version {quote.version.version}" if quote.version.version > 1 else ""


def _what_it_replaces(version: QuoteVersion, before: QuoteVersion | None) -> list[str]:
    """What a version replaces, and what changes, in French; nothing for the first one."""
    if before is None:
        return []
    replaced = list(before.quotes.all())
    numbers = " et ".join(one.number for one in replaced)
    told = [
        f"Cette version {version.version} remplace les devis {numbers} (version {before.version}), qui ne valent plus."
    ]
    if any(hasattr(one, "answer") and one.answer.accepted for one in replaced):
        told[0] += " L'accord donné sur ceux-ci ne porte pas sur la nouvelle version : il est à donner de nouveau."
    if version.what_changed:
        told.append(f"Ce qui change :\n{version.what_changed}")
    return told


def write_to_contact(
    *, kind: str, asked: Request, subject: str, paragraphs: Iterable[str], actor: Actor, at: datetime
) -> None:
    """Queue a letter to the contact of a request; none without an address."""
    if asked.contact_email:
        write_about(
            kind=kind,
            asked=asked,
            to=(asked.contact_name, asked.contact_email),
            subject=subject,
            paragraphs=paragraphs,
            actor=actor,
            at=at,
        )


def write_about(
    *,
    kind: str,
    asked: Any,
    to: tuple[str, str],
    subject: str,
    paragraphs: Iterable[str],
    actor: Actor,
    at: datetime,
    attachments: Papers = (),
    references: Sequence[tuple[str, str]] = (),
    sign: int | None = None,
    signature: str = "",
    required: bool = False,
) -> bool:
    """Queue a letter with the references of its file, who may be called, and its own link once there is something to
    open: a file shows itself when its quotes are issued.

    `references` are those that come with the file's own; `sign` is the convention that the reader is asked to sign:
    the link leads there; `signature` is that of `letter_signature`, where it is at hand. A letter that cannot be
    written (an address kept before addresses were checked) stops nothing: it is set aside, shown and journaled, and the
    answer is False. When the letter is the act itself (`required`), QuoteError says why.
    """
    facts = [("Dossier", asked.reference), ("Collectivité", asked.beneficiary.name), *references]
    name, address = clean_line(to[0]), to[1]
    reason = why_unwritable(to=(name, address), subject=subject)
    if reason and required:
        raise QuoteError(f"Le courriel à « {address} » ne peut pas être écrit : {reason}")
    link, told = None, list(paragraphs)
    if not reason and (required or asked.versions.exists()):  # where one is required, quotes are out
        link = _link(create_access_link(request_id=asked.pk, email=address, actor=actor, at=at), sign)
        told.append(_about_link(at))
    letter = write_letter(
        title=subject, paragraphs=told, facts=facts, link=link, signature=signature or letter_signature()
    )
    return queue_or_set_aside(
        kind=kind,
        to=(name, address),
        subject=subject,
        text=letter.text,
        html=letter.html,
        attachments=attachments,
        about=("request", asked.pk),
        actor=actor,
        at=at,
    )


ENDED = " Les liens envoyés ici n'ouvrent plus rien."


def write_to_former_address(
    *, asked: Any, former: str, whose: str, new: str, actor: Actor, at: datetime, links_ended: bool = True
) -> None:
    """Tell an address, at once, that a file no longer writes to it, who changed that and to what: whoever did not ask
    for it says so. It carries no link."""
    letter = write_letter(
        title="Cette adresse a été remplacée",
        paragraphs=(
            (
                f"Dossier {asked.reference}, {asked.beneficiary.name} : l'adresse {whose} n'est plus celle-ci. Elle a"
                f" été changée le {instant_text(timezone.localtime(at))} par {actor.label}"
                f"{f', pour {masked(new)}' if new else ''}."
                f"{ENDED if links_ended else ''}"
            ),
            "Si vous ne l'avez pas demandé, appelez aussitôt l'un des émetteurs.",
        ),
        signature=letter_signature(),
    )
    queue_or_set_aside(
        kind="space.address-changed",
        to=("", former),
        subject=f"Dossier {asked.reference} : votre adresse a été remplacée",
        text=letter.text,
        html=letter.html,
        about=("request", asked.pk),
        actor=actor,
        at=at,
    )


def _about_link(at: datetime) -> str:
    last = timezone.localdate(at + settings.CONFIG.link_life)
    return (
        f"Le lien ci-dessous est personnel. Il s'ouvre une fois, jusqu'au {last:%d/%m/%Y} ; ensuite, la même page en"
        " envoie un autre."
    )


def _link(token: str, sign: int | None) -> Link:
    opening = public_address(reverse("space-link", args=[token]))
    return Link("Ouvrir le dossier", opening) if sign is None else Link("Lire et signer", f"{opening}?signer={sign}")
