"""Laws of official files, on countries made up at random: their order, and loading them again."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.parties import official
from tests.parties.files import LATER, load, snapshot
from tests.parties.test_import_laws import undone
from tripartite.parties.models import CommuneMovement, Figure, PublicBody

pytestmark = pytest.mark.django_db

quickly = settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
fates = st.lists(st.sampled_from(["stays", "renamed", "merged"]), min_size=2, max_size=6)
days = st.sampled_from(["2024-06-01", "2025-01-01", "2026-01-01"])
orders = st.permutations(range(5))


def state():
    """What the directory says, without the keys and the days of imports."""
    columns = ("siren", "name", "department", "code_insee", "ended_on", "epci__siren", "merged_into__siren")
    return (
        sorted(PublicBody.objects.order_by().values_list(*columns), key=str),
        sorted(Figure.objects.order_by().values_list("body__siren", "counted", "value", "year", "applies_on"), key=str),
        sorted(CommuneMovement.objects.order_by().values_list("change", "code", "into", "on"), key=str),
    )


def after(*files, at=LATER):
    """What an empty directory says once these groups of files are loaded, one group after the other."""
    said = []

    def story():
        for group in files:
            load(*group, at=at)
        said.append(state())

    undone(story)
    return said[0]


@quickly
@given(fates, days, orders)
def test_any_order_of_the_same_files_gives_the_same_directory(fates, day, order):
    files = official.country(fates, day=day)

    assert after([files[place] for place in order]) == after(files)


@quickly
@given(fates, days, orders)
def test_the_same_files_again_in_any_order_change_nothing(fates, day, order):
    files = official.country(fates, day=day)

    def story():
        load(*files)
        once = snapshot()
        assert load(*(files[place] for place in order), at=LATER).is_empty
        assert snapshot() == once

    undone(story)


@quickly
@given(fates, orders)
def test_one_by_one_in_any_order_twice_they_say_what_they_say_together(fates, order):
    """Twice: a population that comes before the SIREN of its commune is left aside, and told."""
    files = official.country(fates)
    together = after(files)
    in_turn = after(*([files[place]] for place in (*order, *order)))

    assert [row for row in in_turn[0] if row[4] is None] == [row for row in together[0] if row[4] is None]
    assert in_turn[2] == together[2]


@quickly
@given(fates, days)
def test_who_ended_did_on_the_eve_of_a_movement_and_no_one_else(fates, day):
    def story():
        load(*official.country(fates, day=day))
        eves = {one.on.fromordinal(one.on.toordinal() - 1) for one in CommuneMovement.objects.all()}
        assert set(PublicBody.objects.exclude(ended_on=None).values_list("ended_on", flat=True)) <= eves
        gone = sum(fate == "merged" for fate in fates[1:])
        living = PublicBody.objects.filter(kind="commune", ended_on=None).count()
        assert living == len(fates) - gone - (1 if gone and day > "2025-01-01" else 0)

    undone(story)
