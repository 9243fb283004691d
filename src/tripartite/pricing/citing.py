"""What a text that cites an interpretation for a whole charge means, when its other readings change some rows alone.

A voted text is never edited. One that was adopted before rows could cite keeps its citations where it wrote them; it is
read as narrowly as the changes of its own readings say: on the rows that another reading would change, and no other.
"""

from collections.abc import Iterator
from typing import Any


def narrow_citations(values: dict[str, Any]) -> None:
    """Move each such citation of a decoded grid to the rows that it bears on, in place."""
    changes = {
        row.get("code"): [change for choice in row.get("choice", ()) for change in choice.get("changes", ())]
        for row in values.get("interpretation", ())
    }
    for path, charge in _charges(values):
        cited = charge.get("interpretations", ())
        for code in list(cited) if isinstance(cited, list) else ():
            changed = list(_rows_changed(path, charge, changes.get(code, [])))
            rows = [row for row in changed if row is not None]
            if rows and rows == changed:
                charge["interpretations"] = [other for other in charge["interpretations"] if other != code]
                for row in rows:
                    row["interpretations"] = list(dict.fromkeys([*row.get("interpretations", ()), code]))


def _charges(values: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each charge of the text with its path, as changes write it."""
    for service in values.get("service", ()):
        for charge in service.get("charge", ()):
            yield f"service/{service.get('code')}/charge/{charge.get('code')}", charge
    for charge in values.get("shared_charge", ()):
        yield f"shared_charge/{charge.get('code')}", charge


def _rows_changed(path: str, charge: dict[str, Any], changes: list[dict[str, Any]]) -> Iterator[dict[str, Any] | None]:
    """The rows of a charge that these changes write anew; None for a change that bears on anything else."""
    for change in changes:
        steps = str(change.get("at", "")).removeprefix(f"{path}/").split("/")
        price = charge.get(steps[0]) if len(steps) == 3 and "set" in change else None
        rows = price.get("bands") if isinstance(price, dict) and steps[1] == "bands" else None
        place = int(steps[2]) if isinstance(rows, list) and steps[2].isdigit() else 0
        yield rows[place - 1] if isinstance(rows, list) and 0 < place <= len(rows) else None
