"""The settings of log-in: the second factor, sessions, passwords, accounts that nobody uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from tripartite.config_fields import ConfigError, setting, whole_numbers

ROLE_WORDS = {
    "agent": "agent",
    "responsable": "manager",
    "comptable": "accountant",
    "administrateur": "administrator",
}
"""The roles as people write them, and their codes (`accounts.rights.Role`)."""


SHORTEST_FORMER = 32
"""Characters below which a former key was never one that served: openssl rand -base64 48 gives sixty-four."""


class AccessRead(TypedDict):
    """What `read_access` reads, under the names of the fields."""

    second_factor: frozenset[str]
    session_life: timedelta
    session_idle: timedelta
    proof_life: timedelta
    reset_life: timedelta
    one_time_life: timedelta
    unused_after: timedelta | None
    former_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """What an installation sets about coming in; the rest of its settings is in `config.Config`."""

    second_factor: frozenset[str] = setting(  # type: ignore[assignment]
        "TRIPARTITE_SECOND_FACTOR",
        "`tous` en mode `server`, `aucun` en mode local",
        "rôles qui doivent un second facteur : `tous`, `aucun`, ou une liste (`administrateur,responsable`)",
    )
    session_life: timedelta = setting(  # type: ignore[assignment]
        "TRIPARTITE_SESSION_HOURS", "12", "heures au bout desquelles une session finit, 24 au plus"
    )
    session_idle: timedelta = setting(  # type: ignore[assignment]
        "TRIPARTITE_SESSION_IDLE_MINUTES", "120", "minutes sans rien faire au bout desquelles une session finit"
    )
    proof_life: timedelta = setting(  # type: ignore[assignment]
        "TRIPARTITE_PROOF_MINUTES",
        "15",
        "minutes pendant lesquelles une connexion suffit aux gestes sensibles ; ensuite, une preuve est redemandée",
    )
    reset_life: timedelta = setting(  # type: ignore[assignment]
        "TRIPARTITE_RESET_MINUTES", "60", "minutes pendant lesquelles vaut le lien d'un mot de passe oublié"
    )
    one_time_life: timedelta = setting(  # type: ignore[assignment]
        "TRIPARTITE_ONE_TIME_HOURS", "72", "heures au bout desquelles un mot de passe à usage unique ne vaut plus rien"
    )
    unused_after: timedelta | None = setting(  # type: ignore[assignment]
        "TRIPARTITE_UNUSED_DAYS",
        "400 en mode `server`, `jamais` en mode local",
        "jours sans connexion au bout desquels un compte est fermé, 60 au moins, prévenu trente jours avant ; `jamais`",
    )
    former_keys: tuple[str, ...] = setting(  # type: ignore[assignment]
        "TRIPARTITE_FORMER_KEYS",
        "aucune",
        "clés secrètes d'avant, séparées par des virgules : ce qu'elles ont signé vaut encore, le temps d'en changer",
        secret=True,
    )


def read_access(environment: Mapping[str, str], *, local: bool) -> AccessRead:
    """The settings of log-in that `environment` describes. Raises ConfigError when one cannot be right."""
    hours = whole_numbers(environment, "TRIPARTITE_SESSION_HOURS", "12")[0]
    if hours > 24:
        raise ConfigError("TRIPARTITE_SESSION_HOURS : écrire un nombre d'heures, 24 au plus.")
    return {
        "second_factor": _roles(environment.get("TRIPARTITE_SECOND_FACTOR") or ("aucun" if local else "tous")),
        "session_life": timedelta(hours=hours),
        "session_idle": _minutes(environment, "TRIPARTITE_SESSION_IDLE_MINUTES", "120"),
        "proof_life": _minutes(environment, "TRIPARTITE_PROOF_MINUTES", "15"),
        "reset_life": _minutes(environment, "TRIPARTITE_RESET_MINUTES", "60"),
        "one_time_life": timedelta(hours=whole_numbers(environment, "TRIPARTITE_ONE_TIME_HOURS", "72")[0]),
        "unused_after": _unused_after(environment, "jamais" if local else "400"),
        "former_keys": _former_keys(environment),
    }


def _minutes(environment: Mapping[str, str], name: str, usual: str) -> timedelta:
    return timedelta(minutes=whole_numbers(environment, name, usual)[0])


def _roles(written: str) -> frozenset[str]:
    if written in ("tous", "aucun"):
        return frozenset(ROLE_WORDS.values() if written == "tous" else ())
    words = [word.strip() for word in written.split(",")]
    if any(word not in ROLE_WORDS for word in words):
        known = ", ".join(ROLE_WORDS)
        raise ConfigError(f"TRIPARTITE_SECOND_FACTOR : écrire « tous », « aucun », ou des rôles parmi {known}.")
    return frozenset(ROLE_WORDS[word] for word in words)


def _former_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    written = environment.get("TRIPARTITE_FORMER_KEYS", "").split(",")
    found = tuple(key.strip() for key in written if key.strip())
    if any(len(key) < SHORTEST_FORMER for key in found):
        raise ConfigError(
            f"TRIPARTITE_FORMER_KEYS : écrire des clés entières, {SHORTEST_FORMER} caractères au moins, séparées"
            " par des virgules."
        )
    return found


def _unused_after(environment: Mapping[str, str], usual: str) -> timedelta | None:
    if (environment.get("TRIPARTITE_UNUSED_DAYS") or usual) == "jamais":
        return None
    days = whole_numbers(environment, "TRIPARTITE_UNUSED_DAYS", usual)[0]
    if days < 60:
        raise ConfigError("TRIPARTITE_UNUSED_DAYS : écrire un nombre de jours, 60 au moins, ou « jamais ».")
    return timedelta(days=days)
