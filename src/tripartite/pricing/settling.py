"""Settling an interpretation otherwise: the text of a new version of a grid, with the decision at its end."""

import json
from datetime import date

from tripartite.pricing.findings import Finding, GridError, Severity
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.typed import clean_line


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
    when the interpretation or the reading is unknown, is already in force, does not concern the issuer, when
    the author or the reason is missing, when the new version would begin before the one that it replaces, and
    when either text cannot be read.
    """
    problem = _problem(read_grid(text), interpretation, reading, issuer, applies_from)
    if not clean_line(author) or not clean_line(reason):
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
    settled = text.rstrip("\n") + "\n" + "\n".join(lines)
    read_grid(settled)
    return settled


def _problem(grid: Grid, code: str, reading: str, issuer: str, applies_from: date) -> str | None:
    interpretation = grid.interpretations.get(code)
    if interpretation is None:
        return "Cette interprétation n'est pas dans la grille."
    known = [choice.code for choice in interpretation.choices]
    if reading not in known:
        return f"Lecture inconnue : choisir parmi {', '.join(known) or 'aucune'}."
    if reading == interpretation.reading:
        return f"C'est déjà la lecture retenue : « {reading} »."
    if issuer not in interpretation.issuers:
        return f"Seuls les émetteurs concernés décident : {', '.join(interpretation.issuers)}."
    if applies_from <= grid.applies_from:
        return f"La nouvelle version doit commencer après le {grid.applies_from:%d/%m/%Y}."
    return None


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are valid in it, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
