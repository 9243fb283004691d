"""The screens of signature keys: the register, one key, depositing, handing over, renewing, revoking, elections."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.documents.authorities import make
from tests.factories import conventions, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.accounts.services.links import create_access_link
from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.activations import activations_of_request
from tripartite.going_live.queries.keys import key_by_id
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import hand_over_key, replace_key, revoke_key
from tripartite.jobs.queries import job_by_id, units_of
from tripartite.jobs.services.tasks import continue_job
from tripartite.parties.services.issuers import update_issuer
from tripartite.parties.services.mandates import record_mandate
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.answers import Person, accept_quotes

pytestmark = pytest.mark.django_db

ACT = {"actor": TESTER, "at": AT}
SOON = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(AT, tick=False):
        yield


def complete_offer() -> None:
    """What conventions need beyond quotes."""
    update_issuer(code="cdg62", changes={"siret": conventions.siret_of("286200019")}, **ACT)
    conventions.adopt_texts()


def upload(content: bytes, name: str = "cle.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def deposit(client, content: bytes, **more):
    typed = {"holder_name": "Prénom NOM", "holder_function": "Maire", "certificate": upload(content)}
    return client.post(reverse("key-deposit", args=["216207274"]), typed | more)


def test_a_certificate_is_deposited_and_says_the_rest(agent) -> None:
    page = agent.get(reverse("key-deposit", args=["216207274"]))
    assert "La clé privée, elle, ne se dépose jamais." in words(page)
    answer = deposit(agent, keys.file_of())
    (key,) = SignatureKey.objects.all()
    assert answer["Location"] == reverse("key", args=[key.pk])
    shown = words(agent.get(answer["Location"]))
    assert "Clé au registre : elle signe du 02/11/2026 au 01/11/2029 compris." in shown
    assert f"Numéro de série {key.serial}" in shown
    assert "Et maintenant ? Remettre la clé à son titulaire" in shown
    kept = agent.get(reverse("key-certificate", args=[key.pk]))
    assert (kept["Content-Type"], kept["Content-Disposition"]) == (
        "application/pkix-cert",
        f'attachment; filename="cle-{key.pk}-2029-11-01.cer"',
    )


def test_another_name_is_refused_then_kept_with_its_reason_and_an_expired_certificate_said_at_once(agent) -> None:
    content = keys.file_of(date(2022, 11, 2), date(2025, 11, 1), "Autre NOM")
    refused = deposit(agent, content)
    assert refused.status_code == 422
    assert "Le certificat est au nom de « Autre NOM, Organisme d'essai », pas de « Prénom NOM »." in words(refused)

    shown = words(agent.get(deposit(agent, content, holder_reason="Nom de naissance")["Location"]))

    assert "Ce certificat a expiré le 01/11/2025 : cette clé ne signe plus." in shown
    assert "Autre nom que celui du titulaire Nom de naissance" in shown


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"rien", "Ce fichier n'est pas un certificat"),
        (make("Autorité", authority=True).pem, "C'est le certificat d'une autorité"),
        (make("Prénom NOM").pkcs12(), "Ce fichier est un PKCS#12"),
    ],
)
def test_any_other_file_is_refused_at_its_place_and_nothing_is_kept(agent, content, why) -> None:
    answer = deposit(agent, content)
    assert answer.status_code == 422
    assert f"Certificat : {why}" in errors(answer)
    assert SignatureKey.objects.count() == 0


def test_the_same_certificate_is_refused(agent) -> None:
    content = keys.file_of()
    keys.registered(content=content)
    answer = deposit(agent, content)
    assert answer.status_code == 422
    assert "Ce certificat est déjà au registre : clé de Prénom NOM, Maire, Ruitz." in errors(answer)


def test_the_form_offers_what_awaits_a_key_and_who_is_in_office(agent) -> None:
    complete_offer()
    activation = subscriptions.opened({"cle-signature-3-cdg": 1})["cle-signature-3-cdg"]
    page = agent.get(reverse("key-deposit", args=["216207274"]), {"mise-en-service": activation.pk})
    assert "mise en service : Clé de signature, 3 ans, remise au CDG" in words(page)
    form = page.context["form"]
    assert (form["holder_name"].value(), form["holder_function"].value()) == ("Prénom NOM", "Maire")
    deposit(agent, keys.file_of(), stands_for=form["stands_for"].value())
    assert SignatureKey.objects.get().activation_id == activation.pk


def test_a_new_key_can_replace_another_at_once(agent) -> None:
    old = keys.registered()
    deposit(agent, keys.file_of(), replaces=str(old.pk))
    assert key_by_id(old.pk).state == "replaced"
    assert "la clé qui la remplace" in words(agent.get(reverse("key-list")))


def test_a_key_is_handed_over_then_revoked(agent) -> None:
    key = keys.registered()
    answer = agent.post(reverse("key-hand-over", args=[key.pk]), {"on": "2026-11-24", "handing": "cdg"})
    assert answer.status_code == 422
    assert "Ce jour est à venir." in errors(answer)
    agent.post(reverse("key-hand-over", args=[key.pk]), {"on": "2026-11-23", "handing": "site"})
    assert "Remise 23/11/2026, sur site" in words(agent.get(reverse("key", args=[key.pk])))
    answer = agent.post(reverse("key-revoke", args=[key.pk]), {"on": "2026-11-23", "reason": ""})
    assert answer.status_code == 422
    agent.post(reverse("key-revoke", args=[key.pk]), {"on": "2026-11-23", "reason": "perte"})
    shown = words(agent.get(reverse("key", args=[key.pk])))
    assert "Plus rien : cette clé ne signe plus" in shown
    assert "révoquée le 23/11/2026 : perte" in shown


def test_one_click_leads_to_the_file_with_both_quotes(agent) -> None:
    key = keys.registered(last=SOON.replace(year=2027))
    answer = agent.post(reverse("key-renew", args=[key.pk]))
    assert answer["Location"] == reverse("request", args=["D-2026-00005"])
    page = words(agent.get(answer["Location"]))
    assert "LFN-2026-00012" in page
    assert "CDG62-2026-00047" in page
    assert agent.post(reverse("key-renew", args=[key.pk]))["Location"] == answer["Location"]
    assert request_list().count() == 1
    assert "La collectivité répond aux devis du renouvellement" in words(agent.get(reverse("key", args=[key.pk])))


def test_a_renewal_without_a_price_is_told_on_the_page_of_the_key(agent) -> None:
    key = keys.registered(last=date(2036, 11, 1))
    answer = agent.post(reverse("key-renew", args=[key.pk]), follow=True)
    assert "Le tarif du jour n'a pas de clé de signature de 10 ans." in words(answer)


def test_an_accepted_renewal_opens_its_going_live(agent) -> None:
    complete_offer()
    activation = subscriptions.opened({"cle-signature-3-cdg": 1})["cle-signature-3-cdg"]
    key = keys.registered()
    subscriptions.live(activation)
    asked = renew_key(key_id=key.pk, **ACT)
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    accept_quotes(
        request_id=asked.pk,
        person=Person("Prénom NOM", "Maire"),
        way="online",
        answered_on=AT.date(),
        mandate_id=act.pk,
        **ACT,
    )
    page = agent.get(reverse("key", args=[key.pk]))
    assert "Ouvrir la mise en service du renouvellement" in words(page)
    agent.post(reverse("key-open-renewal", args=[key.pk]))
    page = words(agent.get(reverse("key", args=[key.pk])))
    assert "Déposer le certificat de la nouvelle clé, puis la remettre" in page
    (opened,) = activations_of_request(asked.pk)
    page = agent.get(reverse("key", args=[key.pk])).content.decode()
    assert reverse("activation", args=[opened.pk]) in page
    assert f"{reverse('key-deposit', args=['216207274'])}?mise-en-service={opened.pk}" in page


def test_the_register_is_searched_filtered_and_taken_away(agent) -> None:
    ruitz = keys.registered(last=SOON)
    keys.registered(body="62041", name="Autre NOM", function="Adjointe")
    handed = keys.registered(body="62001", first=date(2023, 11, 2), last=date(2026, 11, 1))
    past = words(agent.get(reverse("key-list"), {"file": "expirees"}))
    assert "Ablain-Saint-Nazaire" in past
    assert "Ruitz" not in past
    for query in ({"q": "ruitz maire"}, {"q": ruitz.serial[:12]}, {"file": "expire-30"}, {"epci": "200072460"}):
        page = agent.get(reverse("key-list"), query)
        assert [line.key.pk for line in page.context["lines"]] == [ruitz.pk], query
    tabs = {tab["code"]: tab["count"] for tab in agent.get(reverse("key-list")).context["tabs"]}
    assert tabs == {
        "expire-30": 1,
        "expire-60": 1,
        "expire-90": 1,
        "expirees": 1,
        "a-remettre": 2,
        "titulaire": 0,
    }
    lines = agent.get(reverse("key-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("Ablain-Saint-Nazaire;")
    assert ";expirée;" in lines[1]
    assert str(handed.serial) in lines[1]


def test_what_is_renewed_waits_for_nobody_here(agent) -> None:
    key = keys.registered(first=date(2025, 12, 21), last=SOON)
    renew_key(key_id=key.pk, **ACT)
    tabs = {tab["code"]: tab["count"] for tab in agent.get(reverse("key-list")).context["tabs"]}
    assert (tabs["expire-30"], tabs["expire-90"]) == (0, 0)


@pytest.mark.parametrize("name", ["key-list", "key-campaign"])
def test_queries_of_the_lists_do_not_grow(agent, django_assert_num_queries, name) -> None:
    made = []
    for number, code in enumerate(("62727", "62041", "62001"), start=1):
        made.append(keys.registered(body=code, first=date(2026, 10, 1), last=date(2032, 10, 1)))
        record_mandate(
            body_id=parties.body(code).pk,
            person="Autre NOM",
            function="Maire",
            act="election",
            organ="Conseil municipal",
            adopted_on=date(2026, 11, 20),
            **ACT,
        )
        if number in (1, 3):
            with django_assert_num_queries(12 if name == "key-list" else 4):
                page = agent.get(reverse(name))
            assert len(page.context["lines"]) == number
    if name == "key-list":
        assert "titulaire changé" in words(agent.get(reverse(name)))


def test_a_change_of_holder_is_said_with_what_to_do(agent) -> None:
    key = keys.registered()
    record_mandate(
        body_id=key.body_id,
        person="Autre NOM",
        function="Maire",
        act="election",
        organ="Conseil municipal",
        adopted_on=date(2026, 11, 20),
        **ACT,
    )
    said = "Autre NOM a cette fonction (Maire) depuis le 20/11/2026."
    body = words(agent.get(reverse("body", args=["216207274"])))
    assert f"Prénom NOM, Maire : {said} Que faire de sa clé" in body
    page = words(agent.get(reverse("key", args=[key.pk])))
    assert f"{said} À faire : révoquer cette clé à la fin de fonction" in page
    assert said in words(agent.get(reverse("key-list"), {"file": "titulaire"}))
    agent.post(reverse("key-keep", args=[key.pk]))
    assert said not in words(agent.get(reverse("key", args=[key.pk])))


def test_a_town_hall_sees_its_keys_and_changes_nothing(offer, client) -> None:
    asked = quotes.request()
    quotes.issued(asked)
    keys.registered(last=SOON)
    gone = keys.registered(function="Adjointe")
    revoke_key(key_id=gone.pk, on=AT.date(), reason="perte", **ACT)
    token = create_access_link(request_id=asked.pk, email=asked.contact_email, **ACT)
    client.post(reverse("space-link", args=[token]))
    page = client.get(reverse("space"))
    assert "Maire : signe jusqu'au 20/12/2026 compris (encore 27 jours) fabriquée" in words(page)
    assert "Adjointe" not in words(page)
    assert "/cles/" not in page.content.decode()


def test_what_waits_shows_among_the_requests(agent) -> None:
    assert "Clés à renouveler" not in words(agent.get(reverse("request-list")))
    keys.registered(last=SOON)
    page = agent.get(reverse("request-list"))
    assert "Clés à renouveler 1" in words(page)
    assert 'href="/cles/?file=expire-90"' in page.content.decode()


def test_the_accountant_reads_and_does_nothing(offer, log_in) -> None:
    key = keys.registered()
    accountant = log_in(Role.ACCOUNTANT)
    page = words(accountant.get(reverse("key", args=[key.pk])))
    assert "Numéro de série" in page
    for gone in ("Renouveler : émettre", "Noter la remise", "Noter la révocation", "Déposer le certificat"):
        assert gone not in page
    assert "Préparer les devis" not in words(accountant.get(reverse("key-campaign")))


def test_elections_list_the_keys_whose_holder_may_change(agent) -> None:
    far = date(2032, 10, 1)
    mayor = keys.registered(last=far)
    keys.registered(last=far, function="Secrétaire de mairie")
    keys.registered(body="62041", last=date(2032, 3, 13))
    last_day = keys.registered(body="62001", last=date(2032, 3, 14))
    gone = keys.registered(last=far)
    revoke_key(key_id=gone.pk, on=AT.date(), reason="perte", **ACT)
    page = agent.get(reverse("key-campaign"))
    assert "Élections municipales du 14/03/2032" in words(page)
    assert [line["shown"].key.pk for line in page.context["lines"]] == [last_day.pk, mayor.pk]
    with_staff = agent.get(reverse("key-campaign"), {"agents": "on"})
    assert len(with_staff.context["lines"]) == 3
    assert len(agent.get(reverse("key-campaign"), {"on": "2032-03-13"}).context["lines"]) == 3
    assert len(agent.get(reverse("key-campaign"), {"on": "n'importe quoi"}).context["lines"]) == 2


@pytest.mark.parametrize("everything", [True, False])
def test_the_quotes_are_prepared_in_the_background_each_once(agent, everything) -> None:
    first, last = date(2029, 4, 1), date(2032, 3, 31)
    made = [keys.registered(body=code, first=first, last=last) for code in ("62727", "62041")]
    address = reverse("key-campaign-prepare")
    assert "Choisissez au moins une clé." in words(agent.post(address, follow=True))
    typed = {"all": "1"} if everything else {"key": [str(made[0].pk), "0", "x"]}
    answer = agent.post(address, typed)
    number = int(answer["Location"].rpartition("=")[2])
    job = job_by_id(number)
    assert answer["Location"] == f"{reverse('key-campaign')}?travail={number}"
    expected = 2 if everything else 1
    assert (job.title, job.total) == ("Devis de renouvellement des clés, élections du 14/03/2032", expected)
    assert f"0 sur {expected} faits" in words(agent.get(answer["Location"]))
    continue_job.call(number)
    assert f"{expected} sur {expected} faits 100 % Voir la liste à jour" in words(agent.get(answer["Location"]))
    assert [unit.state for unit in units_of(number)] == ["done"] * expected
    assert request_list().count() == expected
    if everything:
        assert "n'a pas encore de devis" not in words(agent.get(reverse("key-campaign")))
        assert "Choisissez au moins une clé." in words(agent.post(address, {"all": "1"}, follow=True))


def test_a_replaced_key_is_not_in_the_campaign(agent) -> None:
    old, new = keys.registered(last=date(2032, 10, 1)), keys.registered(last=date(2032, 11, 1))
    hand_over_key(key_id=old.pk, on=AT.date(), handing="cdg", **ACT)
    replace_key(key_id=old.pk, by_id=new.pk, on=AT.date(), **ACT)
    assert [line["shown"].key.pk for line in agent.get(reverse("key-campaign")).context["lines"]] == [new.pk]


def test_the_page_of_a_body_lists_its_keys(agent) -> None:
    quotes.request()
    keys.registered(last=SOON)
    assert "Prénom NOM Maire 20/12/2026 encore 27 jours fabriquée" in " ".join(
        part(agent.get(reverse("body", args=["216207274"])), "contenu").split()
    )
