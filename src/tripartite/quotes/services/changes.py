"""What changed from a version of the quotes to the next, in French sentences."""

from collections.abc import Iterator
from typing import Any

from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid
from tripartite.pricing.money import euros, number_text, whole

Lines = dict[tuple[str, str], Any]


def what_changed(
    before: dict[str, Any], now: Estimate, order: dict[str, Any], before_order: dict[str, Any], grid: Grid
) -> list[str]:
    """The differences between an estimate already issued (`before`, as JSON) and the one to issue, one sentence each.

    Quantities, services added or withdrawn, what is held and given up, grid, category, population and staff.
    """
    return [
        *_order_changes(before_order.get("lines", []), order.get("lines", []), grid, ""),
        *_order_changes(before_order.get("in_service", []), order.get("in_service", []), grid, "Déjà en service, "),
        *_order_changes(before_order.get("ended", []), order.get("ended", []), grid, "À arrêter, "),
        *_context_changes(before, now),
    ]


def _order_changes(before: list[Any], after: list[Any], grid: Grid, prefix: str) -> Iterator[str]:
    old, new = _quantities(before), _quantities(after)
    for key in [*grid_order(old | new, grid)]:
        was, is_now = old.get(key), new.get(key)
        if was == is_now:
            continue
        code, options = key
        service = grid.services.get(code)
        name = f"{prefix}{service.name if service else code}{f' ({options})' if options else ''}"
        if was is None:
            yield f"{name} : ajouté ({_shown(is_now)})."
        elif is_now is None:
            yield f"{name} : retiré."
        else:
            unit = f" {service.unit.plural}" if service and not isinstance(is_now, dict) else ""
            yield f"{name} : {_shown(was)} → {_shown(is_now)}{unit}."


def grid_order(keys: Lines, grid: Grid) -> list[tuple[str, str]]:
    """The keys in the order of the grid's services; those that left the grid come last."""
    places = {code: place for place, code in enumerate(grid.services)}
    return sorted(keys, key=lambda key: (places.get(key[0], len(places)), key))


def _quantities(lines: list[Any]) -> Lines:
    """Quantities by service and options, the same one twice added up; named quantities are kept by name."""
    found: Lines = {}
    for line in lines:
        key = (
            line["service"],
            ", ".join(f"{name} : {value}" for name, value in sorted(line.get("options", {}).items())),
        )
        if "quantities" in line:
            found[key] = line["quantities"] if key not in found else [found[key], line["quantities"]]
        else:
            found[key] = found.get(key, 0) + line.get("quantity", 1)
    return found


def _shown(quantity: Any) -> str:
    if isinstance(quantity, dict):
        return " × ".join(_shown(value) for value in quantity.values())
    if isinstance(quantity, list):
        return " et ".join(_shown(value) for value in quantity)
    return number_text(quantity) if isinstance(quantity, int) else str(quantity).replace(".", ",")


def _context_changes(before: dict[str, Any], now: Estimate) -> Iterator[str]:
    if before["grid"] != now.grid:
        yield f"Grille : {before['grid']} → {now.grid}."
    old, new = before["beneficiary"], now.beneficiary
    if old.get("category") != new.get("category"):
        yield f"Catégorie : {old.get('category') or 'aucune'} → {new.get('category') or 'aucune'}."
    for figure, word in (("population", "Population"), ("staff", "Effectif")):
        if old.get(figure) != new.get(figure):
            yield f"{word} : {_figure(old.get(figure))} → {_figure(new.get(figure))}."


def _figure(value: int | None) -> str:
    return "inconnu" if value is None else whole(value)


def total_changes(before: dict[str, int], now: dict[str, int], names: dict[str, str]) -> list[str]:
    """« CDG 62, première année : 90,00 € → 140,00 €. » for each issuer whose first-year total (cents) changed."""
    return [
        f"{names[issuer]}, première année : {euros(before.get(issuer, 0))} → {euros(total)}."
        for issuer, total in now.items()
        if before.get(issuer, 0) != total
    ]
