"""The agenda and the interventions of a body: seen, noted, planned, moved, cancelled, taken away, subscribed to."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.factories import accounts, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tripartite.following.queries.interventions import due_charges_of, intervention_list
from tripartite.following.services.interventions import Subject, plan_intervention

SIREN = "216207274"
NEXT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def convened(db):
    subscriptions.conventions.offer()


def somebody(**more):
    one, client = accounts.account(**({"issuer_code": "cdg62"} | more)), Client()
    client.force_login(one)
    return one, client


def planned(one, **more):
    values = {"subject": Subject(parties.body().pk, "help", one.pk, "antivirus"), "planned_at": NEXT, "minutes": 90}
    return plan_intervention(**(values | more), actor=TESTER, at=AT)


def test_one_own_week_comes_first(convened) -> None:
    one, client = somebody(name="Zoé NOM")
    other = accounts.account(issuer_code="lfn", name="Autre NOM")
    planned(one)
    planned(other)
    page = words(client.get(reverse("agenda")))
    assert "Semaine du 23/11/2026 au 29/11/2026, celle-ci" in page
    assert page.index("Moi, Zoé NOM") < page.index("Autre NOM La Fibre")
    assert "9 h 30" in page
    assert "Ruitz , assistance (Antivirus)" in page
    assert "Rien cette semaine" in words(client.get(reverse("agenda"), {"semaine": "2026-W49"}))
    assert "Semaine du 23/11/2026" in words(client.get(reverse("agenda"), {"semaine": "2026-W99"}))


def test_the_agenda_is_narrowed_and_taken_away(convened) -> None:
    one, client = somebody()
    planned(one)
    assert "Rien cette semaine" in words(client.get(reverse("agenda"), {"q": "Béthune"}))
    answer = client.get(reverse("agenda"), {"agent": one.pk, "service": "antivirus", "format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[1][1:9] == ("09:30", "Ruitz", SIREN, "assistance", "Antivirus", "Prénom NOM", "CDG 62", "prévue")


def test_an_intervention_done_is_noted_from_the_page_of_the_body(convened) -> None:
    subscriptions.running({"antivirus": 4})
    one, client = somebody()
    page = words(client.get(reverse("body-interventions", args=[SIREN])))
    assert "100,00 € TTC, une fois, si elle naît d'une intervention" in page
    typed = {"kind": "help", "service": "antivirus", "done_on": "2026-11-23", "minutes": 45, "agent": one.pk}
    answer = client.post(reverse("intervention-note", args=[SIREN]), typed | {"charged": "on"}, follow=True)
    assert "Intervention notée. Mise en service par le CDG, CDG 62 : 100,00 € TTC dus une fois" in words(answer)
    assert [charge.amount_cents for charge in due_charges_of(parties.body().pk)] == [10_000]
    page = words(client.get(reverse("body-interventions", args=[SIREN])))
    assert "rien de plus à payer, déjà due depuis l'intervention du 23/11/2026" in page
    assert "45 min" in words(client.get(reverse("body", args=[SIREN])))


def test_a_price_on_request_is_given_by_its_own_issuer_alone(convened) -> None:
    subscriptions.running({"antivirus": 21})
    typed = {"kind": "help", "service": "antivirus", "done_on": "2026-11-23", "minutes": 45, "charged": "on"}
    priced = {"amount": "450,00", "reason": "Devis fait."}
    theirs, operator = somebody(issuer_code="lfn")
    refused = operator.post(reverse("intervention-note", args=[SIREN]), typed | priced | {"agent": theirs.pk})
    assert refused.status_code == 422
    assert "seul un agent de cet organisme la rend due" in words(refused)
    assert "Montant TTC" not in words(refused)
    one, client = somebody()
    client.post(reverse("intervention-note", args=[SIREN]), typed | priced | {"agent": one.pk})
    (charge,) = due_charges_of(parties.body().pk)
    assert (charge.amount_cents, charge.on_request_reason) == (45_000, "Devis fait.")


def test_its_day_lies_within_the_service_and_another_issuer_corrects_nothing(convened) -> None:
    subscriptions.running({"antivirus": 4})
    (one, client), (_, operator) = somebody(), somebody(issuer_code="lfn")
    typed = {"kind": "help", "service": "antivirus", "done_on": "2026-11-22", "minutes": 45, "charged": "on"}
    note = reverse("intervention-note", args=[SIREN])
    refused = client.post(note, typed | {"agent": one.pk})
    assert (refused.status_code, due_charges_of(parties.body().pk)) == (422, [])
    assert "n'est pas en service ce jour-là : rien n'est dû" in words(refused)

    client.post(note, typed | {"agent": one.pk, "done_on": "2026-11-23"})
    assert "Mise en service par le CDG" in words(client.get(reverse("body-due", args=[SIREN])))
    (charge,) = due_charges_of(parties.body().pk)
    changed = {"done_on": "2026-11-23", "minutes": "30", "note": "", "charged": "on", "why": "durée"}
    refused = operator.post(reverse("intervention-correct", args=[charge.intervention_id]), changed)
    assert refused.status_code == 422
    assert "seul un agent de cet organisme l'annule" in words(refused)


def test_from_a_file_the_intervention_is_on_that_file(convened) -> None:
    asked = quotes.request()
    one, client = somebody()
    typed = {"kind": "meeting", "day": "2026-11-25", "hour": "14:00", "minutes": 30, "agent": one.pk}
    answer = client.post(reverse("intervention-plan", args=[SIREN]), typed | {"demande": asked.reference}, follow=True)
    assert "Intervention planifiée" in words(answer)
    assert answer.redirect_chain[-1][0] == reverse("request", args=[asked.reference])
    made = intervention_list().get()
    assert (made.request_id, made.planned_at) == (asked.pk, datetime(2026, 11, 25, 13, 0, tzinfo=UTC))


def test_a_planned_one_says_before_it_is_done_what_it_would_make_due(convened) -> None:
    subscriptions.running({"antivirus": 4})
    one, client = somebody()
    made = planned(one)
    page = words(client.get(reverse("intervention", args=[made.pk])))
    assert "« Mise en service par le CDG » : 100,00 € TTC, une fois, si elle naît d'une intervention" in page


def test_a_planned_one_is_moved_done_or_cancelled(convened) -> None:
    one, client = somebody()
    made = planned(one)
    there = {"day": "2026-11-26", "hour": "10:00", "minutes": 60, "place": "Mairie", "agent": one.pk}
    assert "déplacée" in words(client.post(reverse("intervention-move", args=[made.pk]), there, follow=True))
    past = there | {"day": "2026-11-20"}
    refused = client.post(reverse("intervention-move", args=[made.pk]), past)
    assert (refused.status_code, "Ce moment est passé" in words(refused)) == (422, True)
    assert client.post(reverse("intervention-cancel", args=[made.pk]), {"reason": ""}).status_code == 422
    done = {"done_on": "2026-11-23", "minutes": 50, "note": "Fait."}
    assert "Intervention notée" in words(client.post(reverse("intervention-done", args=[made.pk]), done, follow=True))
    other = planned(one)
    answer = client.post(reverse("intervention-cancel", args=[other.pk]), {"reason": "Fermé"}, follow=True)
    assert "Annulée : Fermé" in words(answer)
    assert client.get(reverse("intervention", args=[9999])).status_code == 404


def test_the_time_spent_is_shown_and_taken_away(convened) -> None:
    one, client = somebody()
    typed = {"kind": "help", "service": "antivirus", "done_on": "2026-11-23", "agent": one.pk}
    for minutes in (45, 60):
        client.post(reverse("intervention-note", args=[SIREN]), typed | {"minutes": minutes})
    page = words(client.get(reverse("agenda-time")))
    assert "Antivirus 2 1 h 45" in page
    answer = client.get(reverse("agenda-time"), {"since": "2026-11-01", "until": "2026-11-30", "format": "csv"})
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "Antivirus;;2;105"
    assert client.get(reverse("agenda-time"), {"since": "hier"}).status_code == 422


def test_a_feed_is_made_shown_once_read_without_log_in_changed_and_revoked(convened) -> None:
    one, client = somebody()
    made = planned(one)
    shown = words_of_address(client.post(reverse("feed-make", args=["agenda"])))
    assert shown.startswith("http://127.0.0.1:8000/calendriers/")
    path, nobody = shown.removeprefix("http://127.0.0.1:8000"), Client()
    answer = nobody.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.decoded("dtstart"), str(event["url"])) == (
        NEXT,
        f"http://127.0.0.1:8000/interventions/{made.pk}/",
    )
    assert nobody.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "calendriers" not in client.get(reverse("agenda")).content.decode().replace("/calendriers/agenda/", "")
    client.post(reverse("feed-make", args=["agenda"]))
    assert nobody.get(path).status_code == 404
    assert "révoquée" in words(client.post(reverse("feed-revoke", args=["agenda"]), follow=True))
    assert nobody.post(path).status_code == 405


@pytest.mark.parametrize("kind", ["agenda", "deadlines"])
@pytest.mark.parametrize("count", [1, 3])
def test_an_unchanged_feed_is_answered_without_being_made_again(kind, count, django_assert_num_queries) -> None:
    _, path, nobody = fed(kind, count)
    tag = nobody.get(path)["ETag"]
    with django_assert_num_queries(4):  # two that count who reads, whose it is, what the journal is
        again = nobody.get(path, headers={"If-None-Match": f'W/"other", {tag}'})
    assert (again.status_code, again["ETag"], again.content) == (304, tag, b"")
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        morrow = nobody.get(path, headers={"If-None-Match": tag})
    assert morrow["ETag"].split(".")[0] != tag.split(".")[0]


def test_an_act_makes_a_feed_anew_and_changes_its_tag_alone_where_it_says_the_same() -> None:
    one, path, nobody = fed("agenda", 1)
    first = nobody.get(path)["ETag"]
    other, _ = somebody()
    planned(other)
    same = nobody.get(path, headers={"If-None-Match": first})
    assert (same.status_code, same["ETag"] == first, same["ETag"].split(".")[1]) == (304, False, first.split(".")[1])
    planned(one, planned_at=NEXT + timedelta(days=1))
    changed = nobody.get(path, headers={"If-None-Match": same["ETag"]})
    assert (changed.status_code, changed.content.count(b"BEGIN:VEVENT")) == (200, 2)
    assert nobody.get(path, headers={"If-None-Match": same["ETag"]}).status_code == 200


def fed(kind, count):
    """An account with so many interventions, the address of its calendar, and a program that reads it."""
    subscriptions.conventions.offer()
    one, client = somebody()
    for place in range(count):
        planned(one, planned_at=NEXT + timedelta(days=place))
    shown = words_of_address(client.post(reverse("feed-make", args=[kind])))
    return one, shown.removeprefix("http://127.0.0.1:8000"), Client()


def words_of_address(answer) -> str:
    return answer.content.decode().split('id="address" type="text" readonly value="')[1].split('"')[0]


def test_addresses_that_open_nothing_are_the_same_404_and_are_counted(convened) -> None:
    nobody = Client()
    answers = [nobody.get(f"/calendriers/{'x' * 40}.ics") for _ in range(40)]
    assert {answer.status_code for answer in answers} == {404}
    _, client = somebody()
    assert client.post(reverse("feed-make", args=["autre"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_week_is_read_in_as_many_queries_however_full_it_is(convened, count, django_assert_num_queries) -> None:
    one, client = somebody()
    for place in range(count):
        planned(one, planned_at=NEXT + timedelta(hours=place))
    client.get(reverse("agenda"))
    with django_assert_num_queries(8):
        client.get(reverse("agenda"))
