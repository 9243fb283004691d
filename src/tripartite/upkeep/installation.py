"""What an installation has set: shown without its secrets, and what of it is not safe to serve with. Pure."""

import re
from collections.abc import Mapping
from dataclasses import fields
from urllib.parse import quote, unquote, urlsplit

from tripartite.config import Config, Mode, Tls, mail_server

SHORTEST_KEY = 50
"""Characters below which a secret key is short, as Django counts; and how many different ones it must have."""
FEWEST_DIFFERENT = 5
PLACEHOLDER = re.compile(r"à[ _-]?remplacer|a[ _-]?remplacer|django-insecure|changeme|change-me", re.IGNORECASE)
HIDDEN = "…"
_SECRET_WORD = re.compile(
    r"([?&](?:[a-z_-]*passw(?:or)?d|[a-z_-]*token|[a-z_-]*key|[a-z_-]*secret)=)[^&#]*", re.IGNORECASE
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def shown_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that `environment` gives, by variable; no secret among them, and none inside an address."""
    found = {}
    for item in fields(Config):
        variable = str(item.metadata["variable"])
        if value := environment.get(variable):
            found[variable] = HIDDEN if not item.repr else _without_password(value)
    return found


def unsafe_settings(config: Config) -> list[str]:
    """Why this installation must not serve as it is set, in French sentences; none in local mode.

    Whoever reads one knows which variable to change, and to what.
    """
    if config.mode is Mode.LOCAL:
        return []
    found = []
    key = config.secret_key
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT or PLACEHOLDER.search(key):
        found.append(
            f"TRIPARTITE_SECRET_KEY : trop courte ou devinable ({SHORTEST_KEY} caractères au moins, tirés au hasard :"
            " openssl rand -base64 48)."
        )
    if any(not host or "*" in host or host.startswith(".") for host in config.hosts):
        found.append("TRIPARTITE_HOSTS : écrire les noms servis, en entier, sans « * » ni point au début.")
    if not config.proxies:
        found.append(
            "TRIPARTITE_PROXIES : écrire 1. L'application ne porte pas de certificat TLS : un serveur frontal le fait,"
            " et lui dit par X-Forwarded-Proto que la connexion est chiffrée."
        )
    if urlsplit(config.public_url).scheme != "https":
        found.append("TRIPARTITE_PUBLIC_URL : commencer par https:// ; les liens des courriels ouvrent des dossiers.")
    if config.smtp:
        server = mail_server(config.smtp)
        if server.tls is Tls.NONE and server.password and server.host not in LOOPBACK:
            found.append("TRIPARTITE_SMTP : un mot de passe partirait en clair ; écrire tls=starttls ou tls=implicit.")
    return found


def _without_password(value: str) -> str:
    """An address whose password is hidden, where its host is and after its « ? »; any other text as it is."""
    if "://" not in value:
        return value
    value = _SECRET_WORD.sub(rf"\1{HIDDEN}", value)
    try:
        password = urlsplit(value).password
    except ValueError:
        return HIDDEN
    if not password:
        return value
    head, _, tail = value.partition(f":{password}@")
    return (
        f"{head}:{HIDDEN}@{tail}" if tail else value.replace(password, HIDDEN).replace(quote(unquote(password)), HIDDEN)
    )
