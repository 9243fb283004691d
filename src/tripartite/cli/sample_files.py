"""The sample files of an offer, as data: `grids/<offer>/samples/files.toml`. The code names no body and no service."""

import tomllib
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A request of a commune (`commune`, its INSEE code): `stage` is asked, issued (its quotes) or accepted."""

    commune: str
    function: str
    lines: dict[str, int]
    stage: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a service is: so many units `live`, or so many first steps `settled`; planned, or waiting."""

    service: str
    live: int = 0
    settled: int = 0
    planned_in: int | None = None
    waiting_for: str = ""


@dataclass(frozen=True, slots=True)
class SampleConvention:
    """A convention in force, and how far its services are."""

    commune: str
    lines: dict[str, int]
    progress: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleHistory:
    """Services that have run for more than a year: one `reduced_by` so many since, one `ended`, a new population."""

    commune: str
    lines: dict[str, int]
    reduced: str
    reduced_by: int
    ended: str
    population: int


@dataclass(frozen=True, slots=True)
class SampleKey:
    """A signature key with so many days `left` of so many `years`; `kept`: not handed over yet."""

    commune: str
    function: str
    left: int
    years: int
    holder: str = "Prénom NOM"
    kept: bool = False


@dataclass(frozen=True, slots=True)
class SampleVisit:
    """An intervention: done today, or planned in `in_days` days at a time and a place."""

    commune: str
    issuer: str
    kind: str
    service: str
    minutes: int
    note: str = ""
    in_days: int = 0
    at: time = time(9, 0)
    place: str = ""


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """All that peoples an installation for trial; empty for an offer that ships none."""

    sirens: dict[str, str] = field(default_factory=dict)
    requests: tuple[SampleRequest, ...] = ()
    convention: SampleConvention | None = None
    history: SampleHistory | None = None
    keys: tuple[SampleKey, ...] = ()
    visits: tuple[SampleVisit, ...] = ()


def sample_files() -> SampleFiles:
    """The sample files of the first offer shipped that has some."""
    path = next(iter(sorted(Path(settings.GRIDS_FOLDER).glob("*/samples/files.toml"))), None)
    return SampleFiles() if path is None else _read(tomllib.loads(path.read_text(encoding="utf-8")))


def _read(said: dict[str, Any]) -> SampleFiles:
    convention, history = said.get("convention"), said.get("history")
    return SampleFiles(
        sirens=said.get("sirens", {}),
        requests=tuple(SampleRequest(**one) for one in said.get("request", ())),
        convention=convention and _convention(**convention),
        history=history and SampleHistory(**history),
        keys=tuple(SampleKey(**one) for one in said.get("key", ())),
        visits=tuple(SampleVisit(**one) for one in said.get("visit", ())),
    )


def _convention(commune: str, lines: dict[str, int], progress: list[dict[str, Any]]) -> SampleConvention:
    return SampleConvention(commune, lines, tuple(Progress(**one) for one in progress))
