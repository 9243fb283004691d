"""Checking what an order asks for and adding it up: one entry per service and options, in any order of lines."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tripartite.pricing.cases import Number, Options, count
from tripartite.pricing.estimate import Warning as Notice
from tripartite.pricing.grid import Grid, Link, Measured, Service
from tripartite.pricing.money import number_text
from tripartite.pricing.order import Item, OrderError

Entries = tuple[Mapping[str, Number], ...]


class Taken(NamedTuple):
    """All that an order takes of one service with the same options, and the line where it first stood."""

    entries: Entries
    quantity: Number
    line: int


Gathered = dict[str, dict[Options, Taken]]
"""Service → options → what is taken."""

NOTHING: Gathered = {}


def gather(grid: Grid, items: Sequence[Item], *, held: bool = False) -> Gathered:
    """Add up the items of an order (or of what is held), each checked against its service.

    Raises OrderError: unknown-service, bad-quantity, bad-options, with the place of the item.
    """
    gathered: Gathered = {}
    for place, item in enumerate(items):
        service = grid.services.get(item.service)
        if service is None:
            raise _unknown(grid, item.service, place, held=held)
        if item.quantities.keys() != service.quantities.keys():
            raise _misnamed(service, place, held=held)
        quantity: Number = 1
        for code, value in item.quantities.items():
            if value.__class__ is not int or value < 1 or service.quantities[code].step != 1:
                _check_step(service.quantities[code], value, place, held=held)
            quantity *= value
        options: Options = ()
        if item.options or service.options:
            options = _options(service, item, place, held=held)
        by_options = gathered.setdefault(item.service, {})
        before = by_options.get(options)
        if before is None:
            by_options[options] = Taken((item.quantities,), quantity, place)
        else:
            by_options[options] = Taken((*before.entries, item.quantities), before.quantity + quantity, before.line)
    return gathered


def gather_ended(grid: Grid, items: Sequence[Item], held: Gathered) -> tuple[Gathered, Gathered]:
    """What is given up of what is held, added up, and what is then kept.

    Raises OrderError bad-quantity when more is given up than is held, or when less is kept than the least; and what
    `gather` refuses.
    """
    try:
        ended = gather(grid, items, held=True)
        kept = {code: dict(by_options) for code, by_options in held.items()}
        for code, by_options in ended.items():
            for options, taken in by_options.items():
                left = _left(grid.services[code], held.get(code, {}).get(options), taken)
                if left is None:
                    del kept[code][options]
                else:
                    kept[code][options] = left
            if not kept[code]:
                del kept[code]
    except OrderError as error:
        error.ended = True
        raise
    return ended, kept


def gather_set_up(grid: Grid, items: Sequence[Item], ordered: Gathered) -> Gathered:
    """What is left to set going of what is ordered, for the services of which some is set up already; none of a service
    that is set up whole. More than is ordered counts for all of it. Raises OrderError as `gather` does.
    """
    try:
        done = gather(grid, items, held=True)
    except OrderError as error:
        error.set_up = True
        raise
    return {
        code: {options: _still(taken, done[code].get(options)) for options, taken in by_options.items()}
        for code, by_options in ordered.items()
        if code in done
    }


def _still(ordered: Taken, done: Taken | None) -> Taken:
    if done is None:
        return ordered
    if "quantity" in ordered.entries[0]:
        left = max(ordered.quantity - done.quantity, 0)
        return Taken(({"quantity": left},) if left else (), left, ordered.line)
    entries = list(ordered.entries)
    for entry in done.entries:
        if entry in entries:
            entries.remove(entry)
    return Taken(tuple(entries), count(tuple(entries)), ordered.line)


def _left(service: Service, held: Taken | None, ended: Taken) -> Taken | None:
    """What is left of a service once some of it is given up; None when nothing is."""
    if held is None or ended.quantity > held.quantity:
        having = number_text(held.quantity) if held else "rien"
        message = f"{service.name} : on n'arrête pas plus que ce qui est en service ({having})."
        raise OrderError("bad-quantity", message, line=ended.line, held=True)
    if "quantity" in service.quantities:
        left = held.quantity - ended.quantity
        if 0 < left < service.quantities["quantity"].minimum:
            message = _beyond(service, service.quantities["quantity"], left, 0) or ""
            raise OrderError("bad-quantity", message, line=ended.line, held=True)
        return Taken(({"quantity": left},), left, held.line) if left else None
    entries = list(held.entries)
    for entry in ended.entries:
        if entry not in entries:
            message = f"{service.name} : arrêtez une ligne entière de ce qui est en service."
            raise OrderError("bad-quantity", message, line=ended.line, held=True)
        entries.remove(entry)
    return Taken(tuple(entries), held.quantity - ended.quantity, held.line) if entries else None


def nearest(code: str, known: Iterable[str]) -> tuple[str, ...]:
    """The codes most like one that is not known, three at most."""
    return tuple(difflib.get_close_matches(code, list(known), n=3, cutoff=0.5))


def _unknown(grid: Grid, code: str, place: int, *, held: bool) -> OrderError:
    near = nearest(code, grid.services)
    advice = f" Vouliez-vous dire : {', '.join(near)} ?" if near else ""
    return OrderError(
        "unknown-service",
        f"Le service « {code[:80]} » n'est pas dans la grille {grid.code}.{advice}",
        line=place,
        held=held,
        suggestions=near,
    )


def _misnamed(service: Service, place: int, *, held: bool) -> OrderError:
    message = (
        f"{service.name} : indiquez une quantité."
        if "quantity" in service.quantities
        else f"{service.name} : indiquez ces quantités : {', '.join(service.quantities)}."
    )
    return OrderError("bad-quantity", message, line=place, held=held)


def _check_step(measured: Measured, value: Number, place: int, *, held: bool) -> None:
    if message := off_step(measured, value):
        raise OrderError("bad-quantity", message, line=place, held=held)


def off_step(measured: Measured, value: Number) -> str:
    """Why so much cannot be ordered, in French: nothing, or not a multiple of its step; « » when it can."""
    if value <= 0:
        return f"La quantité doit être d'au moins {number_text(measured.minimum)}."
    if measured.step == 1 and value != int(value):
        return f"La quantité doit être un nombre entier de {measured.unit.plural}."
    if value % measured.step:
        step = f"{number_text(measured.step)} {measured.unit.of(measured.step)}"
        return f"La quantité doit être un multiple de {step}."
    return ""


def _options(service: Service, item: Item, place: int, *, held: bool) -> Options:
    chosen = dict(item.options)
    for code in chosen:
        if code not in service.options:
            known = ", ".join(service.options) or "aucune"
            message = f"{service.name} : l'option « {code[:80]} » n'existe pas (options : {known})."
            raise OrderError("bad-options", message, line=place, held=held)
    for option in service.options.values():
        values = [value.code for value in option.values]
        if chosen.get(option.code) not in values:
            message = f"{service.name} : choisissez « {option.name} » parmi {', '.join(values)}."
            raise OrderError("bad-options", message, line=place, held=held)
    return tuple((code, chosen[code]) for code in service.options)


def check_limits(grid: Grid, ordered: Gathered, held: Gathered) -> None:
    """Check minimum and maximum of every service, counting what is held and what is ordered together.

    Raises OrderError bad-quantity.
    """
    for code, by_options in ordered.items():
        service = grid.services[code]
        simple = service.quantities.get("quantity")
        if simple is None:
            _check_named(service, by_options)
            continue
        if simple.minimum == 1 and simple.maximum is None:
            continue
        total = sum((taken.quantity for taken in by_options.values()), start=0)
        already = sum((taken.quantity for taken in held[code].values()), start=0) if code in held else 0
        line = min(taken.line for taken in by_options.values())
        message = _beyond(service, simple, total + already, already)
        if message:
            raise OrderError("bad-quantity", message, line=line)


def _check_named(service: Service, by_options: Mapping[Options, Taken]) -> None:
    for taken in by_options.values():
        for entry in taken.entries:
            for code, measured in service.quantities.items():
                message = _beyond(service, measured, entry[code], 0)
                if message:
                    raise OrderError("bad-quantity", message, line=taken.line)


def _beyond(service: Service, measured: Measured, total: Number, already: Number) -> str | None:
    having = f" ({number_text(already)} déjà en service)" if already else ""
    if measured.maximum is not None and total > measured.maximum:
        if measured.maximum == 1 and already:
            return f"{service.name} : déjà en service, et un seul est possible."
        unit = measured.unit.of(measured.maximum)
        return f"{service.name} : {number_text(measured.maximum)} {unit} au plus{having}."
    if total < measured.minimum:
        return (
            f"{service.name} : {number_text(measured.minimum)} {measured.unit.of(measured.minimum)} au moins{having}."
        )
    return None


def check_links(grid: Grid, ordered: Gathered, held: Gathered, *, all_of_it: bool = False) -> list[Notice]:
    """What the prerequisites and exclusions of the services ordered say, as warnings; with `all_of_it`, those of the
    services held too, for one that they need may be given up.

    Raises OrderError missing-prerequisite or excluded-service where the grid refuses.
    """
    notices: list[Notice] = []
    for code, by_options in ({**held, **ordered} if all_of_it else ordered).items():
        service = grid.services[code]
        if not (service.requires or service.excludes):
            continue
        broken = [
            *((link, "missing-prerequisite") for link in service.requires if not _has(link, ordered, held)),
            *((link, "excluded-service") for link in service.excludes if _has(link, ordered, held)),
        ]
        for link, error in broken:
            if not link.warns:
                raise OrderError(error, link.message, line=min(taken.line for taken in by_options.values()))
            notices.append(Notice(link.code, link.message, link.interpretation))
    return notices


def _has(link: Link, ordered: Gathered, held: Gathered) -> bool:
    return link.service in ordered or link.service in held
