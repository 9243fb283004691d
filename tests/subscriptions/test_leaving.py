"""A party leaves a convention: what runs under it ends with it, in the same act, or nothing happens."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tests.subscriptions.recurring import due_of_bodies
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.drafting import set_term
from tripartite.conventions.services.ending import NoticeGiven
from tripartite.conventions.services.errors import ConventionError
from tripartite.going_live.services.activations import open_activations
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind
from tripartite.subscriptions.queries.late import differences_to_tell
from tripartite.subscriptions.queries.running import subscription_by_id
from tripartite.subscriptions.services.leaving import denounce, leave, terminate

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


@pytest.mark.parametrize(("end", "last"), [(denounce, date(2029, 11, 22)), (terminate, date(2027, 11, 22))])
def test_what_runs_ends_on_the_last_day_of_the_convention(running: Any, end: Callable[..., Any], last: date) -> None:
    assert end(convention_id=running.convention_id, **SAID).day == last
    assert subscription_by_id(running.pk).ends_on == last


@pytest.mark.parametrize("end", [denounce, terminate])
def test_what_is_refused_ends_nothing(running: Any, end: Callable[..., Any]) -> None:
    with pytest.raises(ConventionError):
        end(convention_id=running.convention_id, **(SAID | {"received_on": AT.date() + timedelta(days=1)}))
    convention = convention_by_id(running.convention_id)
    assert convention is not None
    assert (convention.ended_on, subscription_by_id(running.pk).ends_on) == (None, None)


def test_the_part_of_an_issuer_is_owed_until_its_withdrawal_is_learnt_then_given_back(running: Any) -> None:
    """Withdrawn by a letter of spring 2027 with six months of notice, recorded a year and a half later: what the
    anniversary of 2027 asked stays asked as it was known, and its part is given back on the day it is learnt."""
    received, learnt = date(2027, 3, 1), datetime(2028, 9, 1, 9, 0, tzinfo=UTC)
    notice = NoticeGiven("cdg62", received, "Fin de l'accompagnement", "withdrawal")
    body_id, due = running.body_id, date(2027, 11, 23)
    before = _own(body_id, since=due, until=due)
    leave(convention_id=running.convention_id, notice=notice, actor=TESTER, at=learnt)

    assert [(one.on, one.amount_cents) for one in before] == [(due, 2500)]
    assert _own(body_id, since=due, until=due) == before
    (back,) = _own(body_id, since=learnt.date(), until=learnt.date())
    assert (back.kind, back.amount_cents, back.key.startswith(before[0].key)) == (ItemKind.CREDIT, -2500, True)
    assert _own(body_id, since=date(2028, 11, 1), until=date(2029, 12, 31)) == []
    assert differences_to_tell(on=learnt.date()) == [(body_id, learnt.date())]


def _own(body_id: int, *, since: date, until: date) -> list[DueItem]:
    found = due_of_bodies([body_id], since=since, until=until)[body_id]
    return [one for one in found if one.issuer == "cdg62"]
