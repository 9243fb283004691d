"""`tripartite convention`: how a convention ends, by the grounds of its text: shown, recorded, annulled."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.conventions.queries.conventions import convention_by_number
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.queries.shapes import endings_json, foreseen_json
from tripartite.conventions.services.ending import BENEFICIARY, NoticeGiven, preview_annulment, preview_ending, rules_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.pricing.endings import EFFECT_LABELS, Effect
from tripartite.subscriptions.services.leaving import come_back, leave


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    def declare(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=words)
        action.add_argument("number", metavar="NUMÉRO", help="celui de la convention, C-2026-00007")
        action.add_argument("--format", choices=("text", "json"), default="text")
        action.set_defaults(run=run)
        return action

    declare("endings", show_endings, "les façons de finir que donne son texte, et les fins notées")
    stop = declare("end", end, "montrer ce que fait un écrit reçu d'une partie ; l'enregistrer avec --confirm")
    stop.add_argument(
        "--party", required=True, metavar="PARTIE", help="beneficiary, ou le code ou le nom de l'émetteur"
    )
    stop.add_argument("--ground", required=True, metavar="MOTIF", help="sa clé, que « endings » donne")
    stop.add_argument("--received-on", required=True, type=read_day, metavar="AAAA-MM-JJ", help="jour de la réception")
    stop.add_argument("--formal-on", type=read_day, metavar="AAAA-MM-JJ", help="réception de la mise en demeure")
    stop.add_argument("--reason", default="", help="ce que dit l'écrit, là où le texte demande un motif")
    stop.add_argument("--confirm", action="store_true", help="enregistrer la fin et prévenir les parties")
    back = declare("annul", annul, "annuler une fin qui n'a pas pris effet : ce qui tourne continue")
    back.add_argument("ending", type=int, metavar="FIN", help="son numéro, que « endings » donne")
    back.add_argument("--reason", required=True, type=read_reason, help="motif")
    back.add_argument("--confirm", action="store_true", help="l'annuler et prévenir les parties")


def show_endings(arguments: argparse.Namespace) -> int:
    """Print how a convention may end, and what was given to end it. Exit status 1 when it is unknown."""
    convention = _convention(arguments.number)
    if convention is None:
        return 1
    endings = endings_of(convention.pk)
    said = endings_json(convention, rules_of(convention), endings)
    if arguments.format == "json":
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return 0
    for rule in rules_of(convention):
        if rule.effect is not Effect.SERVICE:
            by = ", ".join(_party(role) for role in rule.by)
            print(f"{rule.key:<18} {rule.ground} ({by}) : {rule.when(convention.notice_months)}")
    for one in endings:
        stops = f"arrête {EFFECT_LABELS[Effect(one.effect)]}"
        state = f"annulée : {one.annulled_because}" if one.annulled_at else stops
        print(f"{one.pk:>6}  {one.label}, reçue le {one.received_on:%d/%m/%Y} : {one.why} ; {state}")
    return 0


def end(arguments: argparse.Namespace) -> int:
    """Show what a notice does, each day with its reason; record it once confirmed."""
    notice = NoticeGiven(
        party=arguments.party,
        received_on=arguments.received_on,
        reason=arguments.reason,
        ground=arguments.ground,
        formal_on=arguments.formal_on,
    )

    def act(convention: Any) -> None:
        at = timezone.now()
        if arguments.confirm:
            foreseen = leave(convention_id=convention.pk, notice=notice, actor=command_actor(), at=at)
        else:
            foreseen = preview_ending(convention_id=convention.pk, notice=notice, at=at)
        if arguments.format == "json":
            print(json.dumps(foreseen_json(foreseen, recorded=arguments.confirm), ensure_ascii=False, indent=2))
            return
        print(f"Dernier jour le {foreseen.last_day:%d/%m/%Y} compris. Calcul : {foreseen.why}.")
        for reason in foreseen.reasons:
            print(reason)
        print(RECORDED if arguments.confirm else SHOWN)

    return _do(arguments.number, act)


RECORDED = "La fin est enregistrée ; les parties sont prévenues par courriel."
SHOWN = "Rien n'est enregistré : ajouter --confirm."


def annul(arguments: argparse.Namespace) -> int:
    """Annul an ending before it takes effect, once confirmed."""

    def act(convention: Any) -> None:
        found = next((one for one in endings_of(convention.pk) if one.pk == arguments.ending), None)
        if found is None:
            raise ConventionError("Cette fin n'est pas de cette convention.")
        if not arguments.confirm:
            preview_annulment(ending_id=found.pk, reason=arguments.reason, at=timezone.now())
            print(f"La fin du {found.last_day:%d/%m/%Y} ({found.label}) serait annulée.\n{SHOWN}")
            return
        come_back(ending_id=found.pk, reason=arguments.reason, actor=command_actor(), at=timezone.now())
        print("La fin est annulée : la convention continue.")

    return _do(arguments.number, act)


def _party(role: str) -> str:
    return "la collectivité" if role == BENEFICIARY else name_of_issuer(role)


def _convention(number: str) -> Any:
    found = convention_by_number(number)
    if found is None:
        print(f"Aucune convention n'a le numéro « {number} ».", file=sys.stderr)
    return found


def _do(number: str, act: Callable[[Any], None]) -> int:
    """Do it. Exit status 1 when it is refused: nothing has changed then."""
    convention = _convention(number)
    if convention is None:
        return 1
    try:
        act(convention)
    except ConventionError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0
