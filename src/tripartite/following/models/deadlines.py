"""What is made for a deadline: the letter prepared for it, and who is told of those to come by e-mail."""

from django.db import models
from django.db.models import Q


class DeadlineLetter(models.Model):
    """A letter prepared for a deadline of a convention, kept among the papers of its file. Never changed.

    `kind` and `day` are those of the deadline (`convention-end`, its day), `sender` the code of the issuer that writes.
    """

    convention = models.ForeignKey("conventions.Convention", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey("quotes.Request", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    day = models.DateField()
    sender = models.CharField(max_length=40)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("request",), name="deadline_letter_file"),)

    def __str__(self) -> str:
        return f"{self.convention}, {self.day:%d/%m/%Y}"


class DeadlineDismissal(models.Model):
    """That a deadline which has passed needs nothing, and why. Never changed. `key` is that of the deadline."""

    key = models.CharField(max_length=120, unique=True)
    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="dismissal_has_reason"),)

    def __str__(self) -> str:
        return self.key


class DigestWish(models.Model):
    """Whether an account wants the deadlines to come by e-mail, every week."""

    account = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    wanted = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("account_id",)

    def __str__(self) -> str:
        return f"{self.account} : {'oui' if self.wanted else 'non'}"
