"""Directory files made of lines of the shipped one, changed as a story needs."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from stdnum import luhn

from tests.factories.accounts import AT, TESTER
from tripartite.journal.models import Entry
from tripartite.parties.models import (
    CommuneMovement,
    DirectoryRevision,
    DirectoryUpdate,
    Figure,
    Issuer,
    PublicBody,
    UpdateFile,
)
from tripartite.parties.services.importing import ImportReport, import_directory
from tripartite.parties.services.reading import DirectoryFile

LATER = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)
Line = dict[str, str]


def _shipped(name: str, key: str) -> dict[str, Line]:
    text = (settings.DIRECTORY_FOLDER / "62" / name).read_text(encoding="utf-8")
    return {line[key]: line for line in csv.DictReader(io.StringIO(text))}


COMMUNES = _shipped("communes.csv", "code_insee")
EPCI = _shipped("epci.csv", "siren")


def siren_of_commune(code: str) -> str:
    """The SIREN of a commune by the usual rule: 21, its département, its number on four figures, and the key."""
    digits = f"21{code[:2]}0{code[2:]}"
    return digits + luhn.calc_check_digit(digits)


def commune(code: str, **changes: str) -> Line:
    """The shipped line of a commune, or one written for a code that is no longer shipped."""
    known = COMMUNES.get(code)
    if known is None:
        known = dict.fromkeys(COMMUNES["62001"], "")
        known |= {"code_insee": code, "departement": code[:2], "siren": siren_of_commune(code)}
    return known | changes


def epci(siren: str, /, **changes: str) -> Line:
    """The shipped line of an intercommunalité."""
    return EPCI[siren] | changes


def written(
    *lines: Line, name: str = "communes.csv", source: str = "fichier d'essai", year: int | None = None
) -> DirectoryFile:
    """A CSV file of these lines, with the columns of the first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return DirectoryFile(name, text.getvalue().encode(), source, year)


def raw(text: str | bytes, name: str = "communes.csv") -> DirectoryFile:
    """A file of this very content."""
    return DirectoryFile(name, text.encode() if isinstance(text, str) else text, "fichier d'essai")


def load(*files: DirectoryFile, at: datetime = AT, **options: Any) -> ImportReport:
    """Import, as somebody at the keyboard would."""
    return import_directory(files, actor=TESTER, at=at, **options)


def forget(siren: str) -> None:
    """As if the directory had never known a body of no act: for a story that begins before it was born."""
    Figure.objects.filter(body__siren=siren).delete()
    PublicBody.objects.filter(siren=siren).delete()


def snapshot() -> list[Any]:
    """All that the tables of the directory and the journal hold, to compare before and after."""
    tables = (PublicBody, Figure, Issuer, CommuneMovement, DirectoryRevision, DirectoryUpdate, UpdateFile, Entry)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]
