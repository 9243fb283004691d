"""Signing here: the code that a signatory gets for one text, by e-mail or from an agent, and what it signs."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tripartite.accounts.services.codes import Verdict, check_code, issue_code
from tripartite.config import CodeChannel
from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.queries.access import party
from tripartite.conventions.queries.conventions import convention_by_id, current_document_id
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.records import awaited, check_living
from tripartite.conventions.services.signing import Consent, consent_words, sign_here
from tripartite.documents.queries import document_by_id
from tripartite.journal.services import Actor
from tripartite.messages.letters import write_letter
from tripartite.messages.services.queueing import MessageError, queue_message
from tripartite.parties.queries.signature import letter_signature
from tripartite.typed import clean_line

SIGNING = "convention.sign"


@transaction.atomic
def send_code(*, signatory_id: int, actor: Actor, at: datetime) -> None:
    """Give a signatory, by e-mail, the code that signs the text as it is now.

    Raises CodeError when too many were asked for, ConventionError when nothing is awaited from it.
    """
    convention, signatory = awaited(signatory_id)
    code = _code(signatory, convention, channel=CodeChannel.EMAIL, actor=actor, at=at)
    letter = write_letter(
        title="Votre code",
        paragraphs=(
            f"Pour signer la convention {convention.number} au nom {party(signatory, convention).of} :",
            code,
            (
                "Il vaut dix minutes, une fois, pour ce texte seul. Ne le donnez à personne : aucun agent ne vous le"
                " demandera."
            ),
        ),
        signature=letter_signature(),
    )
    try:
        queue_message(
            kind="convention.code",
            to=(clean_line(signatory.name), signatory.email),
            subject=f"Votre code pour signer {convention.number}",
            text=letter.text,
            html=letter.html,
            about=("request", convention.request_id),
            actor=actor,
            at=at,
        )
    except MessageError as refusal:
        raise ConventionError(f"Le code ne peut pas partir à « {signatory.email} » : {refusal}") from None


@transaction.atomic
def tell_code(*, signatory_id: int, actor: Actor, at: datetime) -> str:
    """The code that an agent reads out on the telephone: shown once, in the answer itself.

    Raises CodeError when too many were asked for, ConventionError when nothing is awaited from that signatory.
    """
    convention, signatory = awaited(signatory_id)
    return _code(signatory, convention, channel=CodeChannel.PHONE, actor=actor, at=at)


@transaction.atomic
def sign_with_code(*, signatory_id: int, code: str, address: str, browser: str, actor: Actor, at: datetime) -> Verdict:
    """Sign with a code and the words (`consent_words`); what the code is worth. Anything but RIGHT signs nothing.

    A right code and the signature go together: when the signature is refused, the code stays good. `address` and
    `browser` say where from and with what. Raises ConventionError, as `sign_here` does.
    """
    convention, signatory = awaited(signatory_id)
    verdict = check_code(
        purpose=SIGNING,
        subject=str(signatory.pk),
        paper=_paper(convention),
        code=code,
        about=("request", convention.request_id),
        actor=actor,
        at=at,
    )
    if verdict is Verdict.RIGHT:
        by_phone = settings.CONFIG.code_channel is CodeChannel.PHONE
        consent = Consent(
            words=consent_words(signatory, convention),
            code_sent_to=f"{signatory.phone} (par téléphone)" if by_phone else signatory.email,
            address=address,
            browser=browser,
            by_phone=by_phone,
        )
        sign_here(signatory_id=signatory.pk, consent=consent, actor=actor, at=at)
    return verdict


def _code(signatory: Signatory, convention: Convention, *, channel: CodeChannel, actor: Actor, at: datetime) -> str:
    check_living(convention.beneficiary, on=timezone.localdate(at))
    return issue_code(
        purpose=SIGNING,
        subject=str(signatory.pk),
        paper=_paper(convention),
        channel=channel.value,
        about=("request", convention.request_id),
        actor=actor,
        at=at,
    )


def _paper(convention: Convention) -> str:
    """The sha256 of what would be signed now."""
    read = convention_by_id(convention.pk)
    document = document_by_id((read and current_document_id(read)) or 0)
    if document is None:
        raise ConventionError("Cette convention n'a pas encore de papier à signer.")
    return str(document.sha256)
