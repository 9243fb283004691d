"""Which issuers a cost shows, and under which colour: the same everywhere."""

import pytest

from tests.factories import tariffs
from tripartite.parties.queries.bodies import issuers, slots_among
from tripartite.pricing.lacking import Sum
from tripartite.tariffs.queries import grid_by_code
from tripartite.web.estimator.display import columns_of as estimated
from tripartite.web.running.cost import columns_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


def test_an_issuer_of_an_offer_of_which_nothing_is_held_has_no_column() -> None:
    tariffs.adopted_alpi()
    held = columns_of({"lfn": Sum(100), "cdg62": Sum(0)}, issuers())
    assert [(one.code, one.slot, one.total) for one in held] == [("lfn", 1, 100), ("cdg62", 2, 0)]
    assert [one.code for one in columns_of({}, issuers())] == ["lfn", "cdg62", "alpi40"]


def test_an_issuer_has_one_colour_in_the_estimator_and_elsewhere() -> None:
    grid = tariffs.adopted_alpi()
    assert [(one.issuer.code, one.slot) for one in estimated(grid)] == [("alpi40", 3)]
    assert [one.slot for one in issuers()] == [1, 2, 3]
    shipped = grid_by_code(tariffs.GRID)
    assert shipped is not None
    assert [one.slot for one in estimated(shipped)] == [1, 2]
    assert slots_among(issuers(), ["lfn", "nouveau", "autre"]) == {"lfn": 1, "nouveau": 4, "autre": 5}
