"""What is found in a grid's text, with its place, in French."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tripartite.typed import unseen_in


class Severity(StrEnum):
    """ERROR: cannot be adopted. WARNING: to be looked at. SETTLED: an open point that an interpretation settles."""

    ERROR = "error"
    WARNING = "warning"
    SETTLED = "settled"


SEVERITY_LABELS = {Severity.ERROR: "erreur", Severity.WARNING: "attention", Severity.SETTLED: "réglé"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `path` as TOML keys and indexes, `labels` as a person would name it."""

    path: tuple[str | int, ...] = ()
    labels: tuple[str, ...] = ()

    def at(self, *steps: str | int, label: str | None = None) -> "Place":
        """A place inside this one."""
        shown = label if label is not None else " ".join(str(s + 1) if isinstance(s, int) else s for s in steps)
        return Place((*self.path, *steps), (*self.labels, shown) if shown else self.labels)

    @property
    def text(self) -> str:
        return " › ".join(self.labels) or "grille"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its severity, its place (and line of the file where known), a message that says what to do."""

    severity: Severity
    place: str
    line: int | None
    message: str
    interpretation: str | None = None

    @property
    def text(self) -> str:
        """« erreur, ligne 112, messagerie-5go › abonnement › cdg : … »."""
        line = f", ligne {self.line}" if self.line else ""
        return f"{SEVERITY_LABELS[self.severity]}{line}, {self.place} : {self.message}"


class GridError(Exception):
    """A text that is not a grid that can be priced; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(finding.text for finding in findings))
        self.findings = tuple(findings)


def unseen_characters(text: str) -> list[Finding]:
    """An error for each line of a source that holds what does not show: it would make a text read otherwise."""
    lines: dict[int, list[str]] = {}
    for line, mark in unseen_in(text):
        lines.setdefault(line, []).append(mark)
    return [
        Finding(Severity.ERROR, "fichier", line, f"un signe qui ne se voit pas ({', '.join(marks[:3])}) : l'ôter.")
        for line, marks in lines.items()
    ][:20]


class Findings:
    """Collects findings while a grid is read; knows the line of every place."""

    def __init__(self, lines: dict[tuple[str | int, ...], int]) -> None:
        self._lines = lines
        self.found: list[Finding] = []

    def add(
        self,
        place: Place,
        message: str,
        severity: Severity = Severity.ERROR,
        interpretation: str | None = None,
    ) -> None:
        """Note a finding at a place; its line is that of the nearest place around it that has one."""
        self.found.append(Finding(severity, place.text, self._line(place.path), message, interpretation))

    def _line(self, path: tuple[str | int, ...]) -> int | None:
        for length in range(len(path), 0, -1):
            line = self._lines.get(path[:length])
            if line is not None:
                return line
        return None

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.found if finding.severity is Severity.ERROR]
