"""Reading scales: categories with their ranges as voted, the rule that says which measure counts, settled holes."""

from collections.abc import Iterator, Mapping

from tripartite.pricing.grid import Interpretation
from tripartite.pricing.order import Kind
from tripartite.pricing.scales import ClassedBy, Range, Scale
from tripartite.pricing.tables import Table

MEASURES = ("population", "staff")


def read_scales(root: Table, interpretations: Mapping[str, Interpretation]) -> Iterator[Scale]:
    """The scales of a grid; findings name what is wrong."""
    rows = list(root.tables("scale", named="code"))
    settled = list(_settled(root, {row.values.get("code") for row in rows}))
    seen: set[str] = set()
    for row in rows:
        code = row.text("code")
        if code in seen:
            row.wrong("code", f"« {code} » est déjà employé.")
        seen.add(code)
        categories, ranges = _categories(row)
        for measure, filled in [(m, f) for scale, m, f in settled if scale == code]:
            if filled.category not in categories:
                row.wrong(None, f"{filled.interpretation} : catégorie inconnue « {filled.category} ».")
            ranges.setdefault(measure, []).append(filled)
        rule = row.optional_text("rule_interpretation")
        for key, names in (
            ("interpretations", row.texts("interpretations")),
            ("rule_interpretation", filter(None, [rule])),
        ):
            for name in names:
                if name not in interpretations:
                    row.wrong(key, f"interprétation inconnue : « {name} ».")
        yield Scale(
            code,
            row.text("name"),
            tuple(categories),
            {measure: tuple(found) for measure, found in ranges.items()},
            tuple(_classed_by(row, ranges)),
            row.texts("interpretations"),
            rule,
        )
        row.close()


def _categories(scale: Table) -> tuple[list[str], dict[str, list[Range]]]:
    categories: list[str] = []
    ranges: dict[str, list[Range]] = {}
    for row in scale.tables("category", named="code"):
        code = row.text("code")
        if code in categories:
            row.wrong("code", f"« {code} » est déjà employée.")
        categories.append(code)
        for measure in MEASURES:
            bounds = row.table(measure)
            if bounds is None:
                continue
            first, last = bounds.integer("from"), bounds.integer("to")
            before = ranges.setdefault(measure, [])
            if first is None:
                last_before = before[-1].last if before else -1
                first = 0 if last_before is None else last_before + 1
            before.append(Range(first, last, code))
            bounds.close()
        row.close()
    if not categories:
        scale.wrong("category", "au moins une catégorie.")
    return categories, ranges


def _classed_by(scale: Table, ranges: Mapping[str, list[Range]]) -> Iterator[ClassedBy]:
    seen: set[Kind] = set()
    for row in scale.tables("classed_by"):
        kinds = []
        for code in row.texts("kinds"):
            if code not in set(Kind):
                row.wrong("kinds", f"type de structure inconnu : « {code} ».")
                continue
            if Kind(code) in seen:
                row.wrong("kinds", f"« {code} » est déjà classé plus haut : ligne jamais atteinte.")
            seen.add(Kind(code))
            kinds.append(Kind(code))
        on_request = row.optional_text("on_request")
        measures = row.words("by")
        if bool(measures) == bool(on_request):
            row.wrong(None, "écrire by (population, staff, ou les deux) ou on_request, l'un des deux.")
        for measure in measures:
            if measure not in ranges:
                row.wrong("by", f"l'échelle n'a pas de tranches pour « {measure} ».")
        yield ClassedBy(tuple(kinds), measures, on_request)
        row.close()


def _settled(root: Table, scales: set[object]) -> Iterator[tuple[str, str, Range]]:
    """The holes of scales that interpretations fill: scale, measure, range."""
    for row in root.tables("interpretation", named="code"):
        for hole in row.tables("settles"):
            if not hole.has("scale"):
                if not hole.has("charge"):
                    hole.wrong(None, "dire quelle échelle (scale) ou quelle charge (charge) est réglée.")
                continue
            scale, measure = hole.text("scale"), hole.text("measure")
            if scale not in scales:
                hole.wrong("scale", f"échelle inconnue : « {scale} ».")
            if measure not in MEASURES:
                hole.wrong("measure", f"choisir parmi {', '.join(MEASURES)}.")
            if not hole.has("from"):
                hole.wrong("from", "champ obligatoire.")
            first, last = hole.integer("from"), hole.integer("to")
            yield scale, measure, Range(first or 0, last, hole.text("category"), row.values.get("code", ""))
            hole.close()
