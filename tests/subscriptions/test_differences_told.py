"""What is learnt late and changes what had fallen due is told to the body, once."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import TESTER
from tests.subscriptions.test_learnt_late import DUE, LATE, _adopt, _declare
from tripartite.jobs.daily import do_day
from tripartite.journal.models import Entry
from tripartite.messages.queries import message_list
from tripartite.subscriptions.services.ending import end_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _letters(at: datetime) -> list[str]:
    for tried in do_day(on=at.date(), actor=TESTER, at=at):
        assert not tried.failure
    found = [one for one in message_list() if one.kind == "subscriptions.announce-difference"]
    return [one.text.replace("\u00a0", " ") for one in found]


def test_the_difference_that_an_act_asks_is_told_with_both_amounts() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt(due='late_tariff = "difference"')
    (letter,) = _letters(LATE)
    said = "La Fibre Numérique 59-62, Messagerie, compte 5 Go, abonnement : 8,00 € TTC"
    assert said in letter
    assert "88,00 € au lieu de 80,00 €" in letter
    assert len(_letters(LATE)) == 1
    assert Entry.objects.filter(action="subscriptions.announce-difference").count() == 1


def test_what_keeps_its_price_is_told_by_no_difference() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt()
    assert _letters(LATE) == []


def test_a_declared_figure_is_never_late_it_counts_from_its_own_day() -> None:
    subscriptions.running({"demarches-simplifiees": 1})
    _adopt(days="applies_from = 2027-11-01", due='late_figures = "difference"', at=datetime(2027, 11, 2, tzinfo=UTC))
    _declare(2400, datetime(2027, 11, 24, 9, 0, tzinfo=UTC))
    assert _letters(datetime(2027, 11, 24, 9, 0, tzinfo=UTC)) == []


def test_an_end_noted_late_is_told_with_what_it_gives_back() -> None:
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    eve = date(2027, 11, 22)
    end_subscription(subscription_id=one.pk, last_day=eve, reason="Courrier reçu à temps", actor=TESTER, at=LATE)
    (letter,) = _letters(LATE)
    assert "−80,00 € TTC" in letter
    assert "Un montant précédé du signe moins vous est rendu." in letter
    assert f"{DUE:%d/%m/%Y}" in letter
