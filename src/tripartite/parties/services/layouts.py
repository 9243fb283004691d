"""The files that the directory reads, each known by its titles, and what each kind of them says."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tripartite.parties.queries.history import Movement
from tripartite.parties.services.reading import DirectoryFile, Finding, ImportRefused, Table, read_table
from tripartite.parties.states import LAYOUT_LABELS, Layout

Population = tuple[str, int, int | None]
"""How it is counted, how many, and the reference year where it is said."""


TITLES: dict[Layout, tuple[str, ...]] = {
    Layout.COMMUNES: ("code_insee", "nom", "siren", "departement"),
    Layout.EPCI: ("siren", "nom", "type", "departements"),
    Layout.MOVEMENTS: ("mod", "date_eff", "typecom_av", "com_av", "typecom_ap", "com_ap"),
    Layout.COG: ("typecom", "com", "libelle"),
    Layout.POPULATIONS: ("dep", "codcom", "com", "pmun", "ptot"),
    Layout.MEMBERS: ("siren", "raison_sociale", "nature_juridique", "insee", "siren_membre"),
    Layout.SIREN: ("siren", "insee", "nom_com"),
    Layout.USUAL_NAMES: ("siren", "noms_usuels"),
}
"""What the titles of each must name, in small letters; the first that they do is the one."""
UNKNOWN = "colonnes inconnues ; la première ligne doit nommer celles d'un de ces fichiers : " + " ; ".join(
    f"{LAYOUT_LABELS[layout]} ({', '.join(titles)})" for layout, titles in TITLES.items()
)
COMPLETE = {Layout.COMMUNES, Layout.COG, Layout.EPCI, Layout.MEMBERS}
"""Those that list all the bodies of their kind, in the départements that they cover."""


class CommuneSaid(NamedTuple):
    """What a line says of a commune; None where the file says nothing."""

    line: int
    code: str
    name: str
    siren: str | None = None
    postal_codes: tuple[str, ...] | None = None
    says_epci: bool = False
    epci: str | None = None
    populations: tuple[Population, ...] = ()


class EpciSaid(NamedTuple):
    """What a line says of an EPCI. `seat` is the département where it sits, None where the file does not say."""

    line: int
    siren: str
    name: str
    departments: tuple[str, ...]
    seat: str | None = None
    populations: tuple[Population, ...] = ()


@dataclass(slots=True)
class Listing:
    """What a file says, and the lines left aside with the reason.

    `as_of` is the day whose communes it describes (None: today's): what it says of a code is said of the commune that
    bore it that day.
    """

    file: DirectoryFile
    layout: Layout
    as_of: date | None = None
    communes: list[CommuneSaid] = field(default_factory=list)
    epcis: list[EpciSaid] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    usual_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: list[Finding] = field(default_factory=list)


def layout_of(columns: frozenset[str]) -> Layout | None:
    """The kind of file that has these titles."""
    return next((layout for layout, titles in TITLES.items() if columns.issuperset(titles)), None)


def recognized(file: DirectoryFile) -> tuple[Layout, Table]:
    """The kind of a file, and its table. Raises ImportRefused when its titles are those of none."""
    table = read_table(file, tuple(map(frozenset, TITLES.values())))
    layout = layout_of(frozenset(table.columns))
    if layout is None:
        raise ImportRefused([Finding(file.name, 1, UNKNOWN)])
    return layout, table


def department_of(code: str) -> str:
    """The département of an INSEE code, overseas ones on three figures."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]
