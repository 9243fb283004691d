"""Whether all runs, part by part; who may read the detail; the figures, and what the checks find."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.urls import reverse

from tests.documents.authorities import make
from tests.factories import quotes
from tests.factories.accounts import AT, TESTER, account
from tests.messages.outbox import queued
from tripartite.cli.health import run
from tripartite.config import Mode, read_config
from tripartite.journal.services import record
from tripartite.messages.models import Message
from tripartite.upkeep.installation import unsafe_settings
from tripartite.upkeep.models import WorkerSeen
from tripartite.upkeep.queries import health as looking
from tripartite.upkeep.queries.findings import lacks, setting_lacks
from tripartite.upkeep.queries.health import health, worst
from tripartite.upkeep.queries.metrics import metrics
from tripartite.upkeep.services.workers import forget_worker, note_worker
from tripartite.upkeep.states import Gravity, PartState
from tripartite.web.office.health_log import HealthLog

pytestmark = pytest.mark.django_db
GOOD, WEAK, FAILING = PartState.GOOD, PartState.WEAK, PartState.FAILING


def states(at=AT):
    return {part.code: part.state for part in health(at=at)}


def words(code, at=AT):
    return next(part.words for part in health(at=at) if part.code == code)


def test_a_worker_that_was_seen_is_well_until_it_is_silent():
    assert words("workers") == "Aucun ouvrier n'a jamais été vu : lancer tripartite worker."
    note_worker(name="ici-1", at=AT)
    note_worker(name="ici-1", at=AT + timedelta(minutes=1))
    assert states(AT + timedelta(minutes=6)) == dict.fromkeys(
        ("base", "workers", "day", "letters", "seal", "disk"), GOOD
    )
    assert states(AT + timedelta(minutes=6, seconds=1))["workers"] is FAILING
    assert words("workers") == "Dernier ouvrier vu le 23/11/2026 à 10 h 01."


def test_workers_of_yesterday_are_forgotten_and_one_that_stops_at_once():
    note_worker(name="hier", at=AT)
    note_worker(name="ici-1", at=AT + timedelta(days=1, seconds=1))
    assert list(WorkerSeen.objects.values_list("name", flat=True)) == ["ici-1"]
    forget_worker(name="ici-1")
    assert not WorkerSeen.objects.exists()


def test_what_a_clock_that_ran_ahead_wrote_is_no_sign_of_life():
    note_worker(name="ici-1", at=AT + timedelta(days=3650))
    assert states()["workers"] is FAILING
    note_worker(name="ici-2", at=AT)
    assert (states()["workers"], states(AT + timedelta(minutes=6))["workers"]) == (GOOD, FAILING)
    assert list(WorkerSeen.objects.values_list("name", flat=True)) == ["ici-2"]


@pytest.mark.parametrize(
    ("minutes", "due_in", "state"), [(15, 0, GOOD), (16, 0, FAILING), (60, 55, GOOD), (61, 60, WEAK)]
)
def test_letters_that_nobody_takes_are_told_apart_from_those_that_wait_their_turn(minutes, due_in, state):
    kept = queued()
    Message.objects.filter(pk=kept.pk).update(
        state="failed", queued_at=AT, next_attempt_at=AT + timedelta(minutes=due_in)
    )
    assert states(AT + timedelta(minutes=minutes))["letters"] is state


def test_a_letter_kept_in_local_mode_waits_for_nobody():
    Message.objects.filter(pk=queued().pk).update(state="kept", next_attempt_at=None)
    assert words("letters", AT + timedelta(days=9)) == "Aucun courriel n'attend."


def test_a_seal_that_is_absent_or_ends_is_told(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, mode=Mode.SERVER)
    assert (states()["seal"], words("seal")) == (
        FAILING,
        "Aucun sceau : régler TRIPARTITE_SEAL_FILE, ou TRIPARTITE_SEAL_PKCS11.",
    )
    path, ends = tmp_path / "sceau.p12", datetime(2030, 1, 1, tzinfo=UTC)
    path.write_bytes(make("Sceau d'un syndicat").pkcs12("essai"))
    settings.CONFIG = replace(settings.CONFIG, seal_file=str(path), seal_password="essai")
    assert [states(ends - timedelta(days=days))["seal"] for days in (31, 29, -1)] == [GOOD, WEAK, FAILING]


@pytest.mark.parametrize(("megabytes", "state"), [(2000, GOOD), (1999, WEAK), (500, WEAK), (499, FAILING)])
def test_a_disk_that_fills_is_told(monkeypatch, megabytes, state):
    monkeypatch.setattr(looking, "free_bytes", lambda: megabytes * 10**6)
    assert states()["disk"] is state


def test_the_whole_is_as_its_worst_part():
    assert worst(health(at=AT)) is FAILING
    assert worst([]) is GOOD


@pytest.fixture
def away(monkeypatch):
    """A base that does not answer."""

    def refuse(*unused):
        raise DatabaseError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)


def test_without_its_base_the_rest_is_still_told(away):
    assert states() == {"base": FAILING, "seal": GOOD, "disk": GOOD}


def test_the_screen_answers_503_with_the_part_that_fails(client):
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert answer.json()["parts"]["workers"]["label"] == "en panne"
    with time_machine.travel(AT, tick=False):
        note_worker(name="ici-1", at=AT)
        answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["parts"]["base"]["status"]) == (200, "good")
    assert "no-store" in answer["Cache-Control"]


def test_a_base_that_is_away_is_503_too(client, away):
    assert client.get(reverse("health")).status_code == 503
    assert client.get(reverse("metrics")).status_code == 503


def test_the_log_has_a_line_when_the_health_changes_not_at_each_probe(client, monkeypatch, caplog):
    monkeypatch.setattr("tripartite.web.office.supervision.HEALTH_LOG", HealthLog())

    def probed(seconds):
        caplog.clear()
        with time_machine.travel(AT + timedelta(seconds=seconds), tick=False):
            client.get(reverse("health"))
        return [(one.levelname, one.getMessage()) for one in caplog.records]

    never = "workers : Aucun ouvrier n'a jamais été vu : lancer tripartite worker."
    failing = [("ERROR", f"Santé : en panne. {never}")]
    assert [probed(seconds) for seconds in (0, 30, 3599, 3600, 3660)] == [failing, [], [], failing, []]
    assert probed(-60) == failing  # a clock set back hides nothing
    note_worker(name="ici-1", at=AT)
    assert [probed(seconds) for seconds in (0, 30)] == [[("WARNING", "Santé : plus rien en panne.")], []]


def test_metrics_of_a_base_that_is_away_are_one_line_of_the_log(client, monkeypatch, caplog, away):
    monkeypatch.setattr("tripartite.web.office.supervision.HEALTH_LOG", HealthLog())
    assert [client.get(reverse(name)).status_code for name in ("metrics", "health", "metrics")] == [503, 503, 503]
    assert [one.getMessage() for one in caplog.records] == ["Santé : en panne. base : La base ne répond pas."]


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "203.0.113.4"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.4"}, False),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "203.0.113.4", "HTTP_AUTHORIZATION": "Bearer jeton"}, True),
        ({"REMOTE_ADDR": "203.0.113.4", "HTTP_AUTHORIZATION": "Bearer autre"}, False),
        ({"REMOTE_ADDR": "203.0.113.4", "HTTP_AUTHORIZATION": "Bearer "}, False),
        ({"REMOTE_ADDR": "203.0.113.4", "HTTP_AUTHORIZATION": "Basic jeton"}, False),
    ],
)
def test_the_detail_is_for_this_machine_or_for_the_token(client, settings, given, detail):
    settings.CONFIG = replace(settings.CONFIG, supervision_token="jeton")
    assert ("parts" in client.get(reverse("health"), **given).json()) is detail
    assert client.get(reverse("metrics"), **given).status_code == (200 if detail else 404)


def test_no_token_set_opens_to_no_token_given(client):
    far = {"REMOTE_ADDR": "203.0.113.4", "HTTP_AUTHORIZATION": "Bearer "}
    assert client.get(reverse("health"), **far).json() == {"status": "failing"}


def figures(at=AT):
    """The metrics as pairs, by name and label."""
    lines = [line for line in metrics(at=at).splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_figures_are_read_in_the_base(django_assert_num_queries):
    quotes.offer()
    quotes.issued()
    note_worker(name="ici-1", at=AT)
    told = figures(AT + timedelta(minutes=2))
    assert told['tripartite_requests{state="quoted"}'] == "1"
    assert told['tripartite_papers{kind="quote"}'] == "2"
    assert told['tripartite_jobs{state="queued"}'] == "0"
    assert told["tripartite_last_worker_timestamp_seconds"] == str(int(AT.timestamp()))
    assert "tripartite_last_backup_timestamp_seconds" not in told
    with django_assert_num_queries(10):
        metrics(at=AT)


def test_figures_are_in_the_format_of_prometheus():
    name = None
    for line in metrics(at=AT).splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {name} gauge"
        else:
            assert line.split(" ")[0].partition("{")[0] == name
            assert int(line.rsplit(" ", 1)[1]) >= -1


def test_the_command_counts_as_supervisors_do(capsys):
    class Asked:
        parts = ("base", "disk")

    assert run(Asked) == 0
    assert capsys.readouterr().out.startswith("base      en ordre      La base répond.\n")
    Asked.parts = ()
    assert run(Asked) == 2


COMMAND = str(Path(sys.executable).with_name("tripartite"))
SERVER = {
    "TRIPARTITE_MODE": "server",
    "TRIPARTITE_SECRET_KEY": "Aq3zZ0pWf7uYk1LmN5bVcXs9Dg2HjKq8RtEw6QoPiUyTrEw456",
    "TRIPARTITE_HOSTS": "tripartite.exemple.fr",
    "TRIPARTITE_PROXIES": "1",
}


@pytest.mark.parametrize(
    ("changes", "variables"),
    [
        ({}, []),
        ({"TRIPARTITE_MODE": "local", "TRIPARTITE_SECRET_KEY": "courte"}, []),
        ({"TRIPARTITE_SECRET_KEY": "x" * 49}, ["TRIPARTITE_SECRET_KEY"]),
        ({"TRIPARTITE_SECRET_KEY": "abab" * 20}, ["TRIPARTITE_SECRET_KEY"]),
        ({"TRIPARTITE_SECRET_KEY": "à remplacer par cinquante caractères tirés au hasard"}, ["TRIPARTITE_SECRET_KEY"]),
        ({"TRIPARTITE_HOSTS": "*"}, ["TRIPARTITE_HOSTS"]),
        ({"TRIPARTITE_HOSTS": "tripartite.exemple.fr,.exemple.fr"}, ["TRIPARTITE_HOSTS"]),
        ({"TRIPARTITE_HOSTS": "tripartite.exemple.fr,"}, ["TRIPARTITE_HOSTS"]),
        ({"TRIPARTITE_PROXIES": "0"}, ["TRIPARTITE_PROXIES"]),
        ({"TRIPARTITE_PUBLIC_URL": "http://tripartite.exemple.fr"}, ["TRIPARTITE_PUBLIC_URL"]),
        ({"TRIPARTITE_SMTP": "smtp://a:b@courrier.exemple.fr?tls=none"}, ["TRIPARTITE_SMTP"]),
        ({"TRIPARTITE_SMTP": "smtp://a:b@localhost?tls=none"}, []),
        ({"TRIPARTITE_SMTP": "smtp://courrier.exemple.fr?tls=none"}, []),
        (
            {"TRIPARTITE_PROXIES": "0", "TRIPARTITE_HOSTS": "*"},
            ["TRIPARTITE_HOSTS", "TRIPARTITE_PROXIES"],
        ),
    ],
)
def test_what_is_not_safe_is_named_by_its_variable(tmp_path, changes, variables):
    environment = SERVER | {"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_MAIL_FROM": "a@exemple.fr"} | changes
    found = unsafe_settings(read_config(environment))
    assert [words.partition(" :")[0] for words in found] == variables


@pytest.mark.parametrize(
    ("changes", "gravity", "beginning"),
    [
        ({}, Gravity.MISSING, "TRIPARTITE_SMTP"),
        ({}, Gravity.MISSING, "Fichiers des écrans absents"),
        ({}, Gravity.WEAK, "DATABASE_URL"),
        ({}, Gravity.WEAK, "TRIPARTITE_TIMESTAMP_URL"),
        ({}, Gravity.WEAK, "Mentions légales à compléter : TRIPARTITE_PUBLISHER, TRIPARTITE_PUBLICATION_DIRECTOR"),
        ({"TRIPARTITE_DAILY_AT": "jamais"}, Gravity.WEAK, "TRIPARTITE_DAILY_AT"),
        ({"TRIPARTITE_SEAL_FILE": "/dev/null"}, Gravity.WEAK, "/dev/null : ouvert à d'autres comptes"),
    ],
)
def test_each_setting_that_lacks_is_told(tmp_path, changes, gravity, beginning):
    found = setting_lacks(read_config(SERVER | {"TRIPARTITE_VAR": str(tmp_path)} | changes))
    assert [lack.gravity for lack in found if lack.words.startswith(beginning)] == [gravity]


def test_settings_that_are_there_are_not_told(tmp_path):
    said = {
        "TRIPARTITE_VAR": str(tmp_path),
        "TRIPARTITE_SMTP": "smtp://courrier.exemple.fr",
        "TRIPARTITE_MAIL_FROM": "a@exemple.fr",
        "TRIPARTITE_TIMESTAMP_URL": "https://horodatage.exemple.fr",
        "DATABASE_URL": "postgresql:///tripartite",
        **dict.fromkeys(
            ("TRIPARTITE_PUBLISHER", "TRIPARTITE_PUBLICATION_DIRECTOR", "TRIPARTITE_HOSTING"), "Centre de gestion"
        ),
        **dict.fromkeys(("TRIPARTITE_CONTACT", "TRIPARTITE_DPO"), "contact@exemple.fr"),
    }
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    assert setting_lacks(read_config(SERVER | said)) == []


def test_a_base_that_cannot_be_reached_is_told_with_what_the_settings_lack(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "TRIPARTITE_SMTP"},
        **SERVER,
        "TRIPARTITE_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql://agent:SECRET9@127.0.0.1:9/base",
    }
    done = subprocess.run([COMMAND, "check"], check=False, capture_output=True, text=True, env=environment)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, "SECRET9" in done.stdout) == (1, "", False)
    assert lines[0] == "manque    TRIPARTITE_SMTP : aucun serveur de courrier, aucun courriel ne part."
    told = [line for line in lines if "Connection refused" in line]
    assert [line.partition(" : ")[0] for line in told] == ["manque    DATABASE_URL, la base n'a pas été jointe"]


def test_an_installation_that_has_nothing_yet_is_told_what_to_do_first():
    assert [(lack.gravity, lack.words) for lack in lacks(at=AT)] == [
        (Gravity.MISSING, "Aucune grille en vigueur : tripartite grid adopt."),
        (Gravity.MISSING, "Aucun modèle de convention adopté : à l'écran, « Modèles de texte »."),
        (Gravity.MISSING, "Aucun modèle d'avenant adopté : à l'écran, « Modèles de texte »."),
        (Gravity.MISSING, "Aucun modèle de délibération adopté : à l'écran, « Modèles de texte »."),
        (Gravity.MISSING, "L'annuaire est vide : tripartite directory import."),
        (Gravity.MISSING, "Aucun ouvrier n'a jamais été vu : lancer tripartite worker."),
        (Gravity.MISSING, "Aucune sauvegarde : tripartite backup."),
        (Gravity.WEAK, "Aucune sauvegarde remise à l'essai depuis six mois : tripartite restore-drill."),
    ]


def test_what_the_papers_of_an_issuer_lack_is_named(adopted_grid):
    found = [lack.words for lack in lacks(at=AT) if "Identité et réglages" in lack.words]
    lacking = "adresse, lieu d'émission, adresse électronique à compléter pour ses papiers"
    where = "à l'écran, « Identité et réglages »."
    assert found == [
        f"La Fibre Numérique 59-62, {lacking} : {where}",
        f"CDG 62, SIRET, {lacking} : {where}",
    ]


def test_an_issuer_without_administrator_is_named(adopted_grid):
    account(issuer_code="cdg62")
    assert "CDG 62 n'a aucun administrateur : tripartite account create --issuer cdg62." in [
        lack.words for lack in lacks(at=AT)
    ]


@pytest.mark.parametrize(
    ("days", "told"), [(7, []), (8, ["Aucune sauvegarde depuis le 23/11/2026 : tripartite backup."])]
)
def test_a_week_without_backup_is_told(days, told):

    record(actor=TESTER, at=AT, action="upkeep.backup", subject_kind="backup", subject_id="x", text="Sauvegarde x.")
    found = [lack.words for lack in lacks(at=AT + timedelta(days=days))]
    assert [words for words in found if words.startswith("Aucune sauvegarde depuis")] == told
