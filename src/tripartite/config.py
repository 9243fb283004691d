"""What an installation sets, typed: read once from the environment, refused loudly when it cannot be right."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


class ConfigError(Exception):
    """A setting that cannot be used; the message, in French, says which one and what to write."""


class Mode(StrEnum):
    """LOCAL: one machine, sample accounts, keys made on the spot. SERVER: everything is to be said."""

    LOCAL = "local"
    SERVER = "server"


def _setting(variable: str, default: str, meaning: str) -> str:
    """A field of Config read from `variable`; the three texts make docs/configuration.md."""
    return field(metadata={"variable": variable, "default": default, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, under the name of its environment variable."""

    mode: Mode = _setting("TRIPARTITE_MODE", "local", "`local` (un poste, comptes d'essai) ou `server`")  # type: ignore[assignment]
    var: Path = _setting("TRIPARTITE_VAR", "var", "dossier des données : base embarquée, clé secrète")  # type: ignore[assignment]
    secret_key: str = _setting(
        "TRIPARTITE_SECRET_KEY", "fabriquée dans `var/` en mode local", "clé secrète ; obligatoire en mode `server`"
    )
    hosts: tuple[str, ...] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_HOSTS", "localhost,127.0.0.1", "noms servis, séparés par des virgules ; obligatoire en mode `server`"
    )
    database_url: str = _setting(
        "DATABASE_URL", "SQLite dans `var/`", "`postgresql://utilisateur:secret@hote:5432/base` ou `sqlite:///chemin`"
    )
    proxies: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_PROXIES", "0", "nombre de mandataires de confiance devant l'application (en-tête X-Forwarded-For)"
    )
    publisher: str = _setting(
        "TRIPARTITE_PUBLISHER", "à compléter", "mentions légales : nom et adresse de l'éditeur du site"
    )
    publication_director: str = _setting(
        "TRIPARTITE_PUBLICATION_DIRECTOR", "à compléter", "mentions légales : qui dirige la publication"
    )
    hosting: str = _setting(
        "TRIPARTITE_HOSTING", "à compléter", "mentions légales : nom, adresse et téléphone de l'hébergeur"
    )
    contact: str = _setting(
        "TRIPARTITE_CONTACT", "à compléter", "adresse électronique de contact, accessibilité comprise"
    )
    data_protection_officer: str = _setting(
        "TRIPARTITE_DPO", "à compléter", "adresse du délégué à la protection des données"
    )
    retention_months: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_RETENTION_MONTHS", "24", "durée, en mois, de conservation d'une demande restée sans devis"
    )


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration that `environment` describes.

    Raises ConfigError when a value cannot be read or when server mode lacks what it needs.
    In local mode only, a missing secret key is made once and kept in the data folder.
    """
    try:
        mode = Mode(environment.get("TRIPARTITE_MODE", "local"))
    except ValueError:
        raise ConfigError("TRIPARTITE_MODE : écrire « local » ou « server ».") from None
    var = Path(environment.get("TRIPARTITE_VAR") or ROOT / "var").resolve()
    if mode is Mode.SERVER:
        for name in ("TRIPARTITE_SECRET_KEY", "TRIPARTITE_HOSTS"):
            if not environment.get(name):
                raise ConfigError(f"{name} : obligatoire en mode « server ».")
    proxies = environment.get("TRIPARTITE_PROXIES", "0")
    if not proxies.isdigit():
        raise ConfigError("TRIPARTITE_PROXIES : écrire un nombre entier.")
    retention_months = environment.get("TRIPARTITE_RETENTION_MONTHS", "24")
    if not (retention_months.isdigit() and int(retention_months)):
        raise ConfigError("TRIPARTITE_RETENTION_MONTHS : écrire un nombre entier de mois, au moins 1.")
    return Config(
        mode=mode,
        var=var,
        secret_key=environment.get("TRIPARTITE_SECRET_KEY") or _local_secret_key(var),
        hosts=tuple(h.strip() for h in environment.get("TRIPARTITE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{var / 'tripartite.sqlite3'}",
        proxies=int(proxies),
        publisher=environment.get("TRIPARTITE_PUBLISHER", ""),
        publication_director=environment.get("TRIPARTITE_PUBLICATION_DIRECTOR", ""),
        hosting=environment.get("TRIPARTITE_HOSTING", ""),
        contact=environment.get("TRIPARTITE_CONTACT", ""),
        data_protection_officer=environment.get("TRIPARTITE_DPO", ""),
        retention_months=int(retention_months),
    )


def _local_secret_key(var: Path) -> str:
    path = var / "secret-key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


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


def documented_settings() -> list[dict[str, str]]:
    """Variable, default and meaning of every setting, for docs/configuration.md."""
    return [dict(item.metadata) for item in fields(Config)]
