"""What going live takes, service by service, as data: read from TOML, every finding collected with its place.

The format is told in grids/README.md, under « Les listes de mise en service ».
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tripartite.going_live.models import ChecklistVersion
from tripartite.journal.recall import recalled
from tripartite.pricing.findings import Finding, Findings, Place, Severity, unseen_characters
from tripartite.pricing.grid import Grid, offer_of
from tripartite.pricing.tables import Table
from tripartite.pricing.toml_lines import lines_of
from tripartite.pricing.toml_slips import not_toml

BENEFICIARY = "beneficiary"
LONGEST_CODE = 60
MOST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """A step: who does it (`by`: an issuer's code or "beneficiary"), and whether going live waits for it."""

    code: str
    name: str
    by: str
    required: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of each service, in order; a service that is not there has none.

    `renewals` says what there is to renew at each due date of a service, in French; most have nothing to renew.
    """

    code: str
    title: str
    steps: dict[str, tuple[Step, ...]]
    renewals: dict[str, str] = field(default_factory=dict)

    def of(self, service: str) -> tuple[Step, ...]:
        """The steps of a service, in order."""
        return self.steps.get(service, ())


class ChecklistError(Exception):
    """A text that is not a checklist; `findings` say why, each with its place."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(finding.text for finding in findings))
        self.findings = tuple(findings)


@lru_cache(maxsize=16)
def read_checklist(text: str) -> Checklist:
    """Read a checklist, as it says itself, once for the same text. Raises ChecklistError with every finding."""
    found, findings = _read(text, ())
    if found is None or findings:
        raise ChecklistError(findings)
    return found


def check_checklist(text: str, *, grids: Sequence[Grid]) -> list[Finding]:
    """Every finding of a checklist's text, in the order of the file: against the grid of its offer too, among those in
    force (`grid_of`), where there is one.

    Errors stop an adoption; a service of the grid that has no step is only to be looked at.
    """
    found, findings = _read(text, grids)
    findings = [*unseen_characters(text), *findings]
    grid = grid_of(found.code, grids) if found else None
    if found is not None and grid is not None and not findings:
        bare = [code for code in grid.services if code not in found.steps]
        findings = [_without_steps(code) for code in bare]
    return sorted(findings, key=lambda finding: finding.line or 0)


def _without_steps(code: str) -> Finding:
    message = "ce service de la grille n'a pas d'étapes : il se met en service sans liste."
    return Finding(Severity.WARNING, code, None, message)


def grid_of(code: str, grids: Sequence[Grid]) -> Grid | None:
    """The grid whose services a checklist of that code sets going: that of the offer that the code names before the
    bar, as a grid's does; else the only one.
    """
    named = next((grid for grid in grids if grid.offer == offer_of(code)), None)
    return named or (grids[0] if len(grids) == 1 else None)


def _read(text: str, grids: Sequence[Grid]) -> tuple[Checklist | None, list[Finding]]:
    if len(text) > MOST_TEXT:
        return None, [Finding(Severity.ERROR, "fichier", None, "le fichier est trop gros pour une liste.")]
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return None, [not_toml(text, error)]
    findings = Findings(lines_of(text))
    root = Table(values, Place((), ("liste",)), findings)
    if root.integer("format") != 1:
        root.wrong("format", "écrire format = 1.")
    code, title = root.text("code"), root.text("title")
    grid = grid_of(code, grids)
    if grid is None and len(grids) > 1 and code:
        known = ", ".join(f"« {one.offer} »" for one in grids)
        root.wrong("code", f"« {offer_of(code)} » n'est pas une offre en vigueur : commencer par {known} et une barre.")
    reader = _Reader(grid)
    found = Checklist(code, title, reader.services(root), reader.renewals)
    root.close()
    return found, findings.found


def current_checklist(offer: str) -> tuple[ChecklistVersion, Checklist] | None:
    """The checklist that new activations of an offer follow: the last one adopted; None before the first."""
    version = ChecklistVersion.objects.filter(offer=offer).first()
    return (version, read_checklist(version.text)) if version else None


def renewals_by_offer() -> dict[str, dict[str, str]]:
    """What there is to renew at each due date of a service, by offer, as the checklists followed say: one query."""

    def read() -> dict[str, dict[str, str]]:
        found: dict[str, str] = {}
        for offer, text in ChecklistVersion.objects.values_list("offer", "text"):
            found.setdefault(offer, text)
        return {offer: read_checklist(text).renewals for offer, text in found.items()}

    return recalled("renewals-by-offer", read=read)


class _Reader:
    """Reads the services; against a grid, also says which codes and parties it does not know."""

    def __init__(self, grid: Grid | None) -> None:
        self.grid = grid
        self.found: dict[str, tuple[Step, ...]] = {}
        self.renewals: dict[str, str] = {}

    def services(self, root: Table) -> dict[str, tuple[Step, ...]]:
        if not root.has("service"):
            root.wrong("service", "aucun service : écrire au moins une table [[service]].")
        for row in root.tables("service", named="name"):
            self._service(row)
        return self.found

    def _service(self, row: Table) -> None:
        row.optional_text("name")
        renewal = row.optional_text("renewal")
        codes = row.words("codes")
        if not codes:
            row.wrong("codes", "les codes des services de la grille sont attendus.")
        steps = tuple(self._step(step) for step in row.tables("step", named="code"))
        if not steps:
            row.wrong("step", "aucune étape : écrire au moins une table [[service.step]].")
        if len({step.code for step in steps}) < len(steps):
            row.wrong("step", "deux étapes portent le même code.")
        for code in codes:
            if code in self.found:
                row.wrong("codes", f"« {code} » a déjà ses étapes plus haut.")
            elif self.grid is not None and code not in self.grid.services:
                row.wrong("codes", f"« {code} » n'est pas un service de la grille {self.grid.code}.")
            self.found[code] = steps
            if renewal:
                self.renewals[code] = renewal
        row.close()

    def _step(self, row: Table) -> Step:
        required = row.flag("required") if row.has("required") else True
        step = Step(row.text("code"), row.text("name"), row.text("by"), required)
        if step.by and self.grid is not None and step.by not in (BENEFICIARY, *self.grid.issuers):
            known = ", ".join(f"« {code} »" for code in (*self.grid.issuers, BENEFICIARY))
            row.wrong("by", f"« {step.by} » n'est pas une partie : écrire {known}.")
        if len(step.code) > LONGEST_CODE:
            row.wrong("code", f"trop long : {LONGEST_CODE} signes au plus.")
        row.close()
        return step
