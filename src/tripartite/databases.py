"""Django's settings for the two databases that an installation may have."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from tripartite.config_fields import ConfigError


def database_settings(url: str) -> dict[str, object]:
    """Django's settings for a database address.

    SQLite runs in WAL with immediate transactions: a writer waits for its turn instead of failing half-way.
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
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
        options.setdefault("connect_timeout", "10")  # seconds; a server that is away is told, not waited for
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ConfigError("DATABASE_URL : commencer par postgresql:// ou sqlite:///.")
