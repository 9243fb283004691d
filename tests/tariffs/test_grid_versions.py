"""The life of a grid: drafted, adopted, superseded, settled; an adopted text never changes."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction

from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import GRID, adopted_grid, grid_text
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.findings import GridError
from tripartite.tariffs.models import GridVersion
from tripartite.tariffs.queries import (
    clashing_versions,
    first_day_of_tariff,
    grid_by_code,
    grid_in_force,
    grid_versions,
    version_by_code,
)
from tripartite.tariffs.services import TariffError, adopt_grid, draft_grid, settle_interpretation, withdraw_draft
from tripartite.tariffs.states import LABELS, TRANSITIONS, GridState

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2024, 3, 26)


def text(code=GRID, *, first=FIRST_DAY, last=None, supersedes=None, body=None):
    """The shipped grid under another code, on other days."""
    found = grid_text().replace(f'code = "{GRID}"', f'code = "{code}"', 1)
    dates = [f"applies_from = {first}"]
    dates += [f"applies_until = {last}"] if last else []
    dates += [f'supersedes = "{supersedes}"'] if supersedes else []
    found = found.replace("applies_from = 2024-03-26", "\n".join(dates), 1)
    return found.replace('body = "Centre de gestion', f'body = "{body}', 1) if body else found


def draft(*given, **named):
    return draft_grid(text=text(*given, **named), actor=TESTER, at=AT)


def adopt(*given, **named):
    return adopt_grid(code=draft(*given, **named).code, actor=TESTER, at=AT)


def settle(reading="lfn", interpretation="I1", first=date(2027, 1, 1), code=GRID):
    return settle_interpretation(
        code=code,
        interpretation=interpretation,
        reading=reading,
        issuer="cdg62",
        author="Prénom NOM",
        decided_on=date(2026, 12, 1),
        applies_from=first,
        reason="Relecture de l'acte.",
        actor=TESTER,
        at=AT,
    )


def told(code=GRID):
    return [(entry.action, entry.text) for entry in entries_about("grid", code)]


def test_a_draft_prices_nothing_but_can_be_read():
    version = draft()

    assert (version.state, version.state_label, version.adopted_at) == ("draft", "projet", None)
    assert version.sha256 == sha256(grid_text().encode()).hexdigest()
    assert grid_in_force(date(2024, 4, 1), offer="cdg62") is None
    assert grid_by_code(GRID).code == GRID
    assert (list(grid_versions()), [item.code for item in grid_versions(drafts=True)]) == ([], [GRID])
    assert told() == [("tariffs.draft", f"Grille {GRID} enregistrée comme projet.")]


def test_a_draft_is_replaced_by_the_next_one_of_its_code():
    draft()
    draft(first=date(2024, 4, 1))
    assert [version.applies_from for version in grid_versions(drafts=True)] == [date(2024, 4, 1)]


def test_a_text_with_errors_is_not_kept():
    with pytest.raises(GridError):
        draft_grid(text='format = 1\ncode = "x"', actor=TESTER, at=AT)
    assert not GridVersion.objects.exists()


def test_adopting_registers_the_issuers_in_their_places():
    version = adopt()

    assert (version.state, version.adopted_at, version.adopted_by) == ("adopted", AT, "essai")
    assert [(issuer.code, issuer.slot) for issuer in issuers()] == [("lfn", 1), ("cdg62", 2)]
    assert told()[-1] == ("tariffs.adopt", f"Grille {GRID} adoptée, applicable à partir du 26/03/2024.")


def test_only_a_draft_is_adopted_and_once():
    with pytest.raises(TariffError, match="Aucun projet"):
        adopt_grid(code=GRID, actor=TESTER, at=AT)
    adopt()
    with pytest.raises(TariffError, match="n'est plus un projet"):
        adopt_grid(code=GRID, actor=TESTER, at=AT)


def test_an_adopted_text_never_changes():
    before = adopt()
    with pytest.raises(TariffError, match="son texte ne change plus"):
        draft(first=date(2024, 5, 1))
    after = version_by_code(GRID)
    assert (after.text, after.sha256, after.applies_from) == (before.text, before.sha256, FIRST_DAY)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 25), None),
        (date(2024, 3, 26), GRID),
        (date(2024, 12, 31), GRID),
        (date(2025, 1, 1), "cdg62/2025"),
        (date(2025, 12, 31), "cdg62/2025"),
        (date(2026, 1, 1), None),
    ],
)
def test_the_grid_in_force_on_the_days_around_a_change(day, expected):
    adopt(last=date(2024, 12, 31))
    adopt("cdg62/2025", first=date(2025, 1, 1), last=date(2025, 12, 31))

    found = grid_in_force(day, offer="cdg62")
    assert (found and found.code) == expected
    assert first_day_of_tariff() == FIRST_DAY


def test_two_versions_may_not_apply_on_the_same_day():
    adopt(last=date(2024, 12, 31))
    draft("cdg62/2025", first=date(2024, 12, 31))
    with pytest.raises(TariffError, match=f"« {GRID} » s'applique aux mêmes jours"):
        adopt_grid(code="cdg62/2025", actor=TESTER, at=AT)
    assert version_by_code("cdg62/2025").state == GridState.DRAFT
    assert clashing_versions(grid_by_code("cdg62/2025")) == [
        f"La grille « {GRID} » s'applique aux mêmes jours : dire supersedes, ou changer les dates."
    ]


def test_a_version_replaced_that_morning_clashes_no_more():
    adopt()
    adopt("cdg62/2025", first=date(2025, 1, 1), supersedes=GRID)
    draft("cdg62/autre", first=date(2025, 1, 1))
    assert clashing_versions(grid_by_code("cdg62/autre")) == [
        "La grille « cdg62/2025 » s'applique aux mêmes jours : dire supersedes, ou changer les dates."
    ]


def test_another_body_may_adopt_for_the_same_days():
    adopt()
    assert clashing_versions(grid_by_code(draft("cdg34/2024", body="Autre centre").code)) == []


def test_a_version_takes_over_from_the_one_that_it_supersedes():
    first = adopt()
    second = adopt("cdg62/2025", first=date(2025, 1, 1), supersedes=GRID)

    assert second.supersedes == first
    assert version_by_code(GRID).replaced_from == date(2025, 1, 1)
    assert grid_in_force(date(2024, 12, 31), offer="cdg62").code == GRID
    assert grid_in_force(date(2025, 1, 1), offer="cdg62").code == "cdg62/2025"


def test_a_version_is_superseded_once():
    adopt()
    adopt("cdg62/2025", first=date(2025, 1, 1), supersedes=GRID)
    draft("cdg62/2026", first=date(2026, 1, 1), supersedes=GRID)
    with pytest.raises(TariffError):
        adopt_grid(code="cdg62/2026", actor=TESTER, at=AT)
    assert version_by_code(GRID).replaced_from == date(2025, 1, 1)


def test_what_was_never_adopted_is_not_superseded():
    draft("cdg62/2025", supersedes="cdg62/1999")
    with pytest.raises(TariffError, match="n'est pas adoptée"):
        adopt_grid(code="cdg62/2025", actor=TESTER, at=AT)


def test_after_the_last_day_of_a_version_the_one_it_superseded_does_not_come_back():
    adopt()
    adopt("cdg62/2025", first=date(2025, 1, 1), last=date(2025, 12, 31), supersedes=GRID)
    assert grid_in_force(date(2026, 1, 1), offer="cdg62") is None


def test_settling_an_interpretation_makes_a_version_from_a_day_on():
    grid = adopted_grid()
    settled = settle()

    assert settled.code != GRID
    assert settled.supersedes.code == GRID
    assert version_by_code(GRID).text == grid_text()
    assert grid_in_force(date(2026, 12, 31), offer="cdg62").code == GRID
    later = grid_in_force(date(2027, 1, 1), offer="cdg62")
    assert later.code == settled.code
    assert (grid.interpretations["I1"].reading, later.interpretations["I1"].reading) == ("cdg62", "lfn")
    assert [action for action, _ in told(settled.code)] == ["tariffs.draft", "tariffs.adopt", "tariffs.settle"]
    assert told(settled.code)[-1][1] == (
        "I1 (Mise en service de la messagerie et de la page internet) réglée « Mises en service facturées par"
        " l'opérateur » par Prénom NOM (CDG 62) le 01/12/2026 : Relecture de l'acte."
    )


def test_a_settled_version_can_be_settled_again():
    adopted_grid()
    again = settle(interpretation="I1", reading="cdg62", first=date(2027, 6, 1), code=settle().code)
    assert grid_in_force(date(2027, 6, 1), offer="cdg62").code == again.code
    assert grid_in_force(date(2027, 6, 1) - timedelta(days=1), offer="cdg62").interpretations["I1"].reading == "lfn"


@pytest.mark.parametrize("wrong", [{"interpretation": "I99"}, {"reading": "personne"}])
def test_a_decision_that_cannot_be_taken_leaves_nothing(wrong):
    adopted_grid()
    with pytest.raises(GridError), transaction.atomic():
        settle(**wrong)
    assert [version.code for version in grid_versions(drafts=True)] == [GRID]


def test_an_unknown_grid_is_not_settled():
    with pytest.raises(TariffError, match="Aucune grille adoptée"):
        settle()


def test_a_draft_is_given_up_and_no_longer_read():
    draft()
    withdraw_draft(code=GRID, actor=TESTER, at=AT)

    assert version_by_code(GRID).state == GridState.WITHDRAWN
    assert grid_by_code(GRID) is None
    assert list(grid_versions(drafts=True)) == []
    assert told()[-1] == ("tariffs.withdraw", f"Projet de grille {GRID} abandonné.")
    with pytest.raises(TariffError, match="Aucun projet"):
        withdraw_draft(code=GRID, actor=TESTER, at=AT)
    assert draft().state == GridState.DRAFT


def test_an_adopted_grid_is_not_given_up():
    adopt()
    with pytest.raises(TariffError, match="Aucun projet"):
        withdraw_draft(code=GRID, actor=TESTER, at=AT)


@pytest.mark.parametrize("columns", [{"applies_until": date(2024, 3, 25)}, {"adopted_at": None}])
def test_the_database_refuses_a_version_that_makes_no_sense(columns):
    adopt()
    with pytest.raises(IntegrityError), transaction.atomic():
        GridVersion.objects.update(**columns)


def test_every_state_has_a_label_and_its_transitions():
    assert set(LABELS) == set(TRANSITIONS) == set(GridState)
    assert all(after in LABELS for afters in TRANSITIONS.values() for after in afters)


def test_the_grid_in_force_asks_one_query_and_reads_its_text_once(django_assert_num_queries):
    adopt()
    grid_in_force(FIRST_DAY, offer="cdg62")
    with django_assert_num_queries(1):
        assert grid_in_force(FIRST_DAY, offer="cdg62").code == GRID
