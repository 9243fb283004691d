"""Telling a story through a door: each step done on its day, then compared with what it expects."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from tests.scenarios.certificate import trust_authority
from tests.scenarios.cli_door import CliDoor
from tests.scenarios.expecting import After, Before, differences
from tests.scenarios.http_door import HttpDoor
from tests.scenarios.services_door import ServicesDoor
from tests.scenarios.setting import set_up
from tests.scenarios.story import Step, Story, StoryError
from tests.scenarios.telling import Refused, Telling
from tripartite.documents.models import Document
from tripartite.documents.queries import pdf_of

DOORS: dict[str, type[ServicesDoor]] = {door.name: door for door in (ServicesDoor, CliDoor, HttpDoor)}


@dataclass(frozen=True, slots=True)
class Told:
    """A step as it went: what differs from what it expects; empty when nothing does."""

    step: Step
    differences: tuple[str, ...]


def run_story(story: Story, door_name: str) -> Iterator[Told]:
    """Tell a story through a door, on an empty database. Stops after a step that could not be done."""
    with _installation():
        telling = Telling(set_up(story))
        door = DOORS[door_name](telling)
        papers: dict[int, str] = {}
        for step in story.steps:
            if step.doors and door_name not in step.doors:
                continue
            with time_machine.travel(step.at, tick=False):
                found, stopped = _step(door, telling, step)
                found += _changed_papers(papers)
            yield Told(step, tuple(found))
            if stopped:
                return


@contextmanager
def _installation() -> Iterator[None]:
    """An installation of its own: an authority that it trusts, quick hashes, static files as they are."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with tempfile.TemporaryDirectory() as folder:
        trust_authority(Path(folder) / "trust")
        config = replace(settings.CONFIG, trust_folder=Path(folder) / "trust", var=Path(folder))
        cache.clear()
        with override_settings(
            CONFIG=config,
            WHITENOISE_AUTOREFRESH=True,
            STORAGES={**settings.STORAGES, "staticfiles": static},
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ):
            yield


def _step(door: ServicesDoor, telling: Telling, step: Step) -> tuple[list[str], bool]:
    """Do a step. Answers what differs, and whether the story cannot go on."""
    wanted = step.expect.get("refused")
    before, estimate = Before.now(), None
    try:
        telling.open(step)
        estimate = door.act(step)
    except Refused as refusal:
        if wanted is None:
            return [f"refusé : {refusal}"], True
        if wanted not in refusal.sentences:
            return [f"refused : attendu « {wanted} », obtenu « {refusal} »"], True
    except StoryError as error:
        return [str(error)], True
    else:
        if wanted is not None:
            return [f"refused : attendu « {wanted} », et ce n'est pas refusé"], True
    try:
        return differences(After(step, telling, door.name, estimate, before)), False
    except StoryError as error:
        return [str(error)], True


def _changed_papers(known: dict[int, str]) -> list[str]:
    """No paper ever changes, whatever happens: those of the former steps are read again after each one."""
    found = []
    for document in Document.objects.order_by("pk"):
        now = sha256(pdf_of(document.pk)).hexdigest()
        if known.setdefault(document.pk, now) != now or document.sha256 != now:
            found.append(f"le papier « {document.title} » a changé")
    return found
