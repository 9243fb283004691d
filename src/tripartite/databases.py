"""Django's settings for the two databases that an installation may have."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tripartite.config_fields import ConfigError

TURN = 20
"""Seconds that whoever writes waits for its turn, on both databases: then it is told that the base is busy."""
ON_THE_WIRE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
"""After a minute of silence we take a PostgreSQL server for gone, whatever the network says of it."""
IN_A_SESSION = {
    "lock_timeout": f"{TURN}s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""And it us: what a machine that lost its power held is free after a minute, not after two hours."""


def database_settings(url: str) -> dict[str, object]:
    """Django's settings for a database address.

    SQLite runs in WAL with immediate transactions: a writer waits for its turn instead of failing half-way. PostgreSQL
    waits as long for a lock. What the address says of a connection of PostgreSQL comes before what is set here.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": TURN,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        said = (pair.partition("=") for pair in parts.query.split("&") if pair)
        options = {name: unquote(value) for name, _, value in said}
        options.setdefault("connect_timeout", "10")  # seconds; a server that is away is told, not waited for
        options.setdefault("options", " ".join(f"-c {name}={value}" for name, value in IN_A_SESSION.items()))
        options = ON_THE_WIRE | options
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ConfigError("DATABASE_URL : commencer par postgresql:// ou sqlite:///.")


def look_up_keys_in_a_list() -> None:
    """Have SQLite find in one list the rows that foreign keys name: where Django 5.2 prefetches along a foreign key, it
    asks for « id = 1 OR id = 2… », and SQLite refuses a thousand of these.
    """
    from django.db.models.fields.tuple_lookups import TupleIn  # noqa: PLC0415 - the settings are read before Django
    from django.db.models.lookups import In  # noqa: PLC0415

    def as_sqlite(lookup: Any, compiler: Any, connection: Any) -> Any:
        if len(lookup.lhs) > 1 or not lookup.rhs_is_direct_value():
            return lookup.as_sql(compiler, connection)
        (column,) = lookup.lhs
        return compiler.compile(In(column, [value for (value,) in lookup.rhs]))

    TupleIn.as_sqlite = as_sqlite  # type: ignore[attr-defined]  # how Django lets a database have its own


def tell_columns_apart_cheaply() -> None:
    """Have Django compare the columns that a query reads by their fields. To sort, it makes a key of each: by the words
    of their constructors (Django 5.2), a third of what a query costs that reads a hundred of them.
    """
    from django.db.models.expressions import Col  # noqa: PLC0415 - the settings are read before Django
    from django.utils.functional import cached_property  # noqa: PLC0415

    def identity(column: Any) -> tuple[object, ...]:
        return Col, column.alias, column.target, column.output_field

    told_apart = cached_property(identity)
    told_apart.__set_name__(Col, "identity")
    Col.identity = told_apart  # type: ignore[assignment]


def mark_places_once() -> None:
    """Have SQLite's orders keep the places of their values as that base marks them: Django looks for each anew, in
    thousands of letters, every time an order is given. Those of the longest lists, which seldom come again, are not
    kept.
    """
    from django.db.backends.sqlite3.base import SQLiteCursorWrapper  # noqa: PLC0415 - the settings are read before Django

    marked: Any = SQLiteCursorWrapper.convert_query
    kept = lru_cache(maxsize=400)(lambda words: marked(None, words))

    def convert_query(cursor: Any, query: str, *, param_names: Any = None) -> Any:
        return (
            marked(cursor, query, param_names=param_names)
            if param_names is not None or len(query) > 9000
            else kept(query)
        )

    SQLiteCursorWrapper.convert_query = convert_query  # type: ignore[method-assign, assignment]
