"""The journal's one table: who did what to what, when. Rows are added, never changed (the database refuses it)."""

from django.db import models


class Entry(models.Model):
    """One act, told in one French sentence, with what a machine may need beside it."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    text = models.TextField()
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("subject_kind", "subject_id", "at"), name="journal_subject"),)

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor} : {self.text}"
