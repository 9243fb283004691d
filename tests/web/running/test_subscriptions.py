"""The screens of what runs: the list, a body on any day, a subscription and what is done with it, effects."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories import daily, parties, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tests.subscriptions.test_daily import merge, next_tariff
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.cli.main import main
from tripartite.conventions.queries.lasting import last_reachable_day
from tripartite.subscriptions.queries.running import running_on, subscription_by_id, subscriptions_of
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription

DAY = AT.date()
RUITZ = "216207274"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture(autouse=True)
def _offer(_clock: Any) -> None:
    subscriptions.conventions.offer()


@pytest.fixture
def agent(log_in: Any) -> Any:
    return log_in()


def said(answer: Any) -> str:
    """The words of a page, plain spaces."""
    return words(answer).replace("\u00a0", " ").replace("\u202f", " ")


def ordinary() -> dict[str, Any]:
    return subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1})


def services(client: Any, **query: str) -> Any:
    return client.get(reverse("body-services", args=[RUITZ]), query)


def test_a_body_without_services_says_nothing_runs(agent) -> None:
    page = said(services(agent))
    assert "Rien n'est dû par an ce jour-là." in page
    assert "Rien ne tourne." in page
    assert "Ce qui tourne" not in said(agent.get(reverse("body", args=[RUITZ])))


def test_the_page_of_a_body_tells_what_runs_and_leads_to_its_cost(agent) -> None:
    ordinary()
    page = agent.get(reverse("body", args=[RUITZ]))
    text = said(page)
    assert "Messagerie, compte 5 Go 4 comptes 23/11/2026 sans fin notée 23/11/2027" in text
    assert "anniversaire de la mise en service du 23/11/2026" in text
    assert "La Fibre Numérique 59-62 146,00 € , CDG 62 100,00 €" in text
    assert reverse("body-services", args=[RUITZ]) in page.content.decode()
    next_tariff()
    later = said(agent.get(reverse("body", args=[RUITZ])))
    assert "À partir du 23/11/2027 : La Fibre Numérique 59-62 154,00 € , CDG 62 100,00 €" in later


def test_the_cost_of_a_day_is_explained_line_by_line(agent) -> None:
    ordinary()
    text = said(services(agent))
    assert "Coût annuel le 23/11/2026" in text
    assert "4 comptes × 20,00 €" in text
    assert "4 comptes : tranche de 3 à 5 comptes, 50,00 €" in text
    assert "Délibération du conseil d'administration du 26/03/2024" in text
    assert "Prix pris le 23/11/2026, jusqu'à l'échéance du 23/11/2027." in text
    assert "246,00 € en tout" in text


def test_any_day_can_be_asked_for(agent) -> None:
    ordinary()
    next_tariff()
    assert "Coût annuel le 22/11/2026" in said(services(agent, on="2026-11-22"))
    assert "Rien n'est dû" in said(services(agent, on="2026-11-22"))
    after = said(services(agent, on="2027-11-23"))
    assert "4 comptes × 22,00 €" in after
    ahead = said(services(agent))
    assert "Ce qui changera" in ahead
    assert "Le 23/11/2027" in ahead
    assert "146,00 € 154,00 € + 8,00 €" in ahead


def test_what_falls_due_says_where_the_convention_stops(agent, capsys) -> None:
    """The last day that the convention can reach, then the day after: due only if it is renewed."""
    siren, one = RUITZ, ordinary()["messagerie-5go"]
    last = last_reachable_day(one.convention)
    assert last is not None
    told = f"Au-delà du {last:%d/%m/%Y}, dernier jour que la convention {one.convention.number} peut atteindre"
    for until, says in ((last, False), (last + timedelta(days=1), True)):
        window = {"since": last.isoformat(), "until": until.isoformat()}
        page = said(agent.get(reverse("body-due", args=[siren]), window))
        assert ("Rien ne tombe dû ces jours-là." in page, told in page) == (True, says)
        assert main(["due", siren, "--since", window["since"], "--until", window["until"]]) == 0
        assert (told in capsys.readouterr().out) is says


@pytest.mark.parametrize("on", ["hier", "0001-01-01", "9999-12-31", "2027-02-30", "2027-1-1", "\x00"])
def test_what_is_no_day_is_said(agent, on) -> None:
    ordinary()
    answer = services(agent, on=on)
    assert answer.status_code == 200
    assert "Écrivez une date entre 2000 et 2150" in said(answer)


def test_a_body_that_is_not_there_is_not_found(agent) -> None:
    assert agent.get(reverse("body-services", args=["999999999"])).status_code == 404


@pytest.mark.both_bases
def test_the_lines_of_a_day_are_taken_away(agent) -> None:
    ordinary()
    rows = services(agent, format="csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 6
    assert "80,00" in rows[1]


def test_adding_starts_from_what_is_held(agent, client) -> None:
    ordinary()
    page = services(agent).content.decode()
    held = "deja.messagerie-5go=4&deja.nom-de-domaine=1&deja.demarches-simplifiees=1"
    assert f"/?siren=216207274&{held}".replace("&", "&amp;") in page
    answer = agent.get("/", {"siren": RUITZ, "messagerie-5go": "3"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/?siren=216207274&{held}&messagerie-5go=3"
    assert agent.get(answer["Location"]).status_code == 200
    public = client.get("/", {"siren": RUITZ, "messagerie-5go": "3"})
    assert public.status_code == 200
    assert "deja.messagerie-5go=4" not in public.content.decode()


def test_an_agent_who_says_what_is_held_is_left_alone(agent) -> None:
    ordinary()
    assert agent.get("/", {"siren": RUITZ, "messagerie-5go": "3", "deja.messagerie-5go": "1"}).status_code == 200


@pytest.mark.both_bases
def test_the_list_can_be_searched_and_filtered(agent) -> None:
    ordinary()
    subscriptions.running({"messagerie-5go": 2, "cle-signature-3-cdg": 1}, body="62001")
    address = reverse("subscription-list")

    def rows(**query: str) -> list[str]:
        csv = agent.get(address, {**query, "format": "csv"}).content.decode("utf-8-sig").splitlines()[1:]
        return [";".join(row.split(";")[:1] + row.split(";")[3:5]) for row in csv]

    assert len(rows()) == 5
    assert rows(q="ruitz 5 Go") == ["Ruitz;Messagerie, compte 5 Go;4"]
    assert len(rows(service="messagerie-5go")) == 2
    assert len(rows(epci="200072460")) == 3
    assert rows(etat="prepaid") == ["Ablain-Saint-Nazaire;Clé de signature, 3 ans, remise au CDG;1"]
    assert len(rows(mois="11")) == 4
    assert rows(mois="12") == []
    assert len(rows(q="C-2026-00007")) == 3
    assert rows(etat="ended") == []
    assert len(rows(etat="ended", on="2029-11-23")) == 1
    assert rows(q="<script>") == []


@pytest.mark.both_bases
def test_the_list_says_the_yearly_amounts(agent) -> None:
    ordinary()
    text = said(agent.get(reverse("subscription-list")))
    assert "Messagerie, compte 5 Go 4 comptes 23/11/2026 23/11/2027 80,00 € 50,00 €" in text
    csv = agent.get(reverse("subscription-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[1].endswith(";C-2026-00007;23/11/2026;;23/11/2027;80,00;50,00")
    assert agent.get(reverse("subscription-list"), {"format": "xlsx"}).content[:2] == b"PK"


def test_an_issuer_of_another_offer_asks_nothing_rather_than_zero(agent) -> None:
    ordinary()
    tariffs.adopted_alpi()
    assert "23/11/2027 80,00 € 50,00 € —" in said(agent.get(reverse("subscription-list")))
    csv = agent.get(reverse("subscription-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[1].endswith(";23/11/2027;80,00;50,00;")


def test_the_list_asks_as_many_queries_for_three_rows_as_for_one(agent, django_assert_num_queries) -> None:
    subscriptions.running({"messagerie-5go": 4})
    address = reverse("subscription-list")
    agent.get(address)
    with django_assert_num_queries(22):
        agent.get(address)
    for code in ("62001", "62014"):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    with django_assert_num_queries(22):
        assert said(agent.get(address)).count("4 comptes") == 3


def test_a_reduction_is_shown_then_confirmed(agent) -> None:
    one = ordinary()["messagerie-5go"]
    typed = {"removed": "2", "on": "2027-01-01", "reason": "Courrier du 15/12/2026"}
    address = reverse("subscription-reduce", args=[one.pk])

    shown = agent.post(address, typed)

    assert "Ce que cela changera, le 01/01/2027" in said(shown)
    assert "146,00 € 106,00 € −40,00 €" in said(shown)
    assert [each.quantity for each in running_on(one.body_id, on=date(2027, 1, 1)) if each.subscription == one] == [4]

    answer = agent.post(address, typed | {"confirmed": "1"}, follow=True)

    assert "C'est noté." in part(answer, "contenu")
    assert "− 2" in said(answer)
    assert [each.quantity for each in running_on(one.body_id, on=date(2027, 1, 1)) if each.subscription == one] == [2]


def test_an_end_is_shown_then_confirmed_then_corrected(agent) -> None:
    one = ordinary()["nom-de-domaine"]
    typed = {"last_day": "2027-03-31", "reason": "Courrier du maire"}
    shown = agent.post(reverse("subscription-end", args=[one.pk]), typed)
    assert "Ce que cela changera, le 01/04/2027" in said(shown)
    assert "146,00 € 131,00 € −15,00 €" in said(shown)
    assert subscription_by_id(one.pk).ends_on is None
    agent.post(reverse("subscription-end", args=[one.pk]), typed | {"confirmed": "1"})
    assert subscription_by_id(one.pk).ends_on == date(2027, 3, 31)
    page = said(agent.get(reverse("subscription", args=[one.pk])))
    assert "Corriger la fin notée" in page
    corrected = {"last_day": "", "reason": "Le maire a changé d'avis", "confirmed": "1"}
    agent.post(reverse("subscription-correct", args=[one.pk]), corrected)
    assert subscription_by_id(one.pk).ends_on is None


@pytest.mark.parametrize(
    ("ground", "last"),
    [
        ("service-due-date", date(2027, 11, 22)),
        ("increase", date(2027, 11, 22)),
        ("service-stopped", date(2027, 5, 23)),
    ],
)
def test_a_ground_of_the_convention_gives_the_last_day_of_a_service(agent, ground, last) -> None:
    one = ordinary()["nom-de-domaine"]
    typed = {"ground": ground, "received_on": "2026-11-23", "reason": "Courrier du maire"}
    agent.post(reverse("subscription-end", args=[one.pk]), typed | {"confirmed": "1"})
    ended = subscription_by_id(one.pk)
    assert (ended.ends_on, "Courrier du maire" in ended.end_reason) == (last, True)


@pytest.mark.parametrize(
    ("verb", "typed", "message"),
    [
        ("reduce", {"removed": "4", "on": "2027-01-01", "reason": "x"}, "pour tout arrêter, notez la fin du service"),
        ("reduce", {"removed": "9", "on": "2027-01-01", "reason": "x"}, "Il n'en tourne que 4."),
        ("reduce", {"removed": "0", "on": "2027-01-01", "reason": "x"}, "De combien"),
        ("reduce", {"removed": "1e9", "on": "2027-01-01", "reason": "x"}, "De combien"),
        ("reduce", {"removed": "NaN", "on": "2027-01-01", "reason": "x"}, "De combien"),
        ("reduce", {"removed": "1", "on": "2026-01-01", "reason": "x"}, "n'est en service que depuis le 23/11/2026"),
        ("reduce", {"removed": "1", "on": "hier", "reason": "x"}, "À partir du"),
        ("reduce", {"removed": "1", "on": "2027-01-01", "reason": " "}, "Motif"),
        ("end", {"last_day": "2026-01-01", "reason": "x"}, "n'est en service que depuis le 23/11/2026"),
        ("end", {"last_day": "", "reason": "x"}, "Dernier jour"),
        ("end", {"ground": "increase", "reason": "x"}, "Le jour où l'écrit a été reçu décide du dernier jour."),
        ("end", {"ground": "due-date", "received_on": "2026-11-23", "reason": "x"}, "Motif que donne la convention"),
        ("end", {"last_day": "9999-12-31", "reason": "x"}, "Dernier jour"),
        ("correct", {"last_day": "2027-01-01", "reason": "x"}, "Aucune fin n'est notée pour ce service."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(agent, verb, typed, message) -> None:
    one = ordinary()["messagerie-5go"]
    for more in ({}, {"confirmed": "1"}):
        answer = agent.post(reverse(f"subscription-{verb}", args=[one.pk]), typed | more)
        assert answer.status_code == 422
        assert message in errors(answer)
    kept = subscription_by_id(one.pk)
    assert (kept.ends_on, len(kept.changes.all())) == (None, 1)


def test_an_accountant_reads_and_is_offered_nothing(log_in) -> None:
    one = ordinary()["messagerie-5go"]
    page = log_in(Role.ACCOUNTANT).get(reverse("subscription", args=[one.pk]))
    assert page.status_code == 200
    assert "Arrêter le service" not in said(page)


def test_each_body_of_a_merger_shows_its_own_past_and_leads_to_the_other(log_in) -> None:
    ordinary()
    merge("62727", "62001", "2027-01-01", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    later = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    for unit in list(daily.units(later.date())):
        daily.run(unit.key, later.date(), TESTER, later)
    new = parties.body("62001")
    with time_machine.travel(later, tick=False):
        agent = log_in()
        old = services(agent)
        assert "Terminés ce jour-là" in said(old)
        assert f"Messagerie, compte 5 Go , du 23/11/2026 au 31/12/2026 : repris par {new.name}" in said(old)
        assert reverse("body-services", args=[new.siren]) in old.content.decode()
        assert "80,00 €" in said(services(agent, on="2026-12-31"))
        page = agent.get(reverse("body-services", args=[new.siren]))
        assert "gardée depuis Ruitz" in said(page)
        assert reverse("body-services", args=[RUITZ]) in page.content.decode()
        (taken,) = [one for one in subscriptions_of(new.pk) if one.service == "messagerie-5go"]
        assert "Continue Messagerie, compte 5 Go , Ruitz" in said(agent.get(reverse("subscription", args=[taken.pk])))


def test_an_ended_service_says_so_and_offers_nothing(log_in) -> None:
    one = ordinary()["nom-de-domaine"]
    end_subscription(subscription_id=one.pk, last_day=DAY, reason="essai", actor=TESTER, at=AT)
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False):
        agent = log_in()
        page = said(agent.get(reverse("subscription", args=[one.pk])))
        assert "Terminé le 23/11/2026." in page
        assert "Arrêter le service" not in page
        assert agent.get(reverse("subscription", args=[999])).status_code == 404


def test_quantities_are_a_dated_history(agent) -> None:
    from fractions import Fraction  # noqa: PLC0415

    one = ordinary()["messagerie-5go"]
    reduce_subscription(
        subscription_id=one.pk, removed=Fraction(1), on=date(2027, 1, 1), reason="Courrier", actor=TESTER, at=AT
    )
    text = said(agent.get(reverse("subscription", args=[one.pk])))
    assert "01/01/2027 − 1 3 Courrier" in text
    assert "23/11/2026 + 4 4 mise en service" in text
