"""The software names nobody: bodies, places, numbers and offers are data, in grids, models, directory and settings."""

import csv
import re
import tomllib
from itertools import chain

from tests.test_repository import ROOT, SOURCE

READ = {".py", ".html", ".txt", ".typ", ".js", ".css", ".svg", ".xml", ".toml", ".json", ".ics", ".csv", ".webmanifest"}
PLACES = (
    r"pas-?de-?calais|fibre ?num[ée]rique|\blille\b|\bcdg[ -]?\d{2}\b|\balpi\d*\b|\bgironde\b|\bhérault\b|\blandes\b"
)
POSTAL = r"(?<![\w.#-])(?:62|59|40|34|33)\d{3}(?![\w%])"
"""Postal and INSEE codes of the départements that the shipped files are about."""
TECHNICAL = frozenset({"40001"})
"""A code of PostgreSQL: a transaction to be made again."""
COMMON = frozenset({"COMA"})
"""Words of INSEE's file of movements."""


def shipped_names():
    """What the shipped directory and grids call bodies and places, and their numbers."""
    found = set()
    for path in ROOT.glob("directory/*/*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
            said = {
                column: row.get(column) or "" for column in ("nom", "siren", "code_insee", "noms_usuels", "LIBELLE_AV")
            }
            found |= {name.strip() for name in chain.from_iterable(value.split("|") for value in said.values())}
    for path in ROOT.glob("grids/**/*.toml"):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        found.add(said.get("act", {}).get("body", ""))
        for issuer in said.get("issuer", ()):
            found |= {issuer["code"], issuer["name"], issuer.get("short_name", "")}
    return {name for name in found if len(name) > 2} - COMMON


def named_in(text, by_first_word):
    """The names that a text holds as whole words: those whose first word it has, then looked for."""
    words = set(re.findall(r"\w+", text))
    for first in words & by_first_word.keys():
        for name in by_first_word[first]:
            if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
                yield name


def test_the_software_names_no_body_no_place_and_no_number():
    by_first_word = {}
    for name in shipped_names():
        by_first_word.setdefault(re.match(r"\W*(\w+)", name)[1], []).append(name)
    places = re.compile(f"{PLACES}|{POSTAL}", re.IGNORECASE)
    found = [
        (str(path.relative_to(ROOT)), what)
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in READ and "vendor" not in path.parts
        for text in [path.read_text(encoding="utf-8")]
        for what in sorted({*named_in(text, by_first_word), *places.findall(text)} - TECHNICAL)
    ]
    assert (len(by_first_word) > 1000, found) == (True, [])
