"""A party leaves a convention: what runs under it ends with it, in the same act, or nothing happens."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.drafting import set_term
from tripartite.conventions.services.errors import ConventionError
from tripartite.going_live.services.activations import open_activations
from tripartite.subscriptions.queries.running import subscription_by_id
from tripartite.subscriptions.services.leaving import denounce, terminate

pytestmark = pytest.mark.django_db
SAID = {"party": "Ruitz", "reason": "essai", "received_on": AT.date(), "actor": TESTER, "at": AT}


@pytest.fixture
def running() -> Any:
    """A service that runs under a convention of three years, renewed once."""
    subscriptions.conventions.offer()
    draft = subscriptions.conventions.drafted(quantities={"messagerie-5go": 1})
    options = {"years": 3, "tacit_renewals": 1, "notice_months": 3, "due_on": None}
    set_term(convention_id=draft.pk, **options, actor=TESTER, at=AT)
    convention = subscriptions.signed(subscriptions.conventions.read(draft))
    (activation,) = open_activations(convention_id=convention.pk, actor=TESTER, at=AT)
    return subscriptions.live(activation).subscription


@pytest.mark.parametrize(("leave", "last"), [(denounce, date(2029, 11, 22)), (terminate, date(2027, 11, 22))])
def test_what_runs_ends_on_the_last_day_of_the_convention(running: Any, leave: Callable[..., Any], last: date) -> None:
    assert leave(convention_id=running.convention_id, **SAID).day == last
    assert subscription_by_id(running.pk).ends_on == last


@pytest.mark.parametrize("leave", [denounce, terminate])
def test_what_is_refused_ends_nothing(running: Any, leave: Callable[..., Any]) -> None:
    with pytest.raises(ConventionError):
        leave(convention_id=running.convention_id, **(SAID | {"received_on": AT.date() + timedelta(days=1)}))
    convention = convention_by_id(running.convention_id)
    assert convention is not None
    assert (convention.ended_on, subscription_by_id(running.pk).ends_on) == (None, None)
