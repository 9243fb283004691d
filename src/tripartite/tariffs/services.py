"""Drafting, adopting and settling grids: the only writer of grid versions."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.parties.services.issuers import register_issuer
from tripartite.pricing.checking import checked_grid
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.settling import settle
from tripartite.tariffs.models import GridVersion
from tripartite.tariffs.queries import clashing_versions
from tripartite.tariffs.states import GridState


class TariffError(Exception):
    """What cannot be done with a grid; the message is French and says why."""


@transaction.atomic
def draft_grid(*, text: str, actor: Actor, at: datetime) -> GridVersion:
    """Keep a grid's text as a draft, for simulation; a draft of the same code is replaced.

    Raises GridError with every error found, TariffError when a version of that code is already adopted.
    """
    grid = checked_grid(text)
    existing = GridVersion.objects.select_for_update().filter(code=grid.code).first()
    if existing is not None and existing.state == GridState.ADOPTED:
        raise TariffError(f"La grille {grid.code} est adoptée : son texte ne change plus. Écrire une nouvelle version.")
    version = existing or GridVersion(code=grid.code)
    version.offer, version.title, version.body, version.text = grid.offer, grid.title, grid.act.body, text
    version.sha256 = hashlib.sha256(text.encode()).hexdigest()
    version.state = GridState.DRAFT
    version.applies_from, version.applies_until, version.drafted_at = grid.applies_from, grid.applies_until, at
    version.save()
    _journal(version, actor, at, "tariffs.draft", f"Grille {version.code} enregistrée comme projet.")
    return version


@transaction.atomic
def adopt_grid(*, code: str, actor: Actor, at: datetime, seen: str | None = None) -> GridVersion:
    """Adopt a draft: from then on it prices the orders of its offer on its days, and its text never changes.

    Its issuers are registered. `seen` is the hash of the text that was read before. Raises TariffError when there is no
    such draft, when its text has changed since, or when another adopted version of the same offer applies on the same
    days without being superseded.
    """
    version = GridVersion.objects.select_for_update().filter(code=code).first()
    if version is None:
        raise TariffError(f"Aucun projet de grille « {code} ».")
    if version.state != GridState.DRAFT:
        raise TariffError(f"La grille {code} n'est plus un projet.")
    if seen is not None and seen != version.sha256:
        raise TariffError(f"Le projet {code} a changé depuis que vous l'avez lu : relisez ce qu'il régirait.")
    grid = checked_grid(version.text)
    version.supersedes = _replaced(grid)
    version.state, version.adopted_at, version.adopted_by = GridState.ADOPTED, at, actor.label
    version.save()
    for slot, issuer in enumerate(grid.issuers.values(), start=1):
        register_issuer(identity=issuer, slot=slot, actor=actor, at=at)
    _journal(
        version,
        actor,
        at,
        "tariffs.adopt",
        f"Grille {code} adoptée, applicable à partir du {day_text(grid.applies_from)}"
        f"{f', remplace {grid.supersedes}' if version.supersedes else ''}.",
    )
    return version


def _replaced(grid: Grid) -> GridVersion | None:
    """The version that `grid` supersedes, its end noted; TariffError when another one overlaps."""
    superseded = None
    others = list(GridVersion.objects.select_for_update().filter(state=GridState.ADOPTED, offer=grid.offer))
    for other in others:
        if other.code == grid.supersedes and other.replaced_from is None:
            other.replaced_from = grid.applies_from
            other.save(update_fields=["replaced_from"])
            superseded = other
    clashes = clashing_versions(grid, [other for other in others if other is not superseded])
    if clashes:
        raise TariffError(clashes[0])
    if grid.supersedes and superseded is None:
        raise TariffError(f"La grille « {grid.supersedes} », que celle-ci remplace, n'est pas adoptée ou l'est déjà.")
    return superseded


@transaction.atomic
def settle_interpretation(
    *,
    code: str,
    interpretation: str,
    reading: str,
    issuer: str,
    author: str,
    decided_on: date,
    applies_from: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> GridVersion:
    """Settle an interpretation otherwise: a new version of the grid is drafted and adopted, dated and journaled.

    Raises TariffError when the grid is unknown, GridError when the decision cannot be taken.
    """
    version = GridVersion.objects.filter(code=code, state=GridState.ADOPTED).first()
    if version is None:
        raise TariffError(f"Aucune grille adoptée « {code} ».")
    text = settle(
        version.text,
        interpretation=interpretation,
        reading=reading,
        issuer=issuer,
        author=author,
        decided_on=decided_on,
        applies_from=applies_from,
        reason=reason,
    )
    draft = draft_grid(text=text, actor=actor, at=at)
    adopted = adopt_grid(code=draft.code, actor=actor, at=at)
    _journal(
        adopted,
        actor,
        at,
        "tariffs.settle",
        f"{_settled_words(adopted, interpretation)} par {author} ({name_of_issuer(issuer)}) le {day_text(decided_on)} :"
        f" {reason}",
    )
    return adopted


@transaction.atomic
def withdraw_draft(*, code: str, actor: Actor, at: datetime) -> None:
    """Give up a draft. Raises TariffError when it is not one."""
    version = GridVersion.objects.select_for_update().filter(code=code, state=GridState.DRAFT).first()
    if version is None:
        raise TariffError(f"Aucun projet de grille « {code} ».")
    version.state = GridState.WITHDRAWN
    version.save(update_fields=["state"])
    _journal(version, actor, at, "tariffs.withdraw", f"Projet de grille {code} abandonné.")


def _settled_words(version: GridVersion, interpretation: str) -> str:
    """« I1 (Mise en service de la messagerie) : « Facturées par le CDG » »."""
    settled = read_grid(version.text).interpretations[interpretation]
    reading = settled.retained.name if settled.retained else settled.reading
    return f"{interpretation} ({settled.title}) réglée « {reading} »"


def _journal(version: GridVersion, actor: Actor, at: datetime, action: str, text: str) -> None:
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="grid",
        subject_id=version.code,
        text=text,
        details={"sha256": version.sha256},
    )
