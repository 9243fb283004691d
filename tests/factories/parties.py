"""A small directory, made of lines of the shipped one."""

from typing import Any

from django.conf import settings

from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile

COMMUNES = ("62001", "62014", "62041", "62119", "62160", "62193", "62447", "62498", "62727", "62753", "62767", "62786")
EPCI = ("200033579", "200072460", "200069672", "246200364", "200090751", "246200729", "200044030")


@laid
def directory() -> None:
    """Load a dozen communes of Pas-de-Calais, Ruitz and Arras among them, and their EPCI."""
    import_directory(
        [_part("communes.csv", "code_insee", COMMUNES), _part("epci.csv", "siren", EPCI)],
        actor=TESTER,
        at=AT,
        department="62",
    )


def _part(name: str, column: str, kept: tuple[str, ...]) -> DirectoryFile:
    header, *lines = (settings.DIRECTORY_FOLDER / "62" / name).read_text(encoding="utf-8").splitlines()
    place = header.split(",").index(column)
    chosen = [line for line in lines if line.split(",")[place] in kept]
    return DirectoryFile(name, "\n".join([header, *chosen]).encode(), "annuaire d'essai")


def body(code_insee: str = "62727") -> Any:
    """A commune of the small directory: Ruitz, unless said otherwise."""
    return body_by_identifier("code_insee", code_insee)
