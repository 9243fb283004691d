"""The directory's screens: finding a body, adding one that no file lists, completing it, declaring its figures."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.parties.services.issuers import update_issuer

RUITZ = "216207274"
GIVEN = {
    "kind": "ccas",
    "name": "CCAS d'Exemple",
    "siren": "200 039 386",
    "siret": "",
    "department": "62",
    "postal_codes": "62000",
    "address": "1 rue de l'Exemple",
}
FIGURE = {"measure": "staff:agents", "value": "12", "year": "2025", "declared_by": "Prénom NOM, secrétaire"}
HOSTILE = "<script>alert(1)</script>"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(quotes.AT, tick=False) as clock:
        yield clock


@pytest.fixture
def agent(log_in):
    """An agent of the CDG."""
    return log_in()


def address(name, siren=RUITZ):
    return reverse(name, args=[siren])


def find(client, text, **more):
    return client.get(reverse("body-list"), {"q": text, **more})


@pytest.mark.parametrize("text", ["ruitz", "RUITZ", "62620", RUITZ, "216 207 274", "ruits"])
def test_a_body_is_found_as_people_type_it(agent, text) -> None:
    assert "Ruitz" in words(find(agent, text))


def test_nothing_typed_lists_nothing(agent) -> None:
    answer = find(agent, "")
    assert "<table" not in answer.content.decode()
    assert "Aucune structure de ce nom" not in words(answer)


@pytest.mark.parametrize("text", [HOSTILE, "zzyzx", "%", "x" * 5000, "a\x00b", "' OR 1=1 --"])
def test_what_nobody_is_called_is_said(agent, text) -> None:
    answer = find(agent, text)
    assert answer.status_code == 200
    assert HOSTILE not in answer.content.decode()


def test_only_those_who_may_add_are_offered_to(agent, log_in) -> None:
    assert f"{reverse('body-create')}?nom=zzyzx" in find(agent, "zzyzx").content.decode()
    assert reverse("body-create") not in find(log_in(Role.ACCOUNTANT), "zzyzx").content.decode()


def test_the_page_of_a_body(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)

    answer = agent.get(address("body"))

    said = words(answer)
    assert "Commune, SIREN 216 207 274, INSEE 62727" in said.replace("\u00a0", " ")
    assert "1 478 habitants (municipale" in said.replace("\u202f", " ")
    assert "LFN-2026-00012 , CDG62-2026-00047" in said
    assert "Effectif inconnu" in said
    assert address("request", asked.reference) in answer.content.decode()


@pytest.mark.parametrize("siren", ["999999999", "x", "%00", "62727", "9" * 300])
@pytest.mark.parametrize("name", ["body", "body-complete", "body-figure"])
def test_a_body_that_is_not_there_is_not_found(agent, name, siren) -> None:
    path = reverse(name, args=["SIREN"]).replace("SIREN", siren)
    answer = agent.get(path) if name == "body" else agent.post(path, FIGURE)
    assert answer.status_code == 404


def test_a_body_is_added(agent) -> None:
    answer = agent.post(reverse("body-create"), GIVEN, follow=True)

    assert "CCAS d'Exemple est dans l'annuaire." in part(answer, "contenu")
    body = body_by_identifier("siren", "200039386")
    assert (body.kind, body.department, body.postal_codes) == ("ccas", "62", "62000")
    assert "Prénom NOM (CDG 62)" in words(answer)


def test_the_name_that_was_looked_for_is_typed_already(agent) -> None:
    page = agent.get(reverse("body-create"), {"nom": 'CCAS "d\'Exemple"'}).content.decode()
    assert 'value="CCAS &quot;d&#x27;Exemple&quot;"' in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Nom"),
        ({"name": "x" * 201}, "200"),
        ({"kind": "château"}, "Nature"),
        ({"siren": ""}, "Indiquer le SIREN ou le SIRET."),
        ({"siren": "123456789"}, "SIREN"),
        ({"siren": RUITZ}, "Déjà dans l'annuaire sous ce SIREN : Ruitz."),
        ({"siret": "21620727400012"}, "SIRET"),
        ({"department": "999"}, "Écrire le numéro du département, par exemple 01."),
        ({"postal_codes": "6262"}, "Écrire un code postal de cinq chiffres"),
        ({"address": "x" * 501}, "500"),
        ({"name": "a\x00b"}, "Nom"),
    ],
)
def test_a_body_that_cannot_be_is_said_and_the_rest_kept(agent, typed, message) -> None:
    answer = agent.post(reverse("body-create"), GIVEN | {"address": HOSTILE} | typed)

    assert answer.status_code == 422
    assert message in errors(answer)
    assert HOSTILE not in answer.content.decode()
    assert body_by_identifier("siren", "200039386") is None
    if "postal_codes" not in typed:
        assert 'value="62000"' in answer.content.decode()


def test_a_body_is_completed_and_emptied_again(agent) -> None:
    typed = {"siret": "216 207 274 00012", "department": "62", "address": "Mairie\r\n62620 Ruitz"}
    answer = agent.post(address("body-complete"), typed, follow=True)
    assert "C'est enregistré." in part(answer, "contenu")
    assert body_by_identifier("siren", RUITZ).address.splitlines() == ["Mairie", "62620 Ruitz"]

    agent.post(address("body-complete"), {"siret": "", "department": "62", "address": " "})
    body = body_by_identifier("siren", RUITZ)
    assert (body.siret, body.address) == (None, None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"siret": "200 039 386 00038"}, "Ce SIRET n'est pas celui d'un établissement du SIREN 216207274."),
        ({"siret": "216 207 274 00013"}, "SIRET"),
        ({"department": "6"}, "Écrire le numéro du département, par exemple 01."),
    ],
)
def test_what_cannot_be_completed_is_said_and_kept(agent, typed, message) -> None:
    before = body_by_identifier("siren", RUITZ)
    answer = agent.post(address("body-complete"), {"siret": "", "department": "62", "address": "Nouvelle", **typed})

    assert answer.status_code == 422
    assert message in errors(answer)
    assert f'value="{next(iter(typed.values()))}"' in answer.content.decode()
    after = body_by_identifier("siren", RUITZ)
    assert (after.siret, after.address, after.department) == (before.siret, before.address, before.department)


def test_a_figure_is_declared_and_counts_today(agent) -> None:
    answer = agent.post(address("body-figure"), FIGURE, follow=True)

    assert "Chiffre enregistré : il compte à partir d'aujourd'hui." in part(answer, "contenu")
    assert "déclaré par Prénom NOM, secrétaire" in words(answer)
    facts = facts_of(body_by_identifier("siren", RUITZ), on=quotes.AT.date())
    assert (facts.staff, facts.staff_kind) == (12, "agents")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"measure": "staff:chats"}, "Chiffre"),
        ({"measure": "staff"}, "Chiffre"),
        ({"value": ""}, "Valeur"),
        ({"value": "-3"}, "Écrire un nombre entier"),
        ({"value": "1,5"}, "Écrire un nombre entier"),
        ({"value": "999999999999"}, "Ce nombre est trop grand : 100 000 000 au plus."),
        ({"year": "2999"}, "Écrire une année"),
        ({"year": "hier"}, "Écrire une année"),
        ({"declared_by": "  "}, "Déclaré par"),
        ({"declared_by": "x" * 201}, "200"),
    ],
)
def test_a_figure_that_cannot_be_is_said_and_kept(agent, typed, message) -> None:
    before = len(figures_of(body_by_identifier("siren", RUITZ)))

    answer = agent.post(address("body-figure"), FIGURE | typed)

    assert answer.status_code == 422
    assert message in errors(answer)
    assert len(figures_of(body_by_identifier("siren", RUITZ))) == before


def test_an_accountant_reads_and_changes_nothing(log_in) -> None:
    accountant = log_in(Role.ACCOUNTANT)

    page = accountant.get(address("body")).content.decode()
    assert "Déclarer un chiffre" not in page
    assert "Compléter" not in page
    assert accountant.post(address("body-figure"), FIGURE).status_code == 403
    assert accountant.post(address("body-complete"), {"address": "x"}).status_code == 403
    assert accountant.post(reverse("body-create"), GIVEN).status_code == 403
    assert body_by_identifier("siren", "200039386") is None


def test_the_page_says_what_comes_next_to_each_file_whom_to_answer_and_what_happened(agent) -> None:
    waiting, told = quotes.request({"antivirus": 1}), quotes.request({"antivirus": 2})
    quotes.issued(told)
    page = words(agent.get(address("body")))
    coming = page.split("Et maintenant ?")[1].split("Demandes et devis")[0]
    assert f"{waiting.reference} : Chiffrer ce qui doit l'être, puis émettre les devis , par un agent" in coming
    assert f"{told.reference} : Répondre aux devis, valables jusqu'au" in coming
    assert page.count("Dominique ACCUEIL, Secrétaire mairie@exemple.fr 03 21 00 00 01") == 1
    assert f"Demande {waiting.reference} reçue" in page.split("Journal")[1]


def test_a_convention_in_force_is_what_its_body_lives_under(agent) -> None:
    conventions.adopt_texts()
    update_issuer(code="cdg62", changes={"siret": conventions.siret_of("286200019")}, actor=TESTER, at=AT)
    convention = conventions.sent()
    coming = words(agent.get(address("body"))).split("Et maintenant ?")[1].split("Demandes et devis")[0]
    assert f"{convention.number} : Signer la convention , par Prénom NOM" in coming
    assert convention.request.reference not in coming


def test_the_number_of_queries_is_the_same_with_one_and_three_requests(agent, django_assert_max_num_queries) -> None:
    quotes.issued(quotes.request({"antivirus": 1}))
    agent.get(address("body"))
    with django_assert_max_num_queries(25) as queries:
        agent.get(address("body"))
    quotes.issued(quotes.request({"antivirus": 2}))
    quotes.issued(quotes.request({"antivirus": 3}))
    with django_assert_max_num_queries(len(queries)):
        agent.get(address("body"))


def test_the_number_of_queries_is_the_same_with_one_and_three_answers(agent, django_assert_max_num_queries) -> None:
    find(agent, "ruitz")
    with django_assert_max_num_queries(20) as queries:
        find(agent, "ruitz")
    with django_assert_max_num_queries(len(queries)):
        assert find(agent, "saint").content.decode().count('scope="row"') >= 3
