"""Files as spreadsheets save them, and hostile ones: read the same, or refused in plain words at little cost."""

import io
import zipfile

import pytest

from tests.parties import official
from tests.parties.files import COMMUNES, commune, load, raw, snapshot, written
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of
from tripartite.parties.services import tables
from tripartite.parties.services.reading import DirectoryFile, ImportRefused
from tripartite.parties.services.workbooks import check_archive

TITLES = ",".join(COMMUNES["62001"])
BETHUNE = commune("62119")

pytestmark = pytest.mark.django_db


def saved(line, *, separator=";", encoding="utf-8", end="\r\n"):
    return raw((separator.join(line) + end + separator.join(line.values()) + end).encode(encoding))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_and_separator_of_a_spreadsheet_is_read_the_same(separator, encoding):
    load(saved(BETHUNE, separator=separator, encoding=encoding))

    assert body_by_identifier("code_insee", "62119").name == "Béthune"
    assert load(written(BETHUNE)).is_empty


def test_lines_of_two_encodings_are_refused_and_no_name_is_spoilt():
    """UTF-8 to which a spreadsheet added a line of its own: read as Windows-1252, « Béthune » is « BÃ©thune »."""
    load(written(BETHUNE))
    other = commune("62041")
    mixed = saved(BETHUNE).content + (";".join((other | {"nom": "Arras é"}).values()) + "\r\n").encode("cp1252")
    with pytest.raises(ImportRefused) as refusal:
        load(raw(mixed))

    (finding,) = refusal.value.findings
    assert (finding.line, finding.message.split(" : ")[0]) == (3, "des accents de deux encodages dans un même fichier")
    assert body_by_identifier("code_insee", "62119").name == "Béthune"


def test_a_text_of_utf_16_that_was_cut_is_refused():
    with pytest.raises(ImportRefused):
        load(raw(saved(BETHUNE, encoding="utf-16").content[:-1]))


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_spaces_in_numbers_do_not_matter(space):
    spaced = {
        "siren": f"216{space}209{space}106",
        "population": f"24{space}895",
        "siren_epci": f"200{space}072{space}460",
    }
    load(saved(BETHUNE | spaced))

    bethune = body_by_identifier("siren", "216209106")
    assert [one.value for one in figures_of(bethune)] == [24895]


def test_the_zero_that_a_spreadsheet_took_from_a_code_is_put_back():
    line = commune("62119", code_insee="1004", departement="1", nom="Ville", siren=official.siren_of_commune("01004"))
    load(saved(line))

    assert body_by_identifier("code_insee", "01004").department == "01"


def test_empty_columns_and_lines_at_the_end_are_left_out():
    text = "\r\n".join([f"{';'.join(BETHUNE)};;;", f"{';'.join(BETHUNE.values())};;;", ";;;;;;;;;;", ""])

    assert load(raw(text)).added == (f"Béthune ({BETHUNE['siren']})",)


def test_a_title_above_the_columns_of_a_workbook_and_numbers_as_numbers():
    values = [int(value) if value.isdigit() else value for value in BETHUNE.values()]
    file = official.workbook("communes.xlsx", TITLES, [values], above=[["Communes du département"], []])

    assert load(file).added == (f"Béthune ({BETHUNE['siren']})",)
    assert load(written(BETHUNE)).is_empty


def refused(file):
    before = snapshot()
    with pytest.raises(ImportRefused) as error:
        load(file)
    assert snapshot() == before
    return str(error.value)


def test_a_formula_is_not_a_value():
    values = list(BETHUNE.values())
    file = official.workbook("communes.xlsx", TITLES, [[*values[:4], "=1+1", *values[5:]]])

    assert refused(file) == "communes.xlsx, ligne 2 : « =1+1 » est une formule : y coller la valeur."


def archive(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return DirectoryFile("communes.xlsx", content.getvalue(), "fichier d'essai")


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked():
    bomb = archive({"[Content_Types].xml": "", "xl/worksheets/sheet1.xml": b"0" * (tables.MAX_UNPACKED + 1)})

    assert len(bomb.content) < 100_000
    assert refused(bomb) == (
        "communes.xlsx, ligne 1 : classeur trop gros une fois décompressé : n'y garder que la liste, sans images."
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"a.txt": "x"},
        {"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'},
        {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook"},
    ],
)
def test_an_archive_that_is_no_workbook_is_refused(parts):
    assert refused(archive(parts)) == "communes.xlsx, ligne 1 : ce n'est pas un classeur XLSX lisible."


def test_a_workbook_of_too_many_rows_is_refused_at_the_first_too_many(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 5)
    rows = [list(commune(code).values()) for code in list(COMMUNES)[:10]]

    found = tables.read_apart("communes.xlsx", official.workbook("communes.xlsx", TITLES, rows).content, (frozenset(),))
    assert found.refused
    assert [str(one) for one in found.faults] == ["communes.xlsx, ligne 6 : trop de lignes : 5 au plus."]


def test_an_archive_within_its_bounds_is_read_once():
    file = official.workbook("communes.xlsx", TITLES, [list(BETHUNE.values())])

    assert check_archive(file.content, tables.MAX_UNPACKED) == {}
