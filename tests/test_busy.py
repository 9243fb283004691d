"""Which failures of a database mean « try again »."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from tripartite.busy import is_busy, is_cut, unable_to_write, why_not_reached
from tripartite.databases import database_settings


def caused(error: Exception) -> OperationalError:
    """The error as Django passes it on."""
    passed = OperationalError(str(error))
    passed.__cause__ = error
    return passed


def refused(statement: str, other: sqlite3.Connection) -> sqlite3.OperationalError:
    with pytest.raises(sqlite3.OperationalError) as raised:
        other.execute(statement)
    return raised.value


def test_sqlite_locked_is_busy_and_a_missing_table_is_not(tmp_path: Path) -> None:
    base = str(tmp_path / "base")
    with closing(sqlite3.connect(base)) as one, closing(sqlite3.connect(base, timeout=0)) as two:
        missing = refused("SELECT 1 FROM nothing", two)
        one.execute("BEGIN IMMEDIATE")
        locked = refused("BEGIN IMMEDIATE", two)
    assert [is_busy(error) for error in (locked, caused(locked), missing, caused(missing))] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57P01", "57P03", "57014", "53300", "08006"])
def test_postgresql_says_it_by_its_state(state: str) -> None:
    assert is_busy(caused(psycopg.errors.lookup(state)("message")))


@pytest.mark.parametrize("state", ["42P01", "23505", "22001", "53100"])
def test_any_other_state_is_a_fault(state: str) -> None:
    assert not is_busy(caused(psycopg.errors.lookup(state)("message")))


def test_a_server_that_cannot_be_reached_is_away() -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect("host=127.0.0.1 port=9 connect_timeout=2")
    assert is_busy(caused(raised.value))
    assert is_busy(psycopg.InterfaceError("the connection is closed"))


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("host=127.0.0.1 port=9 connect_timeout=2", "Connection refused"),
        ("host=/nulle/part password=un-secret", 'socket "/nulle/part/.s.PGSQL.5432" failed: No such file or directory'),
    ],
    ids=["nobody listens", "no socket"],
)
def test_a_connection_that_never_was_says_why_and_nothing_can_be_half_kept(where: str, said: str) -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect(where)
    told = why_not_reached(caused(raised.value))
    assert (said in told, "un-secret" in told, "\n" in told, is_cut(caused(raised.value))) == (
        True,
        False,
        False,
        False,
    )


def test_a_host_that_has_no_address_is_not_a_base_cut_on_the_way() -> None:
    error = caused(
        psycopg.OperationalError("failed to resolve host 'nulle.part': [Errno -2] Name or service not known")
    )
    assert (why_not_reached(error), is_cut(error), is_busy(error)) == (str(error), False, True)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("the connection is lost"),
        psycopg.errors.lookup("57P01")("terminating connection"),
        sqlite3.OperationalError("database is locked"),
        None,
    ],
    ids=repr,
)
def test_a_connection_that_was_open_or_another_failure_is_not_one_that_never_was(error: Exception | None) -> None:
    assert why_not_reached(error) == ""


def test_nothing_and_anything_else_are_not() -> None:
    assert [is_busy(None), is_busy(ValueError("database is locked"))] == [False, False]


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["PRAGMA max_page_count = 1", "CREATE TABLE a (b)"], "il n'y a plus de place sur le disque"),
        (["PRAGMA query_only = 1", "CREATE TABLE a (b)"], "elle ne peut qu'être lue"),
    ],
)
def test_sqlite_that_can_write_nothing_says_why(statements: list[str], reason: str) -> None:
    *first, last = statements
    with closing(sqlite3.connect(":memory:")) as base:
        for statement in first:
            base.execute(statement)
        error = refused(last, base)
    assert (unable_to_write(error), unable_to_write(caused(error)), is_busy(error)) == (reason, reason, False)


@pytest.mark.parametrize(
    ("state", "busy", "cut", "unable"),
    [
        ("53100", False, False, "il n'y a plus de place sur le disque"),
        ("25006", False, False, "elle ne peut qu'être lue"),
        ("57P01", True, True, ""),
        ("08006", True, True, ""),
        ("40P01", True, False, ""),
        ("57P03", True, False, ""),
        ("42P01", False, False, ""),
    ],
)
def test_what_postgresql_says_is_told_apart(state: str, busy: bool, cut: bool, unable: str) -> None:
    error = caused(psycopg.errors.lookup(state)("message"))
    assert (is_busy(error), is_cut(error), unable_to_write(error)) == (busy, cut, unable)


def test_a_connection_lost_on_the_way_is_cut_and_one_never_opened_is_not() -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect("host=127.0.0.1 port=9 connect_timeout=2")
    lost = psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly")
    assert [is_cut(caused(one)) for one in (raised.value, lost)] == [False, True]


def asked_of_postgresql(url: str) -> dict[str, str]:
    options: dict[str, str] = database_settings(url)["OPTIONS"]  # type: ignore[assignment]
    return options


def test_nobody_waits_without_end_for_a_lock_nor_for_a_machine_that_is_gone() -> None:
    asked = asked_of_postgresql("postgresql://tripartite@db/tripartite?sslmode=require")
    assert asked["options"].startswith("-c lock_timeout=20s -c tcp_keepalives_idle=30 ")
    assert (asked["keepalives_idle"], asked["connect_timeout"], asked["sslmode"]) == ("30", "10", "require")


def test_what_the_address_says_of_a_connection_comes_first() -> None:
    asked = asked_of_postgresql("postgresql://db/tripartite?options=-clock_timeout%3D5s&keepalives_idle=300")
    assert (asked["options"], asked["keepalives_idle"]) == ("-clock_timeout=5s", "300")
