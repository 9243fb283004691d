"""Official files of a small country, in the layouts in which INSEE and the DGCL publish them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from stdnum import luhn

from tests.parties.files import siren_of_commune
from tripartite.parties.services.reading import DirectoryFile

COG = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT"
SIDE = "TYPECOM_{0},COM_{0},TNCC_{0},NCC_{0},NCCENR_{0},LIBELLE_{0}"
MOVEMENTS = f"MOD,DATE_EFF,{SIDE.format('AV')},{SIDE.format('AP')}"
POPULATIONS = "REG,Région,DEP,CODARR,CODCAN,CODCOM,COM,Commune,PMUN,PCAP,PTOT"
SIREN = "Reg_com,dep_com,siren,insee,nom_com,ptot_2024,pmun_2024,pcap_2024"
MEMBERS = (
    "dept,siren,raison_sociale,nature_juridique,mode_financ,nb_membres,total_pop_tot,total_pop_mun,"
    "dep_com,insee,siren_membre,nom_membre,ptot_2025,pmun_2025"
)
GROUP = "200072460"


def new_siren(number: int) -> str:
    """A SIREN that is no commune's of the usual rule, its key right."""
    digits = f"{93000000 + number:08d}"
    return digits + luhn.calc_check_digit(digits)


def text_file(
    name: str, titles: str, rows: Sequence[Sequence[Any]], *, separator: str = ",", **more: Any
) -> DirectoryFile:
    """A CSV file, its titles separated by commas here; `encoding` and `year` may be given."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([titles.split(","), *rows])
    encoded = text.getvalue().encode(more.get("encoding", "utf-8"))
    return DirectoryFile(name, encoded, f"source de {name}", more.get("year"))


def workbook(name: str, titles: str, rows: Sequence[Sequence[Any]], **more: Any) -> DirectoryFile:
    """An XLSX workbook, numbers as numbers; `above` are rows over the titles."""
    import openpyxl  # noqa: PLC0415 - slow to import

    book = openpyxl.Workbook()
    for row in [*more.get("above", []), titles.split(","), *rows]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return DirectoryFile(name, content.getvalue(), f"source de {name}")


def cog(*communes: tuple[str, str], parts: Sequence[tuple[str, str, str, str]] = ()) -> DirectoryFile:
    """`v_commune`: (code, name) of communes, and (kind, code, name, whole) of their parts."""
    rows = [["COM", code, "32", code[:2], "", "", "0", name.upper(), name, name, "", ""] for code, name in communes]
    rows += [
        [kind, code, "", "", "", "", "0", name.upper(), name, name, "", whole] for kind, code, name, whole in parts
    ]
    return text_file("v_commune_2026.csv", COG, rows)


def movement(mod: str, day: str, before: tuple[str, str, str], after: tuple[str, str, str]) -> list[str]:
    """A line of movements: each side is (kind, code, name)."""

    def side(kind: str, code: str, name: str) -> list[str]:
        return [kind, code, "0", name.upper(), name, name]

    return [mod, day, *side(*before), *side(*after)]


def movements(*lines: list[str]) -> DirectoryFile:
    return text_file("v_mvt_commune_2026.csv", MOVEMENTS, lines)


def populations(*communes: tuple[str, str, int], year: int | None = 2023, **more: Any) -> DirectoryFile:
    rows = [
        ["32", "Région", code[:2], "1", "01", code[2:], code, name, count, 10, count + 10]
        for code, name, count in communes
    ]
    return text_file("donnees_communes.csv", POPULATIONS, rows, separator=";", year=year, **more)


def sirens(*communes: tuple[str, str, int], **known: str) -> DirectoryFile:
    """BANATIC: (code, name, population) of communes in 2024; `known` gives the SIREN of « c62001 » where not usual."""
    rows = [
        ["32", code[:2], int(known.get(f"c{code}", siren_of_commune(code))), code, name, count + 5, count, 5]
        for code, name, count in communes
    ]
    return workbook("banatic.xlsx", SIREN, rows)


def members(*communes: tuple[str, str, int], group: str = GROUP, seat: str = "62", **known: str) -> DirectoryFile:
    """The DGCL's groups in 2025, one group here: (code, name, population) of its communes."""
    total = sum(count for _, _, count in communes)
    first = [seat, int(group), "CA d'Exemple", "CA", "FPU", len(communes), total + 50, total]
    rows: list[list[Any]] = [
        [*first, code[:2], code, int(known.get(f"c{code}", siren_of_commune(code))), name, count + 5, count]
        for code, name, count in communes
    ]
    return workbook("epcicom.xlsx", MEMBERS, [*rows, [None] * 14])


def country(fates: Sequence[str], *, day: str = "2025-01-01") -> list[DirectoryFile]:
    """The five files of a country whose communes, on a day, stay, are renamed, or are merged into the first of them, a
    commune nouvelle that keeps its code with a SIREN of its own.
    """
    codes = [f"62{number:03d}" for number in range(1, len(fates) + 1)]
    old = {code: f"Ville{code[2:]}" for code in codes}
    gone = {code for code, fate in zip(codes, fates, strict=True) if fate == "merged" and code != codes[0]}
    new = {
        code: f"{old[code]}-la-Belle" if fate == "renamed" else old[code]
        for code, fate in zip(codes, fates, strict=True)
    }
    lines = [
        movement("10", day, ("COM", code, old[code]), ("COM", code, new[code]))
        for code in codes[1:]
        if old[code] != new[code]
    ]
    known = {}
    if gone:
        new[codes[0]], known[f"c{codes[0]}"] = "Ville-Réunie", new_siren(7)
        lines += [
            movement("32", day, ("COM", code, old[code]), ("COM", codes[0], new[codes[0]]))
            for code in (codes[0], *sorted(gone))
        ]
    else:
        new[codes[0]] = old[codes[0]]
    left = [code for code in codes if code not in gone]
    return [
        cog(*((code, new[code]) for code in left)),
        movements(*lines),
        populations(*((code, new[code], 1000 + number) for number, code in enumerate(left))),
        sirens(*((code, old[code], 900 + number) for number, code in enumerate(codes))),
        members(*((code, new[code], 950 + number) for number, code in enumerate(left)), **known),
    ]
