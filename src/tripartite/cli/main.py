"""The command line: `tripartite COMMAND`. Each command has its module, loaded when it is asked for.

Nothing else is imported here: whoever asks for help, or mistypes a command, waits for neither Django nor the steps.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from tripartite.cli.french import speak_french
from tripartite.collecting import BETWEEN
from tripartite.version import VERSION

COMMANDS = {
    "estimate": "estimer une demande écrite en JSON, sans rien enregistrer",
    "quote": "émettre les devis d'une demande écrite en JSON",
    "document": "vérifier un papier et ses signatures",
    "grid": "les grilles tarifaires votées",
    "text": "les textes des conventions, avenants et délibérations : contrôler, adopter",
    "checklist": "les listes de mise en service : ce que demande chaque service",
    "directory": "l'annuaire des structures publiques",
    "cohort": "les anciens conventionnés « Mairie Connectée »",
    "account": "ouvrir un compte, rendre l'entrée à qui l'a perdue",
    "setup": "préparer la base ; en mode local, charger aussi la grille, l'annuaire et des comptes d'essai",
    "demo": "créer des demandes d'essai (mode local)",
    "daily": "faire ce qu'un jour apporte : échéances, reconductions, relances",
    "convention": "comment une convention finit : montrer, enregistrer, annuler",
    "subscription": "ce qui tourne : la liste, le coût un jour donné, les changements",
    "intervention": "ce qui a été fait pour une structure, et corriger ce qui est mal noté",
    "due": "ce qui tombe dû entre deux jours, ligne à ligne",
    "billing": "la facturation : ce qui est à facturer, les factures, les avoirs, les paiements",
    "key": "les clés de signature : le registre, la remise, le renouvellement",
    "person": "ce qui est gardé d'une personne : montrer, rectifier, effacer",
    "forget": "effacer les coordonnées des demandes restées sans devis",
    "backup": "sauvegarder tout ce que garde l'installation, pendant qu'elle sert ; contrôler une sauvegarde",
    "restore": "remettre une sauvegarde dans une installation vide",
    "restore-drill": "remettre une sauvegarde à l'essai, à part, et dire ce qu'on y retrouve",
    "check": "dire ce qui manque à l'installation, ou la fragilise",
    "health": "dire si tout tourne : base, ouvriers, courriels, sceau, disque",
    "retention": "dire quels papiers ont passé leur durée de conservation",
    "send": "envoyer les courriels en attente",
    "worker": "faire les travaux d'arrière-plan et envoyer les courriels",
    "serve": "servir l'application",
    "docs": "écrire les pages de documentation que produit le code",
}
"""Each command and what it does; its module bears its name, but for those of MODULES."""

BUSY = 75
"""The exit status of a command that found the base busy or away: the same command may be tried again."""
UNABLE = 74
"""The exit status of a command whose base can write nothing: trying again changes nothing."""
MODULES = {"docs": "documentation", "restore-drill": "restore_drill"}
APPLICATIONS = {
    "estimate": "PRICING_STEPS",
    "grid": "STEPS",
    "subscription": "STEPS",
    "convention": "STEPS",
    "due": "STEPS",
}
"""The commands that ask nothing of the screens nor of the queue: which list of settings.py they load instead."""
LETTERS = frozenset({("subscription", "correct-change"), ("convention", "end"), ("convention", "annul")})
"""Their acts that write a letter, and so load all: its link is an address of the screens."""


def parser(asked: str) -> argparse.ArgumentParser:
    """The grammar of the command line: every command by its name, and that of `asked` in full.

    Django is set up by then, unless nothing is asked: the modules of the commands know the application.
    """
    speak_french()
    whole = argparse.ArgumentParser(
        prog="tripartite", description="De la grille votée aux deux devis, au centime près.", allow_abbrev=False
    )
    whole.add_argument("--version", action="version", version=f"Tripartite {VERSION}", help="dire la version")
    subparsers = whole.add_subparsers(required=True, metavar="COMMANDE")
    for name, words in COMMANDS.items():
        command = subparsers.add_parser(name, help=words)
        if name == asked:
            importlib.import_module(f"tripartite.cli.{MODULES.get(name, name)}").add_to(command)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    first = next((word for word in words if not word.startswith("-")), "")
    asked = first if first in COMMANDS else ""
    gc.disable()  # what loading makes stays: there is nothing to collect until the command runs
    try:
        if asked and not _set_up(asked, words):
            return 2
        command = parser(asked).parse_args(words)
    finally:
        gc.enable()
        gc.set_threshold(*BETWEEN)
    return _run(command)


def _set_up(asked: str, words: Sequence[str]) -> bool:
    """Set Django up with what the command needs; False, said, when the configuration does not let it."""
    import django  # noqa: PLC0415 - a help does without
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from tripartite.config_fields import ConfigError  # noqa: PLC0415
    from tripartite.file_modes import UMASK  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tripartite.settings")
    if asked != "docs":  # its pages are everybody's
        os.umask(UMASK)
    if apps.ready:
        return True  # once a process: setting up again would have the log written where this command writes
    try:
        writes = any((asked, word) in LETTERS for word in words)
        if asked in APPLICATIONS and not writes:
            settings.INSTALLED_APPS = getattr(settings, APPLICATIONS[asked])
        django.setup()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _run(command: argparse.Namespace) -> int:
    from django.db import DatabaseError, InterfaceError  # noqa: PLC0415 - a help does without

    from tripartite.bounded.refusals import Busy  # noqa: PLC0415

    try:
        status: int = command.run(command)
    except Busy as busy:
        print(busy, file=sys.stderr)
        return 2
    except (DatabaseError, InterfaceError) as error:
        known = _what_the_base_said(error)
        if known is None:
            raise
        status, words = known
        print(words, file=sys.stderr)
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _what_the_base_said(error: Exception) -> tuple[int, str] | None:
    """The exit status and the words for a failure of the database that is no fault of the code; None for any other."""
    from tripartite.busy import is_busy, is_cut, unable_to_write, why_not_reached  # noqa: PLC0415 - a help does without

    if reason := unable_to_write(error):
        return UNABLE, f"La base ne peut rien écrire ({reason}) : l'acte en cours n'a rien enregistré."
    if said := why_not_reached(error):
        return BUSY, f"La base n'a pas été jointe, rien n'a été enregistré. Voir DATABASE_URL : {said}"
    if is_cut(error):
        return (
            BUSY,
            "La base s'est interrompue : l'acte en cours a pu être enregistré, ou non. Vérifier, puis réessayer.",
        )
    if is_busy(error):
        return BUSY, "La base est occupée : l'acte en cours n'a rien enregistré. Réessayer."
    if "no such table" in str(error) or "does not exist" in str(error):
        return 2, "La base n'est pas prête : lancer d'abord « tripartite setup »."
    return None
