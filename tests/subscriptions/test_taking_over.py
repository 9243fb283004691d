"""Hesdin-la-Forêt takes in Huby-Saint-Leu, Marconne and Sainte-Austreberthe: what they had goes on with it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import TESTER
from tests.parties.files import commune, load, raw, written
from tests.parties.test_import_departures import AUSTREBERTHE, FORMER, HESDIN, HUBY, MARCONNE, MOVEMENTS, OTHERS
from tripartite.journal.queries import entries_about
from tripartite.parties.queries import body_by_identifier, merged_bodies
from tripartite.subscriptions.queries import running_cost, running_on, subscriptions_of
from tripartite.subscriptions.services import SubscriptionError, daily, take_over_subscription

EVE, FIRST, DUE = date(2026, 12, 31), date(2027, 1, 1), date(2027, 11, 23)
KNOWN = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
MOVED = MOVEMENTS.replace("2025-01-01", "2027-01-01")
pytestmark = pytest.mark.django_db


@pytest.fixture
def before() -> dict[str, Any]:
    """The former communes with their services: mailboxes and démarches at Huby and at Marconne, a name at the third."""
    subscriptions.conventions.offer()
    load(written(*OTHERS, *FORMER.values()), accept_removals=True)
    subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1}, body=HUBY)
    subscriptions.running({"messagerie-5go": 2, "demarches-simplifiees": 1}, body=MARCONNE)
    subscriptions.running({"nom-de-domaine": 1}, body=AUSTREBERTHE)
    return {code: body_by_identifier("siren", line["siren"]) for code, line in FORMER.items()}


@pytest.fixture
def after(before: dict[str, Any]) -> Any:
    """The new commune, once the directory knows it and the day has done its work."""
    load(written(*OTHERS, commune(HESDIN)), at=KNOWN, movements=raw(MOVED, "mouvements.csv"), accept_removals=True)
    for unit in list(daily.units(KNOWN.date())):
        daily.run(unit.key, KNOWN.date(), TESTER, KNOWN)
    return body_by_identifier("code_insee", HESDIN)


def test_the_new_commune_has_all_of_it_from_its_first_day(before: dict[str, Any], after: Any) -> None:
    assert {body.pk for body in merged_bodies(after)} == {body.pk for body in before.values()}
    held = sorted((one.subscription.service, one.quantity, one.due_on) for one in running_on(after.pk, on=FIRST))
    assert held == [
        ("demarches-simplifiees", 1, DUE),
        ("messagerie-5go", 2, DUE),
        ("messagerie-5go", 4, DUE),
        ("nom-de-domaine", 1, DUE),
    ]
    assert running_on(after.pk, on=EVE) == []
    assert list(daily.units(KNOWN.date())) == []


def test_what_each_paid_is_still_read_on_its_own_page(before: dict[str, Any], after: Any) -> None:
    eve = {code: running_cost(body.pk, on=EVE).totals for code, body in before.items() if code != HESDIN}
    assert eve == {
        HUBY: {"lfn": 8000 + 2600, "cdg62": 5000 + 2500},
        MARCONNE: {"lfn": 4000 + 5100, "cdg62": 2500 + 5000},
        AUSTREBERTHE: {"lfn": 1500, "cdg62": 0},
    }
    assert [running_cost(body.pk, on=FIRST).totals for body in before.values()] == [{}, {}, {}, {}]
    assert [one.ends_on for one in subscriptions_of(before[HUBY].pk)] == [EVE, EVE]


def test_prices_stay_until_the_due_date_then_the_figures_of_the_new_commune_count(after: Any) -> None:
    """4 480 inhabitants: category C. The démarches of Huby (category A) go on; those of Marconne would be a second."""
    kept = {"lfn": 6 * 2000 + 2600 + 1500, "cdg62": 10_000 + 2500}
    assert running_cost(after.pk, on=FIRST).totals == kept
    assert running_cost(after.pk, on=date(2027, 11, 22)).totals == kept
    assert running_cost(after.pk, on=DUE).totals == {"lfn": 6 * 2000 + 12_800 + 1500, "cdg62": 10_000 + 10_000}


def test_what_is_held_once_ends_where_it_would_be_a_second(before: dict[str, Any], after: Any) -> None:
    ends = {
        one.body_id: one.end_reason
        for body in (before[HUBY], before[MARCONNE])
        for one in subscriptions_of(body.pk)
        if one.service == "demarches-simplifiees"
    }
    assert ends == {
        before[HUBY].pk: "repris par Hesdin-la-Forêt",
        before[MARCONNE].pk: "déjà en service à Hesdin-la-Forêt",
    }


def test_the_file_of_each_convention_tells_it(before: dict[str, Any], after: Any) -> None:
    (one,) = [each for each in subscriptions_of(after.pk) if each.service == "nom-de-domaine"]
    said = entries_about("request", one.convention.request_id).filter(action="subscriptions.take-over")
    assert [entry.text for entry in said] == [
        "Nom de domaine : Sainte-Austreberthe devient Hesdin-la-Forêt le 01/01/2027, le service continue."
    ]
    assert one.continues is not None
    assert one.continues.body == before[AUSTREBERTHE]


def test_nothing_is_taken_over_from_a_body_that_goes_on(before: dict[str, Any]) -> None:
    one = subscriptions_of(before[HUBY].pk)[0]
    with pytest.raises(SubscriptionError, match="n'a pas été réunie"):
        take_over_subscription(subscription_id=one.pk, on=FIRST, actor=TESTER, at=KNOWN)
