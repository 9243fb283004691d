"""What was announced already: a row is written with the announcement, so that nothing is announced twice."""

from django.db import models


class Notice(models.Model):
    """An announcement made, under a name that says what it announces: `key-expiry:12:90`. Never changed."""

    name = models.CharField(max_length=200, unique=True)
    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    text = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-recorded_at", "-id")

    def __str__(self) -> str:
        return self.name
