"""The outbox: each message as it was written, what became of it, and the papers that go with it."""

from django.db import models
from django.db.models import Q

from tripartite.messages.states import LABELS, WAITING, MessageState

_WAITING = sorted(state.value for state in WAITING)


class Message(models.Model):
    """One e-mail to one person. `message_id` is made once: it stays the same however many times it is sent.

    `next_attempt_at` says from when a sender may take it; while one has it, that is the end of the lease, after which
    another may. `claim` names the sender that has it, so that a late one cannot speak for it any more.
    `queued_at` is when patience began: at first with `created_at`, later when somebody asks for it again.
    """

    kind = models.CharField(max_length=40)
    recipient = models.CharField(max_length=254)
    recipient_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=320, unique=True)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=list(LABELS.items()))
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("state", "next_attempt_at"), name="message_due"),
            models.Index(fields=("about_kind", "about_id"), name="message_about"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=_WAITING, next_attempt_at__isnull=False)
                | (~Q(state__in=_WAITING) & Q(next_attempt_at__isnull=True)),
                name="waiting_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_message_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def state_label(self) -> str:
        return LABELS[MessageState(self.state)]


class Attachment(models.Model):
    """A kept paper that goes with a message, under the name that its reader sees."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
