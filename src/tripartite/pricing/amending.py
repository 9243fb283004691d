"""Decisions that settle an interpretation otherwise: they change the text's values before the grid is read.

A decision stands at the end of the file; it names an interpretation and the reading chosen. The choice's
changes are written with the interpretation: `at` is a path through codes (`service/messagerie-5go/charge/…`),
`set` the new value, `remove` takes the value away.
"""

import json
import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

from tripartite.pricing.findings import Finding, Findings, GridError, Place, Severity


def apply_decisions(values: dict[str, Any], findings: Findings) -> None:
    """Apply the decisions of a decoded grid to it, in place; for one interpretation, the last decision counts."""
    decisions = values.get("decision", [])
    interpretations = {row.get("code"): row for row in values.get("interpretation", []) if isinstance(row, dict)}
    last = {row.get("interpretation"): (place, row) for place, row in enumerate(decisions) if isinstance(row, dict)}
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
    return next((row for row in choices if isinstance(row, dict) and row.get("code") == reading), None)


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


def settle(
    text: str,
    *,
    interpretation: str,
    reading: str,
    issuer: str,
    author: str,
    decided_on: date,
    applies_from: date,
    reason: str,
) -> str:
    """The text of a new version of a grid, in which an interpretation is read otherwise.

    The decision is added at the end of the text, which is otherwise left as it is. Raises GridError (French)
    when the interpretation or the reading is unknown, is already in force, does not concern the issuer, or
    when the author or the reason is missing, or the new version would begin before the one that it replaces.
    """
    values = tomllib.loads(text, parse_float=Decimal)
    rows = {row["code"]: row for row in values.get("interpretation", [])}
    problem = _problem(values, rows.get(interpretation), reading, issuer, applies_from)
    if not author.strip() or not reason.strip():
        problem = "Une décision a un auteur et un motif."
    if problem:
        raise GridError([Finding(Severity.ERROR, f"interprétation {interpretation}", None, problem)])
    lines = [
        "",
        "[[decision]]",
        f"interpretation = {_quoted(interpretation)}",
        f"reading = {_quoted(reading)}",
        f"issuer = {_quoted(issuer)}",
        f"author = {_quoted(author.strip())}",
        f"on = {decided_on.isoformat()}",
        f"applies_from = {applies_from.isoformat()}",
        f"reason = {_quoted(reason.strip())}",
        "",
    ]
    return text.rstrip("\n") + "\n" + "\n".join(lines)


def _problem(
    values: dict[str, Any], row: dict[str, Any] | None, reading: str, issuer: str, applies_from: date
) -> str | None:
    if row is None:
        return "Cette interprétation n'est pas dans la grille."
    known = [choice["code"] for choice in row.get("choice", [])]
    if reading not in known:
        return f"Lecture inconnue : choisir parmi {', '.join(known) or 'aucune'}."
    decisions = values.get("decision", [])
    current = next(
        (d["reading"] for d in reversed(decisions) if d["interpretation"] == row["code"]), row.get("reading")
    )
    if reading == current:
        return f"C'est déjà la lecture retenue : « {reading} »."
    if issuer not in row.get("issuers", []):
        return f"Seuls les émetteurs concernés décident : {', '.join(row.get('issuers', []))}."
    begins = decisions[-1].get("applies_from") if decisions else values.get("applies_from")
    if begins is not None and applies_from <= begins:
        return f"La nouvelle version doit commencer après le {begins:%d/%m/%Y}."
    return None


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are valid in it, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
