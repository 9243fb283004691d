"""What an installation says of itself while it runs: which workers were seen, and when."""

from django.db import models


class WorkerSeen(models.Model):
    """A worker, by the name that it gave itself, and when it last said that it was there."""

    name = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at", "name")

    def __str__(self) -> str:
        return self.name
