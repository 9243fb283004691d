"""What a body is changes from the day it is learnt: what it was before answers for earlier days."""

from datetime import UTC, date, datetime

import pytest

from tests.factories.accounts import TESTER
from tripartite.parties.queries.bodies import body_by_id
from tripartite.parties.queries.facts import facts_of
from tripartite.parties.services.bodies import complete_body, create_body

pytestmark = pytest.mark.django_db
FIRST, THEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
EVE, DAY = date(2027, 2, 28), date(2027, 3, 1)


def made(**said):
    known = {"kind": "syndicat", "name": "Syndicat d'Exemple", "siren": "200039386", "department": "62"}
    return create_body(**known | said, actor=TESTER, at=FIRST)


def complete(body, at=THEN, **changes):
    complete_body(body_id=body.pk, changes=changes, actor=TESTER, at=at)
    return body_by_id(body.pk)


def seen(body, *days):
    return [(facts.department, facts.client_class) for facts in (facts_of(body, on=day) for day in days)]


def test_what_is_replaced_answers_for_the_days_before_it_was_learnt():
    body = complete(made(client_class="A"), department="59", client_class="B")
    assert body.former_traits == [{"changed_on": "2027-03-01", "department": "62", "client_class": "A"}]
    assert seen(body, EVE, DAY) == [("62", "A"), ("59", "B")]


def test_several_changes_are_kept_one_after_the_other():
    body = complete(made(client_class="A"), client_class="B")
    body = complete(body, at=datetime(2028, 1, 1, 9, 0, tzinfo=UTC), client_class="C")
    assert [one[1] for one in seen(body, EVE, DAY, date(2027, 12, 31), date(2028, 1, 1))] == ["A", "B", "B", "C"]


def test_what_was_not_known_has_no_past():
    body = complete(made(), client_class="B")
    assert (body.former_traits, seen(body, EVE)) == ([], [("62", "B")])
