"""What is in place already is asked where a service is held; one missing figure hides only the prices that need it."""

from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from tests.factories import parties, quotes
from tests.factories.cohort import RUITZ as FORMER
from tests.factories.cohort import brought_in, xlsx
from tests.web.conftest import part, words

AT = quotes.AT
HELD = {"siren": "216207274", "messagerie-5go": "2", "deja.messagerie-5go": "4"}
QUESTION = "Messagerie, compte 5 Go : vous en avez déjà. De ce qui est demandé, combien est déjà en place ?"
UNKNOWN = {"kind": "ccas", "department": "62", "messagerie-5go": "4", "demarches-simplifiees": "1"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def see(client, asked, name="estimator"):
    return client.get(f"{reverse(name)}?{urlencode(asked)}")


def test_the_public_page_asks_it_where_a_service_is_held_and_counts_going_live_until_it_is_said(client) -> None:
    page = see(client, HELD)
    assert QUESTION in words(page)
    assert "2 comptes × 10,00 €" in words(page)
    assert "Demander ces devis" not in words(page)
    assert "Répondre d'abord" in part(page, "totaux")
    refused = client.get(f"{reverse('request-quotes')}?{urlencode(HELD)}")
    assert (refused.status_code, "en-place" in refused["Location"]) == (302, False)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("0", "2 comptes × 10,00 €"),
        ("1", "1 compte × 10,00 € ; 1 compte déjà en place, sans nouvelle mise en service"),
        ("2", "2 comptes déjà en place : la mise en service n'est pas due de nouveau"),
    ],
)
def test_the_answer_is_in_the_price_and_goes_with_the_request(client, answer, told) -> None:
    page = see(client, HELD | {"en-place.messagerie-5go": answer})
    assert QUESTION not in words(page)
    assert told in words(page)
    assert "Demander ces devis" in words(page)
    assert f"en-place.messagerie-5go={answer}" in page.context["address"]


def test_more_in_place_than_is_asked_for_is_said_at_its_field(client) -> None:
    page = see(client, HELD | {"en-place.messagerie-5go": "3"})
    assert "C'est plus que ce qui est demandé." in part(page, "deja-erreur-messagerie-5go")


def test_a_service_that_is_not_held_asks_nothing(client) -> None:
    page = see(client, {"siren": "216207274", "messagerie-5go": "2"})
    assert "combien est déjà en place ? La mise" not in words(page)
    assert "Demander ces devis" in words(page)


def test_an_agent_is_asked_it_about_the_body(agent) -> None:
    told = words(see(agent, HELD, "request-estimate"))
    assert "Messagerie, compte 5 Go : la collectivité en a déjà. De ce qui est demandé" in told


def test_an_agent_is_asked_about_what_a_former_programme_left_and_the_public_is_not_told_it(client, agent) -> None:
    brought_in(xlsx(FORMER))
    asked = {"siren": "216207274", "messagerie-5go": "4"}
    assert "la collectivité en avait déjà" in words(see(agent, asked, "request-estimate"))
    assert "en avait déjà" not in words(see(client, asked))


def test_the_answer_is_kept_on_the_request_and_changed_from_it(agent) -> None:
    asked = {"siren": "216207274", "messagerie-5go": "4", "en-place.messagerie-5go": "3"}
    form = agent.get(f"{reverse('request-new')}?{urlencode(asked)}")
    typed = {"token": form.context["form"]["token"].value(), "name": "", "function": "", "email": "", "phone": ""}
    answer = agent.post(f"{reverse('request-new')}?{urlencode(asked)}", typed, follow=True)
    made = answer.context["asked"]
    assert made.order["set_up"] == [{"service": "messagerie-5go", "quantity": 3}]
    assert "1 compte × 10,00 € ; 3 comptes déjà en place, sans nouvelle mise en service 10,00 €" in words(answer)
    assert answer.context["revise_query"] == urlencode(asked)
    changed = (
        f"{reverse('request-revise', args=[made.reference])}?{urlencode(asked | {'en-place.messagerie-5go': '0'})}"
    )
    page = words(agent.get(changed))
    assert "Déjà en place, Messagerie, compte 5 Go : retiré." in page


def test_one_missing_figure_hides_only_the_prices_that_need_it(client) -> None:
    """A CCAS whose staff nobody said: mailboxes have their price, démarches wait, the totals say what they lack."""
    page = see(client, UNKNOWN)
    told = words(page)
    assert "4 comptes × 20,00 €" in told
    assert "L'effectif de l'établissement n'est pas connu : indiquez le nombre d'agents." in told
    assert "80,00 € hors prix qui attendent le nombre d'agents" in part(page, "totaux")
    assert [figure.name for figure in page.context["figures"]] == ["staff"]
    assert "Demander ces devis" not in told
    whole = words(see(client, UNKNOWN | {"staff": "4"}))
    assert "hors prix" not in whole
    assert "Demander ces devis" in whole


def test_a_request_whose_figure_went_away_still_shows_its_other_prices(agent) -> None:
    asked = quotes.request({"messagerie-5go": 4, "demarches-simplifiees": 1})
    parties.body("62727").figures.all().delete()
    page = words(agent.get(reverse("request", args=[asked.reference])))
    assert "Donner le chiffre qui manque : La population de la collectivité n'est pas connue" in page
    assert "à calculer" in page
    assert "80,00 € hors prix qui attendent le nombre d'habitants" in page
    assert asked.reference in words(agent.get(f"{reverse('request-list')}?file=revoir"))
    refused = words(agent.post(reverse("request-issue", args=[asked.reference]), follow=True))
    assert "Cette demande ne peut pas encore être chiffrée. La population" in refused
