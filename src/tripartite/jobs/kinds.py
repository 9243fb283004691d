"""What a kind of job is: a module, named in the settings, that lists the units and does one of them.

So this package runs the work of every step without knowing any: `JOBS` maps a kind to the path of its module.
"""

from collections.abc import Iterable
from datetime import date, datetime
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

from django.conf import settings

from tripartite.journal.services import Actor


class JobError(Exception):
    """A job that cannot be started or moved so; the message, in French, says why."""


class Unit(NamedTuple):
    """One act to do: the key by which its runner knows it again, and what it is, in French, for people."""

    key: str
    words: str


class Kind(Protocol):
    """A module of `JOBS`."""

    def list_units(self, *, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:
        """What there is to do on that day, in order; reads only. Keys are unique, 200 characters at most."""
        ...

    def run_unit(self, *, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:
        """Do one, in the transaction of the caller, and say what came of it, in French. Whatever it raises undoes it.

        It looks again at what it finds: done twice, it changes nothing more.
        """
        ...


class Ahead(Protocol):
    """What a kind also has when a unit takes long before it writes anything: reading a file, comparing."""

    def prepare_unit(self, *, key: str, on: date, parameters: dict[str, Any]) -> Any:
        """What the unit needs that takes long: reads only, outside any transaction, so that nobody waits for it.

        Two workers may do it for one unit: what the second found is thrown away.
        """
        ...

    def run_prepared(
        self, *, key: str, on: date, parameters: dict[str, Any], prepared: Any, actor: Actor, at: datetime
    ) -> str:
        """As `run_unit`, with what `prepare_unit` answered; it looks again at what it finds."""
        ...


class NextUnits(Protocol):
    """What a kind also has when what it did may bring more: asked once no unit is left, before the job ends."""

    def __call__(self, *, on: date, parameters: dict[str, Any], done: Iterable[tuple[str, str]]) -> Iterable[Unit]:
        """More units; `done` says the key and the outcome of each one tried. None: the job ends."""
        ...


def kind_named(code: str) -> Kind:
    """The module of a kind. Raises JobError for a kind that the settings do not have."""
    path = settings.JOBS.get(code)
    if path is None:
        raise JobError(f"Le genre de travail « {code} » n'existe pas.")
    return cast("Kind", import_module(path))


def ahead_of(code: str) -> Ahead | None:
    """The module of a kind that prepares its units before their transaction; None for one whose acts are short, or that
    the settings do not have any more.
    """
    module = kind_named(code) if code in settings.JOBS else None
    return cast("Ahead", module) if hasattr(module, "prepare_unit") else None


def next_units_of(code: str) -> NextUnits | None:
    """How a kind says what more there is to do once its units are done; None for one that lists all at first, or that
    the settings do not have any more.
    """
    return getattr(kind_named(code), "next_units", None) if code in settings.JOBS else None
