"""The figures of an installation, in the text format that Prometheus reads.

Only gauges, read in the base or on the disk: whichever process answers says the same, so that the processes of the
server have nothing to share.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tripartite.documents.queries import papers_by_kind
from tripartite.jobs.queries import counts_of_jobs, last_daily
from tripartite.messages.queries import message_counts, waiting_letters
from tripartite.quotes.queries.requests import counts_of_requests
from tripartite.upkeep.queries.health import free_bytes, last_seen_worker
from tripartite.upkeep.queries.records import last_backup, last_drill
from tripartite.version import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Gauge(NamedTuple):
    """A figure, by the value of one label (« » when it has none); its unit is in its name."""

    name: str
    meaning: str
    label: str
    values: Iterable[tuple[str, int]]


def metrics(*, at: datetime) -> str:
    """Every figure at that instant, as text. Raises DatabaseError when the base does not answer."""
    return "".join(line for gauge in _gauges(at) for line in _lines(gauge))


def _gauges(at: datetime) -> Iterator[Gauge]:
    yield Gauge("info", "La version qui sert.", "version", [(VERSION, 1)])
    yield Gauge("requests", "Demandes, par état.", "state", counts_of_requests().items())
    yield Gauge("letters", "Courriels, par état.", "state", message_counts().items())
    waiting = waiting_letters()
    age = int((at - waiting.oldest).total_seconds()) if waiting.number else 0
    yield Gauge("oldest_letter_seconds", "Depuis quand attend le plus ancien courriel.", "", [("", age)])
    yield Gauge("jobs", "Travaux, par état.", "state", counts_of_jobs().items())
    yield Gauge("papers", "Papiers gardés, par genre.", "kind", papers_by_kind().items())
    yield from _instants(at)
    from tripartite.documents.seal_key import seal_status  # noqa: PLC0415 - loads pyHanko

    status = seal_status(at=at)
    left = (status.valid_until - at).days if status.usable and status.valid_until else -1
    yield Gauge("seal_days_left", "Jours avant la fin du sceau ; -1 : inutilisable.", "", [("", left)])
    yield Gauge("disk_free_bytes", "Place libre pour les données.", "", [("", free_bytes())])


def _instants(now: datetime) -> Iterator[Gauge]:
    """When each of these last was; what never was is not told."""
    for name, meaning, at in (
        ("last_daily", "Fin du dernier travail du jour.", last_daily()),
        ("last_backup", "Dernière sauvegarde.", last_backup()),
        ("last_drill", "Dernière remise en place à l'essai.", last_drill()),
        ("last_worker", "Dernier signe de vie d'un ouvrier.", last_seen_worker(at=now)),
    ):
        if at is not None:
            yield Gauge(f"{name}_timestamp_seconds", meaning, "", [("", int(at.timestamp()))])


def _lines(gauge: Gauge) -> Iterator[str]:
    name = f"tripartite_{gauge.name}"
    yield f"# HELP {name} {gauge.meaning}\n# TYPE {name} gauge\n"
    for value, number in gauge.values:
        escaped = str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        label = f'{{{gauge.label}="{escaped}"}}' if gauge.label else ""
        yield f"{name}{label} {number}\n"
