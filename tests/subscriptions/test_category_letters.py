"""The letters about a category and about a tariff: each holds the other still, and says what it replaces."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.subscriptions.test_daily import next_tariff
from tests.subscriptions.test_taking_over import after, before  # noqa: F401 - the fixtures of a merger
from tripartite.jobs.daily import do_day
from tripartite.messages.queries import message_list
from tripartite.parties.services.figures import declare_figure
from tripartite.subscriptions.queries.effects import figure_effect
from tripartite.subscriptions.queries.pending import category_candidates
from tripartite.subscriptions.queries.running import cost_reading

WINTER = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
SPRING = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def letters(kind: str) -> list[str]:
    """The texts of the letters of a kind, the oldest first, with plain spaces."""
    found = sorted((one for one in message_list() if one.kind == kind), key=lambda one: one.pk)
    return [one.text.replace("\u00a0", " ").replace("\u202f", " ") for one in found]


def declare(value: int, at: datetime) -> Any:
    return declare_figure(
        body_id=parties.body(quotes.RUITZ).pk,
        measure="population",
        counted="municipale",
        value=value,
        declared_by="Prénom NOM",
        actor=TESTER,
        at=at,
    )


def do(at: datetime) -> None:
    assert [one.failure for one in do_day(on=at.date(), actor=TESTER, at=at) if one.failure] == []


@pytest.fixture
def running() -> Any:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1})
    return parties.body(quotes.RUITZ)


def test_a_letter_about_a_category_holds_the_tariff_still_and_the_reverse(running: Any) -> None:
    """Four mailboxes pass from 20 to 22 €, and the commune to category C, on the same due date."""
    next_tariff()
    declare(2600, WINTER)
    do(WINTER)
    (about_category,) = letters("subscriptions.announce-figures")
    (about_tariff,) = letters("subscriptions.announce-tariff")
    both = cost_reading([running.pk])[running.pk].cost(date(2027, 11, 23)).totals["lfn"]
    said = {"category": amounts_of(about_category), "tariff": amounts_of(about_tariff)}
    assert said["category"][1] - said["category"][0] == 12_800 - 5_100
    assert said["tariff"][1] - said["tariff"][0] == 4 * 200
    assert said["category"][1] == said["tariff"][1] == both


def amounts_of(text: str) -> tuple[int, int]:
    """The yearly amounts of the operator that a letter tells: before, after (cents)."""
    import re  # noqa: PLC0415

    found = re.search(r"La Fibre Numérique 59-62 : ([\d ]+,\d\d) €.*? par an TTC, au lieu de ([\d ]+,\d\d) €", text)
    assert found, text
    will, was = (int(amount.replace(" ", "").replace(",", "")) for amount in found.groups())
    return was, will


def test_a_later_letter_about_the_same_due_date_says_which_it_replaces(running: Any) -> None:
    declare(2600, WINTER)
    do(WINTER)
    declare(5200, SPRING)
    do(SPRING)
    first, second = letters("subscriptions.announce-figures")
    assert "remplace" not in first
    assert "Ce courrier remplace, pour cette échéance, celui du 18/01/2027." in second


def test_a_commune_nouvelle_is_listed_and_told_with_what_its_former_communes_paid(after: Any) -> None:  # noqa: F811
    on = WINTER.date()
    (figure,) = [figure for body_id, figure in category_candidates(on=on) if body_id == after.pk]
    effect = figure_effect(cost_reading([after.pk])[after.pk], figure, on=on)
    assert effect is not None
    assert {(one.name, one.after, one.on) for one in effect.changes} == {
        ("Démarches simplifiées", "C", date(2027, 11, 23))
    }
    (told,) = letters("subscriptions.announce-figures")
    for former in (
        "la commune de Huby-Saint-Leu payait par an : La Fibre Numérique 59-62 106,00 €, CDG 62 75,00 €.",
        "la commune de Marconne payait par an : La Fibre Numérique 59-62 91,00 €, CDG 62 75,00 €.",
    ):
        assert f"Avant leur réunion, {former}" in told
