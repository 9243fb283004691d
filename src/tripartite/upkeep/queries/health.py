"""Whether all runs: the base, the workers, the letters, the seal, the disk. Each part is looked at apart."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from tripartite.busy import why_not_reached
from tripartite.config import Mode
from tripartite.jobs.services.far import why_too_far
from tripartite.messages.queries import waiting_letters
from tripartite.pricing.french import counted, instant_text
from tripartite.pricing.money import whole
from tripartite.upkeep.models import WorkerSeen
from tripartite.upkeep.states import PartState

SILENT = timedelta(minutes=5)
"""After which a worker that says nothing is taken for gone: it says so every ten seconds, but for a long unit."""
UNTAKEN = timedelta(minutes=15)
"""For how long a letter whose time has come may wait for somebody to take it."""
LATE = timedelta(hours=1)
SEAL_SOON = timedelta(days=30)
GIGABYTE = 10**9
DISK_FULL = GIGABYTE // 2
DISK_LOW = 2 * GIGABYTE


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the installation: its code, how it is, and a French sentence."""

    code: str
    state: PartState
    words: str


def health(*, at: datetime) -> list[Part]:
    """Every part, never raising. Without its base, the parts that are read there are not told."""
    base = _base()
    of_the_base = [] if base.state is PartState.FAILING else [_workers(at), _day(at), _letters(at)]
    return [base, *of_the_base, _seal(at), _disk()]


def worst(parts: list[Part]) -> PartState:
    """How the whole is: as its worst part."""
    states = {part.state for part in parts}
    return next((state for state in (PartState.FAILING, PartState.WEAK) if state in states), PartState.GOOD)


def last_seen_worker(*, at: datetime) -> datetime | None:
    """When a worker was last seen: what a clock wrote ahead, before it was set right, is no sign of life."""
    seen = WorkerSeen.objects.filter(seen_at__lt=at + SILENT).order_by("-seen_at")
    return seen.values_list("seen_at", flat=True).first()


def _base() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM upkeep_workerseen WHERE 1 = 0")
    except DatabaseError as error:
        unready = not why_not_reached(error) and ("no such table" in str(error) or "does not exist" in str(error))
        words = "La base n'est pas à jour : lancer tripartite setup." if unready else "La base ne répond pas."
        return Part("base", PartState.FAILING, words)
    return Part("base", PartState.GOOD, "La base répond.")


def _workers(at: datetime) -> Part:
    seen = last_seen_worker(at=at)
    if seen is None:
        return Part("workers", PartState.FAILING, "Aucun ouvrier n'a jamais été vu : lancer tripartite worker.")
    words = f"Dernier ouvrier vu le {_local(seen)}."
    return Part("workers", PartState.FAILING if seen < at - SILENT else PartState.GOOD, words)


def _day(at: datetime) -> Part:
    refused = why_too_far(timezone.localdate(at))
    return Part("day", PartState.FAILING, refused) if refused else Part("day", PartState.GOOD, "La date est plausible.")


def _letters(at: datetime) -> Part:
    waiting = waiting_letters()
    if not waiting.number:
        return Part("letters", PartState.GOOD, "Aucun courriel n'attend.")
    words = f"{counted(waiting.number, 'courriel')} en attente, depuis le {_local(waiting.oldest)}."
    if waiting.due < at - UNTAKEN:
        return Part("letters", PartState.FAILING, f"{words} Personne ne les prend.")
    return Part("letters", PartState.WEAK if waiting.oldest < at - LATE else PartState.GOOD, words)


def _seal(at: datetime) -> Part:
    from tripartite.documents.seal_key import seal_status  # noqa: PLC0415 - loads pyHanko

    status = seal_status(at=at)
    if not status.usable or status.valid_until is None:
        return Part("seal", PartState.FAILING, status.sentence)
    soon = settings.CONFIG.mode is Mode.SERVER and status.valid_until < at + SEAL_SOON
    return Part("seal", PartState.WEAK if soon else PartState.GOOD, status.sentence)


def free_bytes() -> int:
    """What is left on the disk of the data folder."""
    folder = settings.CONFIG.var
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _disk() -> Part:
    free = free_bytes()
    state = PartState.FAILING if free < DISK_FULL else PartState.WEAK if free < DISK_LOW else PartState.GOOD
    return Part("disk", state, f"{whole(free // 10**6)} Mo libres pour les données.")


def _local(at: datetime) -> str:
    return instant_text(timezone.localtime(at))
