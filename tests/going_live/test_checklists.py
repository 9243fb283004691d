"""Lists of what going live takes: everything wrong is said with its line; the shipped one covers the shipped offer."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.going_live.queries.checklists import (
    BENEFICIARY,
    ChecklistError,
    check_checklist,
    current_checklist,
    read_checklist,
)
from tripartite.going_live.services.checklists import adopt_checklist
from tripartite.journal.queries import entries_about
from tripartite.pricing.grid_reading import read_grid
from tripartite.subscriptions.services.errors import SubscriptionError

(SHIPPED,) = (Path(settings.GRIDS_FOLDER) / "cdg62" / "checklists").glob("*.toml")
SMALL = """format = 1
code = "essai/1"
title = "Essai"

[[service]]
name = "Sauvegarde"
codes = ["sauvegarde"]

[[service.step]]
code = "ouverture"
name = "Ouvrir l'espace"
by = "lfn"

[[service.step]]
code = "essai"
name = "Restaurer un fichier"
by = "beneficiary"
required = false
"""


def found(text: str, *, against: bool = True) -> list[str]:
    """The errors of a text, against the shipped grid."""
    grid = read_grid(tariffs.grid_text()) if against else None
    return [
        finding.text for finding in check_checklist(text, grids=[grid] if grid else []) if finding.severity == "error"
    ]


def changed(old: str, new: str) -> list[str]:
    assert old in SMALL
    return found(SMALL.replace(old, new, 1))


def test_every_service_of_the_shipped_grid_has_steps_by_parties_of_the_offer() -> None:
    grid = read_grid(tariffs.grid_text())
    checklist = read_checklist(SHIPPED.read_text(encoding="utf-8"))
    assert check_checklist(SHIPPED.read_text(encoding="utf-8"), grids=[grid]) == []
    assert set(checklist.steps) == set(grid.services)
    for service in grid.services:
        steps = checklist.of(service)
        assert any(step.required for step in steps), service
        assert {step.by for step in steps} <= {BENEFICIARY, *grid.issuers}, service
        assert len({step.code for step in steps}) == len(steps), service


def test_steps_are_read_in_order_and_required_unless_said_otherwise() -> None:
    opening, trial = read_checklist(SMALL).of("sauvegarde")
    assert (opening.code, opening.by, opening.required) == ("ouverture", "lfn", True)
    assert (trial.code, trial.by, trial.required) == ("essai", BENEFICIARY, False)
    assert read_checklist(SMALL).of("antivirus") == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "erreur, ligne 1, liste › format : écrire format = 1."),
        ('code = "essai/1"\n', "", "erreur, liste › code : champ obligatoire."),
        ('by = "lfn"', 'by = "cdg34"', "erreur, ligne 12, liste › Sauvegarde › ouverture › by : « cdg34 » n'est pas"),
        ('codes = ["sauvegarde"]', 'codes = ["sauvegardes"]', "ligne 7, liste › Sauvegarde › codes : « sauvegardes »"),
        ('codes = ["sauvegarde"]', "codes = []", "ligne 7, liste › Sauvegarde › codes : les codes des services"),
        ('codes = ["sauvegarde"]', "codes = 3", "ligne 7, liste › Sauvegarde › codes : une liste de textes"),
        ("required = false", 'required = "non"', "ligne 18, liste › Sauvegarde › essai › required : écrire true ou"),
        ("required = false", "requierd = false", "ligne 18, liste › Sauvegarde › essai › requierd : champ inconnu."),
        ('code = "essai"\nname', 'code = "ouverture"\nname', "liste › Sauvegarde › step : deux étapes portent le même"),
        ('"sauvegarde"]', '"sauvegarde", "sauvegarde"]', "« sauvegarde » a déjà ses étapes plus haut."),
        ("Ouvrir l'espace", "x" * 301, "liste › Sauvegarde › ouverture › name : trop long"),
        ("essai/1", "e" * 101, "ligne 2, liste › code : trop long"),
        ('code = "essai"\nname', f'code = "{"e" * 61}"\nname', "› code : trop long : 60 signes au plus."),
        ('title = "Essai"', 'title = "Essai', "erreur, ligne 3, fichier : ce n'est pas du TOML valable"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old, new, said) -> None:
    findings = changed(old, new)
    assert any(said in text for text in findings), findings


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "format", "[" * 5000, "service = 3\nformat = 1", 'format = 1\ncode = "a"\ntitle = "b"\nservice = [1]'],
)
def test_what_is_no_list_at_all_is_told_and_nothing_breaks(text) -> None:
    assert found(text) != []
    with pytest.raises(ChecklistError):
        read_checklist(text)


def test_every_finding_comes_at_once_in_the_order_of_the_file() -> None:
    wrong = SMALL.replace('by = "lfn"', 'by = "autre"').replace('codes = ["sauvegarde"]', 'codes = ["inconnu"]')
    assert [text.partition(", liste")[0] for text in found(wrong)] == ["erreur, ligne 7", "erreur, ligne 12"]


def test_without_a_grid_codes_and_parties_are_taken_as_they_are() -> None:
    assert found(SMALL.replace('"lfn"', '"autre"').replace('["sauvegarde"]', '["inconnu"]'), against=False) == []


def test_a_service_without_steps_is_only_to_be_looked_at() -> None:
    findings = check_checklist(SMALL, grids=[read_grid(tariffs.grid_text())])
    assert {finding.severity for finding in findings} == {"warning"}
    assert "antivirus" in {finding.place for finding in findings}


@pytest.mark.django_db
def test_an_adopted_list_serves_later_activations_and_never_changes() -> None:
    subscriptions.conventions.offer()
    first = adopt_checklist(text=SMALL, actor=TESTER, at=AT)
    assert adopt_checklist(text=SMALL, actor=TESTER, at=AT) == first
    with pytest.raises(SubscriptionError, match="La liste essai/1 est adoptée : elle ne change plus"):
        adopt_checklist(text=SMALL.replace("Restaurer", "Rendre"), actor=TESTER, at=AT)
    activation = subscriptions.opened({"sauvegarde": 1})["sauvegarde"]
    assert [step.name for step in activation.steps.all()] == ["Ouvrir l'espace", "Restaurer un fichier"]

    adopt_checklist(text=SMALL.replace("essai/1", "essai/2").replace("Ouvrir", "Créer"), actor=TESTER, at=AT)

    version, checklist = current_checklist("cdg62") or (None, None)
    assert (version.code, checklist.of("sauvegarde")[0].name) == ("essai/2", "Créer l'espace")
    assert subscriptions.reread(activation).steps.first().name == "Ouvrir l'espace"
    assert [entry.text for entry in entries_about("checklist", "essai/1")] == [
        "Liste de mise en service essai/1 adoptée."
    ]


@pytest.mark.django_db
def test_a_list_that_the_grid_in_force_does_not_know_is_not_adopted() -> None:
    subscriptions.conventions.offer()
    with pytest.raises(ChecklistError, match="« autre » n'est pas une partie : écrire « lfn », « cdg62 », « benef"):
        adopt_checklist(text=SMALL.replace('"lfn"', '"autre"'), actor=TESTER, at=AT)
    assert current_checklist("cdg62") is None


@pytest.mark.django_db
def test_each_offer_has_its_own_list_and_a_list_of_none_is_refused() -> None:
    tariffs.adopted_grid()
    own = adopt_checklist(text=SMALL, actor=TESTER, at=AT)  # « essai/1 »: of the only offer, whatever its code
    assert (own.offer, current_checklist("cdg62")[0].code) == ("cdg62", "essai/1")
    tariffs.adopted_alpi()
    certificate = SMALL.replace('codes = ["sauvegarde"]', 'codes = ["certificat-signature"]').replace("lfn", "alpi40")
    other = adopt_checklist(text=certificate.replace("essai/1", "alpi40/1"), actor=TESTER, at=AT)
    assert (other.offer, current_checklist("alpi40")[0].code) == ("alpi40", "alpi40/1")
    assert current_checklist("cdg62")[0].code == "essai/1"
    with pytest.raises(ChecklistError, match="« essai » n'est pas une offre en vigueur"):
        adopt_checklist(text=SMALL.replace("essai/1", "essai/2"), actor=TESTER, at=AT)
