"""« Demander ces devis »: from the public form to one request, robots kept out without losing what people typed."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import quotes
from tests.web.conftest import errors, part, words
from tripartite.accounts.services.attempts import count_use
from tripartite.journal.queries import entries_about
from tripartite.limits import USUAL, Costly
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.quotes.queries.requests import request_by_reference, request_list
from tripartite.web.shell.robots import TOO_LATE, TOO_SOON, TRAPPED

AT = quotes.AT
CONTACT = {
    "name": "Prénom NOM",
    "function": "Secrétaire générale de mairie",
    "email": "accueil@mairie.exemple.fr",
    "phone": "03 21 00 00 00",
    "note": "Avant le conseil, s'il vous plaît.",
    "website": "",
}
RUITZ = {"siren": "216207274", "messagerie-5go": "4", "nom-de-domaine": "1"}
EPCI = {"siren": "200033579", "demarches-simplifiees": "1", "staff": "180"}
CCAS = {"kind": "ccas", "department": "62", "staff": "4", "demarches-simplifiees": "1"}
NEW_BODY = {"body_name": "CCAS d'Exemple", "siren": "200 039 386", "counted": "agents"}
REFERENCE = "D-2026-00005"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture
def clock():
    """The day of the tests, its hands in our own."""
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def address(asked):
    return f"{reverse('request-quotes')}?{urlencode(asked)}"


def open_form(client, asked=RUITZ):
    """The stamp of the form as the page gives it."""
    answer = client.get(address(asked))
    assert answer.status_code == 200
    return answer.context["form"]["stamp"].value()


def send(client, clock, asked=RUITZ, wait=20, **typed):
    """Open the form, fill it in for `wait` seconds, send it."""
    stamp = typed.pop("stamp", None) or open_form(client, asked)
    clock.shift(timedelta(seconds=wait))
    return client.post(address(asked), {**CONTACT, "stamp": stamp, **typed})


def made():
    return list(request_list())


def test_a_request_is_made_and_its_reference_told(client, clock) -> None:
    answer = send(client, clock)

    told = client.get(answer["Location"])
    assert f"Sa référence : {REFERENCE}" in words(told)
    (one,) = made()
    assert (one.reference, one.beneficiary.name, one.origin, one.state) == (REFERENCE, "Ruitz", "public", "received")
    assert [getattr(one, f"contact_{name}") for name in ("name", "function", "email", "phone")] == [
        CONTACT[name] for name in ("name", "function", "email", "phone")
    ]
    assert one.note == CONTACT["note"]
    assert one.order == {
        "lines": [{"service": "messagerie-5go", "quantity": 4}, {"service": "nom-de-domaine", "quantity": 1}],
        "in_service": [],
    }
    assert [(entry.actor, entry.text) for entry in entries_about("request", one.pk)] == [
        ("public", f"Demande {REFERENCE} reçue (estimateur public)."),
        ("public", f"Courriel gardé, sans serveur de courrier : « Demande {REFERENCE} reçue »"),
    ]


def test_what_was_searched_for_names_the_body_to_declare(client) -> None:
    found = client.get(reverse("estimator"), {"q": "ccas ruitz", "demarches-simplifiees": "1"})
    there = found.context["missing_address"]
    assert there == "/?kind=ccas&department=62&nom=CCAS+de+Ruitz&demarches-simplifiees=1"
    assert 'name="nom" value="CCAS de Ruitz"' in client.get(there).content.decode()
    form = client.get(f"{reverse('request-quotes')}?{there.partition('?')[2]}&staff=4").context["form"]
    assert form["body_name"].value() == "CCAS de Ruitz"


def test_the_address_of_who_asks_is_not_kept_in_clear(client, clock) -> None:
    send(client, clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM accounts_use WHERE purpose = 'request'")
        kept = [who for (who,) in cursor.fetchall()]
    assert sorted(map(len, kept)) == [0, 0, 64, 64]  # all together, and one network, in an hour and in a day
    assert "127.0.0.1" not in repr(kept)


def test_a_reference_is_shown_to_whoever_holds_its_seal_alone(client) -> None:
    assert client.get(reverse("request-received", args=["D-2026-00005"])).status_code == 404


@pytest.mark.both_bases
def test_a_form_sent_twice_makes_one_request(client, clock) -> None:
    stamp = open_form(client)
    first, second = send(client, clock, stamp=stamp), send(client, clock, stamp=stamp)

    assert (first.status_code, second.status_code) == (302, 302)
    assert [REFERENCE in words(client.get(each["Location"])) for each in (first, second)] == [True, True]
    assert len(made()) == 1


@pytest.mark.parametrize("stamp", ["", "0123456789abcdef", "a:b:c", "x" * 300])
def test_a_stamp_that_is_missing_or_forged_is_refused_and_renewed(client, clock, stamp) -> None:
    answer = client.post(address(RUITZ), {**CONTACT, "stamp": stamp})

    assert answer.status_code == 422
    assert made() == []
    renewed = answer.context["form"]["stamp"].value()
    assert send(client, clock, stamp=renewed).status_code == 302


def test_a_missing_stamp_says_what_to_do(client, clock) -> None:
    assert TOO_LATE in errors(client.post(address(RUITZ), CONTACT))


def test_a_form_sent_faster_than_a_person_reads_is_to_be_sent_again(client, clock) -> None:
    answer = send(client, clock, wait=1)

    assert (answer.status_code, made()) == (422, [])
    assert TOO_SOON in errors(answer)
    again = answer.context["form"]["stamp"].value()
    assert send(client, clock, stamp=again, wait=5).status_code == 302


def test_a_page_left_open_for_hours_shows_the_price_again(client, clock) -> None:
    stamp = open_form(client)
    answer = send(client, clock, stamp=stamp, wait=2 * 3600 + 1)

    assert (answer.status_code, made()) == (422, [])
    assert TOO_LATE in errors(answer)
    renewed = answer.context["form"]["stamp"].value()
    assert renewed.split(":")[0] == stamp.split(":")[0]
    assert send(client, clock, stamp=renewed).status_code == 302


def test_a_filled_trap_is_emptied_and_what_was_typed_is_kept(client, clock) -> None:
    answer = send(client, clock, website="https://robot.exemple.fr")

    assert (answer.status_code, made()) == (422, [])
    assert TRAPPED in errors(answer)
    assert "robot.exemple.fr" not in answer.content.decode()
    assert 'value="accueil@mairie.exemple.fr"' in answer.content.decode()


@pytest.mark.both_bases
@pytest.mark.parametrize(("already", "hours_ago", "wait"), [(10, 0, "60 minutes"), (30, 20, "4 heures")])
def test_too_many_requests_from_one_network_are_asked_to_wait(client, clock, already, hours_ago, wait) -> None:
    bounds = USUAL[Costly.REQUEST]
    for _ in range(already):
        count_use(purpose="request", who="127.0.0.1", most=bounds, at=timezone.now())
    clock.shift(timedelta(hours=hours_ago))

    answer = send(client, clock)

    assert answer.status_code == 429
    assert f"Réessayez dans {wait}" in errors(answer)
    assert 'value="accueil@mairie.exemple.fr"' in answer.content.decode()
    assert made() == []
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert send(elsewhere, clock).status_code == 302
    clock.shift(timedelta(hours=25))
    assert send(client, clock).status_code == 302


def test_a_staff_that_was_typed_stays_on_the_request_with_who_declared_it(client, clock) -> None:
    answer = send(client, clock, EPCI, counted="agents")

    assert answer.status_code == 302
    body = body_by_identifier("siren", EPCI["siren"])
    assert [figure for figure in figures_of(body) if figure.measure == "staff"] == []
    assert facts_of(body, on=AT.date()).staff is None
    (one,) = made()
    assert [(figure.value, figure.counted, figure.declared_by) for figure in one.declared_figures.all()] == [
        (180, "agents", "Prénom NOM, Secrétaire générale de mairie")
    ]


def test_what_a_typed_staff_counts_is_asked(client, clock) -> None:
    answer = send(client, clock, EPCI)

    assert (answer.status_code, made()) == (422, [])
    assert "Le nombre d'agents indiqué compte" in errors(answer)
    assert figures_of(body_by_identifier("siren", EPCI["siren"])) == [
        figure for figure in figures_of(body_by_identifier("siren", EPCI["siren"])) if figure.measure == "population"
    ]


def test_a_body_that_the_directory_lacks_is_added_with_its_request(client, clock) -> None:
    answer = send(client, clock, CCAS, **NEW_BODY)

    assert answer.status_code == 302
    body = body_by_identifier("siren", "200039386")
    assert (body.name, body.kind, body.department) == ("CCAS d'Exemple", "ccas", "62")
    assert facts_of(body, on=AT.date()).staff is None
    assert [figure.value for figure in made()[0].declared_figures.all()] == [4]
    assert request_by_reference(REFERENCE).beneficiary_id == body.pk


@pytest.mark.both_bases
def test_a_body_added_twice_by_one_form_is_added_once(client, clock) -> None:
    stamp = open_form(client, CCAS)
    for _ in range(2):
        assert send(client, clock, CCAS, stamp=stamp, **NEW_BODY).status_code == 302
    assert len(made()) == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"siren": "216207274"}, "Déjà dans l'annuaire sous ce SIREN : Ruitz."),
        ({"siren": "123456789"}, "SIREN"),
        ({"body_name": ""}, "Nom de la structure"),
    ],
)
def test_a_body_that_cannot_be_added_is_said_and_nothing_is_written(client, clock, typed, message) -> None:
    answer = send(client, clock, CCAS, **NEW_BODY | typed)

    assert (answer.status_code, made()) == (422, [])
    assert message in errors(answer)
    assert body_by_identifier("siren", "200039386") is None
    assert 'value="accueil@mairie.exemple.fr"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Prénom et nom"),
        ({"function": "  "}, "Fonction"),
        ({"email": "accueil"}, "Adresse électronique"),
        ({"phone": "à l'accueil"}, "Écrivez un numéro de téléphone, par exemple 01 23 45 67 89."),
        ({"phone": "12"}, "Écrivez un numéro de téléphone"),
        ({"note": "x" * 2001}, "2000"),
        ({"name": "a\x00b"}, "Prénom et nom"),
    ],
)
def test_a_refusal_stands_by_its_field_and_keeps_the_rest(client, clock, typed, message) -> None:
    answer = send(client, clock, **{"note": "Un mot <b>gras</b>.", **typed})

    assert (answer.status_code, made()) == (422, [])
    assert message in errors(answer)
    page = answer.content.decode()
    assert "<b>" not in page
    if "note" not in typed:
        assert "Un mot &lt;b&gt;gras&lt;/b&gt;." in page
    kept = next(name for name in ("name", "email") if name not in typed)
    assert f'value="{CONTACT[kept]}"' in page


@pytest.mark.both_bases
@pytest.mark.parametrize(
    ("staff", "message"),
    [
        ("100000001", "Ce nombre est trop grand : 100 000 000 au plus."),
        ("999999999999", "Ce nombre est trop grand : 100 000 000 au plus."),
        ("12,5", "Écrivez un nombre entier en chiffres, par exemple 1200."),
    ],
)
def test_absurd_figures_are_refused_in_words_where_they_are_typed(client, clock, staff, message) -> None:
    absurd = EPCI | {"staff": staff}

    answer = client.get(address(absurd))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("estimator"))
    assert part(client.get(answer["Location"]), "erreur-staff") == message
    assert send(client, clock, absurd, counted="agents", stamp=open_form(client)).status_code == 302
    assert made() == []


@pytest.mark.parametrize("asked", [{}, {"siren": "216207274"}, RUITZ | {"antivirus": "beaucoup"}, {"siren": "1"}])
def test_without_a_price_one_goes_back_to_the_estimator(client, asked) -> None:
    for answer in (client.get(address(asked)), client.post(address(asked), CONTACT)):
        assert answer.status_code == 302
        assert answer["Location"].split("?")[0] == reverse("estimator")
    assert made() == []


def test_a_request_from_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(address(RUITZ), CONTACT)

    assert (answer.status_code, made()) == (403, [])
