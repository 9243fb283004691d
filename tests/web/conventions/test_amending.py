"""An amendment asked for from the page of a convention: what is in service, what is to be."""

import pytest
import time_machine
from django.urls import reverse

from tests.conventions.test_lifecycle import signed
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.conventions.services.ending import terminate_convention
from tripartite.quotes.queries.requests import request_list

pytestmark = pytest.mark.django_db
MAIL, BACKUP, NAME, FORMS = "messagerie-5go", "sauvegarde", "nom-de-domaine", "demarches-simplifiees"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


@pytest.fixture
def convention():
    return signed()


def address(convention, reference=""):
    return reverse("convention-amend", args=[convention.pk]) + (f"?demande={reference}" if reference else "")


def typed(**changes):
    return {MAIL: "4", NAME: "1", FORMS: "1"} | {name.replace("_", "-"): value for name, value in changes.items()}


def test_the_form_starts_from_what_is_in_service(agent, convention) -> None:
    page = agent.get(address(convention))
    assert 'name="messagerie-5go" value="4"' in page.content.decode()
    assert "Messagerie, compte 5 Go 4 dans la convention" in words(page)
    assert "Antivirus pas dans la convention" in words(page)


def test_what_is_typed_becomes_a_request_of_the_difference(agent, convention) -> None:
    answer = agent.post(address(convention), typed(messagerie_5go="6", nom_de_domaine="0", sauvegarde="1"), follow=True)

    made = request_list().first()
    assert made.order == {
        "lines": [{"service": MAIL, "quantity": 2}, {"service": BACKUP, "quantity": 1}],
        "in_service": services_in_force(convention).as_lines(),
        "ended": [{"service": NAME, "quantity": 1}],
    }
    assert (made.contact_email, made.note) == ("mairie@exemple.fr", "Avenant à la convention C-2026-00007.")
    page = words(answer)
    assert f"Demande {made.reference} : relisez la différence, puis émettez les devis." in page
    assert "plus rien en service" in page


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, "Rien ne change"),
        ({MAIL: "0", NAME: "0", FORMS: "0"}, "Il ne resterait aucun service : c'est une résiliation"),
        ({MAIL: "-1"}, "Assurez-vous que cette valeur est supérieure ou égale à 0."),
        ({FORMS: "2"}, "Assurez-vous que cette valeur est inférieure ou égale à 1."),
        ({"antivirus": "beaucoup"}, "Saisissez un nombre entier."),
    ],
)
def test_what_makes_no_amendment_is_refused_in_its_form(agent, convention, changes, refusal) -> None:
    before = request_list().count()
    answer = agent.post(address(convention), typed() | changes)
    assert (answer.status_code, refusal in words(answer)) == (422, True)
    assert request_list().count() == before


def test_a_request_of_an_amendment_is_changed_by_the_same_form(agent, convention) -> None:
    agent.post(address(convention), typed(sauvegarde="1"))
    made = request_list().first()
    assert (
        f"{address(convention, made.reference)}"
        in agent.get(reverse("request", args=[made.reference])).content.decode()
    )
    assert 'name="sauvegarde" value="1"' in agent.get(address(convention, made.reference)).content.decode()

    agent.post(address(convention, made.reference), typed(sauvegarde="0", messagerie_5go="3"))

    again = quotes.reread(made)
    assert (again.order["lines"], again.order["ended"]) == ([], [{"service": MAIL, "quantity": 1}])
    refused = agent.post(address(convention, made.reference), typed(sauvegarde="0", messagerie_5go="3"))
    assert "Rien n'a changé" in words(refused)


def test_the_request_of_another_body_is_not_changed_by_it(agent, convention) -> None:
    other = quotes.request(body=quotes.ARRAS)
    assert agent.get(address(convention, other.reference)).status_code == 404
    assert agent.get(address(convention, "D-2020-00001")).status_code == 404


def test_a_convention_whose_end_is_noted_is_not_amended(agent, convention) -> None:
    terminate_convention(
        convention_id=convention.pk,
        received_on=convention.in_force_on,
        party="Ruitz",
        reason="autre choix",
        actor=TESTER,
        at=AT,
    )
    assert "Préparer un avenant" not in words(agent.get(reverse("convention", args=[convention.pk])))
    refused = agent.post(address(convention), typed(sauvegarde="1"), follow=True)
    assert "La fin de cette convention est notée" in words(refused)


def test_the_page_of_the_convention_shows_the_text_in_force(agent, convention) -> None:
    from tests.conventions.test_amendments import amended  # noqa: PLC0415 - its fixtures are its own

    made = amended(convention, {MAIL: 2, BACKUP: 1}, ended={NAME: 1})
    page = words(agent.get(reverse("convention", args=[convention.pk])))
    assert f"Texte en vigueur : la convention, avec l'avenant {made.number}" in page
    agreed = page.split("Ce qui est convenu")[1].split("Ce que disait la convention")[0]
    assert "Messagerie, compte 5 Go 6 comptes" in agreed
    assert "Nom de domaine" not in agreed
    assert "Nom de domaine : arrêté (1 nom de domaine)" in page
    after = words(agent.get(reverse("convention", args=[made.pk])))
    assert "Avenant C-2026-00008, à la convention C-2026-00007" in after
    assert "En service après cet avenant" in after
