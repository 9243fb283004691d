"""A newer file: what it changes is written and told, what it does not say stays, figures are added to the others."""

from datetime import date

import pytest

from tests.factories.accounts import AT, TESTER
from tests.parties.files import LATER, commune, epci, load, siren_of_commune, snapshot, written
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.parties.services.bodies import complete_body, create_body
from tripartite.parties.services.figures import declare_figure

ARRAS, ARTOIS_LYS, FLANDRE_LYS = "200033579", "200072460", "245900758"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_load():
    load(
        written(commune("62041"), commune("62727")),
        written(epci(ARRAS), epci(ARTOIS_LYS), epci(FLANDRE_LYS), name="epci.csv"),
        department="62",
    )


def ruitz():
    return body_by_identifier("siren", "216207274")


def newer(*lines, **options):
    return load(written(*lines, name="communes-2027.csv", source="communes 2027"), at=LATER, **options)


def test_a_renamed_commune_takes_its_new_name():
    report = newer(commune("62041"), commune("62727", nom="Ruitz-en-Artois"))

    assert report.changed == ("Ruitz-en-Artois (216207274) : nom",)
    assert (report.unchanged, report.figures, ruitz().name) == (1, 0, "Ruitz-en-Artois")


def test_all_that_changed_is_told_and_journaled_with_what_it_was():
    report = newer(commune("62041"), commune("62727", codes_postaux="62621 62622", siren_epci=ARRAS))

    assert report.changed == ("Ruitz (216207274) : codes postaux, intercommunalité",)
    assert (ruitz().postal_codes, ruitz().epci.siren) == ("62621 62622", ARRAS)
    line = entries_about("directory", "bodies").last()
    assert line.text == "Import de l'annuaire : 0 ajoutés, 1 modifiés, 0 disparus, 0 populations, 0 mouvements."
    assert line.details["changed"] == [
        {"siren": "216207274", "before": {"postal_codes": "62620"}, "after": {"postal_codes": "62621 62622"}}
    ]


def test_a_commune_that_left_its_intercommunalite_has_none():
    newer(commune("62041"), commune("62727", siren_epci=""))

    assert ruitz().epci is None


def test_of_a_column_that_it_lacks_a_file_says_nothing():
    lines = [commune("62041"), commune("62727", nom="Ruitz-en-Artois")]
    for line in lines:
        for column in ("codes_postaux", "siren_epci", "population"):
            del line[column]
    report = newer(*lines)

    assert report.changed == ("Ruitz-en-Artois (216207274) : nom",)
    assert (ruitz().postal_codes, ruitz().epci.siren, len(figures_of(ruitz()))) == ("62620", ARTOIS_LYS, 1)


def test_a_new_population_is_added_and_the_old_one_stays():
    report = newer(commune("62041"), commune("62727", population="1550", annee_population="2024"))

    assert (report.figures, report.changed) == (1, ())
    kept = [(figure.value, figure.year, figure.applies_on, figure.source) for figure in figures_of(ruitz())]
    assert kept == [
        (1550, 2024, date(2027, 1, 1), "communes 2027"),
        (1478, 2023, date(2026, 1, 1), "fichier d'essai"),
    ]
    assert facts_of(ruitz(), on=date(2026, 12, 31)).population == 1478
    assert facts_of(ruitz(), on=date(2027, 1, 1)).population == 1550


def test_a_population_corrected_for_the_same_year_is_a_later_row_that_counts():
    newer(commune("62041"), commune("62727", population="1535"))
    assert facts_of(ruitz(), on=LATER.date()).population == 1535

    load(written(commune("62041"), commune("62727")), at=LATER.replace(month=2))
    assert facts_of(ruitz(), on=LATER.date()).population == 1478
    assert [figure.value for figure in figures_of(ruitz())] == [1478, 1535, 1478]


def test_an_older_file_adds_its_year_behind_the_newer_one():
    newer(commune("62041"), commune("62727", population="1500", annee_population="2019"))

    assert facts_of(ruitz(), on=LATER.date()).population == 1478
    assert facts_of(ruitz(), on=date(2022, 6, 1)).population == 1500


def test_a_declared_figure_stays_beside_those_of_the_files():
    declare_figure(
        body_id=ruitz().pk,
        measure="population",
        counted="municipale",
        value=1540,
        declared_by="le maire",
        actor=TESTER,
        at=AT,
    )
    newer(commune("62041"), commune("62727", population="1550", annee_population="2024"))

    assert [figure.value for figure in figures_of(ruitz())] == [1550, 1540, 1478]


def test_what_agents_completed_stays():
    complete_body(body_id=ruitz().pk, changes={"address": "1 place de la Mairie"}, actor=TESTER, at=AT)
    flandre_lys = body_by_identifier("siren", FLANDRE_LYS)
    complete_body(body_id=flandre_lys.pk, changes={"department": "59"}, actor=TESTER, at=AT)

    newer(commune("62041"), commune("62727", nom="Ruitz-en-Artois"))
    load(written(epci(ARRAS), epci(ARTOIS_LYS), epci(FLANDRE_LYS, nom="CC Flandre-Lys"), name="epci.csv"), at=LATER)

    assert ruitz().address == "1 place de la Mairie"
    again = body_by_identifier("siren", FLANDRE_LYS)
    assert (again.name, again.department) == ("CC Flandre-Lys", "59")


def test_a_commune_that_changes_departement_sits_in_the_new_one():
    report = load(written(commune("62727", code_insee="59999", departement="59")), at=LATER)

    assert report.changed == ("Ruitz (216207274) : départements, code INSEE",)
    assert (ruitz().department, ruitz().departments, ruitz().code_insee) == ("59", "59", "59999")


def test_two_communes_can_exchange_their_codes():
    newer(commune("62041", code_insee="62727"), commune("62727", code_insee="62041"))

    assert ruitz().code_insee == "62041"
    assert body_by_identifier("code_insee", "62727").name == "Arras"


def test_a_new_body_can_take_the_code_that_another_lets_go():
    arras_ville = commune("62041", siren=siren_of_commune("62998"), nom="Arras-Ville")
    newer(commune("62041", code_insee="62999"), arras_ville, commune("62727"))

    assert body_by_identifier("code_insee", "62041").name == "Arras-Ville"
    assert body_by_identifier("code_insee", "62999").name == "Arras"


def test_a_body_that_an_agent_added_is_from_then_on_held_by_the_file():
    made = create_body(kind="autre", name="Commune de Barlin", siren="216200832", actor=TESTER, at=AT)
    report = newer(commune("62041"), commune("62727"), commune("62083"))

    assert report.added == ()
    assert report.changed == (
        (
            "Barlin (216200832) : nom, nature, départements, code INSEE, codes postaux, désormais tenu par le fichier,"
            " intercommunalité"
        ),
    )
    barlin = body_by_identifier("code_insee", "62083")
    assert (barlin.pk, barlin.kind, barlin.department, barlin.listed) == (made.pk, "commune", "62", True)
    assert barlin.source == "ajouté par essai"


def test_a_body_that_only_agents_know_is_never_gone():
    made = create_body(kind="commune", name="Commune d'essai", siren="266209113", department="62", actor=TESTER, at=AT)
    newer(commune("62041"), commune("62727"))

    assert body_by_identifier("siren", made.siren).ended_on is None


@pytest.mark.parametrize("split", [False, True])
def test_a_file_may_come_in_several_parts(split):
    before = snapshot()
    parts = [[commune("62041")], [commune("62727")]] if split else [[commune("62041"), commune("62727")]]
    report = load(*(written(*lines, name=f"{place}.csv") for place, lines in enumerate(parts)), at=LATER)

    assert (report.unchanged, report.gone) == (2, ())
    assert snapshot() == before
