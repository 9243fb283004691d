"""Every end of what recurs carries the day on which it was learnt: one verb writes them all."""

import re
from pathlib import Path

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.subscriptions.models import EndNote
from tripartite.subscriptions.services.ending import correct_end, end_subscription

SERVICES = Path(__file__).parents[2] / "src/tripartite/subscriptions/services"


def test_no_other_verb_writes_an_end() -> None:
    """The days of a prepaid term are those of its certificate (`terms.py`), or count from the first day as it is put
    right (`correcting.py`): it has no due date to give back.
    """
    written = re.compile(r"^\s*(?:[\w.]+, )*\w+\.ends_on(?:, [\w.]+)* = ", re.MULTILINE)
    found = {path.name for path in SERVICES.glob("*.py") if written.search(path.read_text(encoding="utf-8"))}
    assert found - {"terms.py", "correcting.py"} == {"records.py"}


@pytest.mark.django_db
def test_each_end_is_kept_with_its_day() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    last = AT.date().replace(year=2027)
    end_subscription(subscription_id=one.pk, last_day=last, reason="Courrier reçu", actor=TESTER, at=AT)
    correct_end(subscription_id=one.pk, last_day=None, reason="Courrier retiré", actor=TESTER, at=AT)
    noted = EndNote.objects.filter(subscription=one)
    assert [(note.ends_on, note.learnt_on) for note in noted] == [(last, AT.date()), (None, AT.date())]
