"""Noted, billed, then put right the same day: the invoice stays, what it asked too much is credited once."""

from datetime import date
from typing import Any

import pytest

from tests.factories import billing, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.billing.models import CreditNote, Invoice
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.states import Fate
from tripartite.following.services.correcting import put_change_right
from tripartite.subscriptions.services.correcting import Corrected

pytestmark = pytest.mark.django_db
DAY = billing.DAY
NOON = AT.replace(hour=11)


@pytest.fixture
def running() -> Any:
    billing.ready()
    activation = subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]
    return subscriptions.live(activation).subscription


def put_right(running: Any, on: date, quantity: int) -> None:
    """What stands of what runs is put right, the day it was noted."""
    change = running.changes.order_by("-pk").first()
    right = Corrected(on, quantity)
    put_change_right(change_id=change.pk, right=right, reason="relu", actor=TESTER, at=NOON)


def papers() -> list[tuple[str, int]]:
    return [(one.number, one.gross_cents) for kind in (Invoice, CreditNote) for one in kind.objects.order_by("pk")]


def test_before_the_bill_there_is_nothing_to_credit(running: Any) -> None:
    put_right(running, DAY, 4)
    assert [one.gross_cents for one in billing.billed()] == [80_00]
    assert CreditNote.objects.count() == 0


@pytest.mark.parametrize(("issuer", "asked", "right"), [("cdg62", 100_00, 90_00), ("lfn", 100_00, 80_00)])
def test_a_quantity_put_right_after_the_bill_makes_one_credit(
    running: Any, issuer: str, asked: int, right: int
) -> None:
    (invoice,) = billing.billed(issuer)
    put_right(running, DAY, 4)
    (credit,) = billing.billed(issuer)
    assert (invoice.gross_cents, credit.gross_cents, credit.invoice_id) == (asked, asked - right, invoice.pk)
    assert billing.billed(issuer) == []
    assert billing.billed(issuer, until=date(2027, 1, 4)) == []


def test_less_then_more_on_the_same_day_ends_on_what_is_due(running: Any) -> None:
    billing.billed()
    put_right(running, DAY, 3)
    billing.billed()
    put_right(running, DAY, 4)
    billing.billed()
    assert papers() == [("LFN-F-2026-00001", 100_00), ("LFN-F-2026-00002", 20_00), ("LFN-A-2026-00001", 40_00)]
    assert billing.billed() == []


def test_the_rest_gone_live_the_same_day_is_asked_too() -> None:
    billing.ready()
    activation = subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]
    subscriptions.live(activation, quantity=3)
    billing.billed()
    subscriptions.live(activation, quantity=2, at=NOON)
    billing.billed()
    assert papers() == [("LFN-F-2026-00001", 60_00), ("LFN-F-2026-00002", 40_00)]
    assert billing.billed() == []


def test_another_day_gives_back_the_one_and_asks_the_other(running: Any) -> None:
    running.convention.in_force_on = date(2026, 11, 2)
    running.convention.save()
    billing.billed()
    put_right(running, date(2026, 11, 20), 4)
    credit, invoice = billing.billed()
    assert (credit.gross_cents, invoice.gross_cents) == (100_00, 80_00)
    assert "corrigé depuis la facture : 0,00 € au lieu de 100,00 €" in credit.reason.replace("\u00a0", " ")
    assert billing.billed() == []


def test_another_day_alone_comes_to_nothing_and_says_so(running: Any) -> None:
    running.convention.in_force_on = date(2026, 11, 2)
    running.convention.save()
    billing.billed()
    put_right(running, date(2026, 11, 20), 5)
    (one,) = billing.previewed()
    assert (one.fate, [item.amount_cents for item in one.items]) == (Fate.WAIT, [100_00, -100_00])
    (found,) = one.findings
    assert found.words.startswith("Ce qui est dû et ce qui est rendu se compensent : rien n'est à payer")


def test_an_invoice_taken_back_to_be_made_again_asks_what_is_left_due(running: Any) -> None:
    (first,) = billing.billed()
    put_right(running, DAY, 4)
    billing.billed()
    cancel_invoice(invoice_id=first.pk, reason="à refaire", on=DAY, actor=TESTER, at=NOON)
    (again,) = billing.billed()
    assert (again.gross_cents, again.replaces_id) == (80_00, first.pk)
    assert billing.billed() == []
