"""The usual names that are shipped: what can be checked of them is that each leads to one body, and to no other."""

import csv
from collections import Counter

from django.conf import settings

from tripartite.parties.queries.folding import fold


def rows(name: str) -> list[dict[str, str]]:
    with (settings.DIRECTORY_FOLDER / "62" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def usual() -> list[tuple[str, str]]:
    return [(row["siren"], name.strip()) for row in rows("noms-usuels.csv") for name in row["noms_usuels"].split("|")]


def test_each_is_of_a_group_of_the_directory_once() -> None:
    sirens = [row["siren"] for row in rows("noms-usuels.csv")]
    assert set(sirens) <= {row["siren"] for row in rows("epci.csv")}
    assert max(Counter(sirens).values()) == 1


def test_each_leads_to_one_body() -> None:
    owners: dict[str, set[str]] = {}
    for siren, name in usual():
        owners.setdefault(fold(name), set()).add(siren)
    official = {fold(row["nom"]): row["siren"] for name in ("epci.csv", "communes.csv") for row in rows(name)}
    assert {name: sirens for name, sirens in owners.items() if len(sirens) > 1} == {}
    assert {
        name: official[name] for name, sirens in owners.items() if official.get(name, "") not in {"", *sirens}
    } == {}
