"""A convention ends alike by the screen, the command line and the API: shown, recorded once confirmed, annulled."""

import json

import pytest
import time_machine
from django.test import Client

from tests.factories import subscriptions, tariffs
from tests.factories.accounts import AT, account
from tests.factories.conventions import read
from tests.web.conventions.test_acts import in_force
from tripartite.accounts.rights import RIGHTS, Action, Role
from tripartite.cli.main import main
from tripartite.conventions.queries.endings import endings_of
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about
from tripartite.subscriptions.queries.running import subscriptions_of

pytestmark = pytest.mark.django_db
NOTICE = {"party": "lfn", "ground": "general-interest", "received_on": "2026-11-23", "reason": "Plus d'équipe"}
FORESEEN = {
    "ground": "general-interest",
    "effect": "convention",
    "last_day": "2027-05-23",
    "why": "préavis de 6 mois reçu le 23/11/2026 : dernier jour le 23/05/2027 compris",
}
CASES = [
    ({}, "2027-05-23"),
    ({"party": "beneficiary", "ground": "due-date"}, "2027-11-22"),
    ({"party": "beneficiary", "ground": "refusal-to-renew"}, "2029-11-22"),
    ({"party": "cdg62", "ground": "withdrawal"}, "2027-05-23"),
    ({"party": "beneficiary", "ground": "issuer-fault", "formal_on": "2026-11-23"}, "2026-12-23"),
]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AT, tick=False):
        subscriptions.conventions.offer()
        yield


@pytest.fixture
def convention():
    return read(in_force())


def agent(role=Role.AGENT):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account(role=role))
    return client


def post(client, convention, said, *, at="endings", token=True):
    client.cookies["csrftoken"] = "a" * 32
    headers = {"X-CSRFToken": "a" * 32} if token else {}
    address = f"/api/v1/conventions/{convention.number}/{at}"
    return client.post(address, json.dumps(said), content_type="application/json", headers=headers)


def command(capsys, *words):
    status = main(["convention", *words])
    said = capsys.readouterr()
    return status, said.out.replace("\u00a0", " "), said.err


def options(notice):
    return [word for name, value in notice.items() for word in (f"--{name.replace('_', '-')}", value)]


@pytest.mark.parametrize(("changed", "last_day"), CASES)
def test_both_doors_show_the_same_and_write_nothing(convention, capsys, changed, last_day):
    notice = NOTICE | changed
    answer = post(agent(), convention, notice)
    assert (answer.status_code, answer.json()["recorded"], answer.json()["last_day"]) == (200, False, last_day)
    status, said, _ = command(capsys, "end", convention.number, *options(notice), "--format", "json")
    assert (status, json.loads(said)) == (0, answer.json())
    assert (endings_of(convention.pk), read(convention).ended_on) == ([], None)


def test_over_http_it_is_recorded_told_then_annulled(convention):
    client = agent()
    answer = post(client, convention, NOTICE | {"confirmed": True})
    assert answer.json() == FORESEEN | {"recorded": True, "reasons": answer.json()["reasons"]}
    (ending,) = endings_of(convention.pk)
    assert (ending.reason, read(convention).ended_on.isoformat()) == ("Plus d'équipe", "2027-05-23")
    entry = entries_about("request", convention.request_id).filter(action="conventions.terminate").get()
    assert entry.actor == "Prénom NOM (La Fibre Numérique 59-62)"
    assert messages_about("request", convention.request_id).filter(kind="conventions.ending").exists()
    assert {one.ends_on for one in subscriptions_of(convention.beneficiary_id)} <= {ending.last_day}

    again = post(client, convention, NOTICE | {"confirmed": True})
    assert (again.status_code, again.json()["error"]["message"]) == (422, "Sa fin est déjà notée : le 23/05/2027.")
    back = post(client, convention, {"reason": "Erreur"}, at=f"endings/{ending.pk}/annulment")
    assert [one["annulled_because"] for one in back.json()["endings"]] == ["Erreur"]
    assert (back.json()["ends_on"], read(convention).ended_on) == ("2029-11-22", None)
    assert client.get(f"/api/v1/conventions/{convention.number}/endings").json() == back.json()


def test_on_the_command_line_too(convention, capsys):
    number = convention.number
    status, said, _ = command(capsys, "end", number, *options(NOTICE))
    assert (status, said.splitlines()[0], said.splitlines()[-1]) == (
        0,
        f"Dernier jour le 23/05/2027 compris. Calcul : {FORESEEN['why']}.",
        "Rien n'est enregistré : ajouter --confirm.",
    )
    assert command(capsys, "end", number, *options(NOTICE), "--confirm")[0] == 0
    (ending,) = endings_of(convention.pk)
    _, said, _ = command(capsys, "endings", number)
    assert f"{ending.pk}  motif d'intérêt général, reçue le 23/11/2026 : préavis de 6 mois" in said
    assert "arrête la convention et ce qui en tourne" in said
    with pytest.raises(SystemExit):
        command(capsys, "annul", number, str(ending.pk), "--reason", " \u200b ")
    assert "un motif ne peut pas être vide" in capsys.readouterr().err
    _, shown, _ = command(capsys, "annul", number, str(ending.pk), "--reason", "Erreur")
    assert (endings_of(convention.pk)[0].annulled_at, "serait annulée" in shown) == (None, True)
    assert command(capsys, "annul", number, str(ending.pk), "--reason", "Erreur", "--confirm")[0] == 0
    assert read(convention).ended_on is None
    for confirmed in ([], ["--confirm"]):
        status, _, refused = command(capsys, "annul", number, str(ending.pk), "--reason", "Erreur", *confirmed)
        assert (status, refused) == (1, "Cette fin est déjà annulée.\n")


def test_the_grounds_are_those_of_the_text(convention, capsys):
    _, said, _ = command(capsys, "endings", convention.number, "--format", "json")
    found = {one["ground"]: (one["by"], one["notice_months"], one["effect"]) for one in json.loads(said)["grounds"]}
    assert found["withdrawal"] == (["cdg62"], 6, "own-part")
    assert found["due-date"] == (["beneficiary"], 3, "convention")
    assert found["issuer-fault"] == (["beneficiary", "lfn", "cdg62"], None, "convention")
    assert "increase" not in found
    status, _, refused = command(capsys, "endings", "C-1999-00001")
    assert (status, refused) == (1, "Aucune convention n'a le numéro « C-1999-00001 ».\n")


@pytest.mark.parametrize(
    "changed",
    [
        {"party": "cdg62"},
        {"ground": "increase"},
        {"received_on": "2026-11-24"},
        {"received_on": "2025-01-01"},
        {"party": "beneficiary", "ground": "issuer-fault", "formal_on": "2026-11-22"},
        {"reason": " \u200b "},
    ],
)
def test_what_the_text_does_not_give_is_refused_in_words(convention, capsys, changed):
    notice = NOTICE | changed
    shown, (_, _, said) = post(agent(), convention, notice), command(capsys, "end", convention.number, *options(notice))
    assert (shown.status_code, shown.json()["error"]["message"]) == (422, said.splitlines()[-1])
    answer = post(agent(), convention, notice | {"confirmed": True})
    _, _, refused = command(capsys, "end", convention.number, *options(notice), "--confirm")
    assert (answer.status_code, answer.json()["error"]["message"]) == (422, refused.splitlines()[-1])
    assert endings_of(convention.pk) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_rights_are_those_of_the_screen(convention, role):
    client = agent(role)
    assert post(client, convention, NOTICE).status_code == (200 if Action.CONVENTION_WRITE in RIGHTS[role] else 403)
    assert client.get(f"/api/v1/conventions/{convention.number}/endings").status_code == 200


def test_an_agent_of_another_offer_reads_and_ends_nothing(convention):
    tariffs.adopted_alpi()
    client = Client(enforce_csrf_checks=True)
    client.force_login(account(issuer_code="alpi40"))
    said = {"code": "not-your-offer", "message": "L'offre « cdg62 » est celle d'autres émetteurs que le vôtre."}

    for at, typed in (("endings", NOTICE | {"confirmed": True}), ("endings/1/annulment", {"reason": "x"})):
        answer = post(client, convention, typed, at=at)
        assert (answer.status_code, answer.json()) == (403, {"error": said})
    assert endings_of(convention.pk) == []
    assert client.get(f"/api/v1/conventions/{convention.number}/endings").status_code == 200


def test_a_page_of_another_site_ends_nothing(convention):
    answer = post(agent(), convention, NOTICE | {"confirmed": True}, token=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no-token")
    stranger = post(Client(), convention, NOTICE | {"confirmed": True})
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (403, "not-allowed")
    assert endings_of(convention.pk) == []


@pytest.mark.parametrize("said", [{}, [], NOTICE | {"received_on": "9999-12-31"}, NOTICE | {"more": 1}])
def test_what_is_not_a_notice_is_said(convention, said):
    answer = post(agent(), convention, said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad-notice")


@pytest.mark.parametrize(
    ("changed", "needed"),
    [(change, change.get("ground") not in ("due-date", "refusal-to-renew")) for change, _ in CASES],
)
def test_a_reason_is_asked_for_only_where_the_text_wants_one(convention, changed, needed):
    answer = post(agent(), convention, {**NOTICE, **changed, "reason": "", "confirmed": True})
    if needed:
        said = answer.json()["error"]["message"]
        assert (answer.status_code, said) == (422, "Dites pourquoi cette partie met fin à la convention.")
        assert endings_of(convention.pk) == []
        return
    (ending,) = endings_of(convention.pk)
    assert (answer.status_code, ending.reason) == (200, "sans motif, le texte n'en demande pas")
    assert " : " not in read(convention).end_reason
