"""What becomes of communes, as movements tell: on the shapes that INSEE's file has."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.parties import official
from tripartite.parties.queries.history import Former, History, Movement
from tripartite.parties.services.listing import read_listing
from tripartite.parties.states import Change

COM, PART, ASSOCIATED = "COM", "COMD", "COMA"


def history(*lines):
    return History.of(read_listing(official.movements(*lines)).movements)


def line(mod, day, before, after, kinds=(COM, COM)):
    return official.movement(mod, day, (kinds[0], *before), (kinds[1], *after))


WHOLE = ("15141", "Neuve en Pinède")
DISSOLVED = (
    line("32", "2016-12-01", ("15035", "Chali"), WHOLE),
    line("32", "2016-12-01", ("15141", "Neuve-Mois"), WHOLE),
    line("21", "2025-01-01", ("15035", "Chali"), ("15035", "Chali"), (PART, COM)),
    line("21", "2025-01-01", ("15141", "Neuve-Mois"), ("15141", "Neuve-Mois"), (PART, COM)),
    line("21", "2025-01-01", WHOLE, ("15035", "Chali")),
    line("21", "2025-01-01", WHOLE, ("15141", "Neuve-Mois")),
)


def test_a_commune_nouvelle_that_is_dissolved_gives_back_those_that_it_had_taken_in():
    told = history(*DISSOLVED)

    assert [told.lives("15035", date(year, 6, 1)) for year in (2016, 2020, 2025)] == [True, False, True]
    assert told.lives("15141")
    assert told.last_birth("15141") == told.last_birth("15035") == date(2025, 1, 1)
    end = told.end_of("15141", since=date(2024, 1, 1))
    assert (end.change, end.name, end.last_day) == (Change.MERGED, "Neuve en Pinède", date(2024, 12, 31))


def test_a_whole_that_goes_on_under_another_code_is_the_same_commune():
    told = history(
        line("32", "2017-01-01", ("60054", "Beau"), ("60054", "Les Hauts")),
        line("32", "2017-01-01", ("60209", "Fresnes"), ("60054", "Les Hauts")),
        line("21", "2024-01-01", ("60054", "Beau"), ("60054", "Beau"), (PART, COM)),
        line("21", "2024-01-01", ("60054", "Les Hauts"), ("60054", "Beau")),
        line("21", "2024-01-01", ("60054", "Les Hauts"), ("60694", "Les Hauts")),
    )

    assert told.lives("60054")
    assert told.before("60694") == "60054"
    (fresnes,) = [one for one in told.formers() if one.name == "Fresnes"]
    assert (fresnes.heir, fresnes.last_day) == ("60694", date(2016, 12, 31))


def test_a_chef_lieu_that_moves_and_comes_back_keeps_one_commune():
    there, back = ("27058", "Les Lacs"), ("27676", "Les Lacs")
    told = history(line("50", "2021-01-01", back, there), line("50", "2023-01-01", there, back))

    assert [told.lives(code) for code in ("27058", "27676")] == [False, True]
    assert told.end_of("27058").into == "27676"
    assert told.last_birth("27676") is None


def test_a_commune_that_changes_code_and_merges_the_same_day_is_gone():
    told = history(
        line("41", "2018-01-01", ("49144", "Fre"), ("44225", "Fre")),
        line("32", "2018-01-01", ("44225", "Fre"), ("44180", "Vallons")),
    )

    assert [told.lives(code) for code in ("49144", "44225", "44180")] == [False, False, True]
    assert {one.heir for one in told.formers()} == {"44180"}


def test_a_commune_restored_from_an_association_lives_from_that_day():
    told = history(
        line("33", "1990-12-10", ("62847", "Verq"), ("62119", "Béthune")),
        line("21", "2008-01-01", ("62847", "Verq"), ("62847", "Verq"), (ASSOCIATED, COM)),
        line("21", "2008-01-01", ("62119", "Béthune"), ("62847", "Verq")),
    )

    assert [told.lives("62847", date(year, 6, 1)) for year in (1990, 2000, 2008)] == [True, False, True]
    assert told.end_of("62847") is None


def test_a_renaming_leads_from_the_old_name_and_is_the_same_person():
    told = history(line("10", "2026-01-01", ("62486", "Lambres"), ("62486", "Lambres-lez-Aire")))

    assert list(told.formers()) == [Former("62486", "Lambres", date(2025, 12, 31), "62486", same=True)]
    assert told.name_after("62486", "LAMBRES") == "Lambres-lez-Aire"


def test_what_only_parts_undergo_tells_nothing_of_communes():
    told = history(
        line("35", "2020-07-01", ("62807", "Tat"), ("62757", "Saint-M"), (PART, COM)),
        line("70", "2021-10-30", ("62482", "Lab"), ("62482", "Lab"), (ASSOCIATED, PART)),
    )

    assert told.movements == frozenset()


def test_a_suppression_leads_nowhere():
    told = History.of([Movement(Change.GONE, "97123", "Saint-B", "", "", date(2007, 2, 23))])

    assert not told.lives("97123")
    assert list(told.formers()) == []


codes = st.sampled_from(["62001", "62002", "62003", "62004"])
movements = st.lists(
    st.builds(
        Movement,
        st.sampled_from(sorted(Change)),
        codes,
        st.sampled_from(["Un", "Deux"]),
        codes,
        st.sampled_from(["Un", "Deux"]),
        st.dates(date(2020, 1, 1), date(2020, 1, 5)),
    ),
    max_size=8,
)


@given(movements, st.randoms(use_true_random=False))
def test_any_movements_in_any_order_tell_the_same_and_end(made, chance):
    shuffled = list(made)
    chance.shuffle(shuffled)
    one, other = History.of(made), History.of(shuffled)

    assert list(one.formers()) == list(other.formers())
    for code in ("62001", "62002", "62003", "62004"):
        assert one.lives(code) == other.lives(code)
        assert one.end_of(code) == other.end_of(code)
