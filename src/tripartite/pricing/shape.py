"""The outer shape of a decoded grid: rows where rows are expected, codes that are texts, numbers of a sane size.

What reads a grid after this can walk it without fear of an absurd file.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tripartite.pricing.findings import Findings, Place

Tree = dict[str, "Tree"]

ROWS: Tree = {
    "issuer": {"vat": {}},
    "family": {},
    "client_class": {},
    "fact": {},
    "scale": {"classed_by": {}, "category": {}},
    "service": {"charge": {}, "option": {"values": {}}, "requires": {}, "excludes": {}},
    "shared_charge": {},
    "interpretation": {"choice": {"changes": {}}, "settles": {}},
    "decision": {},
}
"""Where rows are expected, and in them."""

CODES = ("code", "interpretation", "reading")
MAX_NUMBER = 10**15
MAX_DIGITS = 24
MAX_DEPTH = 24


def check_shape(values: dict[str, Any], findings: Findings) -> bool:
    """True when the decoded grid has the outer shape of one; otherwise findings say where it has not."""
    before = len(findings.found)
    _check_rows(values, ROWS, Place(), findings)
    for place, problem in _absurd_values(values):
        findings.add(place, problem)
    return len(findings.found) == before


def _check_rows(table: dict[str, Any], tree: Tree, place: Place, findings: Findings) -> None:
    for key, inner in tree.items():
        rows = table.get(key)
        if rows is None:
            continue
        if not isinstance(rows, list):
            findings.add(place.at(key), "une liste de tables est attendue, chacune ouverte par [[…]].")
            continue
        for index, row in enumerate(rows):
            where = place.at(key, index)
            if not isinstance(row, dict):
                findings.add(where, "une table { … } est attendue ici.")
                continue
            for code in CODES:
                if code in row and not isinstance(row[code], str):
                    findings.add(where.at(code), "un texte entre guillemets est attendu.")
            _check_rows(row, inner, where, findings)


def _absurd_values(values: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Numbers that no tariff has, and tables nested without end; without recursion, whatever the depth."""
    waiting: list[tuple[Any, Place]] = [(values, Place())]
    while waiting:
        value, place = waiting.pop()
        if len(place.path) > MAX_DEPTH:
            yield Place(place.path[:3], place.labels[:3]), "tables trop imbriquées."
        elif isinstance(value, dict):
            waiting += [(inner, place.at(key)) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, place.at(index)) for index, inner in enumerate(value)]
        elif isinstance(value, Decimal):
            if not value.is_finite():
                yield place, "nan et inf ne sont pas des nombres de tarif."
            elif len(value.as_tuple().digits) > MAX_DIGITS or abs(value.adjusted()) > 15:
                yield place, "nombre hors de toute mesure."
        elif isinstance(value, int) and abs(value) > MAX_NUMBER:
            yield place, "nombre hors de toute mesure."
