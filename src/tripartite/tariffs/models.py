"""Grid versions: the text of each, exactly, with what makes it found by date."""

from django.db import models
from django.db.models import F, Q

from tripartite.tariffs.states import LABELS, GridState


class GridVersion(models.Model):
    """One version of a tariff. `text` is its TOML; dates are inclusive; the act stands in the text.

    `offer` is the code's part before the bar: two adopted versions of one offer never apply on the same day.
    `replaced_from` is the first day on which a later version took over, so that the text itself never changes.
    """

    code = models.CharField(max_length=200, unique=True)
    offer = models.CharField(max_length=200, db_index=True)
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=300)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=list(LABELS.items()), default=GridState.DRAFT)
    applies_from = models.DateField()
    applies_until = models.DateField(null=True)
    replaced_from = models.DateField(null=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    drafted_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=200, null=True)

    class Meta:
        ordering = ("-applies_from", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(applies_until__isnull=True) | Q(applies_until__gte=F("applies_from")),
                name="grid_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(adopted_at__isnull=False), name="adopted_grid_has_its_instant"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def state_label(self) -> str:
        return LABELS[GridState(self.state)]
