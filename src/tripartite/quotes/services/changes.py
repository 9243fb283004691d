"""What changed from a version of the quotes to the next, in French sentences."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid, Service
from tripartite.pricing.holding import Chosen, Holding
from tripartite.pricing.money import euros, whole


class Change(NamedTuple):
    """One difference, in a sentence; `issuers` are those whose quote has, or had, a line of it: all when it is None."""

    text: str
    issuers: frozenset[str] | None = None

    def bears_on(self, issuer: str) -> bool:
        return self.issuers is None or issuer in self.issuers


def what_changed(
    before: dict[str, Any], now: Estimate, order: dict[str, Any], before_order: dict[str, Any], grid: Grid
) -> list[Change]:
    """The differences between an estimate already issued (`before`, as JSON) and the one to issue, one sentence each.

    Quantities, services added or withdrawn, what is held and given up, grid, category, population and staff.
    """
    return [
        change._replace(issuers=_issuers_of(change.issuers, before, now)) if change.issuers else change
        for change in _changes(before, now, order, before_order, grid)
    ]


def order_changes(before: Mapping[str, Any], after: Mapping[str, Any], grid: Grid) -> list[str]:
    """What differs between two orders, service by service, with its quantities: « Messagerie : 4 → 6 comptes. »"""
    return [change.text for change in _between(before, after, grid)]


def _between(before: Mapping[str, Any], after: Mapping[str, Any], grid: Grid) -> list[Change]:
    return [
        *_order_changes(before.get("lines", []), after.get("lines", []), grid, ""),
        *_order_changes(before.get("in_service", []), after.get("in_service", []), grid, "Déjà en service, "),
        *_order_changes(before.get("ended", []), after.get("ended", []), grid, "À arrêter, "),
        *_order_changes(before.get("set_up", []), after.get("set_up", []), grid, "Déjà en place, "),
    ]


def _issuers_of(services: frozenset[str], before: dict[str, Any], now: Estimate) -> frozenset[str]:
    """Who has, or had, a line of one of these services; of a service that makes no line, everyone is told."""
    found = {line.issuer for line in now.lines if services.intersection(line.services)}
    found |= {
        line["issuer"] for line in before["lines"] if services.intersection(line.get("services") or [line["service"]])
    }
    return frozenset(found or now.totals)


def _changes(
    before: dict[str, Any], now: Estimate, order: dict[str, Any], before_order: dict[str, Any], grid: Grid
) -> list[Change]:
    """The same, where `issuers` still holds the service that a difference is about."""
    return [*_between(before_order, order, grid), *_context_changes(before, now)]


def _order_changes(before: list[Any], after: list[Any], grid: Grid, prefix: str) -> Iterator[Change]:
    old, new = Holding.read(before).of_each(), Holding.read(after).of_each()
    for key in _grid_order({**old, **new}, grid):
        was, is_now = old.get(key), new.get(key)
        if was == is_now:
            continue
        code, options = key[0], ", ".join(f"{name} : {value}" for name, value in key[1])
        service = grid.services.get(code)
        name = f"{prefix}{service.name if service else code}{f' ({options})' if options else ''}"
        if is_now is None:
            text = f"{name} : retiré."
        elif was is None:
            text = f"{name} : ajouté ({_shown(is_now, service)})."
        else:
            unit = f" {service.unit.plural}" if service and all(line.is_simple for line in is_now) else ""
            text = f"{name} : {_shown(was, service)} → {_shown(is_now, service)}{unit}."
        yield Change(text, frozenset({code}))


def _grid_order(keys: Iterable[Chosen], grid: Grid) -> list[Chosen]:
    """The keys in the order of the grid's services; those that left the grid come last."""
    places = {code: place for place, code in enumerate(grid.services)}
    return sorted(keys, key=lambda key: (places.get(key[0], len(places)), key))


def _shown(held: Holding, service: Service | None) -> str:
    return " et ".join(line.text(service.quantities if service else ()) for line in held)


def _context_changes(before: dict[str, Any], now: Estimate) -> Iterator[Change]:
    if before["grid"] != now.grid:
        yield Change(f"Grille : {before['grid']} → {now.grid}.")
    old, new = before["beneficiary"], now.beneficiary
    if old.get("category") != new.get("category"):
        yield Change(f"Catégorie : {old.get('category') or 'aucune'} → {new.get('category') or 'aucune'}.")
    for figure, word in (("population", "Population"), ("staff", "Effectif")):
        if old.get(figure) != new.get(figure):
            yield Change(f"{word} : {_figure(old.get(figure))} → {_figure(new.get(figure))}.")


def _figure(value: int | None) -> str:
    return "inconnu" if value is None else whole(value)


def total_changes(
    before: dict[str, int], now: dict[str, int], names: dict[str, str], *, taxed: bool = False
) -> list[Change]:
    """« CDG, première année : 90,00 € → 140,00 €. » for each issuer whose first-year total (cents, TTC) changed;
    `taxed` says that it is TTC, where the other amounts of the paper are HT.
    """
    year = "première année, TTC" if taxed else "première année"
    return [
        Change(f"{names[issuer]}, {year} : {euros(before.get(issuer, 0))} → {euros(total)}.", frozenset({issuer}))
        for issuer, total in now.items()
        if before.get(issuer, 0) != total
    ]
