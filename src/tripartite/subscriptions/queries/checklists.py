"""What going live takes, service by service, as data: read from TOML, every finding collected with its place.

The format is told in grids/README.md, under « Les listes de mise en service ».
"""

import tomllib
from dataclasses import dataclass, field

from tripartite.pricing.findings import Finding, Findings, Place, Severity
from tripartite.pricing.tables import Table
from tripartite.pricing.toml_lines import lines_of
from tripartite.subscriptions.models import ChecklistVersion

BENEFICIARY = "beneficiary"


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


def read_checklist(text: str) -> Checklist:
    """Read a checklist. Raises ChecklistError with every finding."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ChecklistError(
            [Finding(Severity.ERROR, "fichier", None, f"ce n'est pas du TOML valable ({error}).")]
        ) from None
    findings = Findings(lines_of(text))
    root = Table(values, Place((), ("liste",)), findings)
    if root.integer("format") != 1:
        root.wrong("format", "écrire format = 1.")
    renewals: dict[str, str] = {}
    found = Checklist(root.text("code"), root.text("title"), _services(root, renewals), renewals)
    root.close()
    if findings.found:
        raise ChecklistError(findings.found)
    return found


def current_checklist() -> tuple[ChecklistVersion, Checklist] | None:
    """The checklist that new activations follow: the last one adopted; None before the first."""
    version = ChecklistVersion.objects.first()
    return (version, read_checklist(version.text)) if version else None


def _services(root: Table, renewals: dict[str, str]) -> dict[str, tuple[Step, ...]]:
    found: dict[str, tuple[Step, ...]] = {}
    for row in root.tables("service", named="name"):
        row.optional_text("name")
        renewal = row.optional_text("renewal")
        codes = row.words("codes")
        if not codes:
            row.wrong("codes", "les codes des services de la grille sont attendus.")
        steps = tuple(_step(step) for step in row.tables("step", named="code"))
        if len({step.code for step in steps}) < len(steps):
            row.wrong("step", "deux étapes portent le même code.")
        for code in codes:
            if code in found:
                row.wrong("codes", f"« {code} » a déjà ses étapes plus haut.")
            found[code] = steps
            if renewal:
                renewals[code] = renewal
        row.close()
    return found


def _step(row: Table) -> Step:
    required = row.flag("required") if row.has("required") else True
    step = Step(row.text("code"), row.text("name"), row.text("by"), required)
    row.close()
    return step
