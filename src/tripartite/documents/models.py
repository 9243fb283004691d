"""Papers as they were issued, and the counters that number them.

The database itself refuses to change or delete a paper (migration 0002); counters only go up.
"""

from django.db import models


class Counter(models.Model):
    """The last number taken in one yearly series of one issuer. Its row is the lock of the series."""

    issuer = models.CharField(max_length=40)
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("issuer", "series", "year"), name="counter_series"),)

    def __str__(self) -> str:
        return f"{self.issuer} {self.series} {self.year} : {self.last}"


class Document(models.Model):
    """An issued paper: what it is, the exact JSON it says, and the hash of its bytes."""

    kind = models.CharField(max_length=40)
    issuer = models.CharField(max_length=40)
    number = models.CharField(max_length=60, null=True)
    title = models.CharField(max_length=300)
    model = models.CharField(max_length=80)
    payload = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40, default="application/pdf")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "kind", "number"),
                condition=models.Q(number__isnull=False),
                name="document_number",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Content(models.Model):
    """The bytes of a paper, apart, so that lists never read them."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="content")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.document_id}"


class Picture(models.Model):
    """A picture that papers and screens show (a logo), known by the hash of its bytes: another one is another row."""

    sha256 = models.CharField(max_length=64, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    png = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.width} × {self.height}"
