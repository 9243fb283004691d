"""With one offer no screen asks anything more; with two, the estimator asks which only where nothing says it."""

import pytest
from django.urls import reverse

from tests.factories import parties, quotes, tariffs
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import part, words
from tripartite.parties.services.bodies import create_body
from tripartite.quotes.models import Request

RUITZ = "siren=216207274"
CERTIFICATE, BACKUP = "certificat-signature=2", "sauvegarde=1"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]
OPEN_TO = ["Certificat de signature électronique", "Services numériques mutualisés, hors pack Mairie Connectée"]


@pytest.fixture
def two(offer) -> None:
    tariffs.adopted_alpi()


def see(client, query="", **headers):
    return client.get(f"/?{query}", headers=headers)


def test_with_one_offer_nothing_names_it(client) -> None:
    answer = see(client, f"{RUITZ}&{BACKUP}")
    assert "offre" not in answer.content.decode()
    assert answer.context["selection"].query == f"{RUITZ}&{BACKUP}"


@pytest.mark.usefixtures("two")
def test_with_two_the_first_page_asks_which(client) -> None:
    answer = see(client)
    assert (answer.status_code, "Quelle offre ?" in words(answer)) == (200, True)
    assert [one.grid.title for one in answer.context["offered"]] == OPEN_TO
    assert [one.address for one in answer.context["offered"]] == ["/?offre=alpi40", "/?offre=cdg62"]
    chosen = see(client, "offre=alpi40")
    assert "Offre : Certificat de signature électronique" in words(chosen)
    assert 'name="offre" value="alpi40"' in chosen.content.decode()


@pytest.mark.usefixtures("two")
def test_an_address_from_before_still_opens_its_estimate(client) -> None:
    answer = see(client, f"{RUITZ}&{BACKUP}")
    assert answer.context["screen"].estimate.grid == tariffs.GRID
    assert answer.context["selection"].query == f"offre=cdg62&{RUITZ}&{BACKUP}"
    other = see(client, f"{RUITZ}&{CERTIFICATE}")
    assert other.context["screen"].estimate.grid == tariffs.ALPI
    assert "Certificat de signature électronique" in part(other, "estimation")
    live = see(client, f"{RUITZ}&{BACKUP}", **{"HX-Request": "true"})
    assert live["HX-Replace-Url"] == f"/?offre=cdg62&{RUITZ}&{BACKUP}"


@pytest.mark.usefixtures("two")
def test_a_body_is_told_which_offers_its_grid_opens_to_it(client) -> None:
    """A commune of the Landes: the offer of the Pas-de-Calais is not hers, so there is nothing to ask."""
    body = create_body(kind="ccas", name="CCAS d'Essai", siren="264000217", department="40", actor=TESTER, at=AT)
    answer = see(client, f"siren={body.siren}")
    assert answer.context["grid"].code == tariffs.ALPI
    asked = see(client, f"siren={body.siren}&offre=cdg59")
    assert [(one.grid.offer, one.is_open) for one in asked.context["offered"]] == [("alpi40", True), ("cdg62", False)]
    assert "L'offre « cdg59 » n'est pas en vigueur aujourd'hui." in words(asked)
    assert "Cette offre n'est pas ouverte" in words(asked)


@pytest.mark.usefixtures("two")
def test_the_request_of_an_agent_keeps_the_offer_of_its_estimate(log_in) -> None:
    agent = log_in(issuer_code="alpi40")
    address = f"{reverse('request-new')}?offre=alpi40&{RUITZ}&{CERTIFICATE}"
    token = agent.get(address).context["form"]["token"].value()
    agent.post(address, {"token": token, "name": "Prénom NOM"})
    (made,) = Request.objects.all()
    assert made.offer == "alpi40"
    page = agent.get(reverse("request", args=[made.reference]))
    assert "Offre : Certificat de signature électronique" in words(page)
    assert page.context["revise_query"] == f"offre=alpi40&{RUITZ}&certificat-signature=2"
    assert "Émettre le devis" in words(page)
    other = f"{reverse('request-revise', args=[made.reference])}?offre=cdg62&{RUITZ}&{BACKUP}"
    assert agent.get(other)["Location"] == reverse("request", args=[made.reference])


@pytest.mark.both_bases
@pytest.mark.usefixtures("two")
def test_the_lists_are_narrowed_by_offer(agent) -> None:
    quotes.request()
    other = quotes.request({"certificat-signature": 1})
    page = agent.get(reverse("request-list"), {"offre": "alpi40"})
    assert [line["request"].pk for line in page.context["lines"]] == [other.pk]
    rows = agent.get(reverse("request-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.rsplit(";", 1)[1] for row in rows] == ["offre", "alpi40", "cdg62"]


@pytest.mark.usefixtures("two")
def test_the_page_of_a_body_says_which_offers_are_open_to_it(agent) -> None:
    page = agent.get(reverse("body", args=[parties.body().siren]))
    assert [(one.title, one.is_open) for one in page.context["offers"]] == [(title, True) for title in OPEN_TO]
    assert f"/demandes/estimation/?offre=cdg62&amp;{RUITZ}" in page.content.decode()


@pytest.mark.usefixtures("two")
def test_each_offer_has_its_own_tariff_to_read_and_to_take_away(client) -> None:
    assert "Quelle offre ?" in words(client.get("/tarif/"))
    page = client.get("/tarif/?offre=alpi40")
    assert (page.context["grid"].code, [one.code for one in page.context["versions"]]) == (tariffs.ALPI, [tariffs.ALPI])
    file = client.get("/tarif/?offre=alpi40&format=toml")
    assert file.content.decode() == tariffs.alpi_text()
    assert file["Content-Disposition"] == 'attachment; filename="tarif-alpi40-2026-01-01.toml"'


def test_the_page_is_as_many_queries_with_one_offer_and_three(client, django_assert_num_queries) -> None:
    address = f"{RUITZ}&{BACKUP}"
    see(client, address)
    with django_assert_num_queries(6):
        see(client, address)
    tariffs.adopted_alpi()
    tariffs.adopt_text(tariffs.alpi_text("autre/2026"))
    see(client, f"offre=cdg62&{address}")
    with django_assert_num_queries(6):
        see(client, f"offre=cdg62&{address}")
