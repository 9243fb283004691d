"""Reading the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import CharField, Count, Min, QuerySet

from tripartite.many import Among, keys_told
from tripartite.messages.models import Attachment, Message
from tripartite.messages.states import WAITING, MessageState
from tripartite.questions import KEYS, Place, Question


def message_list(states: Collection[MessageState] = ()) -> QuerySet[Message]:
    """Messages, newest first; with `states`, only those in one of them. Their bodies are not read."""
    found = Message.objects.defer("text", "html")
    return found.filter(state__in=states) if states else found


def messages_about(kind: str | Place, identifier: object) -> QuerySet[Message]:
    """The messages about one subject, newest first."""
    key = identifier if isinstance(identifier, Place) else str(identifier)
    return message_list().filter(about_kind=kind, about_id=key)


ABOUT = Question[Message](messages_about, CharField(), CharField())


def letters_not_gone(kind: str, identifier: object) -> list[Message]:
    """The messages about one subject that were given up or could not be written, the latest for each recipient, newest
    first; none for who was written to since. One query, bodies not read."""
    last: dict[str, Message] = {}
    for one in ABOUT.ask(kind, str(identifier)):
        last.setdefault(one.recipient.lower(), one)
    return [one for one in last.values() if one.state == MessageState.GIVEN_UP]


def message_by_id(message_id: int) -> Message | None:
    """A message with its attachments: two queries."""
    return Message.objects.prefetch_related("attachments").filter(pk=message_id).first()


def attachment_of(message_id: int, attachment_id: int) -> Attachment | None:
    """An attachment of that message."""
    return Attachment.objects.filter(message=message_id, pk=attachment_id).first()


def message_counts() -> dict[MessageState, int]:
    """How many messages are in each state."""
    counted = dict(Message.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in MessageState}


CARRYING = Question[Attachment](
    lambda documents: (
        Attachment.objects.filter(Among("document", documents))
        .select_related("message")
        .defer("message__text", "message__html")
        .order_by("message")
    ),
    KEYS,
)


def messages_carrying(document_ids: Collection[int]) -> dict[int, list[Message]]:
    """The messages that carry each of these papers, by the paper's key, oldest first: one query, bodies not read."""
    found: dict[int, list[Message]] = {}
    for one in CARRYING.ask(keys_told(document_ids)):
        found.setdefault(one.document_id, []).append(one.message)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """The letters not yet sent, and not given up: how many, since when the oldest waits, and the earliest time at which
    a sender may take one. Both instants mean nothing when there is none.
    """

    number: int
    oldest: datetime
    due: datetime


def waiting_letters() -> Waiting:
    """What waits in the outbox: one query."""
    found = Message.objects.filter(state__in=WAITING).order_by()
    told = found.aggregate(number=Count("pk"), oldest=Min("queued_at"), due=Min("next_attempt_at"))
    never = datetime.max.replace(tzinfo=UTC)
    return Waiting(told["number"], told["oldest"] or never, told["due"] or never)
