"""Searching the directory as people type, on the shipped one."""

import string

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import AT, TESTER
from tests.parties.files import COMMUNES, LATER, commune, load, written
from tripartite.cli.setup import shipped_files
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.facts import all_figures
from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.search import search_bodies
from tripartite.parties.services.bodies import complete_body, create_body
from tripartite.parties.services.endings import end_body

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _shipped(django_db_setup, django_db_blocker):
    """The shipped directory, loaded once for these tests and taken away after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(*shipped_files("62"), department="62")
        yield
        transaction.set_rollback(True)


def names(text, **options):
    return [body.name for body in search_bodies(text, **options)]


def test_a_full_name_comes_first_then_what_begins_so_then_what_contains_it():
    found = names("Arques")

    assert found[0] == "Arques"
    starts = [fold(name).startswith("hesdin") for name in names("hesdin", limit=30)]
    assert starts == sorted(starts, reverse=True)
    assert "Vieil-Hesdin" in names("hesdin", limit=30)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ruitz", "Ruitz"),
        ("RUITZ", "Ruitz"),
        ("bethune", "Béthune"),
        ("Béthune", "Béthune"),
        ("be\u0301thune", "Béthune"),
        ("saint-omer", "Saint-Omer"),
        ("saint omer", "Saint-Omer"),
        ("st omer", "Saint-Omer"),
        ("St-Omer", "Saint-Omer"),
        ("saintomer", "Saint-Omer"),
        ("ste catherine", "Sainte-Catherine"),
        ("saint pol", "Saint-Pol-sur-Ternoise"),
        ("st pol s/ ternoise", "Saint-Pol-sur-Ternoise"),
        ("aire s/ la lys", "Aire-sur-la-Lys"),
        ("aire sur lys", "Aire-sur-la-Lys"),
        ("hesdin l'abbé", "Hesdin-l'Abbé"),
        ("hesdin l’abbe", "Hesdin-l'Abbé"),
        ("portel", "Le Portel"),
        ("le portel", "Le Portel"),
        ("touquet", "Le Touquet-Paris-Plage"),
        ("paris plage", "Le Touquet-Paris-Plage"),
        ("mairie de ruitz", "Ruitz"),
        ("commune d'arques", "Arques"),
        ("ville de béthune", "Béthune"),
        ("communauté urbaine d'arras", "CU d'Arras"),
        ("cu arras", "CU d'Arras"),
        ("bruay 62700", "Bruay-la-Buissière"),
        ("62620 ruitz", "Ruitz"),
        ("  ruitz\t", "Ruitz"),
    ],
)
def test_a_name_is_found_in_any_spelling(typed, name):
    assert names(typed)[0] == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("216207274", "Ruitz"),
        ("216 207 274", "Ruitz"),
        ("21620727400012", "Ruitz"),
        ("216 207 274 00012", "Ruitz"),
        ("62727", "Ruitz"),
        ("200033579", "CU d'Arras"),
    ],
)
def test_a_code_finds_its_body_alone(typed, name):
    assert names(typed) == [name]


def test_a_postal_code_finds_all_that_share_it():
    sharing = {line["nom"] for line in COMMUNES.values() if "62620" in line["codes_postaux"].split()}
    of_that_insee_code = {COMMUNES["62620"]["nom"]}

    assert set(names("62620", limit=100)) == sharing | of_that_insee_code
    assert len(sharing) > 1


def test_the_beginning_of_a_code_finds_what_begins_so():
    assert set(names("6262", limit=100)) >= set(names("62620", limit=100))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ruits", "Ruitz"),
        ("rutiz", "Ruitz"),
        ("ruiitz", "Ruitz"),
        ("betune", "Béthune"),
        ("bethnue", "Béthune"),
        ("montreul sur mer", "Montreuil-sur-Mer"),
        ("bruay la buisiere", "Bruay-la-Buissière"),
        ("henin beaumon", "Hénin-Beaumont"),
        ("wimeureu", "Wimereux"),
        ("noeux les mines", "Nœux-les-Mines"),
        ("nœux-les-mines", "Nœux-les-Mines"),
    ],
)
def test_a_small_mistake_is_forgiven(typed, name):
    assert name in names(typed)[:3]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        "_",
        "%%",
        "\x00",
        "😀",
        "'",
        '"',
        "\\",
        "-",
        "()",
        "---",
        "' OR 1=1 --",
        "zzzzzzzz",
        "q" * 300,
        "99999999999999999999",
        "🏛️ 🏛️",
        "<script>",
        "𝔃𝔃𝔃𝔃𝔃",
        "九龍",
    ],
)
def test_what_means_nothing_finds_nothing_or_little(typed):
    assert len(search_bodies(typed)) <= 10


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "\x00", "😀", "'", "---", "九龍", "99999999999999999999"])
def test_what_has_no_letter_nor_known_figure_finds_nothing(typed):
    assert search_bodies(typed) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_nothing_given(limit):
    assert search_bodies("ruitz", limit=limit) == []


def test_a_departement_keeps_the_bodies_that_extend_over_it():
    assert names("flandre lys", department="59") == ["CC Flandre Lys"]
    assert names("ruitz", department="59") == []


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_a_search_costs_three_queries_however_many_bodies(django_assert_num_queries, limit):
    search_bodies("saint")

    with django_assert_num_queries(3):
        found = search_bodies("saint", limit=limit)
        assert [body.epci.name for body in found if body.epci]
        assert all(all_figures(body) for body in found)
    assert len(found) == limit


def test_a_change_is_found_at_once():
    assert names("ruitz-en-artois") != ["Ruitz-en-Artois"]
    made = create_body(kind="ccas", name="CCAS de Ruitz", siren="266209113", actor=TESTER, at=AT)
    assert names("ccas ruitz") == ["CCAS de Ruitz"]
    complete_body(body_id=made.pk, changes={"name": "Centre social de Ruitz"}, actor=TESTER, at=AT)
    assert names("centre social") == ["Centre social de Ruitz"]
    lines = [line for code, line in COMMUNES.items() if code != "62727"]
    load(written(*lines, commune("62727", nom="Ruitz-en-Artois")), at=LATER)
    assert names("ruitz-en-artois") == ["Ruitz-en-Artois"]


def test_a_change_that_is_undone_is_not_found():
    with transaction.atomic():
        create_body(kind="ccas", name="CCAS de Ruitz", siren="266209113", actor=TESTER, at=AT)
        assert names("ccas de ruitz") == ["CCAS de Ruitz"]
        transaction.set_rollback(True)

    assert "CCAS de Ruitz" not in names("ccas de ruitz")


def test_former_bodies_are_left_out_unless_asked_for():
    ruitz = search_bodies("62727")[0]
    end_body(body_id=ruitz.pk, last_day=LATER.date(), reason="arrêté", actor=TESTER, at=LATER)

    assert "Ruitz" not in names("ruitz")
    assert names("ruitz", include_ended=True)[0] == "Ruitz"
    assert names("62727") == []


gently = settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@gently
@given(st.text(max_size=300) | st.text(string.ascii_lowercase + " '-", max_size=120), st.integers(0, 12))
def test_a_search_never_fails_and_never_gives_more_than_asked(text, limit):
    found = search_bodies(text, limit=limit)

    assert len(found) <= limit
    assert len({body.pk for body in found}) == len(found)


@gently
@given(st.sampled_from(sorted(COMMUNES)))
def test_each_commune_is_found_first_by_its_name_and_by_its_codes(code):
    line = COMMUNES[code]
    by_name = search_bodies(line["nom"], limit=50)

    assert fold(by_name[0].name) == fold(line["nom"])
    assert line["siren"] in {body.siren for body in by_name}
    assert [body.siren for body in search_bodies(line["siren"])] == [line["siren"]]
    assert line["siren"] in {body.siren for body in search_bodies(code, limit=50)}


@gently
@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_the_shipped_directory_is_there():
    assert PublicBody.objects.count() == 907
