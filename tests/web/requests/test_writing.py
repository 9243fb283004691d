"""A request typed by an agent, or changed: whom to answer beside the price, and both quotes at once if they can be."""

import re
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.answers import Person, accept_quotes
from tripartite.quotes.services.requests import cancel_request

RUITZ = {"siren": "216207274", "messagerie-5go": "4", "nom-de-domaine": "1", "demarches-simplifiees": "1"}
STORAGE = {"siren": "216207274", "sauvegarde": "1", "stockage-supplementaire": "101"}
EPCI = {"siren": "200033579", "demarches-simplifiees": "1", "staff": "180"}
CONTACT = {"name": "Prénom NOM", "function": "", "email": "", "phone": "", "note": "<b>vu au téléphone</b>"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(quotes.AT, tick=False) as clock:
        yield clock


def address(asked, name="request-new", args=()):
    return f"{reverse(name, args=args)}?{urlencode(asked)}"


def send(client, asked=RUITZ, **typed):
    token = typed.pop("token", None) or client.get(address(asked)).context["form"]["token"].value()
    return client.post(address(asked), {**CONTACT, "token": token, **typed})


def made():
    return list(request_list())


def test_the_form_stands_beside_the_price(agent) -> None:
    answer = agent.get(address(RUITZ))

    assert "Nouvelle demande pour Ruitz" in words(answer)
    assert "196,00 €" in words(answer)
    assert "Créer et émettre les deux devis" in words(answer)


def test_a_request_is_created(agent) -> None:
    answer = send(agent)

    assert answer["Location"] == reverse("request", args=["D-2026-00005"])
    assert "Demande D-2026-00005 enregistrée." in part(agent.get(answer["Location"]), "contenu")
    (one,) = made()
    assert (one.origin, one.created_by, one.note) == ("agent", "Prénom NOM (CDG 62)", "<b>vu au téléphone</b>")
    assert "<b>vu" not in agent.get(answer["Location"]).content.decode()


def test_nothing_is_required_of_somebody_on_the_phone(agent) -> None:
    assert send(agent, **dict.fromkeys(CONTACT, "")).status_code == 302
    assert "Personne n'est nommé." in words(agent.get(reverse("request", args=["D-2026-00005"])))


def test_request_and_both_quotes_in_one_go(agent) -> None:
    answer = agent.get(send(agent, issue="1")["Location"])

    assert "Devis émis : LFN-2026-00012 et CDG62-2026-00047." in part(answer, "contenu")
    assert made()[0].state == "quoted"


@pytest.mark.both_bases
def test_a_form_sent_twice_makes_one_request_and_one_pair_of_quotes(agent) -> None:
    token = agent.get(address(RUITZ)).context["form"]["token"].value()

    answers = [send(agent, token=token, issue="1") for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [reverse("request", args=["D-2026-00005"])] * 2
    assert len(made()) == 1


@pytest.mark.both_bases
def test_the_same_from_two_tabs_is_told_before_another_is_made(agent) -> None:
    first, second = (agent.get(address(RUITZ)).context["form"]["token"].value() for _ in range(2))
    send(agent, token=first)
    told = send(agent, token=second)
    assert (told.status_code, len(made())) == (422, 1)
    assert "La demande D-2026-00005, en cours, demande déjà cela pour cette structure." in errors(told)
    assert reverse("request", args=["D-2026-00005"]) in told.content.decode()
    assert "demande déjà exactement cela" in words(agent.get(address(RUITZ)))

    assert send(agent, token=second, twice="on")["Location"] == reverse("request", args=["D-2026-00006"])
    other = RUITZ | {"messagerie-5go": "5"}
    assert "demande déjà" not in words(agent.get(address(other)))
    assert send(agent, other).status_code == 302


def test_what_is_no_longer_in_hand_is_asked_again_freely(agent) -> None:
    send(agent)
    (one,) = made()
    cancel_request(request_id=one.pk, reason="Erreur", actor=TESTER, at=quotes.AT)
    assert send(agent).status_code == 302
    assert len(made()) == 2


def test_what_waits_for_a_price_is_not_issued_and_then_nothing_is_written(agent) -> None:
    assert "Créer et émettre" not in words(agent.get(address(STORAGE)))

    answer = send(agent, STORAGE, issue="1")

    assert (answer.status_code, made()) == (422, [])
    assert "attendent un prix" in errors(answer)
    assert 'value="Prénom NOM"' in answer.content.decode()
    assert send(agent, STORAGE).status_code == 302
    assert made()[0].reference == "D-2026-00005"


@pytest.mark.parametrize(
    ("typed", "message"),
    [({"email": "accueil"}, "Adresse électronique"), ({"name": "x" * 151}, "150"), ({"note": "a\x00b"}, "Note")],
)
def test_a_contact_that_cannot_be_is_said_and_the_rest_kept(agent, typed, message) -> None:
    answer = send(agent, **typed)

    assert (answer.status_code, made()) == (422, [])
    assert message in errors(answer)
    assert "<b>vu" not in answer.content.decode()


def test_a_figure_typed_on_the_estimator_is_declared_by_whom_the_agent_says(agent) -> None:
    refused = send(agent, EPCI, declared_by="", counted="agents")
    assert (refused.status_code, made()) == (422, [])
    assert "Chiffres déclarés par" in errors(refused)

    assert send(agent, EPCI, declared_by="Prénom NOM, directrice", counted="etp").status_code == 302

    staff = [figure for figure in figures_of(body_by_identifier("siren", EPCI["siren"])) if figure.measure == "staff"]
    assert [(one.value, one.counted, one.declared_by) for one in staff] == [(180, "etp", "Prénom NOM, directrice")]


@pytest.mark.both_bases
@pytest.mark.parametrize(
    ("staff", "message"),
    [
        ("100000001", "Ce nombre est trop grand : 100 000 000 au plus."),
        ("999999999999", "Ce nombre est trop grand : 100 000 000 au plus."),
        ("12,5", "Écrivez un nombre entier en chiffres, par exemple 1200."),
        ("-1", "Écrivez un nombre entier en chiffres, par exemple 1200."),
    ],
)
def test_absurd_figures_are_refused_in_words_where_they_are_typed(agent, staff, message) -> None:
    absurd = EPCI | {"staff": staff}

    answer = agent.get(address(absurd))

    assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, reverse("request-estimate"))
    assert part(agent.get(answer["Location"]), "erreur-staff") == message
    assert send(agent, absurd, declared_by="Prénom NOM", counted="agents", token="un-jeton").status_code == 302
    assert made() == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"siren": "216207274"}, RUITZ | {"antivirus": "trop"}, {"kind": "ccas", "department": "62", "antivirus": "1"}],
)
def test_without_a_body_and_a_price_one_goes_back_to_the_estimator(agent, asked) -> None:
    answer = agent.get(address(asked))
    assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, reverse("request-estimate"))
    assert agent.post(address(asked), CONTACT).status_code == 302
    assert made() == []


def test_an_accountant_creates_nothing(log_in) -> None:
    accountant = log_in(Role.ACCOUNTANT)
    assert accountant.get(address(RUITZ)).status_code == 403
    assert accountant.post(address(RUITZ), {**CONTACT, "token": "x"}).status_code == 403
    assert made() == []


def changing(asked, services):
    return address({"siren": "216207274"} | services, "request-revise", [asked.reference])


def test_the_page_of_a_request_leads_to_changing_it(agent) -> None:
    asked = quotes.request(in_service={"antivirus": 2})
    page = agent.get(reverse("request", args=[asked.reference])).content.decode()
    query = "siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1&deja.antivirus=2"
    assert f"/?demande={asked.reference}&{query}".replace("&", "&amp;") in page
    assert agent.get(f"/?demande={asked.reference}&{query}").status_code == 200


def test_a_request_is_changed_and_its_quotes_stay_until_the_next_version(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)

    assert "Modifier la demande de la commune de Ruitz" in words(agent.get(changing(asked, {"antivirus": 3})))
    answer = agent.post(changing(asked, {"antivirus": 3}), {"reason": ""}, follow=True)

    assert "Demande modifiée : relisez-la, puis émettez la nouvelle version." in part(answer, "contenu")
    assert quotes.reread(asked).order["lines"] == [{"service": "antivirus", "quantity": 3}]
    assert "LFN-2026-00012 (PDF)" in words(answer)


def test_the_same_services_again_need_a_reason(agent) -> None:
    asked = quotes.request({"antivirus": 3})
    refused = agent.post(changing(asked, {"antivirus": 3}), {"reason": " "})
    assert refused.status_code == 422
    assert "Rien n'a changé" in errors(refused)
    assert agent.post(changing(asked, {"antivirus": 3}), {"reason": "Devis expirés."}).status_code == 302


def test_a_cancelled_request_is_not_changed(agent) -> None:
    asked = quotes.request()
    agent.post(reverse("request-cancel", args=[asked.reference]), {"reason": "Projet abandonné."})

    answer = agent.post(changing(asked, {"antivirus": 3}), {"reason": ""}, follow=True)

    assert "Cette demande est annulée : dupliquez-la pour en faire une nouvelle." in words(answer)
    assert quotes.reread(asked).order == asked.order


@pytest.mark.parametrize("services", [{}, {"antivirus": "trop"}, {"siren": "216200410", "antivirus": "1"}])
def test_a_change_without_a_price_or_for_another_body_is_refused_in_words(agent, services) -> None:
    asked = quotes.request()

    answer = agent.post(changing(asked, services), {"reason": "Erreur."}, follow=True)

    assert answer.redirect_chain == [(reverse("request", args=[asked.reference]), 302)]
    assert "Rien n'est modifié : choisissez d'abord des services qui ont un prix pour Ruitz." in part(answer, "contenu")
    assert quotes.reread(asked).order == asked.order


def test_a_request_that_is_not_there_is_not_changed(agent) -> None:
    for reference in ("D-2026-99999", "x"):
        assert agent.get(address(RUITZ, "request-revise", [reference])).status_code == 404


def test_agents_choose_on_a_screen_of_their_own(agent, client) -> None:
    page = agent.get(address(RUITZ, "request-estimate"))
    said = words(page)
    assert "Nouvelle demande pour Ruitz" in said
    assert "Le contact se donne à l'étape suivante" in said
    assert "Deux devis vous seront adressés" not in said
    assert reverse("request-new") in page.content.decode()
    assert f'hx-get="{reverse("request-estimate")}"' in page.content.decode()
    live = agent.get(address(RUITZ, "request-estimate"), headers={"HX-Request": "true"})
    assert urlsplit(live["HX-Replace-Url"]).path == reverse("request-estimate")
    assert client.get(reverse("request-estimate")).status_code == 302
    options = agent.get(reverse("request-options"), {"q": "ruitz"}).content.decode()
    assert f'data-href="{reverse("request-estimate")}?siren=216207274' in options


def test_changing_a_request_says_which(agent) -> None:
    send(agent)
    page = agent.get(address(RUITZ | {"demande": "D-2026-00005"}, "request-estimate"))
    assert "Changer les services de la demande D-2026-00005 Ruitz" in words(page)
    assert "Les devis en cours restent jusqu'à ce qu'une nouvelle version soit émise." in words(page)


def test_an_exact_name_chooses_the_body(agent) -> None:
    found = agent.get(address({"q": "arras"}, "request-estimate"))
    assert (found.status_code, found["Location"]) == (302, f"{reverse('request-estimate')}?siren=216200410")


def seen_of(client, asked):
    return re.search(r'vu=([\w-]+)"', see_request(client, asked))[1]


def see_request(client, asked):
    return client.get(reverse("request", args=[asked.reference])).content.decode()


@pytest.mark.both_bases
def test_two_agents_at_one_request_and_the_second_is_told(agent, log_in) -> None:
    asked = quotes.request()
    other = log_in(issuer_code="lfn")
    seen = seen_of(agent, asked)
    first = changing(asked, {"messagerie-5go": "6", "vu": seen})
    assert other.post(first, {"reason": "", "made_on": _field(other.get(first))}).status_code == 302

    mine = changing(asked, {"messagerie-5go": "4", "nom-de-domaine": "2", "vu": seen})
    page = agent.get(mine)
    assert "Cette demande a changé depuis que vous avez commencé." in words(page)
    assert "4 → 6 comptes" in words(page)
    assert "Ce qui changera" in words(page)
    assert "Repartir de ce qui est demandé maintenant" in words(page)

    stale = agent.post(mine, {"reason": "Deux noms.", "made_on": seen})
    assert stale.status_code == 422
    assert "Ce qui est demandé a changé pendant que vous l'écriviez." in words(stale)
    assert 'value="Deux noms."' in stale.content.decode()
    assert agent.post(mine, {"reason": "Deux noms.", "made_on": _field(stale)}).status_code == 302


def test_an_acceptance_is_undone_only_once_confirmed_and_comes_back(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)
    maire = Person("Prénom NOM", "Maire")
    day, at = quotes.DAY, quotes.AT
    accept_quotes(request_id=asked.pk, person=maire, way="online", answered_on=day, actor=TESTER, at=at)
    more = changing(asked, {"messagerie-5go": "9"})
    assert "Les devis sont acceptés : je modifie" in words(agent.get(more))
    refused = agent.post(more, {"reason": ""})
    assert refused.status_code == 422
    assert "cochez pour confirmer que cet accord ne vaudra plus" in words(refused)
    assert quotes.reread(asked).state == "accepted"

    assert agent.post(more, {"reason": "", "confirmed": "on"}).status_code == 302
    back = changing(asked, {name: str(value) for name, value in quotes.ORDINARY.items()})
    answer = agent.post(back, {"reason": ""}, follow=True)
    assert "ce que disent les devis en main est remis (devis acceptés)" in words(answer)
    assert quotes.reread(asked).state == "accepted"


def _field(answer):
    return re.search(r'name="made_on" value="([\w-]+)"', answer.content.decode())[1]
