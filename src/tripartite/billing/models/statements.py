"""Statements of an account, as they were read, and the columns that an issuer reads of its accountant's."""

from django.db import models

from tripartite.billing.statements.values import STATEMENT_KIND_LABELS, StatementKind


class Statement(models.Model):
    """A file that says what was paid: its lines (`rows`: a number and cells each), to be seen, then recorded.

    A file is kept once (`digest` is its sha256). `account` is the IBAN of a bank's. `recorded_at` is the last time that
    its movements were recorded, None before; one never recorded may be dropped.
    """

    issuer = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=list(STATEMENT_KIND_LABELS.items()))
    name = models.CharField(max_length=150)
    digest = models.CharField(max_length=64)
    account = models.CharField(max_length=34, blank=True)
    rows = models.JSONField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        indexes = (models.Index(fields=("issuer", "received_at"), name="statement_issuer"),)
        constraints = (models.UniqueConstraint(fields=("issuer", "digest"), name="statement_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        return STATEMENT_KIND_LABELS[StatementKind(self.kind)]


class StatementColumns(models.Model):
    """The titles of the columns that an issuer's statements say each thing in: the last row counts, none changes."""

    issuer = models.CharField(max_length=40)
    columns = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = (models.Index(fields=("issuer", "recorded_at"), name="statement_columns_issuer"),)

    def __str__(self) -> str:
        return f"{self.issuer}, {self.recorded_at:%d/%m/%Y}"
