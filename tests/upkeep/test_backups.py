"""Backups of a small installation, put back where there is nothing, and found the same; on both databases."""

import fcntl
import json
import os
import resource
import time
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.documents.racing import race, shared_database
from tests.factories import quotes
from tests.factories.accounts import AT, TESTER, account
from tests.messages.outbox import queued
from tests.upkeep.emptying import empty
from tripartite.documents.models import Content, Document
from tripartite.documents.numbers import take_number
from tripartite.documents.queries import last_numbers, papers_kept
from tripartite.documents.services import store_document
from tripartite.journal.append_only import lifting_statements, refusal_statements
from tripartite.journal.models import Entry
from tripartite.upkeep.archive import opened
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.installation import shown_settings
from tripartite.upkeep.rotation import Keep
from tripartite.upkeep.services.backups import let_go, take_backup
from tripartite.upkeep.services.restoring import restore_backup
from tripartite.upkeep.tables import LEFT_OUT, kept_models

pytestmark = pytest.mark.usefixtures("transactional_db")
NAME = "tripartite-2026-11-23-1000.zip"


def made(folder, at=AT, **environment):
    return take_backup(folder=folder, environment=environment, actor=TESTER, at=at)


def restored(path, at=AT + timedelta(hours=1)):
    return restore_backup(path=path, name=path.name, actor=TESTER, at=at)


def every_row():
    """All that a backup holds, as the database gives it, the journal of upkeep apart."""
    found = {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in kept_models(apps)}
    found["journal.Entry"] = list(Entry.objects.exclude(action__startswith="upkeep").order_by("pk").values_list())
    return found


@pytest.fixture
def installed(transactional_db):
    """Two quotes, an account, a letter."""
    quotes.offer()
    quotes.issued()
    account(email="agent@cdg62.fr", issuer_code="cdg62")
    queued()


@pytest.mark.usefixtures("installed")
def test_all_is_put_back_as_it_was(tmp_path):
    before, papers, numbers = every_row(), papers_kept(), last_numbers()
    backup = made(tmp_path)
    assert (backup.path, backup.files, backup.altered) == (tmp_path / NAME, 2, ())
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert backup.path.stat().st_mode & 0o777 == 0o600

    empty()
    done = restored(backup.path)

    assert every_row() == before
    assert (done.papers, papers_kept(), last_numbers()) == (papers, papers, numbers)
    assert (papers.number, papers.last_number) == (2, "CDG62-2026-00047")
    assert (done.files, done.older) == (2, False)
    text = f"Sauvegarde {NAME} remise en place : 2 papiers, {done.manifest.rows} lignes."
    assert Entry.objects.filter(action="upkeep.restore").values_list("text", flat=True).get() == text

    account(email="autre@cdg62.fr", issuer_code="cdg62")  # keys and numbers go on from those put back
    with transaction.atomic():
        assert take_number(issuer="cdg62", series="quote", year=2026) == 48
    with pytest.raises(Exception, match="rows are never changed"):
        Document.objects.update(title="autre")


def test_every_table_is_kept_or_left_out_with_a_reason():
    known = {model._meta.db_table for model in kept_models(apps)}
    for model in apps.get_models(include_auto_created=True):
        left_out = {model._meta.label_lower, model._meta.app_label} & LEFT_OUT.keys()
        assert (model._meta.db_table in known) is not bool(left_out), model._meta.label
    tables = set(connection.introspection.table_names()) - {"django_migrations"}
    assert tables - known == {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if {model._meta.label_lower, model._meta.app_label} & LEFT_OUT.keys()
    }


def test_a_folder_that_the_system_refuses_even_to_look_into_is_said(tmp_path):
    with pytest.raises(BackupError, match=r"n'a pas pu s'écrire dans .* : ce nom est trop long"):
        made(tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql:///base?host=/run&password=S9", "postgresql:///base?host=/run&password=…"),
        ("postgresql:///base?sslpassword=S9&user=a", "postgresql:///base?sslpassword=…&user=a"),
        ("postgresql://a:S%409@hote/base?PassWord=S9", "postgresql://a:…@hote/base?PassWord=…"),
        ("postgresql://a@hote:5432/base?sslmode=verify-full", "postgresql://a@hote:5432/base?sslmode=verify-full"),
        ("sqlite:////var/lib/base.sqlite3", "sqlite:////var/lib/base.sqlite3"),
    ],
)
def test_a_password_is_hidden_wherever_an_address_may_carry_it(given, shown):
    assert shown_settings({"DATABASE_URL": given}) == {"DATABASE_URL": shown}


def test_no_secret_is_in_the_file(tmp_path, settings):
    secrets = {
        "TRIPARTITE_SECRET_KEY": "SECRET9-de-session",
        "TRIPARTITE_SEAL_PASSWORD": "SECRET9-du-sceau",
        "TRIPARTITE_SEAL_PIN": "SECRET9-de-carte",
        "DATABASE_URL": "postgresql://tripartite:SECRET9-de-base@localhost/tripartite",
        "TRIPARTITE_SMTP": "smtp://agent:SECRET9-de-courrier@courrier.exemple.fr",
    }
    trust = tmp_path / "trust"
    trust.mkdir()
    (trust / "autorite.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (trust / "egaree.pem").write_text("-----BEGIN PRIVATE KEY-----\nSECRET9-egare\n")
    settings.CONFIG = replace(settings.CONFIG, trust_folder=trust)

    backup = made(tmp_path / "b", TRIPARTITE_MODE="server", AUTRE="SECRET9-d-ailleurs", **secrets)

    with zipfile.ZipFile(backup.path) as archive:
        assert all(b"SECRET9" not in archive.read(name) for name in archive.namelist())
        assert archive.read("settings.env").decode().splitlines() == [
            "TRIPARTITE_MODE=server",
            "TRIPARTITE_SECRET_KEY=…",
            "DATABASE_URL=postgresql://tripartite:…@localhost/tripartite",
            "TRIPARTITE_SEAL_PASSWORD=…",
            "TRIPARTITE_SEAL_PIN=…",
            "TRIPARTITE_SMTP=smtp://agent:…@courrier.exemple.fr",
        ]
        assert [name for name in archive.namelist() if name.startswith("trust/")] == ["trust/autorite.pem"]
        assert b"PRIVATE" not in archive.read("seal.pem")
    assert backup.manifest.left_out[0] == "la clé secrète (TRIPARTITE_SECRET_KEY, ou var/secret-key)"


@pytest.mark.usefixtures("adopted_grid")
def test_what_is_here_already_is_never_written_over(tmp_path):
    backup = made(tmp_path)
    before = every_row()
    with pytest.raises(BackupError, match="Cette installation contient déjà quelque chose"):
        restored(backup.path)
    assert every_row() == before


def rewritten(path, change):
    """The same backup, its manifest changed and its sums right."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def newer(manifest):
    manifest["version"] = "9.0.0"
    manifest["schema"]["quotes"] = ["0999_later"]


def other_tables(manifest):
    manifest["schema"]["quotes"] = ["0001_initial"]


def other_papers(manifest):
    manifest["papers"]["last_sha256"] = "0" * 64


def other_numbers(manifest):
    manifest["counters"][0][3] += 1


NOT_FITTING = [
    (newer, r"vient d'une version plus récente \(9.0.0\) : elle connaît quotes.0999_later"),
    (other_tables, "Les tables de cette base ne sont pas celles de la sauvegarde"),
    (other_papers, "Les papiers remis ne sont pas ceux de la sauvegarde"),
    (other_numbers, "Les derniers numéros remis ne sont pas ceux de la sauvegarde"),
]


@pytest.mark.usefixtures("installed")
def test_a_backup_that_does_not_fit_or_is_damaged_is_refused_and_leaves_nothing(tmp_path):
    path = made(tmp_path).path
    whole = path.read_bytes()
    empty()
    for change, words in NOT_FITTING:
        path.write_bytes(whole)
        with pytest.raises(BackupError, match=words):
            restored(rewritten(path, change))
    place = whole.index(b"%PDF") + 5
    path.write_bytes(whole[:place] + b"#" + whole[place + 1 :])
    with pytest.raises(BackupError, match="Ce fichier est abîmé"):
        restored(path)
    assert {label: len(rows) for label, rows in every_row().items() if rows} == {}


def test_a_paper_altered_behind_the_application_is_told_and_still_put_back(tmp_path, installed):
    key = Document.objects.order_by("pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        for statement in lifting_statements(connection.vendor, "documents_content"):
            cursor.execute(statement)
        Content.objects.filter(pk=key).update(pdf=b"%PDF autre chose")
        for statement in refusal_statements(connection.vendor, "documents_content"):
            cursor.execute(statement)
    backup = made(tmp_path)
    assert backup.altered == (key,)
    empty()
    assert restored(backup.path).papers.altered == (key,)


def test_a_full_disk_leaves_no_file(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(BackupError, match=rf"n'a pas pu s'écrire dans {tmp_path} : le fichier serait trop grand."):
            made(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    assert not Entry.objects.filter(action="upkeep.backup").exists()


def test_what_a_killed_backup_left_is_cleared_and_what_another_writes_is_not(tmp_path):
    (tmp_path / ".tripartite-2026-11-22-0330.zip.partial").write_bytes(b"PK")
    written = tmp_path / ".tripartite-2026-11-22-0331.zip.partial"
    with written.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        made(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [written.name, NAME]


def test_one_backup_a_minute(tmp_path):
    made(tmp_path)
    with pytest.raises(BackupError, match="existe déjà : une sauvegarde par minute"):
        made(tmp_path, AT + timedelta(seconds=59))


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "b").write_text("")
    with pytest.raises(BackupError, match=r"n'a pas pu s'écrire dans .*/b : "):
        made(tmp_path / "b")


def test_only_backups_are_let_go(tmp_path):
    for number in range(3):
        made(tmp_path, AT - timedelta(days=number))
    (tmp_path / "notes.txt").write_text("à garder")
    assert let_go(folder=tmp_path, keep=Keep(2, 0, 0)) == ["tripartite-2026-11-21-1000.zip"]
    assert len(list(tmp_path.iterdir())) == 3


SOME = 10


def write_papers(place, given):
    """Issue papers while a backup is made: each takes its number and is kept in one transaction."""
    if place == 0:
        while Document.objects.count() < SOME:
            time.sleep(0.005)
        return [take_backup(folder=Path(given), environment={}, actor=TESTER, at=AT).manifest.papers["number"]]
    for _ in range(4 * SOME):
        with transaction.atomic():
            number = take_number(issuer="lfn", series="race", year=2026)
            store_document(
                kind="quote", issuer="lfn", number=f"R-{number:05d}", title="essai", model="x", payload={},
                pdf=b"%PDF" + os.urandom(2000), at=AT,
            )  # fmt: skip
    return []


def test_a_backup_is_one_instant_of_a_base_that_is_written_meanwhile(tmp_path):
    """Papers and their numbers agree, whenever the backup falls among those who write."""
    environment = shared_database() | {"PYTHONPATH": os.pathsep.join(os.sys.path)}
    answers = race(environment, "tests.upkeep.test_backups:write_papers", str(tmp_path / "b"), processes=1, threads=3)
    (number,) = [one for answer in answers for one in answer]
    with opened(tmp_path / "b" / NAME) as reader:
        reader.check()
        taken = [last for issuer, series, _, last in reader.manifest.counters if series == "race"]
    assert taken == [number]
    assert number >= SOME
