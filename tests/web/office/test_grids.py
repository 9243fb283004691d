"""« Grilles tarifaires »: what adopting a draft will rule is read before it is adopted, by who may."""

import pytest
from django.urls import reverse

from tests.factories import quotes, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import ALPI, GRID, alpi_text, grid_text
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.journal.queries import entries_about
from tripartite.tariffs.queries import version_by_code
from tripartite.tariffs.services import draft_grid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture
def manager(log_in):
    return log_in(Role.MANAGER)


def draft(text=None):
    return draft_grid(text=text or alpi_text(), actor=TESTER, at=AT)


def page(client, code=ALPI):
    return client.get(reverse("grid", args=[code]))


def adopt(client, version):
    return client.post(reverse("grid-adopt", args=[version.code]), {"seen": version.sha256}, follow=True)


def next_text(**changes):
    text = grid_text().replace(f'code = "{GRID}"', 'code = "cdg62/2027"', 1)
    return text.replace("applies_from = 2024-03-26", f'applies_from = 2027-01-01\nsupersedes = "{GRID}"', 1)


def test_the_versions_are_listed_offer_by_offer(manager) -> None:
    draft()
    listed = manager.get(reverse("grid-list"))
    assert [(offer, [one.code for one in found]) for offer, found in listed.context["offers"]] == [
        ("alpi40", [ALPI]),
        ("cdg62", [GRID]),
    ]


def test_a_draft_says_what_it_will_rule_and_is_adopted(manager) -> None:
    quotes.request()
    version = draft(next_text())
    said = words(page(manager, version.code))
    assert f"remplace « {GRID} » à partir du 01/01/2027." in said
    assert "Demandes à chiffrer : 1, à ce tarif pour les devis émis à partir du 01/01/2027." in said
    assert "Grille cdg62/2027 adoptée." in words(adopt(manager, version))
    assert version_by_code(GRID).replaced_from == version.applies_from
    assert [entry.text for entry in entries_about("grid", "cdg62/2027")][-1] == (
        f"Grille cdg62/2027 adoptée, applicable à partir du 01/01/2027, remplace {GRID}."
    )


def test_a_grid_of_others_is_adopted_by_an_administrator_alone(manager, log_in) -> None:
    version, chief = draft(), log_in(Role.ADMINISTRATOR)
    assert "Adopter cette grille" not in words(page(manager))
    assert adopt(manager, version).status_code == 403
    assert "Adopter cette grille" in words(page(chief))
    assert f"Grille {ALPI} adoptée." in words(adopt(chief, version))


def test_a_draft_that_changed_since_it_was_read_is_not_adopted(log_in) -> None:
    manager, version = log_in(Role.ADMINISTRATOR), draft()
    draft(alpi_text().replace("per_unit = 60", "per_unit = 61"))
    assert "a changé depuis que vous l'avez lu" in words(adopt(manager, version))
    assert version_by_code(ALPI).state == "draft"


def test_a_draft_that_overlaps_its_own_offer_says_so_and_has_no_button(manager) -> None:
    version = draft(grid_text().replace(f'code = "{GRID}"', 'code = "cdg62/autre"', 1))
    answer = page(manager, version.code)
    assert f"La grille « {GRID} » s'applique aux mêmes jours" in words(answer)
    assert "Adopter cette grille" not in words(answer)


def test_an_agent_reads_and_does_not_adopt(agent) -> None:
    version = draft()
    assert "Adopter cette grille" not in words(page(agent))
    assert agent.post(reverse("grid-adopt", args=[version.code])).status_code == 403


@pytest.mark.parametrize("code", ["rien/2026", "x\x00y"])
def test_what_is_not_there_is_not_found(manager, code) -> None:
    assert manager.get("/grilles/" + code.replace("\x00", "%00") + "/").status_code == 404


def test_the_list_is_as_many_queries_for_one_version_and_three(manager, django_assert_num_queries) -> None:
    manager.get(reverse("grid-list"))
    with django_assert_num_queries(4):
        manager.get(reverse("grid-list"))
    draft()
    tariffs.adopt_text(alpi_text("autre/2026"))
    with django_assert_num_queries(4):
        manager.get(reverse("grid-list"))
