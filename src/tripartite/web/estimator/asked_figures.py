"""The figures that a price needs and nobody has written down: asked by a field, in plain words."""

from dataclasses import dataclass

from tripartite.parties.queries.facts import BodyFacts
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import OrderError
from tripartite.web.estimator.selection import FACT, Selection, field_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A field: its name in the address, its words, what is typed, what is wrong with it, its choices if any."""

    name: str
    label: str
    hint: str
    value: str = ""
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    numeric: bool = True


WORDS = {
    "population": ("Nombre d'habitants", "La population municipale publiée par l'Insee, si vous l'avez."),
    "staff": ("Nombre d'agents", "Tous les agents en poste aujourd'hui ; le tarif classe les établissements ainsi."),
}
DEPARTMENT = ("Département", "Son numéro, par exemple 01.")


def asked_figures(
    grid: Grid,
    selection: Selection,
    facts: BodyFacts | None,
    refusal: OrderError | None,
    estimate: Estimate | None = None,
) -> tuple[Figure, ...]:
    """The fields to show: those already filled in, and those that the refusal names, or that prices wait for.

    Without a body of the directory, kind, department and population have their own fields and are not asked twice.
    """
    names = [name for name in WORDS if name in selection.typed]
    names += [name for name in selection.typed if name.startswith(FACT) or name == "client_class"]
    if refusal is not None:
        names += _missing(grid, selection, facts, refusal)
    names += [field_of(line.missing) for line in estimate.missing] if estimate else []
    apart = set() if selection.siren else {"department", "population"}
    return tuple(_figure(grid, selection, name) for name in dict.fromkeys(names) if name not in apart)


def _missing(grid: Grid, selection: Selection, facts: BodyFacts | None, refusal: OrderError) -> list[str]:
    if refusal.code in ("missing-population", "missing-staff"):
        return [refusal.code.removeprefix("missing-")]
    if refusal.code != "missing-fact":
        return []
    if not (selection.typed.get("department") or (facts and facts.department)):
        return ["department"]
    classed = grid.client_classes and not (facts and facts.client_class)
    return [*(["client_class"] if classed else []), *(FACT + name for name in grid.facts)]


def _figure(grid: Grid, selection: Selection, name: str) -> Figure:
    value, error = selection.typed.get(name, ""), selection.errors.get(name, "")
    if name == "department":
        return Figure(name, *DEPARTMENT, value, error, numeric=False)
    if name == "client_class":
        return Figure(name, "Classe de client", "", value, error, tuple(grid.client_classes.items()), numeric=False)
    if name.startswith(FACT):
        return Figure(name, grid.facts[name.removeprefix(FACT)], "", value, error)
    return Figure(name, *WORDS[name], value, error)
