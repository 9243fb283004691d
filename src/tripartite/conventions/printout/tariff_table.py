"""The tariff laid out as an act lays its own: the amounts of each issuer side by side, each scale once, as a matrix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tripartite.conventions.printout.parts import Price, Tariff

LEAST_ROWS = 3
"""Below, a few conditions are read better beside their prices."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A charge: what each issuer asks for it, in lines; nothing where an issuer asks nothing."""

    service: str
    charge: str
    frequency: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PriceMatrix:
    """The charges of a service under the same conditions: a condition a row, a charge of an issuer a column."""

    service: str
    columns: tuple[tuple[str, str, int, str], ...]
    """(charge, frequency, slot, issuer)"""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """(condition, a price for each column)"""


def issuers_of(tariff: Tariff) -> list[tuple[int, str]]:
    """(slot, name) of those who ask a price, in the order of the act."""
    return sorted({(price.slot, price.issuer) for price in tariff.prices})


def laid_out(tariff: Tariff) -> Iterator[tuple[str, list[PriceRow | PriceMatrix]]]:
    """Each family with its rows and matrices, in the order of the act."""
    slots = [slot for slot, _ in issuers_of(tariff)]
    for family, prices in groupby(tariff.prices, key=lambda price: price.family):
        parts: list[PriceRow | PriceMatrix] = []
        for service, of_service in groupby(prices, key=lambda price: price.service):
            parts += _service(service, list(of_service), slots)
        yield family, parts


def tariff_payload(tariff: Tariff) -> dict[str, Any]:
    """The tariff for JSON: its act, its issuers, its families in rows and matrices, how it is read."""
    return {
        "act": tariff.act,
        "body": tariff.body,
        "grid": tariff.grid,
        "version": tariff.version,
        "basis": tariff.basis,
        "issuers": [{"slot": slot, "name": name} for slot, name in issuers_of(tariff)],
        "families": [{"name": family, "parts": [_part(part) for part in parts]} for family, parts in laid_out(tariff)],
        "interpretations": [
            {"code": code, "title": title, "text": text} for code, title, text in tariff.interpretations
        ],
    }


def _part(part: PriceRow | PriceMatrix) -> dict[str, Any]:
    if isinstance(part, PriceRow):
        return {
            "kind": "row",
            "service": part.service,
            "charge": part.charge,
            "frequency": part.frequency,
            "cells": [list(lines) for lines in part.cells],
        }
    return {
        "kind": "matrix",
        "service": part.service,
        "columns": [
            {"charge": charge, "frequency": frequency, "slot": slot, "issuer": issuer}
            for charge, frequency, slot, issuer in part.columns
        ],
        "rows": [{"condition": condition, "prices": list(prices)} for condition, prices in part.rows],
    }


def _service(service: str, prices: Sequence[Price], slots: Sequence[int]) -> Iterator[PriceRow | PriceMatrix]:
    columns: dict[tuple[str, str, int, str], list[Price]] = {}
    for price in prices:
        columns.setdefault((price.charge, price.frequency, price.slot, price.issuer), []).append(price)
    conditions = {column: tuple(price.condition for price in listed) for column, listed in columns.items()}
    shared = [many for many in dict.fromkeys(conditions.values()) if len(many) >= LEAST_ROWS]
    matrices = [many for many in shared if sum(one == many for one in conditions.values()) > 1]
    rows: dict[tuple[str, str], dict[int, tuple[str, ...]]] = {}
    for (charge, frequency, slot, _), listed in columns.items():
        if tuple(price.condition for price in listed) not in matrices:
            rows.setdefault((charge, frequency), {})[slot] = _lines(listed)
    for (charge, frequency), cells in rows.items():
        yield PriceRow(service, charge, frequency, tuple(cells.get(slot, ()) for slot in slots))
    for many in matrices:
        mine = [column for column in columns if conditions[column] == many]
        amounts = zip(*([price.price for price in columns[column]] for column in mine), strict=True)
        yield PriceMatrix(service, tuple(mine), tuple(zip(many, amounts, strict=True)))


def _lines(prices: Sequence[Price]) -> tuple[str, ...]:
    """The prices of a cell, each with its condition; what conditions have in common is said once, before them."""
    parts = [price.condition.split(", ") for price in prices]
    common = parts[0][0] if len(parts) > 1 and parts[0][0] and all(one[0] == parts[0][0] for one in parts) else ""
    lines = [
        " : ".join(filter(None, (", ".join(one[1:] if common else one), price.price)))
        for one, price in zip(parts, prices, strict=True)
    ]
    return (f"{common[:1].upper()}{common[1:]} :", *lines) if common else tuple(lines)
