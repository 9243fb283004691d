"""Sending what is due: claimed in one transaction, sent outside of any, its outcome noted in another.

A claim holds for LEASE. A sender claims nothing more RUN after it began, and one conversation with the server is cut at
`transport.CONVERSATION`: together they are shorter than a lease, so that no message has two senders. One that is killed
leaves its claim, and the message is taken again after it; if the server had said yes meanwhile, it goes out again,
under the same Message-ID. A message that is to wait longer than anything makes one wait was put off by a clock that has
been set right since: it is due.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tripartite.documents.queries import AlteredDocument, pdf_of
from tripartite.journal.services import Actor
from tripartite.messages.models import Message
from tripartite.messages.services.queueing import journal, masked, move
from tripartite.messages.states import WAITING, MessageState
from tripartite.messages.transport import CONVERSATION, Answer, Mail, Outcome, Paper, Transport
from tripartite.messages.veil import without_secrets
from tripartite.pricing.french import instant_text
from tripartite.pricing.typography import typeset, typeset_html

LEASE = timedelta(minutes=10)
RUN = timedelta(minutes=2)
assert RUN + CONVERSATION < LEASE  # noqa: S101 - otherwise two senders could have the same message
SENDER = Actor("envoi des courriels")


@dataclass(slots=True)
class Tally:
    """What became of the messages of one run."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.sent + other.sent, self.postponed + other.postponed, self.given_up + other.given_up)

    def __bool__(self) -> bool:
        return bool(self.sent or self.postponed or self.given_up)


def send_due_messages(*, at: datetime, limit: int = 100, transport: Transport) -> Tally:
    """Send the messages whose time has come, at most `limit`, one after the other; say what became of them.

    Safe with several senders at once. Ends after RUN even if some are left: call again with the new instant, until
    nothing was done. Raises RuntimeError inside a transaction.
    """
    tally, begun = Tally(), monotonic()
    for _ in range(limit):
        if monotonic() - begun > RUN.total_seconds():
            break
        message = _claim(at)
        if message is None:
            break
        _note(message, _deliver(message, transport), at, tally)
    return tally


@transaction.atomic(durable=True)
def _claim(at: datetime) -> Message | None:
    """Take the message that has been due the longest, if any, and hold it for a lease."""
    skip = connection.features.has_select_for_update_skip_locked
    out_of_reach = at + max(LEASE, *settings.CONFIG.mail_retries)
    its_time = Q(next_attempt_at__lte=at) | Q(next_attempt_at__gt=out_of_reach)
    due = Message.objects.filter(its_time, state__in=WAITING).order_by("next_attempt_at", "pk")
    message = due.select_for_update(skip_locked=skip).first()
    if message is None:
        return None
    move(message, MessageState.SENDING)
    message.claim, message.next_attempt_at = uuid.uuid4().hex, at + LEASE
    message.queued_at = min(message.queued_at, at)
    message.attempts += 1
    message.save()
    return message


def _deliver(message: Message, transport: Transport) -> Answer:
    try:
        papers = tuple(Paper(one.name, pdf_of(one.document_id)) for one in message.attachments.all())
    except AlteredDocument:
        return Answer(Outcome.REFUSED, "Une pièce jointe n'a plus l'empreinte gardée avec elle : rien n'est envoyé.")
    mail = Mail(
        sender=settings.CONFIG.mail_from,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        subject=typeset(message.subject),
        text=typeset(message.text),
        html=typeset_html(message.html),
        message_id=message.message_id,
        written_at=message.created_at,
        papers=papers,
    )
    return transport.deliver(mail)


@transaction.atomic(durable=True)
def _note(claimed: Message, answer: Answer, at: datetime, tally: Tally) -> None:
    """Write down what the server answered, unless the claim has passed to another sender."""
    mine = Message.objects.select_for_update().filter(pk=claimed.pk, claim=claimed.claim)
    message = mine.first()
    if message is None:
        return
    to = masked(message.recipient)
    message.last_error = answer.reason
    if answer.outcome is Outcome.ACCEPTED:
        move(message, MessageState.SENT)
        message.sent_at = at
        message.text = without_secrets(message.text, message.kind)
        message.html = without_secrets(message.html, message.kind)
        tally.sent += 1
        said = ("messages.send", f"Courriel envoyé à {to} : « {message.subject} »")
    elif again_at := next_attempt(message, at) if answer.outcome is Outcome.POSTPONED else None:
        move(message, MessageState.FAILED)
        message.next_attempt_at = again_at
        tally.postponed += 1
        said = ("messages.postpone", f"Envoi à {to} échoué, nouvel essai le {_when(again_at)} : {answer.reason}")
    else:
        move(message, MessageState.GIVEN_UP)
        tally.given_up += 1
        said = ("messages.give_up", f"Envoi à {to} abandonné : {answer.reason}")
    message.save()
    journal(message, SENDER, at, *said)


def next_attempt(message: Message, at: datetime) -> datetime | None:
    """When to try again after this attempt, None when patience has ended."""
    config = settings.CONFIG
    again_at = at + waiting_time(config.mail_retries, message.attempts)
    return again_at if again_at <= message.queued_at + config.mail_patience else None


def waiting_time(retries: Iterable[timedelta], attempts: int) -> timedelta:
    """How long to wait after so many attempts: the list's own times, then its last one again and again."""
    times = tuple(retries)
    return times[min(attempts, len(times)) - 1]


def _when(at: datetime) -> str:
    return instant_text(timezone.localtime(at))
