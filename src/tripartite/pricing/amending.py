"""Decisions that settle an interpretation otherwise: they change the text's values before the grid is read.

A decision stands at the end of the file; it names an interpretation and the reading chosen. The choice's
changes are written with the interpretation: `at` is a path through codes (`service/messagerie-5go/charge/…`),
`set` the new value, `remove` takes the value away.
"""

from typing import Any

from tripartite.pricing.findings import Findings, Place


def apply_decisions(values: dict[str, Any], findings: Findings) -> None:
    """Apply the decisions of a decoded grid to it, in place; for one interpretation, the last decision counts."""
    decisions = values.get("decision", [])
    interpretations = {row.get("code"): row for row in values.get("interpretation", [])}
    last = {row.get("interpretation"): (place, row) for place, row in enumerate(decisions)}
    for place, decision in last.values():
        where = Place().at("decision", place)
        interpretation = interpretations.get(decision.get("interpretation"))
        if interpretation is None:
            findings.add(where, f"interprétation inconnue : « {decision.get('interpretation')} ».")
            continue
        choice = _choice(interpretation, decision.get("reading"))
        if choice is None:
            findings.add(where, f"lecture inconnue : « {decision.get('reading')} ».")
            continue
        interpretation["reading"] = choice["code"]
        for change in choice.get("changes", []):
            problem = _apply(values, change)
            if problem:
                findings.add(where, problem)


def _choice(interpretation: dict[str, Any], reading: object) -> dict[str, Any] | None:
    choices = interpretation.get("choice", [])
    return next((row for row in choices if "code" in row and row["code"] == reading), None)


def _apply(values: dict[str, Any], change: dict[str, Any]) -> str | None:
    """Make one change; the answer is what is wrong with it, if anything."""
    steps = str(change.get("at", "")).split("/")
    target: Any = values
    for step in steps[:-1]:
        target = _inside(target, step)
    key = _key(target, steps[-1])
    if key is None:
        return f"le chemin « {change.get('at')} » ne mène nulle part."
    if change.get("remove") is True:
        if isinstance(target, dict) and key not in target:
            return f"rien à retirer en « {change.get('at')} »."
        del target[key]
    elif "set" in change:
        target[key] = change["set"]
    else:
        return f"dire set ou remove pour « {change.get('at')} »."
    return None


def _key(target: Any, step: str) -> Any:
    """Where the last step stands in its table or array; None when it cannot stand there."""
    if isinstance(target, dict):
        return step
    if isinstance(target, list):
        return next((place for place, row in enumerate(target) if row is _inside(target, step)), None)
    return None


def _inside(target: Any, step: str) -> Any:
    """The value one step further: a key of a table, or the row of an array with that code (or number, from 1)."""
    if isinstance(target, dict):
        return target.get(step)
    if isinstance(target, list):
        named = next((row for row in target if isinstance(row, dict) and row.get("code") == step), None)
        if named is None and step.isdigit() and 0 < int(step) <= len(target):
            return target[int(step) - 1]
        return named
    return None
