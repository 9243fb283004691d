"""Several put the same line in service at once: what was ordered runs once."""

from typing import Any

import pytest

from tests.documents.racing import race, shared_database
from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER


def set_going(place: int, given: dict[str, Any]) -> str:
    """Put all that is left in service; what was answered."""
    from tripartite.going_live.services.parts import go_live  # noqa: PLC0415 - Django is set up by then
    from tripartite.subscriptions.services.errors import SubscriptionError  # noqa: PLC0415

    try:
        go_live(activation_id=given["activation"], live_on=AT.date(), actor=TESTER, at=AT)
    except SubscriptionError:
        return "déjà"
    return "en service"


@pytest.mark.usefixtures("transactional_db")
def test_a_line_put_in_service_by_several_at_once_runs_once() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    activation = subscriptions.opened({"messagerie-5go": 4})["messagerie-5go"]
    subscriptions.waive_all(activation)
    shared = shared_database()

    answers = race(shared, "tests.going_live.test_parts_race:set_going", {"activation": activation.pk}, threads=2)

    assert sorted(answers) == [*["déjà"] * 3, "en service"]
    if "sqlite" not in shared["DATABASE_URL"]:
        assert subscriptions.quantities(parties.body(quotes.RUITZ), AT.date()) == [4]
