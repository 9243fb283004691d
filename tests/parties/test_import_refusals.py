"""A file that cannot be imported: every fault is told with its line, and nothing is written."""

import pytest

from tests.parties.files import commune, epci, load, raw, snapshot, written
from tripartite.parties.services.layouts import UNKNOWN
from tripartite.parties.services.reading import DirectoryFile, ImportRefused
from tripartite.parties.services.tables import NOT_TEXT

HEADER = "code_insee,nom,siren,departement,population,codes_postaux,siren_epci,annee_population"
ARRAS = "62041,Arras,216200410,62,42875,62000,200033579,2023"
RUITZ = "62727,Ruitz,216207274,62,1478,62620,200072460,2023"
UNKNOWN_TITLES = f"ligne 1 : {UNKNOWN}"

pytestmark = pytest.mark.django_db


def refusals(*files, **options):
    """The findings; nothing is written."""
    before = snapshot()
    with pytest.raises(ImportRefused) as refused:
        load(*files, **options)
    assert snapshot() == before
    assert str(refused.value) == "\n".join(str(finding) for finding in refused.value.findings)
    return [str(finding).removeprefix("communes.csv, ") for finding in refused.value.findings]


def lines(*written_lines):
    return raw("\n".join([HEADER, *written_lines]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "62727,Ruitz,216207275,62,1478,62620,,2023",
            "SIREN « 216207275 » : neuf chiffres attendus, dont la clé est juste.",
        ),
        ("62727,Ruitz,2162,62,1478,62620,,2023", "SIREN « 2162 » : neuf chiffres attendus, dont la clé est juste."),
        (
            "62727,Ruitz,216207274,62,1478,62620,200072461,2023",
            "SIREN « 200072461 » : neuf chiffres attendus, dont la clé est juste.",
        ),
        (
            "727,Ruitz,216207274,62,1478,62620,,2023",
            "code INSEE « 727 » : cinq caractères attendus, le département et trois chiffres.",
        ),
        (
            "2C001,Ruitz,216207274,2C,1478,62620,,2023",
            "code INSEE « 2C001 » : cinq caractères attendus, le département et trois chiffres.",
        ),
        (
            "62727,Ruitz,216207274,59,1478,62620,,2023",
            "département « 59 » : ce n'est pas celui du code INSEE 62727.",
        ),
        ("62727,Ruitz,216207274,,1478,62620,,2023", "département «  » : un numéro attendu, comme 01."),
        (
            "62727,Ruitz,216207274,62 59,1478,62620,,2023",
            "département « 62 59 » : ce n'est pas celui du code INSEE 62727.",
        ),
        ("62727,,216207274,62,1478,62620,,2023", "nom absent ou trop long (200 caractères au plus)."),
        (f"62727,{'n' * 201},216207274,62,1478,62620,,2023", "nom absent ou trop long (200 caractères au plus)."),
        ("62727,Ruitz,216207274,62,1478,6262,,2023", "codes postaux « 6262 » : cinq chiffres attendus."),
        (
            f"62727,Ruitz,216207274,62,1478,{'62620 ' * 41},,2023",
            "codes postaux « 62620 62620 62620 62620 62620 62620 6262 » : cinq chiffres attendus.",
        ),
        ("62727,Ruitz,216207274,62,1 478 h,62620,,2023", "population « 1 478 h » : un nombre entier attendu."),
        ("62727,Ruitz,216207274,62,-5,62620,,2023", "population « -5 » : un nombre entier attendu."),
        ("62727,Ruitz,216207274,62,1478.5,62620,,2023", "population « 1478.5 » : un nombre entier attendu."),
        ("62727,Ruitz,216207274,62,1478,62620,,23", "année « 23 » : quatre chiffres attendus, comme 2023."),
        ("62727,Ruitz,216207274,62,1478", "5 colonnes au lieu de 8."),
        (f"{RUITZ},,x", "10 colonnes au lieu de 8."),
        (ARRAS, "216200410 est déjà à la ligne 2."),
        ("62041,Ruitz,216207274,62,1478,62620,,2023", "62041 est déjà à la ligne 2."),
    ],
)
def test_a_wrong_line_is_told_with_its_number(line, message):
    assert refusals(lines(ARRAS, line)) == [f"ligne 3 : {message}"]


def test_all_the_wrong_lines_are_told_at_once():
    told = refusals(lines("x", ARRAS, "", "62727,Ruitz,1,62,1,62620,,2023", ARRAS))

    assert [message.split(" :")[0] for message in told] == ["ligne 2", "ligne 5", "ligne 6"]


def test_a_line_after_a_cell_of_several_lines_keeps_its_number():
    told = refusals(lines('62041,"Arras\nen Artois",216200410,62,1,62000,,2023', "x"))

    assert told == ["ligne 4 : 1 colonnes au lieu de 8."]


def test_a_cell_that_is_never_closed_is_told_where_it_opens():
    assert refusals(lines(ARRAS, f'62727,"{RUITZ}', *[ARRAS] * 5)) == ["ligne 3 : 2 colonnes au lieu de 8."]


def test_a_cell_beyond_all_measure_is_refused():
    assert refusals(lines(ARRAS, f'"{"x" * 200_000}"')) == ["ligne 3 : ce n'est pas un fichier CSV lisible."]


def test_so_many_wrong_lines_are_told_and_no_more():
    assert len(refusals(lines(*["x"] * 1000))) == 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", UNKNOWN_TITLES),
        ("\n\n", UNKNOWN_TITLES),
        ("nom,siren\nRuitz,216207274", UNKNOWN_TITLES),
        (HEADER.replace("siren,", "", 1), UNKNOWN_TITLES),
        ("{}", UNKNOWN_TITLES),
        (HEADER, "ligne 1 : aucune ligne à importer."),
        (f"{HEADER}\n62727,Ruitz,,62,1478,62620,,2023", "ligne 1 : aucune ligne à importer."),
        (f"{HEADER}\n{ARRAS}\n{RUITZ}".encode() + b"\n62001,\x81\xe9,", f"ligne 4 : {NOT_TEXT}"),
        (f"{HEADER}\n{ARRAS}\n62727,Rui\0tz", f"ligne 3 : {NOT_TEXT}"),
        (f"{HEADER}\n{ARRAS}".encode("utf-16-le"), f"ligne 1 : {NOT_TEXT}"),
        (b"PK\x03\x04", "ligne 1 : ce n'est pas un classeur XLSX lisible."),
        (f"{HEADER}\n" + f"{ARRAS}\n" * 60_000, "ligne 60001 : trop de lignes : 60000 au plus."),
        (f"{HEADER},nom\n{ARRAS},x", "ligne 1 : colonne en double : nom."),
        (f"{HEADER},{','.join(f'c{number}' for number in range(53))}", "ligne 1 : trop de colonnes : 60 au plus."),
        (b" " * 20_000_001, "ligne 1 : fichier trop gros : 20 Mo au plus."),
    ],
)
def test_a_file_that_is_none_is_refused(content, message):
    assert refusals(raw(content)) == [message]


def test_one_wrong_file_stops_the_others():
    intercommunalites = written(epci("200033579", siren="200033578"), name="epci.csv")

    assert refusals(lines(ARRAS), intercommunalites) == [
        "epci.csv, ligne 2 : SIREN « 200033578 » : neuf chiffres attendus, dont la clé est juste."
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"departements": "Pas-de-Calais"}, "département « Pas-de-Calais » : un numéro attendu, comme 01."),
        ({"departements": ""}, "département «  » : un numéro attendu, comme 01."),
        (
            {"departements": " ".join(f"{number:02}" for number in range(1, 22))},
            "département « 01 02 03 04 05 06 07 » : un numéro attendu, comme 01.",
        ),
        ({"population_totale": "beaucoup"}, "population_totale « beaucoup » : un nombre entier attendu."),
        ({"nom": ""}, "nom absent ou trop long (200 caractères au plus)."),
    ],
)
def test_a_wrong_line_of_intercommunalites_is_told(changes, message):
    assert refusals(written(epci("200033579", **changes))) == [f"ligne 2 : {message}"]


def test_a_body_listed_by_two_files_is_refused():
    twice = written(commune("62727"), name="autres-communes.csv")

    assert refusals(lines(ARRAS, RUITZ), twice) == [
        "autres-communes.csv, ligne 2 : 216207274 est déjà dans communes.csv.",
        "autres-communes.csv, ligne 2 : 62727 est déjà dans communes.csv.",
    ]


def test_a_departement_that_the_file_does_not_have_is_told():
    assert refusals(lines(ARRAS), department="59") == ["ligne 1 : aucune ligne du département 59."]


@pytest.mark.parametrize("year", [23, 0, -1, 99999])
def test_a_year_that_is_none_is_refused(year):
    assert refusals(written(commune("62727"), year=year)) == [
        f"ligne 1 : année « {year} » : quatre chiffres attendus, comme 2023."
    ]


def test_a_source_that_papers_could_not_print_is_refused():
    file = DirectoryFile("communes.csv", lines(ARRAS).content, "s" * 201)

    assert refusals(file) == ["ligne 1 : source trop longue : 200 caractères au plus."]
