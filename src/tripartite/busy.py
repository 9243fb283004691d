"""What a failure of the database means: busy or away, try again; cut, look before trying again; unable to write, call
whoever keeps the machine. Pure.
"""

import sqlite3

_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57014", "53300"})
"""Serialization, deadlock, a lock not obtained, a server that stops or starts, a time limit, too many connections."""
_LOST = "08006"
_NEVER_OPEN = ("connection to server", "failed to resolve host", "connection timeout expired")
_STOPPED = frozenset({"57P01", "57P02"})
"""The server cut the connection: had it been told to commit, nobody knows whether it did."""
_SQLITE_UNABLE = {
    sqlite3.SQLITE_FULL: "il n'y a plus de place sur le disque",
    sqlite3.SQLITE_READONLY: "elle ne peut qu'être lue",
    sqlite3.SQLITE_IOERR: "le disque a refusé",
    sqlite3.SQLITE_CANTOPEN: "son fichier ne s'ouvre pas",
}
_POSTGRESQL_UNABLE = {
    "53100": "il n'y a plus de place sur le disque",
    "25006": "elle ne peut qu'être lue",
    "58030": "le disque a refusé",
}
TRY_AGAIN = 5
"""Seconds after which trying again makes sense."""


def is_busy(error: BaseException | None) -> bool:
    """True for a locked base, a lock not obtained, a connection lost or refused; False for anything else.

    Django wraps what the database raised, which says more: it is the cause.
    """
    raised = _raised(error)
    if isinstance(raised, sqlite3.OperationalError):
        return _sqlite_kind(raised) in _SQLITE
    state = _state(raised)
    return state is not None and (state in _POSTGRESQL or state.startswith("08"))


def is_cut(error: BaseException | None) -> bool:
    """Whether the connection was lost on the way: what was being committed may be, or may not. A connection that could
    not even be opened is not: nothing was asked of it.
    """
    state = _state(_raised(error))
    return state is not None and (state in _STOPPED or state in {"08003", "08006"}) and not why_not_reached(error)


def why_not_reached(error: BaseException | None) -> str:
    """What PostgreSQL's driver says of a connection that never was, on one line, in its own words: an unknown host, a
    refused password, a missing role. No password is in it. « » for any other failure.
    """
    raised = _raised(error)
    if _state(raised) != _LOST or not any(said in str(raised) for said in _NEVER_OPEN):
        return ""
    return " ".join(str(raised).split())


def unable_to_write(error: BaseException | None) -> str:
    """Why a base can write nothing, in French, as the end of a sentence: a full disk, one that is only read; « » when
    that is not what happened. Nothing of the act is kept then, and trying again changes nothing.
    """
    raised = _raised(error)
    if isinstance(raised, sqlite3.OperationalError):
        return _SQLITE_UNABLE.get(_sqlite_kind(raised), "")
    return _POSTGRESQL_UNABLE.get(_state(raised) or "", "")


def _raised(error: BaseException | None) -> BaseException | None:
    return (error.__cause__ or error) if error else None


def _sqlite_kind(raised: sqlite3.OperationalError) -> int:
    return getattr(raised, "sqlite_errorcode", 0) & 0xFF  # the low octet is the kind


def _state(raised: BaseException | None) -> str | None:
    """The state that PostgreSQL gives, that of a lost connection where the driver gives none; None for any other."""
    if type(raised).__module__.partition(".")[0] != "psycopg":
        return None
    state: str | None = getattr(raised, "sqlstate", None)
    lost = state is None and type(raised).__name__ in {"OperationalError", "InterfaceError", "ConnectionTimeout"}
    return _LOST if lost else state
