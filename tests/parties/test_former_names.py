"""What people still call bodies: former communes, acronyms, establishments that the directory lacks; at every door."""

import pytest
import time_machine
from django.db import transaction

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tests.parties.files import load
from tests.web.conftest import words
from tripartite.cli.main import main
from tripartite.cli.setup import shipped_files
from tripartite.parties.queries.bodies import body_by_identifier, identified
from tripartite.parties.queries.missing import missing_body
from tripartite.parties.queries.movements import formers_of_body
from tripartite.parties.queries.search import search_directory
from tripartite.parties.services.bodies import create_body

MARCONNE = "Marconne (62549), jusqu'au 31/12/2024"
HESDIN = ("Hesdin-la-Forêt", MARCONNE)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _shipped(django_db_setup, django_db_blocker):
    """The offer and the shipped directory, loaded once for these tests and taken away after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        quotes.offer()
        load(*shipped_files("62"), department="62")
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(quotes.AT, tick=False) as clock:
        yield clock


def first(text):
    found = search_directory(text)
    return (found[0].body.name, found[0].through) if found else None


@pytest.mark.parametrize(
    ("typed", "name", "through"),
    [
        ("Marconne", "Hesdin-la-Forêt", MARCONNE),
        ("marcone", "Hesdin-la-Forêt", MARCONNE),
        ("62549", "Hesdin-la-Forêt", MARCONNE),
        ("Huby Saint Leu", "Hesdin-la-Forêt", "Huby-Saint-Leu (62461), jusqu'au 31/12/2024"),
        ("hesdin", "Hesdin-la-Forêt", "Hesdin (62447), jusqu'au 31/12/2024"),
        ("hesdin la foret", "Hesdin-la-Forêt", ""),
        ("62447", "Hesdin-la-Forêt", ""),
        ("labuissiere", "Bruay-la-Buissière", "Labuissière (62482), jusqu'au 08/02/1987"),
        ("canteleux", "Bonnières", "Canteleux (62210), jusqu'au 31/12/2018"),
        ("bonnieres", "Bonnières", ""),
        ("lambres", "Lambres-lez-Aire", "Lambres (62486), jusqu'au 31/12/2025"),
        ("verquigneul", "Verquigneul", ""),
        ("beuvry", "Beuvry", ""),
        ("CAPSO", "CA du Pays de Saint-Omer", ""),
        ("cabbalr", "CA de Béthune-Bruay, Artois-Lys Romane", ""),
        ("CUA", "CU d'Arras", ""),
        ("ca2bm", "CA des Deux Baies en Montreuillois", ""),
        ("cc7v", "CC des 7 Vallées", ""),
    ],
)
def test_what_people_still_call_it_leads_to_it_with_the_day(typed, name, through):
    assert first(typed) == (name, through)


def test_a_commune_says_those_that_it_took_in():
    assert [one.words for one in formers_of_body(body_by_identifier("code_insee", "62447"))] == [
        "Sainte-Austreberthe (62743), jusqu'au 31/12/2024",
        MARCONNE,
        "Huby-Saint-Leu (62461), jusqu'au 31/12/2024",
        "Hesdin (62447), jusqu'au 31/12/2024",
    ]


def test_an_old_code_names_the_commune_of_today():
    found = identified("code_insee", "62549")
    assert (found.body.name, found.through) == HESDIN
    assert identified("code_insee", "62999") is None


def test_an_estimate_for_an_old_code_is_that_of_the_commune_of_today_and_says_so(client):
    order = {"beneficiary": {"code_insee": "62549"}, "lines": [{"service": "nom-de-domaine", "quantity": 1}]}
    answer = client.post("/api/v1/estimates", data=order, content_type="application/json").json()

    assert answer["beneficiary"]["name"] == "Hesdin-la-Forêt"
    assert answer["warnings"][-1] == {
        "code": "former-commune",
        "message": f"{MARCONNE} : la commune est maintenant Hesdin-la-Forêt, dont c'est le prix.",
        "interpretation": None,
    }


def test_the_api_says_by_which_former_commune_a_body_is_found(client):
    found = client.get("/api/v1/bodies", {"q": "marconne"}).json()

    assert [(one["name"], one["found_as"]) for one in found] == [HESDIN, ("Marconnelle", None)]


def test_the_command_line_says_it_too(capsys):
    main(["directory", "search", "62549"])
    assert capsys.readouterr().out == f"934483553  Hesdin-la-Forêt (Commune) 62140  ({MARCONNE})\n"
    assert main(["directory", "search", "ccas bethune"]) == 1
    assert capsys.readouterr().err == "CCAS de Béthune : pas dans l'annuaire (Béthune y est).\n"


def test_the_estimator_shows_the_commune_of_today_before_it_is_chosen(client):
    answer = client.get("/", {"q": "huby saint leu"})

    assert answer.status_code == 200
    assert "Hesdin-la-Forêt Commune · 62140 · a repris Huby-Saint-Leu (62461), jusqu'au 31/12/2024" in words(answer)
    assert client.get("/", {"q": "ruitz"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "name", "parent"),
    [
        ("ccas bethune", "CCAS de Béthune", "Béthune"),
        ("béthune ccas", "CCAS de Béthune", "Béthune"),
        ("CCAS de Le Portel", "CCAS du Portel", "Le Portel"),
        ("centre communal d'action sociale d'Arras", "CCAS d'Arras", "Arras"),
        ("ccas marconne", "CCAS d'Hesdin-la-Forêt", "Hesdin-la-Forêt"),
        ("cias capso", "CIAS de la CA du Pays de Saint-Omer", "CA du Pays de Saint-Omer"),
        ("caisse des écoles lens", "Caisse des écoles de Lens", "Lens"),
    ],
)
def test_an_establishment_that_the_directory_lacks_is_offered_with_what_it_depends_on(typed, name, parent):
    missing = missing_body(typed)
    assert (missing.name, missing.parent.name) == (name, parent)


@pytest.mark.parametrize("typed", ["ccas", "bethune", "ccas zzzzzz", "", "cias ruitz en rien"])
def test_nothing_is_offered_where_nothing_is_named(typed):
    assert missing_body(typed) is None


def test_an_establishment_that_the_directory_has_is_not_offered_again():
    bethune = body_by_identifier("code_insee", "62119")
    given = {"kind": "ccas", "siren": "266209113", "parent_id": bethune.pk}
    create_body(name="CCAS de Béthune", actor=TESTER, at=AT, **given)

    assert missing_body("ccas bethune") is None
    assert first("ccas bethune") == ("CCAS de Béthune", "")


def test_agents_are_not_offered_one_that_a_visitor_declared_and_visitors_are():
    declared = {"kind": "ccas", "siren": "266209113", "declared_by": "Prénom NOM, directrice"}
    create_body(name="CCAS de Béthune", actor=TESTER, at=AT, **declared)

    assert missing_body("ccas bethune", include_declared=True) is None
    assert missing_body("ccas bethune").name == "CCAS de Béthune"


def test_the_estimator_offers_to_price_for_it(client):
    answer = client.get("/", {"q": "ccas bethune"})

    assert "CCAS de Béthune n'est pas dans l'annuaire : estimer pour lui ." in words(answer)
    assert "kind=ccas&amp;department=62" in answer.content.decode()


def test_while_typing_it_is_a_proposal_that_prices_for_it(client):
    answer = client.get("/propositions/", {"q": "ccas bethune", "antivirus": "3"})

    assert words(answer) == "CCAS de Béthune absent de l'annuaire : estimer pour lui"
    option = answer.content.decode()
    assert [part in option for part in ('role="option"', "kind=ccas&amp;department=62", "antivirus=3")] == [True] * 3
