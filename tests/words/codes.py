"""Every code that the application can write, and what is said in a person's words instead."""

import ast
import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tripartite
from tripartite.conventions.queries.conventions import BENEFICIARY
from tripartite.tariffs.queries import grids_in_force

SOURCE = Path(tripartite.__file__).parent
ALSO_FRENCH = frozenset(
    {
        "abonnement",
        "agent",
        "agents",
        "antivirus",
        "autre",
        "attention",
        "ccas",
        "cdg",
        "certificat",
        "cias",
        "code",
        "commande",
        "commune",
    }
    | {
        "convention",
        "copie",
        "date",
        "departement",
        "document",
        "due",
        "epci",
        "grid",
        "habitants",
        "ht",
        "intervention",
    }
    | {
        "local",
        "message",
        "messages",
        "municipale",
        "page",
        "part",
        "population",
        "populations",
        "public",
        "quote",
        "region",
    }
    | {"sauvegarde", "service", "services", "signature", "site", "syndicat", "term", "test", "titulaire", "totale"}
    | {"ttc", "type", "visite"}
)
"""Codes that are words of French, or names that a person gave: they may be read anywhere."""


def enumerations() -> Iterator[type[enum.Enum]]:
    """Every enumeration of texts of the application: states, kinds, roles, ways, outcomes."""
    seen: set[type] = set()
    for module in _modules():
        for value in vars(module).values():
            if not (isinstance(value, type) and issubclass(value, enum.Enum) and issubclass(value, str)):
                continue
            if value.__module__.startswith("tripartite.") and value not in seen:
                seen.add(value)
                yield value


def _modules() -> Iterator[object]:
    for found in pkgutil.walk_packages([str(SOURCE)], "tripartite."):
        parts = found.name.split(".")
        if parts[1] in {"web", "api", "cli"} or "migrations" in parts or parts[1] in {"settings", "urls", "wsgi"}:
            continue
        yield importlib.import_module(found.name)


@cache
def written() -> frozenset[str]:
    """The codes of acts, kinds and subjects that the sources write as texts: « quotes.issue », « request »."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and re.fullmatch(r"[a-z_]+\.[a-z][a-z_-]+", said):
                found.add(said)
    return frozenset(found)


def codes(on) -> set[str]:
    """All of them, with those of the tariffs in force: services, charges, options."""
    found = {str(member.value) for one in enumerations() for member in one} | written() | {BENEFICIARY}
    for grid in grids_in_force(on):
        found |= set(grid.issuers) | set(grid.services) | {charge.code for charge in grid.charges} | set(grid.families)
    return {code for code in found if re.fullmatch(r"[a-z][a-z0-9_.-]*", code)} - ALSO_FRENCH


def seen_in(text: str, known: set[str]) -> set[str]:
    """The codes that a text shows, as words of their own."""
    words = set(re.findall(r"(?<![\w@/.-])[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*(?![\w@/-])", text))
    return words & known
