"""The official yearly files, as they are published: each in its layout, and all of them together."""

from datetime import date

import pytest

from tests.parties import official
from tests.parties.files import LATER, load, siren_of_commune
from tripartite.parties.models import DirectoryUpdate, PublicBody
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of
from tripartite.parties.queries.search import search_directory
from tripartite.parties.services.reading import ImportRefused

NEW = official.new_siren(1)
ALPHA, BETA, GAMMA, DELTA = ("62001", "Alpha"), ("62002", "Bêta"), ("62003", "Gamma"), ("62004", "Delta-sur-Mer")
MERGED = [
    official.movement("32", "2025-01-01", ("COM", *BETA), ("COM", "62002", "Bêta-la-Neuve")),
    official.movement("32", "2025-01-01", ("COM", *BETA), ("COMD", *BETA)),
    official.movement("32", "2025-01-01", ("COM", *GAMMA), ("COM", "62002", "Bêta-la-Neuve")),
    official.movement("32", "2025-01-01", ("COM", *GAMMA), ("COMD", *GAMMA)),
    official.movement("10", "2026-01-01", ("COM", "62004", "Delta"), ("COM", *DELTA)),
]

pytestmark = pytest.mark.django_db


def year_of_files():
    """A country of three communes, one of which took in another on 1 January 2025 and another changed its name."""
    return [
        official.cog(ALPHA, ("62002", "Bêta-la-Neuve"), DELTA, parts=[("COMD", *GAMMA, "62002")]),
        official.movements(*MERGED),
        official.populations((*ALPHA, 1100), ("62002", "Bêta-la-Neuve", 2200), ("62004", "Delta", 4400)),
        official.sirens((*ALPHA, 1000), (*BETA, 1500), (*GAMMA, 500), ("62004", "Delta", 4000)),
        official.members((*ALPHA, 1050), ("62002", "Bêta-la-Neuve", 2100), ("62004", "Delta", 4200), c62002=NEW),
    ]


def test_they_answer_each_other():
    report = load(*year_of_files())

    assert sorted(report.added) == [
        f"Alpha ({siren_of_commune('62001')})",
        f"Bêta-la-Neuve ({NEW})",
        "CA d'Exemple (200072460)",
        f"Delta-sur-Mer ({siren_of_commune('62004')})",
    ]
    assert sorted(report.merged) == [
        f"Bêta ({siren_of_commune('62002')}), jusqu'au 31/12/2024, dans Bêta-la-Neuve ({NEW})",
        f"Gamma ({siren_of_commune('62003')}), jusqu'au 31/12/2024, dans Bêta-la-Neuve ({NEW})",
    ]
    assert (report.changed, report.gone, report.unlisted, report.skipped) == ((), (), (), ())
    neuve = body_by_identifier("code_insee", "62002")
    assert (neuve.siren, neuve.epci.siren, neuve.department) == (NEW, official.GROUP, "62")
    assert [(one.counted, one.value, one.year, one.applies_on) for one in figures_of(neuve)] == [
        ("totale", 2210, 2023, date(2026, 1, 1)),
        ("municipale", 2200, 2023, date(2026, 1, 1)),
        ("totale", 2105, 2022, date(2025, 1, 1)),
        ("municipale", 2100, 2022, date(2025, 1, 1)),
    ]
    gamma = body_by_identifier("siren", siren_of_commune("62003"))
    assert [(one.counted, one.value, one.year) for one in figures_of(gamma)] == [
        ("totale", 505, 2021),
        ("municipale", 500, 2021),
    ]


def test_former_names_and_codes_lead_to_the_commune_of_today_with_the_day():
    load(*year_of_files())

    def led(text):
        return [(one.body.name, one.through) for one in search_directory(text)]

    assert led("gamma") == [("Bêta-la-Neuve", "Gamma (62003), jusqu'au 31/12/2024")]
    assert led("62003") == [("Bêta-la-Neuve", "Gamma (62003), jusqu'au 31/12/2024")]
    assert led("62002") == [("Bêta-la-Neuve", "")]
    assert led("delta")[0] == ("Delta-sur-Mer", "Delta (62004), jusqu'au 31/12/2025")


def test_a_population_of_the_communes_of_before_is_not_given_to_the_commune_of_after():
    """The 2021 populations are in the communes of 2023: Bêta's is not Bêta-la-Neuve's."""
    load(*year_of_files())
    report = load(official.populations(("62002", "Bêta", 1490), year=2021), at=LATER)

    assert report.figures == 2
    neuve, beta = body_by_identifier("siren", NEW), body_by_identifier("siren", siren_of_commune("62002"))
    assert 1490 not in {one.value for one in figures_of(neuve)}
    assert 1490 in {one.value for one in figures_of(beta)}


def test_a_new_commune_whose_siren_no_file_gives_is_left_aside_and_told():
    files = year_of_files()
    report = load(*files[:4])

    assert [line.split(" : ", 1)[1] for line in report.skipped] == [
        "Bêta-la-Neuve (62002) : aucun fichier ne dit son SIREN.",
        "Bêta-la-Neuve (62002) : aucun fichier ne dit son SIREN.",
    ]
    assert body_by_identifier("siren", siren_of_commune("62002")).ended_on == date(2024, 12, 31)


def test_populations_without_their_year_are_refused():
    with pytest.raises(ImportRefused) as refused:
        load(official.populations((*ALPHA, 1100), year=None))

    assert str(refused.value) == (
        "donnees_communes.csv, ligne 1 : ce fichier ne dit pas l'année de référence de ses populations : l'indiquer"
        " (2023, par exemple)."
    )


def test_a_line_of_mayotte_has_its_code_without_the_column_of_codes():
    titles = "CODREG,REG,DEP,CODARR,CODCAN,CODCOM,COM,PMUN,PCAP,PTOT"
    load(official.sirens(("97601", "Acoua", 4000), c97601=NEW))
    line = ["06", "", "976", "", "", "601", "", "5 192", "192", "5384"]
    report = load(official.text_file("mayotte.csv", titles, [line], separator=";", year=2017), at=LATER)

    assert report.figures == 2
    acoua = body_by_identifier("code_insee", "97601")
    assert (acoua.department, figures_of(acoua)[-1].value) == ("976", 5192)


def test_an_update_keeps_which_files_of_which_year_changed_what():
    load(*year_of_files(), department="62")

    (update,) = DirectoryUpdate.objects.all()
    assert (update.state, update.department, update.report["figures"]) == ("applied", "62", 22)
    assert [(one.layout, one.year) for one in update.files.all()] == [
        ("cog", None),
        ("movements", 2026),
        ("populations", 2023),
        ("siren", 2024),
        ("members", 2025),
    ]


def test_the_number_of_queries_does_not_grow_with_the_communes(django_assert_max_num_queries):
    names = [(f"62{number:03d}", f"Commune {number}") for number in range(1, 41)]
    with django_assert_max_num_queries(25):
        load(official.sirens(*((code, name, 100) for code, name in names[:5])))
    with django_assert_max_num_queries(25):
        load(official.sirens(*((code, name, 100) for code, name in names)), at=LATER)
    assert PublicBody.objects.count() == 40
