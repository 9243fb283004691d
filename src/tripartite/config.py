"""What an installation sets, typed: read once from the environment, refused loudly when it cannot be right."""

import fcntl
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time, timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from tripartite.config_access import AccessSettings, read_access
from tripartite.config_fields import ConfigError
from tripartite.config_fields import setting as _setting
from tripartite.config_fields import whole_numbers as _whole_numbers
from tripartite.limits import LOG_IN_TRIES, USUAL, Limits, read_limits, read_log_in_tries

Read = TypeVar("Read")
ROOT = Path(__file__).resolve().parents[2]


class Mode(StrEnum):
    """LOCAL: one machine, sample accounts, keys made on the spot. SERVER: everything is to be said."""

    LOCAL = "local"
    SERVER = "server"


WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class CodeChannel(StrEnum):
    """How a signatory gets the code that signs: by e-mail, or by telephone from an agent."""

    EMAIL = "email"
    PHONE = "phone"


class Tls(StrEnum):
    """How a mail server is spoken to in secret: from the first octet, after a greeting, or not at all."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed over, and as whom (nobody: an empty user)."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Config(AccessSettings):
    """Every setting, under the name of its environment variable."""

    mode: Mode = _setting("TRIPARTITE_MODE", "local", "`local` (un poste, comptes d'essai) ou `server`")  # type: ignore[assignment]
    var: Path = _setting("TRIPARTITE_VAR", "var", "dossier des données : base embarquée, clé secrète")  # type: ignore[assignment]
    secret_key: str = _setting(
        "TRIPARTITE_SECRET_KEY",
        "fabriquée dans `var/` en mode local",
        "clé secrète ; obligatoire en mode `server`",
        secret=True,
    )
    hosts: tuple[str, ...] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_HOSTS", "localhost,127.0.0.1", "noms servis, séparés par des virgules ; obligatoires en `server`"
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
    court: str = _setting(
        "TRIPARTITE_COURT",
        "tribunal administratif compétent",
        "tribunal que nomment les conventions et les délibérations",
    )
    timestamp_url: str = _setting(
        "TRIPARTITE_TIMESTAMP_URL", "aucun horodatage", "adresse du service d'horodatage (RFC 3161) des sceaux"
    )
    trust_folder: Path = _setting(  # type: ignore[assignment]
        "TRIPARTITE_TRUST_FOLDER",
        "`trust` dans le dossier des données",
        "autorités de confiance pour vérifier les signatures (PEM), listes de révocation (CRL)",
    )
    seal_file: str = _setting(
        "TRIPARTITE_SEAL_FILE", "sceau d'essai en mode local", "fichier PKCS#12 : clé et certificat du sceau"
    )
    seal_password: str = _setting("TRIPARTITE_SEAL_PASSWORD", "vide", "mot de passe de ce fichier", secret=True)
    seal_pkcs11: str = _setting(
        "TRIPARTITE_SEAL_PKCS11",
        "aucun",
        "sceau sur une carte : module, jeton et clé, séparés par des barres verticales",
    )
    seal_pin: str = _setting("TRIPARTITE_SEAL_PIN", "vide", "code de cette carte", secret=True)
    smtp: str = _setting(
        "TRIPARTITE_SMTP",
        "aucun : en mode local, les courriels sont gardés, sans être envoyés",
        "serveur de courrier : `smtp://utilisateur:secret@hote:port?tls=starttls` (ou `implicit`, ou `none`)",
    )
    mail_from: str = _setting(
        "TRIPARTITE_MAIL_FROM",
        "obligatoire avec `TRIPARTITE_SMTP`",
        "expéditeur des courriels : `Nom <adresse>` ou `adresse`",
    )
    mail_retries: tuple[timedelta, ...] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_MAIL_RETRIES",
        "1,5,15,60,240,720",
        "minutes d'attente avant chaque nouvel essai d'un courriel ; la dernière se répète",
    )
    mail_patience: timedelta = _setting(  # type: ignore[assignment]
        "TRIPARTITE_MAIL_PATIENCE", "72", "heures au bout desquelles un courriel qui ne part pas est abandonné"
    )
    public_url: str = _setting(
        "TRIPARTITE_PUBLIC_URL",
        "l'adresse servie en local (`http://127.0.0.1:8000`) ; `https://` et le premier nom servi en `server`",
        "début des liens que portent les courriels",
    )
    link_life: timedelta = _setting(  # type: ignore[assignment]
        "TRIPARTITE_LINK_DAYS", "7", "jours pendant lesquels un lien d'accès à un dossier peut être ouvert, une fois"
    )
    link_session: timedelta = _setting(  # type: ignore[assignment]
        "TRIPARTITE_LINK_HOURS", "4", "heures pendant lesquelles le dossier reste ouvert après le lien, 12 au plus"
    )
    keep_years: tuple[tuple[str, int], ...] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_KEEP_YEARS",
        "quote=10,convention=30,signed-revision=30,signed-scan=30,scan=10",
        "années de conservation par genre de papier ; rien n'est effacé, `tripartite retention` dit ce qui a passé",
    )
    remind_quotes: tuple[int, ...] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_REMIND_QUOTES", "15,3", "jours avant l'expiration d'un devis où son contact est relancé"
    )
    remind_signatures: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_REMIND_SIGNATURES", "10", "jours entre deux relances d'un signataire attendu"
    )
    elections_on: date = _setting(  # type: ignore[assignment]
        "TRIPARTITE_ELECTIONS_ON",
        "2032-03-14",
        "prochaines élections municipales, à titre indicatif (les dernières : 15 et 22 mars 2026, tous les six ans)",
    )
    digest: tuple[int, int] | None = _setting(  # type: ignore[assignment]
        "TRIPARTITE_DIGEST",
        "lundi:60",
        "jour de la semaine où les échéances partent par courriel aux comptes qui les veulent, et jours à venir"
        " qu'elles couvrent ; `jamais` : aucun envoi",
    )
    daily_at: time | None = _setting(  # type: ignore[assignment]
        "TRIPARTITE_DAILY_AT",
        "05:00",
        "heure, à Paris, où `tripartite worker` lance ce que le jour apporte ; `jamais` : il ne le fait pas",
    )
    reading_seconds: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_READING_SECONDS", "10", "secondes de processeur au bout desquelles la lecture d'un fichier s'arrête"
    )
    reading_memory: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_READING_MEMORY", "512", "mémoire, en Mo, que la lecture d'un fichier peut prendre"
    )
    reading_places: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_READING_PLACES", "3", "fichiers lus à la fois, toutes pages confondues ; les autres attendent"
    )
    reading_patience: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_READING_PATIENCE", "5", "secondes d'attente d'une place, avant de répondre « occupé »"
    )
    supervision_token: str = _setting(
        "TRIPARTITE_SUPERVISION_TOKEN",
        "aucun : le détail n'est dit qu'à la machine même",
        "secret que présente un superviseur (`Authorization: Bearer …`) pour lire le détail de `/sante/` et `/metrics`",
        secret=True,
    )
    code_channel: CodeChannel = _setting(  # type: ignore[assignment]
        "TRIPARTITE_CODE_CHANNEL",
        "email",
        "code de signature : `email` (à l'adresse du lien) ou `phone` (dit par un agent, au téléphone)",
    )
    log_in_tries: tuple[int, int, int] = _setting(  # type: ignore[assignment]
        "TRIPARTITE_LOG_IN_TRIES", "5,20,20", f"connexions refusées avant d'attendre : {LOG_IN_TRIES}"
    )
    form_bytes: int = _setting(  # type: ignore[assignment]
        "TRIPARTITE_FORM_KB", "1000", "poids d'un envoi sans fichier, en milliers d'octets ; au-delà, il n'est pas lu"
    )
    limits: Limits = _setting(  # type: ignore[assignment]
        "TRIPARTITE_LIMITS",
        ",".join(f"{name}={bounds[0].each}/{bounds[0].everyone}" for name, bounds in USUAL.items()),
        "usages sans compte, par adresse et en tout, par minute (`request`, `link`, `code` : par heure) ; n'écrire que"
        " ce qui change ; `aucune` : sans limite",
    )


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration that `environment` describes.

    Raises ConfigError when a value cannot be read or when server mode lacks what it needs.
    In local mode only, a missing secret key is made once and kept in the data folder.
    """
    mode = _parsed(environment, "TRIPARTITE_MODE", lambda text: Mode(text or "local"), "« local » ou « server »")
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
    seal_pkcs11 = environment.get("TRIPARTITE_SEAL_PKCS11", "")
    if seal_pkcs11 and len([part for part in seal_pkcs11.split("|") if part.strip()]) != 3:
        raise ConfigError("TRIPARTITE_SEAL_PKCS11 : écrire « module.so|nom du jeton|nom de la clé ».")
    hosts = tuple(h.strip() for h in environment.get("TRIPARTITE_HOSTS", "localhost,127.0.0.1,[::1]").split(","))
    link_hours = _whole_numbers(environment, "TRIPARTITE_LINK_HOURS", "4")[0]
    if link_hours > 12:
        raise ConfigError("TRIPARTITE_LINK_HOURS : écrire un nombre d'heures, 12 au plus.")
    return Config(
        mode=mode,
        var=var,
        secret_key=environment.get("TRIPARTITE_SECRET_KEY") or _local_secret_key(var),
        hosts=hosts,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{var / 'tripartite.sqlite3'}",
        proxies=int(proxies),
        publisher=environment.get("TRIPARTITE_PUBLISHER", ""),
        publication_director=environment.get("TRIPARTITE_PUBLICATION_DIRECTOR", ""),
        hosting=environment.get("TRIPARTITE_HOSTING", ""),
        contact=environment.get("TRIPARTITE_CONTACT", ""),
        data_protection_officer=environment.get("TRIPARTITE_DPO", ""),
        retention_months=int(retention_months),
        court=environment.get("TRIPARTITE_COURT") or "tribunal administratif compétent",
        timestamp_url=environment.get("TRIPARTITE_TIMESTAMP_URL", ""),
        trust_folder=Path(environment.get("TRIPARTITE_TRUST_FOLDER") or var / "trust"),
        seal_file=environment.get("TRIPARTITE_SEAL_FILE", ""),
        seal_password=environment.get("TRIPARTITE_SEAL_PASSWORD", ""),
        seal_pkcs11=seal_pkcs11,
        seal_pin=environment.get("TRIPARTITE_SEAL_PIN", ""),
        keep_years=_keep_years(environment),
        remind_quotes=tuple(_whole_numbers(environment, "TRIPARTITE_REMIND_QUOTES", "15,3")),
        remind_signatures=_whole_numbers(environment, "TRIPARTITE_REMIND_SIGNATURES", "10")[0],
        elections_on=_parsed(
            environment,
            "TRIPARTITE_ELECTIONS_ON",
            lambda text: date.fromisoformat(text or "2032-03-14"),
            "une date comme 2032-03-14",
        ),
        digest=_digest(environment),
        daily_at=_daily_at(environment),
        smtp=_smtp(environment),
        mail_from=_mail_from(environment),
        mail_retries=tuple(
            timedelta(minutes=minutes)
            for minutes in _whole_numbers(environment, "TRIPARTITE_MAIL_RETRIES", "1,5,15,60,240,720")
        ),
        mail_patience=timedelta(hours=_whole_numbers(environment, "TRIPARTITE_MAIL_PATIENCE", "72")[0]),
        public_url=_public_url(environment, "http://127.0.0.1:8000" if mode is Mode.LOCAL else f"https://{hosts[0]}"),
        link_life=timedelta(days=_whole_numbers(environment, "TRIPARTITE_LINK_DAYS", "7")[0]),
        link_session=timedelta(hours=link_hours),
        supervision_token=environment.get("TRIPARTITE_SUPERVISION_TOKEN", ""),
        code_channel=_parsed(
            environment, "TRIPARTITE_CODE_CHANNEL", lambda text: CodeChannel(text or "email"), "« email » ou « phone »"
        ),
        reading_seconds=_whole_numbers(environment, "TRIPARTITE_READING_SECONDS", "10")[0],
        reading_memory=_whole_numbers(environment, "TRIPARTITE_READING_MEMORY", "512")[0],
        reading_places=_whole_numbers(environment, "TRIPARTITE_READING_PLACES", "3")[0],
        reading_patience=_whole_numbers(environment, "TRIPARTITE_READING_PATIENCE", "5")[0],
        log_in_tries=_parsed(environment, "TRIPARTITE_LOG_IN_TRIES", read_log_in_tries, "trois nombres, « 5,20,20 »"),
        form_bytes=1000 * _whole_numbers(environment, "TRIPARTITE_FORM_KB", "1000")[0],
        limits=_parsed(
            environment, "TRIPARTITE_LIMITS", read_limits, "« estimate=300/3000,request=10/200 », ou « aucune »"
        ),
        **read_access(environment, local=mode is Mode.LOCAL),
    )


def mail_server(url: str) -> MailServer:
    """The server that TRIPARTITE_SMTP describes; without a port, the usual one. STARTTLS unless it says otherwise."""
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    try:
        tls = Tls(options.pop("tls", "starttls"))
        port = parts.port or (465 if tls is Tls.IMPLICIT else 587)
    except ValueError:
        raise ConfigError("TRIPARTITE_SMTP : un port est un nombre ; tls vaut starttls, implicit ou none.") from None
    if parts.scheme != "smtp" or not parts.hostname or parts.path.strip("/") or parts.fragment or options:
        raise ConfigError(
            "TRIPARTITE_SMTP : écrire smtp://utilisateur:secret@hote:port?tls=starttls"
            " (dans le secret, %23 pour #, %2F pour /, %3F pour ?, %40 pour @)."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ConfigError("TRIPARTITE_SMTP : l'utilisateur et le secret s'écrivent sans accent.")
    return MailServer(parts.hostname, port, tls, user, password)


def _smtp(environment: Mapping[str, str]) -> str:
    url = environment.get("TRIPARTITE_SMTP", "")
    if url:
        mail_server(url)
        if not environment.get("TRIPARTITE_MAIL_FROM"):
            raise ConfigError("TRIPARTITE_MAIL_FROM : obligatoire avec TRIPARTITE_SMTP.")
    return url


def _mail_from(environment: Mapping[str, str]) -> str:
    written = environment.get("TRIPARTITE_MAIL_FROM") or "Tripartite <tripartite@localhost>"
    local, _, domain = parseaddr(written)[1].rpartition("@")
    if not (local and domain and domain.isascii() and written.isprintable()):
        raise ConfigError("TRIPARTITE_MAIL_FROM : écrire une adresse, ou « Nom <adresse> ».")
    return written


def _public_url(environment: Mapping[str, str], usual: str) -> str:
    url = environment.get("TRIPARTITE_PUBLIC_URL") or usual
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError("TRIPARTITE_PUBLIC_URL : écrire une adresse qui commence par https://.")
    return url.rstrip("/")


def _digest(environment: Mapping[str, str]) -> tuple[int, int] | None:
    written = environment.get("TRIPARTITE_DIGEST") or "lundi:60"
    if written == "jamais":
        return None
    day, _, reach = written.partition(":")
    if day not in WEEKDAYS or not (reach.isascii() and reach.isdigit() and 0 < int(reach) <= 366):
        raise ConfigError("TRIPARTITE_DIGEST : écrire un jour et des jours à venir, « lundi:60 », ou « jamais ».")
    return WEEKDAYS.index(day), int(reach)


def _daily_at(environment: Mapping[str, str]) -> time | None:
    written = environment.get("TRIPARTITE_DAILY_AT") or "05:00"
    if written == "jamais":
        return None
    try:
        return time.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        raise ConfigError("TRIPARTITE_DAILY_AT : écrire une heure comme 05:00, ou « jamais ».") from None


def _parsed(environment: Mapping[str, str], name: str, read: Callable[[str], Read], example: str) -> Read:
    try:
        return read(environment.get(name, ""))
    except ValueError:
        raise ConfigError(f"{name} : écrire {example}.") from None


def _keep_years(environment: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    found = []
    for part in filter(None, environment.get("TRIPARTITE_KEEP_YEARS", "").split(",")):
        kind, _, years = part.partition("=")
        if not (kind.strip() and years.strip().isdigit() and 0 < int(years) <= 200):
            raise ConfigError("TRIPARTITE_KEEP_YEARS : écrire « quote=10,convention=30 ».")
        found.append((kind.strip(), int(years)))
    return tuple(found)


def _local_secret_key(var: Path) -> str:
    path = var / "secret-key"
    if path.exists() and (kept := path.read_text()):
        return kept
    var.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # processes that start at once have one key: that of the first
        kept = file.read()
        if not kept:
            kept = secrets.token_urlsafe(50)
            file.write(kept)
    return kept


def documented_settings() -> list[dict[str, str]]:
    """Variable, default and meaning of every setting, for docs/configuration.md."""
    access = {item.name for item in fields(AccessSettings)}
    return [dict(item.metadata) for item in sorted(fields(Config), key=lambda item: item.name in access)]
