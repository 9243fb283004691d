"""What is written to a beneficiary and to signatories: each act with its e-mail, in one transaction.

Every e-mail carries its own link: single use, to one file, for the address it is sent to.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tripartite.accounts.services.attempts import count_attempt
from tripartite.accounts.services.codes import issue_code
from tripartite.config import CodeChannel
from tripartite.conventions.queries.conventions import conventions_of_request, waiting_signatories
from tripartite.conventions.services.letters import letter_signature, write_about
from tripartite.conventions.services.sending import send_convention
from tripartite.journal.services import Actor
from tripartite.messages.letters import write_letter
from tripartite.messages.services.queueing import queue_message
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.queries.requests import request_with_all
from tripartite.quotes.services.issuing import issue_quotes

SIGNING = "convention.sign"
NEW_LINKS = ((timedelta(hours=1), 5), (timedelta(days=1), 20))
LETTERS = ((timedelta(hours=1), 3), (timedelta(days=1), 10))
"""How many requests for a link from one network, and how many letters to one address about one file."""


@transaction.atomic
def issue_quotes_and_tell(*, request_id: int, actor: Actor, at: datetime, seen: str | None = None) -> tuple[Any, ...]:
    """Issue the quotes of a request and write to its contact, if it has an address. Raises QuoteError."""
    quotes = issue_quotes(request_id=request_id, actor=actor, at=at, seen=seen)
    asked = quotes[0].version.request
    if asked.contact_email:
        last = min(quote.valid_until for quote in quotes)
        numbers = " et ".join(quote.number for quote in quotes)
        write_about(
            kind="quotes.issued",
            asked=asked,
            to=(asked.contact_name, asked.contact_email),
            subject=f"Vos devis {numbers}",
            paragraphs=(
                f"Les devis pour {asked.beneficiary.name} sont joints, un par émetteur. Ils vont ensemble.",
                (
                    f"Vous pouvez les accepter ou les refuser jusqu'au {last:%d/%m/%Y} compris, par le lien ci-dessous,"
                    " sans compte ni mot de passe. Rien n'est engagé avant votre réponse."
                ),
            ),
            attachments=[quote.document_id for quote in quotes],
            actor=actor,
            at=at,
        )
    return quotes


def _named(convention: Any) -> str:
    if convention.parent:
        return f"L'avenant {convention.number} à la convention {convention.parent.number}"
    return f"La convention {convention.number}"


@transaction.atomic
def send_convention_and_tell(*, convention_id: int, actor: Actor, at: datetime) -> Any:
    """Send a convention to be signed, and write to each signatory who has an address. Raises ConventionError."""
    convention = send_convention(convention_id=convention_id, actor=actor, at=at)
    asked = convention.request
    for one in convention.signatories.all():
        if one.email:
            write_about(
                kind="convention.sent",
                asked=asked,
                to=(one.name, one.email),
                subject=f"{convention.number}, à signer : {convention.beneficiary.name}",
                paragraphs=(
                    f"{_named(convention)} avec {convention.beneficiary.name} attend vos signatures.",
                    (
                        "L'espace du dossier montre le texte, qui a signé et qui manque. Vous pouvez y signer, ou le"
                        " faire sur papier ou avec votre certificat."
                    ),
                ),
                attachments=[convention.document_id] if convention.document_id else (),
                actor=actor,
                at=at,
            )
    return convention


@transaction.atomic
def send_new_link(*, reference: str, email: str, network: str, actor: Actor, at: datetime) -> bool:
    """Write a new link to an address that the file knows; nothing otherwise, and the caller cannot tell.

    False when too many were asked for from that network: this too says nothing of the address.
    """
    if not count_attempt(purpose="new-link", who=network, most=NEW_LINKS, at=at):
        return False
    asked, address = request_with_all(reference.strip().upper()[:20]), email.strip().lower()
    known = asked is not None and address in addresses_of(asked, conventions_of_request(asked.pk))
    if asked and known and count_attempt(purpose="letter", who=f"{asked.pk} {address}", most=LETTERS, at=at):
        write_about(
            kind="space.link",
            asked=asked,
            to=("", address),
            subject=f"Votre lien pour le dossier {asked.reference}",
            paragraphs=(
                f"Un nouveau lien a été demandé pour le dossier {asked.reference}, {asked.beneficiary.name}.",
                "Si ce n'est pas vous, il n'y a rien à faire : sans ce courriel, personne ne peut s'en servir.",
            ),
            actor=actor,
            at=at,
        )
    return True


@transaction.atomic
def send_code(*, signatory: Any, convention: Any, paper: str, actor: Actor, at: datetime) -> None:
    """Give a signatory, by e-mail, the code that signs that paper. Raises CodeError."""
    about = ("request", convention.request_id)
    code = _code(signatory, convention, paper=paper, channel=CodeChannel.EMAIL, actor=actor, at=at)
    letter = write_letter(
        title="Votre code",
        paragraphs=(
            f"Pour signer la convention {convention.number} au nom de {party(signatory, convention)} :",
            code,
            (
                "Il vaut dix minutes, une fois, pour ce texte seul. Ne le donnez à personne : aucun agent ne vous le"
                " demandera."
            ),
        ),
        signature=letter_signature(),
    )
    queue_message(
        kind="convention.code",
        to=(signatory.name, signatory.email),
        subject=f"Votre code pour signer {convention.number}",
        text=letter.text,
        html=letter.html,
        about=about,
        actor=actor,
        at=at,
    )


def tell_code(*, signatory: Any, convention: Any, paper: str, actor: Actor, at: datetime) -> str:
    """The code that an agent reads out on the telephone: shown once, in the answer itself. Raises CodeError."""
    return _code(signatory, convention, paper=paper, channel=CodeChannel.PHONE, actor=actor, at=at)


def addresses_of(asked: Any, conventions: Iterable[Any]) -> set[str]:
    """Who may come in to a file: its contact, and the signatories of its conventions once these are sent."""
    known = {asked.contact_email.lower()} if asked.contact_email and asked.versions.all() else set()
    sent = (one for convention in conventions if convention.number for one in convention.signatories.all())
    return known | {one.email.lower() for one in sent if one.email}


def waits_for(convention: Any, email: str) -> list[Any]:
    """The signatories at that address whose signature is awaited."""
    return [one for one in waiting_signatories(convention) if one.email.lower() == email]


def party(signatory: Any, convention: Any) -> str:
    """In whose name a signatory signs."""
    names = {issuer.code: issuer.name for issuer in issuers()}
    return names.get(signatory.role) or str(convention.beneficiary.name)


def _code(signatory: Any, convention: Any, *, paper: str, channel: CodeChannel, actor: Actor, at: datetime) -> str:
    return issue_code(
        purpose=SIGNING,
        subject=str(signatory.pk),
        paper=paper,
        channel=channel.value,
        about=("request", convention.request_id),
        actor=actor,
        at=at,
    )
