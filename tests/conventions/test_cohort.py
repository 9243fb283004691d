"""The bodies of a former programme: read from hostile spreadsheets, never half imported, then made requests."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.bounds import costing_less_than
from tests.factories import cohort, parties, quotes
from tests.factories.accounts import AT
from tests.factories.cohort import ARRAS, ENDS, RUITZ, STARTS, TITLES, brought_in, csv_text, former, with_part, xlsx
from tripartite.conventions.queries.cohort import cohort_counts, cohort_list
from tripartite.conventions.services.cohort_reading import CohortRefused, columns_of_list
from tripartite.conventions.states import Progress
from tripartite.journal.queries import entries_about
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.tariffs.queries import grid_in_force

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _offer() -> None:
    quotes.offer()


def held(code_insee="62727"):
    return {one.service: one.quantity for one in former(code_insee).held.all()}


def findings(content, name="pack.xlsx"):
    """What is said of a refused file; nothing was written."""
    with pytest.raises(CohortRefused) as refused:
        brought_in(content, name=name)
    assert cohort_list().count() == 0
    assert not entries_about("cohort", "Mairie Connectée")
    return str(refused.value).splitlines()


def test_a_workbook_says_who_held_what_and_when():
    report = brought_in(xlsx(RUITZ, ARRAS))

    assert report.added == ("Ruitz (216207274)", "Arras (216200410)")
    assert held() == {"messagerie-5go": "4", "nom-de-domaine": "1"}
    assert held("62041") == {"messagerie-5go": "2"}
    ruitz = former()
    assert (ruitz.programme, ruitz.starts_on, ruitz.ends_on) == ("Mairie Connectée", STARTS, ENDS)
    assert (ruitz.source, ruitz.imported_by, ruitz.imported_at) == ("pack.xlsx", "essai", AT)
    assert entries_about("body", ruitz.body_id).last().text == (
        "Ancienne convention enregistrée : Mairie Connectée, du 01/01/2022 au 31/12/2026."
    )
    assert entries_about("cohort", "Mairie Connectée").last().text == (
        "Mairie Connectée : 2 conventions ajoutées, 0 corrigées (pack.xlsx)."
    )


def test_a_csv_file_says_the_same():
    brought_in(csv_text(RUITZ, ARRAS), name="pack.csv")
    assert (held(), former().starts_on, former().ends_on) == (
        {"messagerie-5go": "4", "nom-de-domaine": "1"},
        STARTS,
        ENDS,
    )


def test_cells_are_read_as_people_write_them():
    titles = ("Code INSEE", "du", "au", "ANTIVIRUS", "Messagerie, compte 5 Go", "Remarques")
    brought_in(xlsx((62727, "01/01/2022", "2026-12-31", "3", 4.0, "=1+1"), titles=titles))
    assert held() == {"antivirus": "3", "messagerie-5go": "4"}
    assert (former().starts_on, former().ends_on) == (STARTS, ENDS)


def test_a_siren_may_be_a_number_or_have_spaces():
    brought_in(xlsx((216207274, *RUITZ[1:]), ("216 200\u00a0410", *ARRAS[1:])))
    assert former().body.name == "Ruitz"
    assert former("62041").body.name == "Arras"


def test_empty_rows_and_empty_sheets_are_nothing():
    def touch(book):
        book.create_sheet("Feuil2")
        book.active.insert_rows(1)
        book.active.insert_rows(3, amount=2)

    assert len(brought_in(xlsx(RUITZ, touch=touch)).added) == 1


def test_run_again_it_changes_nothing():
    brought_in(xlsx(RUITZ, ARRAS))
    before = vars_of(former()), entries_about("body", former().body_id).count()

    report = brought_in(xlsx(RUITZ, ARRAS), name="autre.xlsx", at=AT + timedelta(days=1))

    assert (report.added, report.corrected, report.unchanged) == ((), (), 2)
    assert (vars_of(former()), entries_about("body", former().body_id).count()) == before
    assert entries_about("cohort", "Mairie Connectée").count() == 1


def vars_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_dry_run_says_the_same_and_writes_nothing():
    report = brought_in(xlsx(RUITZ), dry=True)
    assert (report.dry, report.added) == (True, ("Ruitz (216207274)",))
    assert former() is None
    assert not entries_about("cohort", "Mairie Connectée")


def test_a_later_file_corrects_and_never_removes():
    brought_in(xlsx(RUITZ, ARRAS))
    report = brought_in(xlsx((*RUITZ[:4], 5, None)))
    assert (report.added, report.corrected, report.unchanged) == ((), ("Ruitz (216207274)",), 0)
    assert held() == {"messagerie-5go": "5"}
    assert held("62041") == {"messagerie-5go": "2"}


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (0, "21620727", "colonne A (SIREN) : SIREN « 21620727 » : neuf chiffres attendus."),
        (0, "216207275", "colonne A (SIREN) : aucune collectivité de l'annuaire n'a le SIREN 216207275."),
        (0, None, " : il manque le SIREN ou le code INSEE."),
        (0, 12.5, "colonne A (SIREN) : SIREN « 25/2 » : neuf chiffres attendus."),
        (0, "=A1", "colonne A (SIREN) : c'est une formule : y coller la valeur."),
        (2, "hier", "colonne C (Date de début) : « hier » : une date attendue, comme 31/12/2024."),
        (2, "31/02/2024", "colonne C (Date de début) : « 31/02/2024 » : une date attendue, comme 31/12/2024."),
        (2, 44562, "colonne C (Date de début) : « 44562 » : une date attendue, comme 31/12/2024."),
        (2, datetime(2022, 1, 1, 8, 30), "colonne C (Date de début) : cette valeur ne se lit pas."),  # noqa: DTZ001
        (2, date(1998, 1, 1), "colonne C (Date de début) : 01/01/1998 : une date de ce siècle attendue."),
        (3, None, "colonne D (Date de fin) : une date attendue, comme 31/12/2024."),
        (3, date(2021, 12, 31), "colonne D (Date de fin) : la fin précède le début."),
        (4, "quatre", "colonne E (messagerie-5go) : quantité « quatre » : un nombre attendu, comme 4."),
        (4, "=2+2", "colonne E (messagerie-5go) : c'est une formule : y coller la valeur."),
        (4, True, "colonne E (messagerie-5go) : c'est un vrai ou faux : y écrire un nombre."),
        (4, -1, "colonne E (messagerie-5go) : quantité « -1 » : de 1 à 100\u202f000\u202f000 attendu."),
        (4, 10**9, "colonne E (messagerie-5go) : quantité « 1000000000 » : de 1 à 100\u202f000\u202f000 attendu."),
        (4, 2.5, "colonne E (messagerie-5go) : quantité « 2.5 » : elle se compte par 1."),
        (4, date(2022, 1, 1), "colonne E (messagerie-5go) : c'est une date : un nombre attendu, comme 4."),
        (4, "#REF!", "colonne E (messagerie-5go) : la cellule est en erreur."),
    ],
)
def test_every_fault_is_told_by_its_row_and_column(place, value, said):
    wrong = [*RUITZ]
    wrong[place] = value
    (told,) = findings(xlsx(ARRAS, wrong))
    assert told == f"pack.xlsx, ligne 3{'' if said.startswith(' :') else ', '}{said}"


def test_all_faults_are_told_together():
    assert findings(xlsx(("x", "", "hier", ENDS, "z", None), ARRAS, (*RUITZ[:4], None, 0), ARRAS)) == [
        "pack.xlsx, ligne 2, colonne A (SIREN) : SIREN « x » : neuf chiffres attendus.",
        "pack.xlsx, ligne 2, colonne C (Date de début) : « hier » : une date attendue, comme 31/12/2024.",
        "pack.xlsx, ligne 2, colonne E (messagerie-5go) : quantité « z » : un nombre attendu, comme 4.",
        "pack.xlsx, ligne 4 : aucun service : écrire au moins une quantité.",
        "pack.xlsx, ligne 5 : Arras est déjà à la ligne 3.",
    ]


def test_an_array_formula_is_not_a_value():
    def touch(book):
        book.active["E2"] = ArrayFormula("E2", "=SUM(A1:A3)")

    assert "c'est une formule" in findings(xlsx(RUITZ, touch=touch))[0]


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (("Commune", *TITLES[1:]), "ligne 1 : il manque une colonne « SIREN » ou « code INSEE »."),
        ((*TITLES[:3], "Remarques", *TITLES[4:]), "ligne 1 : il manque une colonne « fin »."),
        (("SIREN", "Commune", "du", "au"), "ligne 1 : il manque une colonne par service, nommée comme dans le tarif."),
        (
            (*TITLES[:4], "Messagerie", "antivirus"),
            "ligne 1, colonne E (Messagerie) : colonne inconnue : ni un service du tarif, ni un titre attendu.",
        ),
        (
            (*TITLES[:4], "antivirus", "Antivirus"),
            "ligne 1, colonne F (Antivirus) : déjà lue dans la colonne E.",
        ),
        ((*TITLES[:4], "antivirus", "siren"), "ligne 1, colonne F (siren) : déjà lue dans la colonne A."),
    ],
)
def test_titles_are_checked(titles, said):
    assert findings(xlsx(RUITZ[: len(titles)], titles=titles)) == [f"pack.xlsx, {said}"]


def test_two_identifiers_must_agree():
    titles = ("SIREN", "Code INSEE", *TITLES[2:])
    row = ("216207274", "62041", *RUITZ[2:])
    assert findings(xlsx(row, titles=titles)) == [
        "pack.xlsx, ligne 2 : le SIREN et le code INSEE ne désignent pas la même collectivité."
    ]


def test_without_a_tariff_nothing_is_known():
    with pytest.raises(CohortRefused, match="aucun tarif n'est en vigueur"):
        brought_in(xlsx(RUITZ), at=AT - timedelta(days=2000))


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * 200_000_000)
    return file.getvalue()


def other_archive(name, content=b"", method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def entities(part):
    bombs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return part.replace(b"<worksheet", bombs + b"<worksheet", 1)


def far_row(part):
    return part.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')


def absurd_row(part):
    return part.replace(b"</sheetData>", b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row></sheetData>')


HOSTILE = {
    "a bomb": (bomb, "classeur trop gros une fois décompressé : n'y garder que la liste, sans images."),
    "entities": (lambda: with_part(xlsx(RUITZ), SHEET, entities), "ce n'est pas un classeur XLSX lisible."),
    "another compression": (
        lambda: other_archive("[Content_Types].xml", b"x", zipfile.ZIP_LZMA),
        "ce n'est pas un classeur XLSX lisible.",
    ),
    "not a sheet": (lambda: with_part(xlsx(RUITZ), SHEET, lambda _: b"<a>"), "ce n'est pas un classeur XLSX lisible."),
    "another archive": (lambda: other_archive("a.txt"), "ce n'est pas un classeur XLSX lisible."),
    "cut": (lambda: xlsx(RUITZ)[:2000], "ce n'est pas un classeur XLSX lisible."),
    "ods": (
        lambda: other_archive("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        "classeur au format ODS : l'enregistrer au format XLSX ou CSV.",
    ),
    "xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "ancien format XLS, ou classeur protégé par un mot de passe : l'enregistrer au format XLSX ou CSV.",
    ),
    "too big": (lambda: b"x" * (MAX_BYTES + 1), "fichier trop gros : 5 Mo au plus."),
    "empty": (lambda: b"", "le fichier est vide."),
    "titles alone": (xlsx, "ligne 1 : aucune ligne à importer."),
    "bytes": (
        lambda: b"SIREN\n\x81\xfe",
        "ligne 2 : ce n'est ni un classeur XLSX ni du texte : l'enregistrer au format XLSX ou CSV.",
    ),
    "nul": (
        lambda: b"SIREN\x00",
        "ce n'est ni un classeur XLSX ni du texte : l'enregistrer au format XLSX ou CSV.",
    ),
    "an endless cell": (
        lambda: csv_text(RUITZ) + b'"' + b"x" * 200_000,
        "ligne 3 : ce n'est pas un fichier CSV lisible.",
    ),
    "a far row": (lambda: with_part(xlsx(RUITZ), SHEET, far_row), "ligne 1048576 : trop de lignes : 2000 au plus."),
    "many rows": (lambda: csv_text(*[RUITZ] * 2001), "ligne 2001 : trop de lignes : 2000 au plus."),
    "many columns": (
        lambda: xlsx(RUITZ, titles=[*TITLES, *["antivirus"] * 60]),
        "ligne 1 : trop de colonnes : 60 au plus.",
    ),
    "many sheets": (
        lambda: xlsx(RUITZ, touch=lambda book: [book.create_sheet() for _ in range(10)]),
        "trop de feuilles : 10 au plus.",
    ),
    "utf-16": (
        lambda: "SIREN;Nom\n".encode("utf-16-le"),
        "ce n'est ni un classeur XLSX ni du texte : l'enregistrer au format XLSX ou CSV.",
    ),
    "two lists": (
        lambda: xlsx(RUITZ, touch=lambda book: book.create_sheet("2023").append(TITLES)),
        "plusieurs feuilles tiennent une liste (« Sheet », « 2023 ») : n'en garder qu'une.",
    ),
    "merged": (
        lambda: xlsx(RUITZ, ARRAS, touch=lambda book: book.active.merge_cells("C2:C3")),
        "ligne 2 : cellules fusionnées C2:C3 : les défusionner, une valeur par cellule.",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_words_and_costs_little(case):
    make, said = HOSTILE[case]
    content = make()
    separator = ", " if said.startswith("ligne") else " : "
    with costing_less_than(32):
        assert findings(content) == [f"pack.xlsx{separator}{said}"]


def test_a_spreadsheet_saved_by_windows_is_read():
    typed = "Liste de l'été 2024\r\n\r\nSIREN;Commune;Début;Fin;Noms de domaine;messagerie-5go\r\n"
    typed += "216 207 274;Ruitz;01-01-2022;31-12-2026;1;4\r\n"
    assert brought_in(typed.encode("cp1252"), name="liste.csv").added == ("Ruitz (216207274)",)
    assert held() == {"messagerie-5go": "4", "nom-de-domaine": "1"}
    assert (former().starts_on, former().ends_on) == (STARTS, ENDS)


@pytest.mark.parametrize("written", ["31/12/2026", "31-12-2026", "31.12.2026", "2026-12-31"])
def test_a_day_is_read_as_people_write_it(written):
    brought_in(xlsx((*RUITZ[:3], written, *RUITZ[4:])))
    assert former().ends_on == ENDS


def test_a_title_above_and_other_sheets_are_left_aside():
    def touch(book):
        book.active.insert_rows(1, 2)
        book.active["A1"] = "Mairie Connectée, état au 31/12/2024"
        book.active.merge_cells("A1:F1")
        notes = book.create_sheet("Notes", 0)
        notes.append(["Appeler avant midi"])
        notes.merge_cells("A1:C3")

    assert brought_in(xlsx(RUITZ, ARRAS, touch=touch)).added == ("Ruitz (216207274)", "Arras (216200410)")


def test_a_fault_under_a_title_is_told_by_its_own_row():
    def touch(book):
        book.active.insert_rows(1, 3)
        book.active["A1"] = "Mairie Connectée"

    (told,) = findings(xlsx((*RUITZ[:4], "z", None), touch=touch))
    assert told.startswith("pack.xlsx, ligne 5, colonne E (messagerie-5go) : quantité « z »")


def test_the_model_to_fill_in_is_what_the_import_reads():
    grid = grid_in_force(AT.date(), offer="cdg62")
    titles = columns_of_list(grid)
    filled = ["216207274", "Ruitz", STARTS, ENDS, "non", *(1 for _ in titles[5:])]
    assert brought_in(xlsx(filled, titles=titles)).added == ("Ruitz (216207274)",)
    assert held().keys() == set(grid.services)
    assert former().going_live_due is False


def test_a_row_that_cannot_be_is_not_waited_for():
    assert len(brought_in(with_part(xlsx(RUITZ), SHEET, absurd_row)).added) == 1


def test_what_a_file_claims_of_its_size_is_not_believed():
    def claim(part):
        return part.replace(b'ref="A1:F2"', b'ref="A1:XFD1048576"')

    assert len(brought_in(with_part(xlsx(RUITZ), SHEET, claim)).added) == 1


def test_a_file_s_name_is_only_shown():
    brought_in(xlsx(RUITZ), name="\x00a\x1b\n" + "b" * 500)
    assert former().source == "a " + "b" * 148


def test_importing_again_asks_as_much_but_for_finding_each_body(django_assert_max_num_queries):
    brought_in(xlsx(RUITZ))
    with django_assert_max_num_queries(12) as one:
        brought_in(xlsx(RUITZ))
    with django_assert_max_num_queries(len(one) + 4):  # two queries find each other body in the directory
        brought_in(xlsx(RUITZ, ARRAS, cohort.BETHUNE), dry=True)


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries):
    brought_in(xlsx(RUITZ))
    with django_assert_num_queries(2):
        assert [len(one.held.all()) for one in cohort_list()] == [2]
    brought_in(xlsx(RUITZ, ARRAS, cohort.BETHUNE))
    with django_assert_num_queries(2):
        assert [len(one.held.all()) for one in cohort_list()] == [1, 1, 2]
    with django_assert_num_queries(1):
        assert cohort_counts()[Progress.TO_DO] == 3


def ended(**more):
    body = parties.body()
    type(body).objects.filter(pk=body.pk).update(ended_on=date(2025, 12, 31), **more)


def test_a_body_that_ended_is_refused():
    ended()
    assert findings(xlsx(RUITZ)) == ["pack.xlsx, ligne 2 : Ruitz n'existe plus depuis le 31/12/2025."]


def test_what_a_former_commune_held_goes_on_with_the_one_that_took_it_in():
    ended(merged_into=parties.body("62041"))
    report = brought_in(xlsx(RUITZ))

    assert report.added == ("Arras (216200410) : Ruitz (62727), jusqu'au 31/12/2025",)
    assert [one.body.name for one in cohort_list()] == ["Arras"]


def test_the_rows_of_two_communes_merged_into_one_are_to_be_joined():
    ended(merged_into=parties.body("62041"))

    assert findings(xlsx(ARRAS, RUITZ)) == ["pack.xlsx, ligne 3 : Arras est déjà à la ligne 2 : réunir leurs lignes."]
