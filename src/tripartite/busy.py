"""Whether a failure of the database means « try again »: it was busy, or away, and did nothing. Pure."""

import sqlite3

_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57014", "53300"})
"""Serialization, deadlock, a lock not obtained, a server that stops or starts, a time limit, too many connections."""
TRY_AGAIN = 5
"""Seconds after which trying again makes sense."""


def is_busy(error: BaseException | None) -> bool:
    """True for a locked base, a lock not obtained, a connection lost or refused; False for anything else.

    Django wraps what the database raised, which says more: it is the cause.
    """
    raised = (error.__cause__ or error) if error else None
    if isinstance(raised, sqlite3.OperationalError):
        return getattr(raised, "sqlite_errorcode", 0) & 0xFF in _SQLITE  # the low octet is the kind
    if type(raised).__module__.partition(".")[0] != "psycopg":
        return False
    state = getattr(raised, "sqlstate", None)
    if state is None:
        return type(raised).__name__ in {"OperationalError", "InterfaceError", "ConnectionTimeout"}
    return state in _POSTGRESQL or state.startswith("08")
