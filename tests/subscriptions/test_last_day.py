"""Nothing costs beyond the last day that a convention can reach: one rule, in memory and in the database."""

from datetime import date, timedelta

import pytest

from tests.factories import conventions, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.cli.main import main
from tripartite.conventions.models import Convention
from tripartite.conventions.services.drafting import set_term
from tripartite.following.queries.deadlines import deadlines
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.days import does_run, last_day_of, runs_on
from tripartite.subscriptions.queries.effects import changes_ahead
from tripartite.subscriptions.queries.pending import subscribers_of
from tripartite.subscriptions.queries.portrait import services_held
from tripartite.subscriptions.queries.running import cost_reading, running_cost, running_on, with_changes
from tripartite.tariffs.queries import running_tariffs

pytestmark = pytest.mark.django_db
LAST = date(2030, 11, 22)
"""Two terms of two years from 23 November 2026."""
NEXT = LAST + timedelta(days=1)


@pytest.fixture
def held():
    """Four mailboxes and a domain under two terms of two years, the second one a tacit renewal."""
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    draft = conventions.drafted(quantities={"messagerie-5go": 4, "nom-de-domaine": 1})
    set_term(convention_id=draft.pk, years=2, tacit_renewals=1, notice_months=3, due_on=None, actor=TESTER, at=AT)
    convention = subscriptions.signed(conventions.read(draft))
    for activation in subscriptions.open_activations(convention_id=convention.pk, actor=TESTER, at=AT):
        subscriptions.live(activation)
    return convention


def test_the_cost_stops_with_the_last_day_that_the_convention_can_reach(held):
    body = parties.body(quotes.RUITZ)
    on_the_last, after = running_cost(body.pk, on=LAST), running_cost(body.pk, on=NEXT)
    assert sum(on_the_last.totals.values()) > 0
    assert on_the_last.if_renewed == ()
    assert {line.due_on for line in on_the_last.lines} == {None}
    assert (after.totals, after.lines, after.complete) == ({}, (), True)
    (stopped,) = after.if_renewed
    assert stopped.text == (
        f"Au-delà du 22/11/2030, dernier jour que la convention {held.number} peut atteindre, rien n'est compté pour"
        " Messagerie, compte 5 Go ; Nom de domaine : seulement si elle est renouvelée."
    )
    assert running_on(body.pk, on=NEXT) == []
    assert not Subscription.objects.filter(runs_on(NEXT)).exists()
    reading = cost_reading([body.pk])[body.pk]
    assert services_held(reading, on=NEXT) == []
    assert {each.why for each in services_held(reading, on=LAST)} == {
        "la convention ne va pas plus loin que le 22/11/2030 : plus d'échéance si elle n'est pas renouvelée"
    }
    assert [change.on for change in changes_ahead(reading, on=LAST - timedelta(days=300))] == []
    days = [one.day for one in deadlines(since=NEXT, until=NEXT + timedelta(days=800), body_id=body.pk)]
    assert days == []


@pytest.mark.parametrize(("first", "concerned"), [(LAST, True), (NEXT, False)])
def test_a_tariff_that_rules_from_after_that_day_concerns_nothing_of_it(held, first, concerned):
    own, taken = 'code = "cdg62/2024-03-26"', 'code = "cdg62/next"\nsupersedes = "cdg62/2024-03-26"'
    text = tariffs.grid_text().replace(own, taken, 1)
    grid = tariffs.adopt_text(text.replace("applies_from = 2024-03-26", f"applies_from = {first}", 1))
    found = subscribers_of(grid, running_tariffs(), on=LAST - timedelta(days=500))
    assert found.count() == (2 if concerned else 0)


def test_the_command_line_says_it_too(held, capsys):
    assert main(["subscription", "cost", parties.body(quotes.RUITZ).siren, "--on", NEXT.isoformat()]) == 0
    said = capsys.readouterr().out
    assert "Au-delà du 22/11/2030, dernier jour que la convention" in said
    assert "Rien n'est dû par an ce jour-là." in said


@pytest.mark.parametrize(
    ("in_force", "years", "renewals"),
    [
        (date(2024, 2, 29), 2, 0),
        (date(2024, 2, 29), 2, 1),
        (date(2024, 2, 29), 4, 1),
        (date(2024, 2, 29), 4, 0),
        (date(2024, 3, 1), 2, 1),
        (date(2024, 1, 1), 3, 2),
        (date(2023, 12, 31), 1, 4),
        (date(2024, 7, 15), 5, 0),
    ],
)
def test_the_database_and_the_row_at_hand_agree_on_every_day(held, in_force, years, renewals):
    Convention.objects.filter(pk=held.pk).update(in_force_on=in_force, years=years, tacit_renewals=renewals)
    for one in with_changes():
        last = last_day_of(one)
        assert last is not None
        Subscription.objects.filter(pk=one.pk).update(starts_on=in_force, anchor_on=in_force)
        one.starts_on = in_force
        days = [last + timedelta(days=gap) for gap in (-366, -32, -2, -1, 0, 1, 2, 32, 366)]
        for day in (*days, date(2028, 2, 29), date(2028, 2, 28), date(2028, 3, 1), date(2026, 3, 1)):
            asked = Subscription.objects.filter(runs_on(day), pk=one.pk).exists()
            assert (day, asked) == (day, does_run(one, on=day))


def test_an_end_on_record_is_the_last_day_and_is_not_told_as_a_renewal(held):
    Convention.objects.filter(pk=held.pk).update(ended_on=date(2027, 5, 31))
    body = parties.body(quotes.RUITZ)
    assert sum(running_cost(body.pk, on=date(2027, 5, 31)).totals.values()) > 0
    after = running_cost(body.pk, on=date(2027, 6, 1))
    assert (after.totals, after.if_renewed) == ({}, ())
