"""The updates of the directory: which files, of which year, what they changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from tripartite.parties.models import DirectoryUpdate, PublicBody, UpdateFile
from tripartite.parties.states import LAYOUT_LABELS, Layout
from tripartite.pricing.money import number_text

COUNTED = (
    ("added", "ajoutée", "ajoutées"),
    ("changed", "modifiée", "modifiées"),
    ("merged", "réunie à une autre", "réunies à d'autres"),
    ("gone", "disparue", "disparues"),
    ("unlisted", "à dater", "à dater"),
    ("figures", "population nouvelle", "populations nouvelles"),
    ("movements", "mouvement nouveau", "mouvements nouveaux"),
)

GROUPS = (
    ("merged", "Réunies à d'autres"),
    ("gone", "Disparues"),
    ("unlisted", "Absentes des fichiers, dernier jour à noter"),
    ("changed", "Modifiées"),
    ("added", "Ajoutées"),
    ("skipped", "Lignes laissées de côté"),
)
"""The groups of lines of a report, in the order in which they matter, and their titles."""


def updates() -> QuerySet[DirectoryUpdate]:
    """All of them, the latest first, with their files: two queries."""
    return DirectoryUpdate.objects.prefetch_related("files")


def update_by_id(update_id: int) -> DirectoryUpdate | None:
    return updates().filter(pk=update_id).first()


def files_without_year(files: Iterable[UpdateFile]) -> list[UpdateFile]:
    """Those of the files, read and kept, whose year nobody said, when they do not say it themselves."""
    return [
        one
        for one in files
        if one.layout == Layout.POPULATIONS.value and one.year_given is None and one.table is not None
    ]


def forgotten_updates(*, before: datetime) -> QuerySet[DirectoryUpdate]:
    """Those that nobody has settled, deposited before an instant: they still keep what was read of their files."""
    waiting = (DirectoryUpdate.State.INCOMPLETE, DirectoryUpdate.State.PREPARED)
    return DirectoryUpdate.objects.filter(state__in=waiting, prepared_at__lt=before)


def bodies_to_date() -> QuerySet[PublicBody]:
    """The bodies that the files no longer list, whose last day nobody has recorded."""
    return PublicBody.objects.filter(unlisted_on__isnull=False, ended_on=None)


def summary(update: DirectoryUpdate) -> str:
    """« 2 modifiées, 887 populations nouvelles », of what an update changed, or would; else why nothing is known."""
    if update.state == DirectoryUpdate.State.READING:
        return "fichiers en lecture"
    if update.state == DirectoryUpdate.State.INCOMPLETE:
        return f"{'année' if files_without_year(update.files.all()) else 'département'} à dire"
    if "findings" in update.report:
        return "jamais complétée" if update.state == DirectoryUpdate.State.GIVEN_UP else "fichiers refusés"
    found = []
    for name, one, several in COUNTED:
        value = update.report.get(name, 0)
        count = value["count"] if isinstance(value, dict) else value
        if count:
            found.append(f"{number_text(count)} {one if count == 1 else several}")
    return ", ".join(found) or "rien ne change"


def layout_label(layout: str) -> str:
    """What a kind of file is, in French, for people; « » of one that is not read yet, or that cannot be."""
    return LAYOUT_LABELS[Layout(layout)] if layout else ""
