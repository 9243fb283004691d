"""Which communes were merged into which: the file of movements that INSEE publishes with its yearly list."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tripartite.parties.services.reading import DirectoryFile, Finding, ImportRefused, _lines

COLUMNS = ("MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP")
MERGERS = frozenset({"31", "32", "33"})


class Merger(NamedTuple):
    """The commune of INSEE code `gone` ended on the day `ended_on` (inclusive), merged into `into`."""

    gone: str
    into: str
    ended_on: date


def read_movements(file: DirectoryFile) -> dict[str, Merger]:
    """Mergers by the code that went, the last one when there are several.

    Reads INSEE's file as it is published (`v_mvt_commune_AAAA.csv`): of its movements, plain mergers (31), new
    communes (32) and mergers by association (33), between communes in their own right. Raises ImportRefused.
    """
    lines = _lines(file)
    header = [name.strip().strip('"') for name in next(lines, (0, []))[1]]
    if missing := [name for name in COLUMNS if name not in header]:
        raise ImportRefused([Finding(file.name, 1, f"colonnes absentes : {', '.join(missing)}.")])
    mergers = sorted(_mergers(file, header, lines), key=lambda merger: merger.ended_on)
    return {merger.gone: merger for merger in mergers}


def _mergers(file: DirectoryFile, header: list[str], lines: Iterator[tuple[int, list[str]]]) -> Iterator[Merger]:
    findings: list[Finding] = []
    for line, values in lines:
        cells = dict(zip(header, values, strict=False))
        if cells.get("MOD") not in MERGERS or {cells.get("TYPECOM_AV"), cells.get("TYPECOM_AP")} != {"COM"}:
            continue
        before, after, day = cells.get("COM_AV"), cells.get("COM_AP"), _day(cells.get("DATE_EFF") or "")
        if not (before and after and day):
            findings.append(Finding(file.name, line, "date d'effet (AAAA-MM-JJ) et codes INSEE attendus."))
            continue
        if before != after:
            yield Merger(before, after, day - timedelta(days=1))
    if findings:
        raise ImportRefused(findings)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
