"""A story as its file tells it: read, checked word by word, every mistake told in French."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.scenarios.vocabulary import COMMON, EXPECTATIONS, HEAD, KINDS, SETTING, VERBS, Kind

PARIS = ZoneInfo("Europe/Paris")
MORNING = time(10, 0)


class StoryError(Exception):
    """What cannot be read in a story, in French, with its place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when, which verb, what is said with it, what is expected after it."""

    place: int
    do: str
    on: date
    at: datetime
    said: dict[str, Any]
    expect: dict[str, Any]
    doors: tuple[str, ...] = ()
    """The only doors at which it is told; all of them when empty."""

    def __str__(self) -> str:
        return f"{self.place}. {self.on:%d/%m/%Y} {self.do}"


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story. `body` is an INSEE code or a SIREN of the shipped directory."""

    name: str
    title: str
    body: str
    steps: tuple[Step, ...]
    setting: dict[str, Any] = field(default_factory=dict)


def read_story(path: Path) -> Story:
    """The story of a file. Raises StoryError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise StoryError(f"{path.name} : ce fichier ne se lit pas ({error}).") from None
    except tomllib.TOMLDecodeError as error:
        raise StoryError(f"{path.name} : ce n'est pas du TOML ({error}).") from None
    return story_of(told, name=path.stem)


def story_of(told: dict[str, Any], *, name: str) -> Story:
    """The story that a decoded file tells. Raises StoryError."""
    _check(told, HEAD, "en tête du récit")
    _check(told.get("setting", {}), SETTING, "dans « setting »")
    if not told["step"]:
        raise StoryError("Le récit n'a pas d'étape.")
    steps: list[Step] = []
    for place, step in enumerate(told["step"], start=1):
        steps.append(_step(place, step, steps[-1] if steps else None))
    return Story(name, told["title"], told["body"], tuple(steps), told.get("setting", {}))


def _step(place: int, told: Any, before: Step | None) -> Step:
    where = f"étape {place}"
    if not isinstance(told, dict) or told.get("do") not in VERBS:
        known = ", ".join(VERBS)
        asked = told.get("do", "") if isinstance(told, dict) else told
        raise StoryError(f"{where} : « do = {asked} » n'existe pas. Les verbes : {known}.")
    where += f" ({told['do']})"
    _check(told, COMMON | VERBS[told["do"]], where)
    _check(told.get("expect", {}), EXPECTATIONS, f"{where}, « expect »")
    if "on" not in told and before is None:
        raise StoryError(f"{where} : la première étape dit son jour (on = 2026-11-23).")
    on = told.get("on", before.on if before else date.min)
    usual = datetime.combine(on, MORNING, PARIS) + timedelta(minutes=place)
    at = datetime.combine(on, told["at"], PARIS) if "at" in told else usual
    if before is not None and at <= before.at:
        raise StoryError(f"{where} : elle n'est pas après l'étape {before.place} ({before.at:%d/%m/%Y %H:%M}).")
    said = {name: value for name, value in told.items() if name in VERBS[told["do"]] or name == "file"}
    return Step(place, told["do"], on, at, said, told.get("expect", {}), tuple(told.get("doors", ())))


def _check(told: Any, allowed: dict[str, Kind], where: str) -> None:
    if not isinstance(told, dict):
        raise StoryError(f"{where} : une table est attendue.")
    for name, value in told.items():
        if name not in allowed:
            raise StoryError(f"{where} : « {name} » n'existe pas. Ce qui peut y être : {', '.join(sorted(allowed))}.")
        words, fits = KINDS[allowed[name].of]
        if not fits(value):
            raise StoryError(f"{where} : « {name} » doit être {words}.")
    missing = [name for name, kind in allowed.items() if kind.needed and name not in told]
    if missing:
        raise StoryError(f"{where} : il manque {', '.join(f'« {name} »' for name in missing)}.")
