"""Loading the directory for the first time, and again: what is written, what is told, and nothing twice."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.accounts import AT
from tests.parties.files import COMMUNES, LATER, commune, epci, load, raw, snapshot, written
from tripartite.cli.setup import shipped_files
from tripartite.journal.queries import entries_about
from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of

ARRAS, ARTOIS_LYS, FLANDRE_LYS = "200033579", "200072460", "245900758"

pytestmark = pytest.mark.django_db


def files():
    communes = written(commune("62041"), commune("62727"), source="communes 2026")
    return communes, written(epci(ARRAS), epci(ARTOIS_LYS), name="epci.csv", source="EPCI 2026")


def test_each_line_becomes_a_body_with_its_intercommunalite_and_its_population():
    report = load(*files())

    assert report.added == (
        "CU d'Arras (200033579)",
        "CA de Béthune-Bruay, Artois-Lys Romane (200072460)",
        "Arras (216200410)",
        "Ruitz (216207274)",
    )
    assert (report.changed, report.merged, report.gone, report.unchanged, report.skipped) == ((), (), (), 0, ())
    assert (report.figures, report.dry) == (6, False)
    ruitz = body_by_identifier("code_insee", "62727")
    assert (ruitz.name, ruitz.kind, ruitz.siren, ruitz.siret) == ("Ruitz", "commune", "216207274", None)
    assert (ruitz.department, ruitz.departments, ruitz.postal_codes) == ("62", "62", "62620")
    assert (ruitz.epci.name, ruitz.listed, ruitz.ended_on) == ("CA de Béthune-Bruay, Artois-Lys Romane", True, None)
    assert (ruitz.source, ruitz.created_at) == ("communes 2026", AT)


def test_a_legal_population_counts_from_the_first_of_january_three_years_after_its_reference_year():
    load(*files())

    (one,) = figures_of(body_by_identifier("code_insee", "62727"))
    assert (one.measure, one.counted, one.value, one.year) == ("population", "municipale", 1478, 2023)
    assert (one.applies_on, one.source, one.declared_by) == (date(2026, 1, 1), "communes 2026", None)


def test_an_intercommunalite_has_both_its_populations():
    load(*files())

    kept = {figure.counted: figure.value for figure in figures_of(body_by_identifier("siren", ARRAS))}
    assert kept == {"municipale": 109781, "totale": 111820}


def test_the_import_is_told_once_in_the_journal():
    load(*files())

    (line,) = entries_about("directory", "bodies")
    assert line.action == "parties.import-directory"
    assert line.text == "Import de l'annuaire : 4 ajoutés, 0 modifiés, 0 disparus, 6 populations, 0 mouvements."
    assert line.details == {
        "sources": ["EPCI 2026", "communes 2026"],
        "files": [
            {"name": name, "layout": layout, "source": source, "year": None, "lines": 2}
            for name, layout, source in (
                ("communes.csv", "communes (fichier de Tripartite)", "communes 2026"),
                ("epci.csv", "intercommunalités (fichier de Tripartite)", "EPCI 2026"),
            )
        ],
        "changed": [],
        "departed": [],
        "unlisted": [],
    }


def test_the_same_file_again_changes_nothing():
    load(*files())
    before = snapshot()

    again = load(*files(), at=LATER)
    assert (again.added, again.changed, again.unchanged, again.figures) == ((), (), 4, 0)
    assert load(*files(), at=LATER) == again
    assert snapshot() == before


def test_a_dry_run_says_the_same_and_writes_nothing():
    before = snapshot()
    said = load(*files(), dry=True)

    assert snapshot() == before
    assert said.dry
    done = load(*files())
    assert (said.added, said.figures) == (done.added, done.figures)


def test_the_order_of_the_files_does_not_matter():
    communes, intercommunalites = files()
    one, other = load(intercommunalites, communes, dry=True), load(communes, intercommunalites, dry=True)
    assert replace(one, files=()) == replace(other, files=())


def test_communes_loaded_before_their_intercommunalites_are_linked_when_these_come():
    communes, intercommunalites = files()
    load(communes)
    assert body_by_identifier("code_insee", "62727").epci is None

    report = load(communes, intercommunalites)

    assert report.changed == ("Arras (216200410) : intercommunalité", "Ruitz (216207274) : intercommunalité")
    assert body_by_identifier("code_insee", "62727").epci.siren == ARTOIS_LYS


def test_semicolons_a_byte_order_mark_and_windows_line_ends_are_read_the_same():
    lines = [";".join(commune("62727")), ";".join(commune("62727").values())]
    text = "\ufeff" + "\r\n".join(lines) + "\r\n\r\n"

    assert load(raw(text)).added == ("Ruitz (216207274)",)
    assert load(written(commune("62727"))).unchanged == 1


def test_columns_may_come_in_any_order_and_others_beside_them():
    line = dict(reversed(commune("62727").items())) | {"région": "32"}

    assert load(written(line)).added == ("Ruitz (216207274)",)
    assert body_by_identifier("code_insee", "62727").postal_codes == "62620"


def test_several_postal_codes_are_kept_apart():
    load(written(commune("62041", codes_postaux="62000 62022|62033")))

    assert body_by_identifier("code_insee", "62041").postal_codes == "62000 62022 62033"


def test_a_line_without_siren_is_left_aside_and_told():
    report = load(written(commune("62041"), commune("62727", siren="")))

    assert report.added == ("Arras (216200410)",)
    assert [str(finding) for finding in report.skipped] == ["communes.csv, ligne 3 : Ruitz (62727) n'a pas de SIREN."]


def test_a_line_without_siren_of_another_departement_is_no_news():
    elsewhere = commune("80001", nom="Abbeville", siren="")
    report = load(written(commune("62041"), commune("62727", siren=""), elsewhere), department="62")

    assert [str(finding) for finding in report.skipped] == ["communes.csv, ligne 3 : Ruitz (62727) n'a pas de SIREN."]


def test_a_body_known_already_is_not_gone_because_its_line_lost_its_siren():
    load(written(commune("62041"), commune("62727")))
    report = load(written(commune("62041"), commune("62727", siren="")))

    assert report.gone == ()
    assert body_by_identifier("code_insee", "62727").ended_on is None


def test_a_file_that_does_not_say_the_year_is_told_it():
    line = commune("62727")
    del line["annee_population"]
    load(written(line, year=2022))

    (one,) = figures_of(body_by_identifier("code_insee", "62727"))
    assert (one.year, one.applies_on) == (2022, date(2025, 1, 1))


def test_a_population_without_a_year_counts_from_the_day_of_the_import_and_once():
    line = commune("62727")
    del line["annee_population"]
    load(written(line))
    load(written(line), at=LATER)
    load(written(line | {"population": "1600"}), at=LATER)
    load(written(line), at=LATER.replace(month=2))
    load(written(line), at=LATER.replace(month=3))

    kept = figures_of(body_by_identifier("code_insee", "62727"))
    assert [(figure.value, figure.year, figure.applies_on) for figure in reversed(kept)] == [
        (1478, None, date(2026, 11, 23)),
        (1600, None, date(2027, 1, 15)),
        (1478, None, date(2027, 2, 15)),
    ]


def test_an_unknown_population_stays_unknown():
    load(written(commune("62727", population="")))

    assert figures_of(body_by_identifier("code_insee", "62727")) == []


def test_one_departement_of_a_file_is_kept():
    lille = commune("62727", code_insee="59350", nom="Lille", siren="215903501", departement="59")
    report = load(written(commune("62041"), lille), department="62")

    assert report.added == ("Arras (216200410)",)


def test_an_intercommunalite_of_two_departements_sits_in_the_one_that_is_loaded():
    load(written(epci(FLANDRE_LYS, departement_siege=""), name="epci.csv"), department="62")

    flandre_lys = body_by_identifier("siren", FLANDRE_LYS)
    assert (flandre_lys.department, flandre_lys.departments) == ("62", "59 62")


def test_an_intercommunalite_sits_where_the_file_says():
    load(written(epci(FLANDRE_LYS), name="epci.csv"), department="62")

    assert body_by_identifier("siren", FLANDRE_LYS).department == "59"


def test_the_seat_of_an_intercommunalite_of_two_departements_is_otherwise_unknown():
    load(written(epci(FLANDRE_LYS, departement_siege=""), name="epci.csv"))

    assert body_by_identifier("siren", FLANDRE_LYS).department is None


def test_the_shipped_directory_loads_whole():
    report = load(*shipped_files("62"), department="62")

    assert (len(report.added), report.figures, report.skipped) == (907, 927, ())
    assert PublicBody.objects.filter(kind="commune", department="62", epci__isnull=False).count() == 887
    assert PublicBody.objects.filter(kind="epci", departments__contains="62").count() == 20
    assert PublicBody.objects.filter(kind="epci", usual_names="").count() == 0
    assert not Figure.objects.exclude(year=2023).exists()
    assert len(COMMUNES) == 887
    assert load(*shipped_files("62"), department="62").unchanged == 907
