"""Which failures of a database mean « try again »."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from tripartite.busy import is_busy


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


def test_nothing_and_anything_else_are_not() -> None:
    assert [is_busy(None), is_busy(ValueError("database is locked"))] == [False, False]
