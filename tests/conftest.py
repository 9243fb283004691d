"""Both databases, the browser, and what most tests start from."""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from bench.server import running_server
from bench.stopping import stop_in_order

from tests.migrated import copied_from_kept, in_turn, keep, keep_on_server, kept_base, lay_kept
from tests.printed import printed_once

hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")
SHOWN = {
    Path(__file__).parent / folder
    for folder in (
        "cli",
        "web/conventions",
        "web/estimator",
        "web/going_live",
        "web/requests",
        "web/running",
        "web/space",
    )
}
"""What doors show: commands, and the rooms whose screens are mostly pages of one file, one body, one service."""
OWN_SERVER = "MIGRATED_BASE_OF_TESTS"
"""On a server that was started for this run, the name of the base that each worker copies its own from."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="postgresql runs only the tests that use the database, on a server that comes from a wheel",
    )
    parser.addoption(
        "--all",
        action="store_true",
        help="on postgresql, what SQLite alone tells too: what doors show of one file",
    )
    parser.addoption("--faults", action="store_true", help="all the attacks of tests/faults, not the quick ones alone")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that hands out the tests; workers inherit its address."""
    if not hasattr(config, "workerinput"):
        stop_in_order()
    if config.getoption("--database") == "postgresql":
        _refuse_one_process(config)
        if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            _start_postgresql(config)
    else:
        os.environ.pop("DATABASE_URL", None)


def _refuse_one_process(config: pytest.Config) -> None:
    """Django's settings are read before this process starts the server: only workers read its address."""
    alone = not hasattr(config, "workerinput") and not config.getoption("numprocesses", None)
    if alone and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise pytest.UsageError("--database=postgresql : ajouter -n 1, sans quoi ces tests passeraient sur SQLite")


def _start_postgresql(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tripartite-pg-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    opened = ExitStack()
    config.add_cleanup(opened.close)
    os.environ["DATABASE_URL"] = opened.enter_context(running_server(folder, safe=False))
    os.environ[OWN_SERVER] = "migrated"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Eight thousand tests are made, and stay to the end: seeking garbage there takes a quarter of that time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "postgresql":
        everything = config.getoption("--all")
        _keep(config, items, lambda item: _uses_database(item) and not item.get_closest_marker("browser"))
        _keep(config, items, lambda item: everything or _says_something_of_the_base(item))
    if not config.getoption("--faults"):
        quick = config.getoption("--database") == "sqlite"
        _keep(config, items, lambda item: not item.get_closest_marker("faults") or (quick and _is_quick(item)))
    if CHROMIUM is None:
        absent = pytest.mark.skip(reason="Chromium absent : installer le paquet Debian « chromium »")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(absent)


def _keep(config: pytest.Config, items: list[pytest.Item], kept: Callable[[pytest.Item], object]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not kept(item)])
    items[:] = filter(kept, items)


def _uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures or "transactional_db" in fixtures


def _says_something_of_the_base(item: pytest.Item) -> bool:
    """Doors hold no question and no rule: what they show of one file is tried on SQLite. What says how a base answers
    is tried on both: whatever counts queries, and what is marked so (sought, sorted, taken away, done twice).
    """
    if item.get_closest_marker("one_base") is not None:
        return False
    counts = any(name.startswith("django_assert_") for name in getattr(item, "fixturenames", ()))
    return counts or item.get_closest_marker("both_bases") is not None or item.path.parent not in SHOWN


def _is_quick(item: pytest.Item) -> bool:
    return item.get_closest_marker("quick") is not None


@pytest.fixture(scope="session")
def _migrating() -> Iterator[ExitStack]:
    """Holds the turn of whoever migrates, until what it made is kept."""
    with ExitStack() as held:
        yield held


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any, _migrating: ExitStack
) -> Iterator[None]:
    """The base holds what the migrations make, if another process or a former run kept it, before Django migrates."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    if connection.vendor != "sqlite":
        if kept := os.environ.get(OWN_SERVER):
            _migrating.enter_context(in_turn())
            with django_db_blocker.unblock():
                copied = copied_from_kept(kept)
            if copied:
                _migrating.close()
        yield
        return
    if not kept_base().is_file():
        _migrating.enter_context(in_turn())
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as held:
        lay_kept(held)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, _migrating: ExitStack) -> None:
    """What was migrated is kept; every table counts its rows from a number of its own."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    from tests.factories.laid import first_numbers  # noqa: PLC0415

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            connection.ensure_connection()
            keep(connection.connection)
    elif (kept := os.environ.get(OWN_SERVER)) and "TEMPLATE" not in connection.settings_dict["TEST"]:
        with django_db_blocker.unblock():
            keep_on_server(kept)
    _migrating.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table, number in first_numbers().items():
            if connection.vendor == "sqlite":
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Templates name static files of the tree, without the manifest that `collectstatic` makes."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, a PDF is refused for what it holds: the test of the time limit sets its own."""
    from tripartite.documents import reading  # noqa: PLC0415 - Django is set up by then

    monkeypatch.setattr(reading, "SECONDS", float("inf"))


@pytest.fixture(autouse=True)
def _printed_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is a database, the same paper is not printed again."""
    from tripartite.documents import render  # noqa: PLC0415 - Django is set up by then

    if _uses_database(request.node):
        monkeypatch.setattr(render, "_set", printed_once(render._set))


@pytest.fixture
def adopted_grid(db: None) -> Any:
    """The grid of 26 March 2024, adopted; answers the pure grid."""
    from tests.factories import tariffs  # noqa: PLC0415 - Django is set up by then

    return tariffs.adopted_grid()


@pytest.fixture
def directory(db: None) -> None:
    """A few real communes and EPCI of the shipped directory."""
    from tests.factories import parties  # noqa: PLC0415 - Django is set up by then

    parties.directory()


@pytest.fixture
def loopback(settings: Any) -> Iterator[Any]:
    """A mail server on loopback, that the settings name."""
    from tests.messages.server import Loopback  # noqa: PLC0415 - only where it is asked for

    server = Loopback().open()
    settings.CONFIG = replace(
        settings.CONFIG,
        smtp=server.url,
        mail_from="Tripartite <tripartite@exemple.fr>",
        public_url="https://tripartite.exemple.fr",
    )
    yield server
    server.close()


@pytest.fixture
def transactional_db(transactional_db: None) -> Iterator[None]:
    """Committed transactions; the refusals of append-only tables are lifted around the final flush alone."""
    yield
    from django.db import connection  # noqa: PLC0415

    from tripartite.journal.append_only import lifting_statements, refusal_statements  # noqa: PLC0415

    if connection.vendor != "sqlite":
        return
    tables = _append_only_tables()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            for statement in lifting_statements(connection.vendor, table):
                cursor.execute(statement)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
            for statement in refusal_statements(connection.vendor, table):
                cursor.execute(statement)


def _append_only_tables() -> list[str]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refuse_delete'")
        return [name for (name,) in cursor.fetchall()]
