"""The movements of communes: the file that INSEE publishes with its yearly list, read line by line."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tripartite.parties.queries.history import Movement
from tripartite.parties.services.reading import DirectoryFile, Finding, Table, refuse
from tripartite.parties.states import Change
from tripartite.typed import written_day

MERGERS = frozenset({"31", "32", "33"})
NEW_COMMUNE = "32"
RENAMING, CREATION, RESTORATION, SUPPRESSION = "10", "20", "21", "30"
RECODINGS = frozenset({"41", "50"})
FOLLOWED = MERGERS | RECODINGS | {RENAMING, CREATION, RESTORATION, SUPPRESSION}
PARTS = frozenset({"COMA", "COMD"})
"""Associated and delegated communes: parts of a commune in their own right."""


class _Line(NamedTuple):
    kind: str
    on: date
    type_before: str
    code_before: str
    name_before: str
    type_after: str
    code_after: str
    name_after: str


def read_movements(file: DirectoryFile, table: Table) -> list[Movement]:
    """The movements of communes in their own right, of INSEE's file as it is published (`v_mvt_commune_AAAA.csv`).

    Mergers (31 to 33), a new commune that keeps the code of its chef-lieu included (another person bears it);
    restorations (21) and creations (20), which undo a merger; changes of code (41, 50) and of name (10); suppressions
    (30). What only parts of communes undergo is left aside. Raises ImportRefused.
    """
    lines = list(_lines(file, table))
    days: dict[tuple[str, date], list[_Line]] = defaultdict(list)
    for one in lines:
        days[one.kind, one.on].append(one)
    found: dict[Movement, None] = {}
    for (kind, _), same in days.items():
        found.update(dict.fromkeys(_restorations(same) if kind == RESTORATION else _plain(same)))
    return list(found)


def _plain(lines: list[_Line]) -> Iterator[Movement]:
    """Movements that each line tells by itself."""
    for one in lines:
        whole = one.type_before == one.type_after == "COM"
        if one.kind == CREATION and one.type_after == "COM":
            yield _movement(Change.RESTORED, one, code=one.code_after, name="")
        elif one.kind == SUPPRESSION and one.type_before == "COM":
            yield _movement(Change.GONE, one)
        elif not whole:
            continue
        elif one.kind in RECODINGS and one.code_before != one.code_after:
            yield _movement(Change.RECODED, one)
        elif one.kind in MERGERS and (one.kind == NEW_COMMUNE or one.code_before != one.code_after):
            yield _movement(Change.MERGED, one)
        elif one.code_before == one.code_after and one.name_before != one.name_after:
            yield _movement(Change.RENAMED, one)


def _restorations(lines: list[_Line]) -> Iterator[Movement]:
    """What the restorations of one day tell together: parts that are communes again, and what becomes of the whole.

    The whole goes on under another code where it has one of its own name; where its chef-lieu is restored too and it
    goes on nowhere, another person bears its code; otherwise it goes on, under its new name if it has one.
    """
    restored = {one.code_after for one in lines if one.type_before in PARTS and one.type_after == "COM"}
    wholes = [one for one in lines if one.type_before == one.type_after == "COM"]
    moved = {one.code_before for one in wholes if _moves(one)}
    for one in lines:
        if one.type_before in PARTS and one.type_after == "COM":
            yield _movement(Change.RESTORED, one, code=one.code_after, name="")
    for one in wholes:
        if _moves(one):
            yield _movement(Change.RECODED, one)
        elif one.code_before != one.code_after:
            if one.code_after not in restored:
                yield _movement(Change.RESTORED, one, code=one.code_after, name="")
        elif one.code_before in restored and one.code_before not in moved:
            yield _movement(Change.MERGED, one)
        elif one.code_before not in restored and one.name_before != one.name_after:
            yield _movement(Change.RENAMED, one)


def _moves(one: _Line) -> bool:
    return one.code_before != one.code_after and one.name_before == one.name_after


def _movement(change: Change, one: _Line, *, code: str | None = None, name: str | None = None) -> Movement:
    return Movement(
        change,
        one.code_before if code is None else code,
        one.name_before if name is None else name,
        one.code_after,
        one.name_after,
        one.on,
    )


def _lines(file: DirectoryFile, table: Table) -> Iterator[_Line]:
    findings = list(table.faults)
    for line, cells in table.lines:
        kind = cells.get("mod", "")
        if kind not in FOLLOWED:
            continue
        types = cells.get("typecom_av", ""), cells.get("typecom_ap", "")
        if "COM" not in types:
            continue
        on, before, after = _day(cells.get("date_eff", "")), _code(cells, "com_av"), _code(cells, "com_ap")
        if on is None or (before is None and kind != CREATION) or (after is None and kind != SUPPRESSION):
            findings.append(Finding(file.name, line, "date d'effet (AAAA-MM-JJ) et codes INSEE attendus."))
            continue
        yield _Line(
            kind,
            on,
            types[0],
            before or "",
            cells.get("libelle_av", "")[:200],
            types[1],
            after or "",
            cells.get("libelle_ap", "")[:200],
        )
    refuse(findings)


def _code(cells: dict[str, str], name: str) -> str | None:
    code = cells.get(name, "").upper().zfill(5)
    return code if re.fullmatch(r"[0-9]{5}|2[AB][0-9]{3}", code) and code != "00000" else None


def _day(text: str) -> date | None:
    """« 2025-01-01 », or « 01/01/2025 » as a spreadsheet saves it again."""
    try:
        if (found := written_day(text)) is not None:
            return found
        if re.fullmatch(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", text):
            return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        pass
    return None
