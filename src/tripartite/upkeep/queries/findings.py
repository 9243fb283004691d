"""What an installation lacks, or what weakens it, in server mode and before: each with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tripartite.accounts.queries import active_administrators
from tripartite.billing.queries.settings import settings_lacks, settings_on
from tripartite.busy import why_not_reached
from tripartite.config import Config, Mode
from tripartite.conventions.queries.conventions import adopted_text
from tripartite.file_modes import file_mode_findings
from tripartite.going_live.queries.checklists import current_checklist
from tripartite.messages.queries import message_counts
from tripartite.messages.states import MessageState
from tripartite.parties.queries.bodies import directory_is_empty, issuer_lacks, issuers
from tripartite.pricing.french import counted
from tripartite.pricing.grid import offer_of
from tripartite.pricing.naming import complement
from tripartite.tariffs.queries import grids_in_force
from tripartite.upkeep.installation import unsafe_settings
from tripartite.upkeep.queries.health import health
from tripartite.upkeep.queries.records import last_backup, last_drill
from tripartite.upkeep.states import Gravity, PartState

BACKUP_EVERY = timedelta(days=7)
DRILL_EVERY = timedelta(days=183)
TEXTS = {"convention": "de convention", "amendment": "d'avenant", "deliberation": "de délibération"}
LEGAL = {
    "publisher": "TRIPARTITE_PUBLISHER",
    "publication_director": "TRIPARTITE_PUBLICATION_DIRECTOR",
    "hosting": "TRIPARTITE_HOSTING",
    "contact": "TRIPARTITE_CONTACT",
    "data_protection_officer": "TRIPARTITE_DPO",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """How grave it is, and a French sentence that says what to do."""

    gravity: Gravity
    words: str


def lacks(*, at: datetime) -> list[Lack]:
    """All that is missing or weak, the gravest first; of a base that does not answer, that alone."""
    config: Config = settings.CONFIG
    found = [Lack(Gravity.UNSAFE, words) for words in unsafe_settings(config)]
    found += setting_lacks(config)
    found += base_lacks() or [*_data_lacks(at), *_billing_lacks(at), *_running_lacks(at), *_keeping_lacks(at)]
    order = list(Gravity)
    return sorted(found, key=lambda lack: order.index(lack.gravity))


def base_lacks() -> list[Lack]:
    """Why nothing can be read in the base, in the words of its driver: not reached, or not made yet. None otherwise."""
    try:
        unmigrated = _unmigrated()
    except OperationalError as error:
        said = why_not_reached(error) or "elle ne répond pas."
        return [Lack(Gravity.MISSING, f"DATABASE_URL, la base n'a pas été jointe : {said}")]
    return [Lack(Gravity.MISSING, "La base n'est pas à jour : lancer tripartite setup.")] if unmigrated else []


def setting_lacks(config: Config) -> list[Lack]:
    """What the settings alone tell: nothing in local mode."""
    if config.mode is Mode.LOCAL:
        return []
    found = []
    if not config.smtp:
        words = "TRIPARTITE_SMTP : aucun serveur de courrier, aucun courriel ne part."
        found.append(Lack(Gravity.MISSING, words))
    if not (config.var / "static" / "staticfiles.json").is_file():
        found.append(Lack(Gravity.MISSING, "Fichiers des écrans absents : lancer tripartite setup."))
    if config.database_url.startswith("sqlite"):
        words = "DATABASE_URL : SQLite n'écrit qu'une chose à la fois ; PostgreSQL convient à plusieurs agents."
        found.append(Lack(Gravity.WEAK, words))
    found += [Lack(Gravity.WEAK, f"{one.path} : {one.words}.") for one in file_mode_findings(config)]
    if not config.timestamp_url:
        words = "TRIPARTITE_TIMESTAMP_URL : sans horodatage, une signature ne se vérifie plus après son certificat."
        found.append(Lack(Gravity.WEAK, words))
    if config.daily_at is None:
        found.append(Lack(Gravity.WEAK, "TRIPARTITE_DAILY_AT : rien ne fait d'office ce que le jour apporte."))
    blank = [variable for name, variable in LEGAL.items() if not getattr(config, name)]
    if blank:
        found.append(Lack(Gravity.WEAK, f"Mentions légales à compléter : {', '.join(blank)}."))
    return found


def _unmigrated() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _data_lacks(at: datetime) -> Iterator[Lack]:
    """What is to be adopted or loaded before the first quote, then the first convention."""
    grids = grids_in_force(timezone.localdate(at))
    if not grids:
        yield Lack(Gravity.MISSING, "Aucune grille en vigueur : tripartite grid adopt.")
    for grid in grids:
        offer = offer_of(grid.code)
        if current_checklist(offer) is None:
            yield Lack(Gravity.MISSING, f"Aucune liste de mise en service pour {offer} : tripartite checklist adopt.")
    for kind, words in TEXTS.items():
        if adopted_text(kind) is None:
            yield Lack(Gravity.MISSING, f"Aucun modèle {words} adopté : à l'écran, « Modèles de texte ».")
    if directory_is_empty():
        yield Lack(Gravity.MISSING, "L'annuaire est vide : tripartite directory import.")
    for issuer in issuers():
        if not active_administrators(issuer.pk).exists():
            words = f"{issuer.short_name} n'a aucun administrateur : tripartite account create --issuer {issuer.code}."
            yield Lack(Gravity.MISSING, words)
        if left := issuer_lacks(issuer):
            where = "à l'écran, « Identité et réglages »"
            yield Lack(Gravity.WEAK, f"{issuer.short_name}, {', '.join(left)} à compléter pour ses papiers : {where}.")


def _billing_lacks(at: datetime) -> Iterator[Lack]:
    """What the settings of each issuer that bills leave blank, or say against one another."""
    for issuer in issuers():
        found = settings_on(issuer.code, timezone.localdate(at))
        for words in settings_lacks(found) if found else []:
            where = "à l'écran, « Régler la facturation »"
            yield Lack(Gravity.WEAK, f"Facturation {complement(issuer.short_name)}, {words} : {where}.")


def _running_lacks(at: datetime) -> Iterator[Lack]:
    """What does not run, as the supervisor is told, and what gave up."""
    for part in health(at=at):
        if part.state is not PartState.GOOD:
            gravity = Gravity.MISSING if part.state is PartState.FAILING else Gravity.WEAK
            yield Lack(gravity, part.words)
    if given_up := message_counts()[MessageState.GIVEN_UP]:
        yield Lack(Gravity.WEAK, f"{counted(given_up, 'courriel abandonné')} : à l'écran, « Courriels ».")


def _keeping_lacks(at: datetime) -> Iterator[Lack]:
    backup, drill = last_backup(), last_drill()
    if backup is None:
        yield Lack(Gravity.MISSING, "Aucune sauvegarde : tripartite backup.")
    elif backup < at - BACKUP_EVERY:
        day = timezone.localdate(backup)
        yield Lack(Gravity.MISSING, f"Aucune sauvegarde depuis le {day:%d/%m/%Y} : tripartite backup.")
    if drill is None or drill < at - DRILL_EVERY:
        yield Lack(Gravity.WEAK, "Aucune sauvegarde remise à l'essai depuis six mois : tripartite restore-drill.")
