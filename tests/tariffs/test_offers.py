"""An offer is the code's part before the bar: the spelling of a body's name neither parts grids nor joins them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import ALPI, GRID, adopt_text, adopted_alpi, adopted_grid, alpi_text, grid_text
from tripartite.pricing.findings import GridError
from tripartite.pricing.grid import offer_of
from tripartite.pricing.grid_reading import read_grid
from tripartite.tariffs.models import GridVersion
from tripartite.tariffs.queries import (
    RunningTariffs,
    clashing_versions,
    grid_in_force,
    grids_in_force,
    offer_titles,
    running_tariffs,
)
from tripartite.tariffs.services import TariffError, adopt_grid, draft_grid

pytestmark = pytest.mark.django_db
BODY = "Centre de gestion de la fonction publique territoriale du Pas-de-Calais"
FIRST = date(2026, 6, 1)


def other_spelling(code: str = "cdg62/2026-06-01", *, supersedes: str = "", first: date = FIRST) -> str:
    """The shipped grid voted again, by a body whose name is written otherwise in `[act]`."""
    text = grid_text().replace(f'code = "{GRID}"', f'code = "{code}"', 1)
    text = text.replace(f'body = "{BODY}', 'body = "CDG du Pas-de-Calais', 1)
    more = f'\nsupersedes = "{supersedes}"' if supersedes else ""
    return text.replace("applies_from = 2024-03-26", f"applies_from = {first}{more}", 1)


@pytest.mark.parametrize(
    ("code", "offer"),
    [(GRID, "cdg62"), ("cdg62/2024-03-26-v2", "cdg62"), (ALPI, "alpi40"), ("sans-barre", "sans-barre"), ("a/b/c", "a")],
)
def test_the_offer_is_the_part_before_the_bar(code, offer):
    assert offer_of(code) == offer


def test_two_grids_of_one_offer_overlap_whatever_their_body_is_called():
    adopted_grid()
    text = other_spelling()
    assert read_grid(text).act.body != read_grid(grid_text()).act.body
    clash = f"La grille « {GRID} » s'applique aux mêmes jours : dire supersedes, ou changer les dates."
    assert clashing_versions(read_grid(text)) == [clash]
    draft_grid(text=text, actor=TESTER, at=AT)
    with pytest.raises(TariffError, match=f"« {GRID} » s'applique aux mêmes jours"):
        adopt_grid(code="cdg62/2026-06-01", actor=TESTER, at=AT)


def test_said_to_supersede_it_takes_over_and_what_runs_follows():
    adopted_grid()
    adopt_text(other_spelling(supersedes=GRID))
    assert [grid.code for grid in grids_in_force(date(2026, 5, 31))] == [GRID]
    assert [grid.code for grid in grids_in_force(FIRST)] == ["cdg62/2026-06-01"]
    tariffs_now, own = running_tariffs(), read_grid(grid_text())
    assert tariffs_now.ruling("sauvegarde", like=own, on=date(2026, 5, 31), known_on=date.max).code == GRID
    assert tariffs_now.ruling("sauvegarde", like=own, on=FIRST, known_on=date.max).code == "cdg62/2026-06-01"


def test_one_body_may_vote_two_offers_for_the_same_days():
    adopted_grid()
    adopt_text(grid_text().replace(f'code = "{GRID}"', 'code = "cdg62-conseil/2024"', 1))
    assert [grid.code for grid in grids_in_force(FIRST)] == [GRID, "cdg62-conseil/2024"]
    assert grid_in_force(FIRST, offer="cdg62-conseil").code == "cdg62-conseil/2024"


def test_another_offer_adopted_leaves_the_first_one_as_it_was():
    adopted_grid()
    adopted_alpi()
    assert {grid.offer: grid.code for grid in grids_in_force(FIRST)} == {"alpi40": ALPI, "cdg62": GRID}
    assert grid_in_force(FIRST, offer="cdg62").code == GRID
    assert grid_in_force(date(2025, 12, 31), offer="alpi40") is None
    assert offer_titles() == {
        "alpi40": "Certificat de signature électronique",
        "cdg62": "Services numériques mutualisés, hors pack Mairie Connectée",
    }


def test_days_before_a_version_was_replaced_are_still_its_own():
    adopted_grid()
    adopt_text(other_spelling(supersedes=GRID))
    between = other_spelling("cdg62/2025", first=date(2025, 1, 1)).replace(
        "applies_from = 2025-01-01", "applies_from = 2025-01-01\napplies_until = 2025-12-31", 1
    )
    assert clashing_versions(read_grid(between)) == [
        f"La grille « {GRID} » s'applique aux mêmes jours : dire supersedes, ou changer les dates."
    ]


def test_a_grid_takes_over_from_one_of_its_own_offer_only():
    adopted_grid()
    text = alpi_text().replace("applies_from = 2026-01-01", f'applies_from = 2026-01-01\nsupersedes = "{GRID}"', 1)
    with pytest.raises(GridError, match="d'une autre offre que « alpi40 »") as refused:
        draft_grid(text=text, actor=TESTER, at=AT)
    assert [finding.line for finding in refused.value.findings] == [11]


def test_the_grids_of_a_day_are_one_query_however_many_offers(django_assert_num_queries):
    adopted_grid()
    for offers in (1, 3):
        for place in range(1, offers):
            adopt_text(alpi_text(f"autre-{place}/2026"))
        grids_in_force(FIRST)
        with django_assert_num_queries(1):
            assert len(grids_in_force(FIRST)) == offers


def test_the_database_keeps_the_offer_of_each_version():
    adopted_grid()
    adopted_alpi()
    assert dict(GridVersion.objects.values_list("code", "offer")) == {GRID: "cdg62", ALPI: "alpi40"}


GRIDS = tuple(
    read_grid(text)
    for text in (
        tariffs.grid_text(),
        other_spelling(supersedes=GRID),
        other_spelling("cdg62/2027", first=date(2027, 1, 1)),
        grid_text().replace(f'code = "{GRID}"', 'code = "cdg62-conseil/2025"', 1),
        grid_text().replace(f'code = "{GRID}"', 'code = "cdg62-conseil/2027"', 1),
        alpi_text(),
    )
)


@given(
    st.permutations(GRIDS),
    st.sampled_from(GRIDS),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.sampled_from(("sauvegarde", "certificat-signature", "messagerie-5go")),
)
def test_what_runs_never_takes_the_tariff_of_another_offer(grids, like, on, service):
    """Whatever the order in which grids are met, a running line stays in its offer."""
    ruling = RunningTariffs(tuple(grids)).ruling(service, like=like, on=on, known_on=on)
    assert ruling is None or (ruling.offer, service in ruling.services) == (like.offer, True)
