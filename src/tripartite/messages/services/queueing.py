"""Putting a message in the outbox, asking for it again, forgetting to whom it went.

An act that only tells is not stopped by a letter that cannot be written: that letter is set aside, where it shows.
"""

import unicodedata
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Required, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tripartite.config import Mode
from tripartite.documents.queries import names_of
from tripartite.journal.services import Actor, record
from tripartite.messages.models import Attachment, Message
from tripartite.messages.states import TRANSITIONS, WAITING, MessageState

BREAKS = frozenset({"Cc", "Zl", "Zp"})
"""What could end a header and begin another: controls, separators of lines and paragraphs."""
FORGOTTEN = "(effacé)"
Papers = Collection[int] | Mapping[int, str]
"""Kept papers that go with a message: their ids, or ids with the number or title by which each is named, where they are
at hand."""


class _Written(TypedDict, total=False):
    kind: Required[str]
    text: Required[str]
    html: str
    attachments: Papers
    about: Required[tuple[str, object]]
    actor: Required[Actor]
    at: Required[datetime]


class MessageError(Exception):
    """A message that cannot be written or moved so; the message, in French, says why."""


def queue_message(
    *,
    kind: str,
    to: tuple[str, str],
    subject: str,
    text: str,
    html: str = "",
    attachments: Papers = (),
    about: tuple[str, object],
    actor: Actor,
    at: datetime,
) -> Message:
    """Put a message in the outbox, in the transaction of the act that causes it: no act, no message.

    `kind` is an English code (`quotes.issued`), `to` a name (empty if unknown) and an address, `about` the kind and
    identifier of the subject whose journal tells it (`("request", 12)`), `attachments` the kept papers (`Papers`).
    `text` and `html` come from `letters.write_letter`. Names and subjects that are too long are shortened.
    In local mode without a mail server, the message is kept to be read, and never sent.
    Raises MessageError for an address that cannot be one or a line break in a header, and
    TransactionManagementError outside an atomic block.
    """
    name, address = to
    if reason := why_unwritable(to=to, subject=subject):
        raise MessageError(reason)
    config = settings.CONFIG
    kept = config.mode is Mode.LOCAL and not config.smtp
    message = _written(
        Message(
            kind=kind,
            recipient=address,
            recipient_name=name,
            subject=subject,
            text=text,
            html=html,
            about_kind=about[0],
            about_id=str(about[1]),
            state=MessageState.KEPT if kept else MessageState.QUEUED,
            next_attempt_at=None if kept else at,
        ),
        attachments,
        at,
    )
    words = "gardé, sans serveur de courrier" if kept else "à envoyer"
    journal(message, actor, at, "messages.queue", f"Courriel {words} : « {message.subject} »")
    return message


def set_aside(
    *,
    kind: str,
    to: tuple[str, str],
    subject: str,
    text: str,
    html: str = "",
    attachments: Papers = (),
    about: tuple[str, object],
    actor: Actor,
    at: datetime,
) -> Message:
    """Keep a message that cannot be written (`why_unwritable`) among those given up, with the reason: the act that
    causes it is done, and somebody sees who was not told. It must hold no link and no code: nobody is to receive it.

    The arguments are those of `queue_message`. Raises MessageError when the message can be written after all.
    """
    reason = why_unwritable(to=to, subject=subject)
    if not reason:
        raise MessageError("Ce courriel peut être écrit : il n'est pas à mettre de côté.")
    message = _written(
        Message(
            kind=kind,
            recipient=_on_one_line(to[1])[:254],
            recipient_name=_on_one_line(to[0]),
            subject=_on_one_line(subject),
            text=text,
            html=html,
            about_kind=about[0],
            about_id=str(about[1]),
            state=MessageState.GIVEN_UP,
            last_error=reason,
        ),
        attachments,
        at,
    )
    journal(message, actor, at, "messages.set-aside", f"Courriel non écrit, « {message.subject} » : {reason}")
    return message


def queue_or_set_aside(*, to: tuple[str, str], subject: str, **written: Unpack[_Written]) -> bool:
    """Queue a message that only tells of an act, or set it aside when it cannot be written; whether it was queued."""
    write = set_aside if why_unwritable(to=to, subject=subject) else queue_message
    return write(to=to, subject=subject, **written).state != MessageState.GIVEN_UP


def why_unwritable(*, to: tuple[str, str], subject: str) -> str:
    """Why a message to a name and an address, with that subject, cannot be written, in French; « » when it can."""
    name, address = to
    for words, value in (("Le nom", name), ("L'adresse", address), ("L'objet", subject)):
        if any(unicodedata.category(character) in BREAKS for character in value):
            return f"{words} d'un courriel tient sur une ligne, sans caractère de contrôle."
    if not subject.strip():
        return "Un courriel a un objet."
    try:
        validate_email(address)
    except ValidationError:
        return "L'adresse du destinataire n'est pas une adresse électronique."
    return "L'adresse du destinataire est trop longue." if len(address) > 254 else ""


@transaction.atomic
def requeue_message(*, message_id: int, actor: Actor, at: datetime) -> Message:
    """Try again, from the first attempt on, a message that was given up. Raises MessageError for any other."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise MessageError("Ce courriel n'existe pas.")
    if message.recipient == FORGOTTEN:
        raise MessageError("Ce courriel ne dit plus à qui l'envoyer : ses coordonnées ont été effacées.")
    if reason := why_unwritable(to=(message.recipient_name, message.recipient), subject=message.subject):
        raise MessageError(f"{reason} Corrigez-la dans le dossier : ce qui suivra partira à la bonne.")
    move(message, MessageState.QUEUED)
    message.attempts, message.last_error = 0, ""
    message.queued_at = message.next_attempt_at = at
    message.save()
    journal(message, actor, at, "messages.requeue", f"Courriel à renvoyer à {masked(message.recipient)}.")
    return message


@transaction.atomic
def forget_messages(*, about: tuple[str, object], actor: Actor, at: datetime) -> int:
    """Erase to whom the ended messages about a subject went, and what they said; how many there were.

    That a message was sent, when, and under which Message-ID, stays.
    """
    ended = (
        Message.objects.select_for_update()
        .filter(about_kind=about[0], about_id=str(about[1]))
        .exclude(state__in=WAITING)
        .exclude(recipient=FORGOTTEN)
    )
    found = list(ended)
    for message in found:
        message.recipient, message.recipient_name = FORGOTTEN, ""
        message.text, message.html = FORGOTTEN, ""
        message.save()
        journal(message, actor, at, "messages.forget", "Destinataire et texte d'un courriel effacés.")
    return len(found)


def move(message: Message, state: MessageState) -> None:
    """Change a message's state, if the table of transitions has it; the caller holds its row and saves it."""
    if state not in TRANSITIONS[MessageState(message.state)]:
        raise MessageError(f"Ce courriel est « {message.state_label} » : cela ne se peut plus.")
    message.state, message.claim, message.next_attempt_at = state, "", None


def journal(message: Message, actor: Actor, at: datetime, action: str, text: str) -> None:
    """Tell the journal of the subject."""
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind=message.about_kind,
        subject_id=message.about_id,
        text=text,
        details={"message": message.pk},
    )


def masked(address: str) -> str:
    """« m…@exemple.fr »: enough to know it again. The journal is never erased; the message's own address can be."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _written(message: Message, attachments: Papers, at: datetime) -> Message:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a message is queued inside the transaction that causes it")
    message.recipient_name = _shortened(message.recipient_name, 200)
    message.subject = _shortened(message.subject, 300)
    message.message_id = _new_message_id(settings.CONFIG.mail_from)
    message.created_at = message.queued_at = at
    message.save()
    _attach(message, attachments)
    return message


def _on_one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(character) in BREAKS else character for character in text).strip()


def _attach(message: Message, papers: Papers) -> None:
    if not papers:
        return
    names = papers if isinstance(papers, Mapping) else names_of(papers)
    if any(key not in names for key in papers):
        raise MessageError("Un papier à joindre n'existe pas.")
    Attachment.objects.bulk_create(
        Attachment(message=message, name=f"{_shortened(_file_name(names[key]), 190)}.pdf", document_id=key)
        for key in papers
    )


def _file_name(name: str) -> str:
    return "".join("-" if character in '/\\:"' else character for character in name)


def _new_message_id(mail_from: str) -> str:
    domain = parseaddr(mail_from)[1].rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
