"""What has passed and is not settled stays in sight until it is, or is dismissed with a reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories import conventions, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.drafting import set_term
from tripartite.following.models import DeadlineDismissal
from tripartite.following.queries.overdue import overdue
from tripartite.following.services.dismissing import dismiss_deadline
from tripartite.following.services.errors import FollowingError
from tripartite.following.services.preparing import prepare_renewal
from tripartite.going_live.services.keys import revoke_key
from tripartite.jobs.daily import do_day
from tripartite.journal.queries import entries_about
from tripartite.quotes.services.requests import cancel_request
from tripartite.subscriptions.models import Notice

LONG_AFTER = datetime(2031, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()


def told(on: date) -> list[tuple[str, date]]:
    return [(str(one.kind), one.day) for one in overdue(on=on)]


def test_an_expired_key_stays_in_sight_until_it_is_revoked_or_replaced() -> None:
    key = keys.registered()
    assert told(keys.LAST) == []
    for later in (1, 90, 2000):
        assert told(keys.LAST + timedelta(days=later)) == [("certificate", keys.LAST)]
    revoke_key(key_id=key.pk, on=keys.LAST, reason="fin de fonction", actor=TESTER, at=LONG_AFTER)
    assert told(LONG_AFTER.date()) == []


def test_one_that_lapsed_while_nobody_ran_the_work_of_the_day_is_told_once() -> None:
    keys.registered()
    done = {one.unit.words: one for one in do_day(on=LONG_AFTER.date(), actor=TESTER, at=LONG_AFTER)}
    assert [(words, one.changed, one.failure) for words, one in done.items() if "Clé" in words] == [
        ("Clé expirée : Ruitz, clé de Maire, dernier jour le 01/11/2029", True, "")
    ]
    (notice,) = Notice.objects.filter(name__startswith="key-expiry:")
    assert "ne signe plus : elle a expiré le" in notice.text
    assert list(do_day(on=LONG_AFTER.date(), actor=TESTER, at=LONG_AFTER)) == []


def test_a_convention_at_its_term_waits_for_another() -> None:
    draft = conventions.drafted(quantities={"messagerie-5go": 4})
    set_term(convention_id=draft.pk, years=1, tacit_renewals=0, notice_months=3, due_on=None, actor=TESTER, at=AT)
    convention = subscriptions.signed(conventions.read(draft))
    assert told(date(2027, 11, 22)) == []
    assert [one.failure for one in do_day(on=date(2027, 11, 24), actor=TESTER, at=LONG_AFTER) if one.failure] == []
    assert told(date(2027, 11, 24)) == [("convention-end", date(2027, 11, 22))]
    assert [one.convention_id for one in overdue(on=date(2029, 1, 1))] == [convention.pk]
    conventions.drafted(quantities={"messagerie-5go": 4}, at=LONG_AFTER)
    assert told(LONG_AFTER.date()) == []


def test_a_yearly_renewal_and_a_term_wait_for_their_request_and_again_when_it_is_cancelled() -> None:
    subscriptions.running({"nom-de-domaine": 1, "cle-signature-1-cdg": 1})
    day = date(2027, 12, 20)
    assert told(day) == [("prepaid-end", date(2027, 11, 22)), ("renewal", date(2027, 11, 23))]
    term, renewal = overdue(on=day)
    made: list[Any] = [prepare_renewal(key=one.key, actor=TESTER, at=AT) for one in (term, renewal)]
    assert told(day) == []
    cancel_request(request_id=made[1].pk, reason="essai", actor=TESTER, at=AT)
    assert told(day) == [("renewal", date(2027, 11, 23))]
    assert told(date(2028, 12, 1))[-1] == ("renewal", date(2028, 11, 23))


def test_an_unanswered_quote_waits_for_its_request() -> None:
    asked = quotes.request()
    quotes.issued(asked)
    assert [kind for kind, _ in told(LONG_AFTER.date())] == ["quote", "quote"]
    cancel_request(request_id=asked.pk, reason="essai", actor=TESTER, at=AT)
    assert told(LONG_AFTER.date()) == []


def test_dismissed_with_a_reason_it_is_in_sight_no_more_and_the_journal_says_why() -> None:
    keys.registered()
    (late,) = overdue(on=LONG_AFTER.date())
    said = {"key": late.key, "actor": TESTER, "at": LONG_AFTER}
    with pytest.raises(FollowingError, match="Dites pourquoi"):
        dismiss_deadline(reason=" ", **said)
    with pytest.raises(FollowingError, match="n'est pas en retard"):
        dismiss_deadline(reason="essai", **(said | {"key": "certificate-0-2026-01-01"}))
    first = dismiss_deadline(reason="clé détruite", **said)
    assert dismiss_deadline(reason="encore", **said).pk == first.pk
    assert overdue(on=LONG_AFTER.date()) == []
    assert [entry.text for entry in entries_about("body", parties.body().pk)][-1].startswith("Échéance classée")
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        DeadlineDismissal.objects.update(reason="autre")


def test_it_takes_as_many_queries_for_three_keys_as_for_one(django_assert_num_queries) -> None:
    keys.registered()
    with django_assert_num_queries(11) as counted:
        overdue(on=LONG_AFTER.date())
    for place in range(2):
        keys.registered(function=f"Adjoint {place}")
    with django_assert_num_queries(len(counted.captured_queries)):
        overdue(on=LONG_AFTER.date())
