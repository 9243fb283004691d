"""What runs of a département are filled with, for a few communes: the runs themselves are by hand."""

import pytest

from tests.factories import conventions
from tests.scenarios.billing_run import holding
from tests.scenarios.filling import write_holdings
from tripartite.subscriptions.models import QuantityChange, Subscription

pytestmark = pytest.mark.django_db


def test_each_commune_has_its_own_services_since_its_own_day() -> None:
    conventions.offer()
    held = write_holdings(3, holding)
    assert {(one.body_id, one.starts_on) for one in Subscription.objects.filter(service="messagerie-5go")} == {
        (key, one.since) for key, one in held.items()
    }
    boxes = QuantityChange.objects.filter(subscription__service="messagerie-5go")
    assert sum(one.line["quantity"] for one in boxes) == sum(one.boxes + one.more for one in held.values())
