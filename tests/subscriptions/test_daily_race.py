"""Many do the same day at once: each unit changes something once, on the database that they share."""

from collections import Counter
from typing import Any

import pytest

from tests.documents.racing import race, shared_database
from tests.factories import subscriptions
from tests.subscriptions.test_daily import next_tariff


def do_the_day(place: int, given: dict[str, Any]) -> list[str]:
    """Do every unit, each thread from another one on; answers those that this one did."""
    from tests.factories import daily  # noqa: PLC0415
    from tests.factories.accounts import AT, TESTER  # noqa: PLC0415 - Django is set up by then

    keys = given["keys"]
    turned = [keys[(turn + place) % len(keys)] for turn in range(len(keys))]
    return [key for key in turned if daily.run(key, AT.date(), TESTER, AT)]


def what_is_there(place: int, given: Any) -> dict[str, int]:
    """What is left to do, and what was made, as another process reads it."""
    from tests.factories import daily  # noqa: PLC0415
    from tests.factories.accounts import AT  # noqa: PLC0415 - Django is set up by then
    from tripartite.going_live.models import Activation  # noqa: PLC0415
    from tripartite.messages.queries import message_list  # noqa: PLC0415
    from tripartite.subscriptions.models import Notice  # noqa: PLC0415

    return {
        "left": len(list(daily.units(AT.date()))),
        "activations": Activation.objects.count(),
        "notices": Notice.objects.count(),
        "letters": len([one for one in message_list() if one.kind == "subscriptions.announce-tariff"]),
    }


@pytest.mark.usefixtures("transactional_db")
def test_each_unit_of_a_day_is_done_once() -> None:
    from tests.factories import daily  # noqa: PLC0415
    from tests.factories.accounts import AT  # noqa: PLC0415
    from tripartite.conventions.services.ending import terminate_convention  # noqa: PLC0415

    subscriptions.conventions.offer()
    subscriptions.running({"messagerie-5go": 4})
    subscriptions.in_force(quantities={"messagerie-5go": 2}, body="62001")
    ended = subscriptions.running({"nom-de-domaine": 1}, body="62014")["nom-de-domaine"]
    terminate_convention(
        convention_id=ended.convention_id,
        received_on=AT.date(),
        party="beneficiary",
        reason="essai",
        actor=subscriptions.TESTER,
        at=AT,
    )
    next_tariff()
    keys = [unit.key for unit in daily.units(AT.date())]
    assert {key.split(":")[0] for key in keys} == {"open", "end", "tariff"}

    shared = shared_database()
    answers = race(shared, "tests.subscriptions.test_daily_race:do_the_day", {"keys": keys})

    assert Counter(key for done in answers for key in done) == Counter(keys)
    (there,) = race(shared, "tests.subscriptions.test_daily_race:what_is_there", processes=1, threads=1)
    assert there == {"left": 0, "activations": 3, "notices": 2, "letters": 1}
