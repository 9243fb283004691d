"""What changed from a version of the quotes to the next, in French sentences."""

from collections.abc import Iterable, Iterator
from typing import Any

from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid, Service
from tripartite.pricing.holding import Chosen, Holding
from tripartite.pricing.money import euros, whole


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
    old, new = Holding.read(before).of_each(), Holding.read(after).of_each()
    for key in _grid_order({**old, **new}, grid):
        was, is_now = old.get(key), new.get(key)
        if was == is_now:
            continue
        code, options = key[0], ", ".join(f"{name} : {value}" for name, value in key[1])
        service = grid.services.get(code)
        name = f"{prefix}{service.name if service else code}{f' ({options})' if options else ''}"
        if is_now is None:
            yield f"{name} : retiré."
        elif was is None:
            yield f"{name} : ajouté ({_shown(is_now, service)})."
        else:
            unit = f" {service.unit.plural}" if service and all(line.is_simple for line in is_now) else ""
            yield f"{name} : {_shown(was, service)} → {_shown(is_now, service)}{unit}."


def _grid_order(keys: Iterable[Chosen], grid: Grid) -> list[Chosen]:
    """The keys in the order of the grid's services; those that left the grid come last."""
    places = {code: place for place, code in enumerate(grid.services)}
    return sorted(keys, key=lambda key: (places.get(key[0], len(places)), key))


def _shown(held: Holding, service: Service | None) -> str:
    return " et ".join(line.text(service.quantities if service else ()) for line in held)


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
