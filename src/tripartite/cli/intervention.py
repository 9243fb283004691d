"""`tripartite intervention`: what was done for a body, and putting right what was noted wrongly."""

import argparse
import sys

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.following.queries.interventions import day_of, interventions_of_body
from tripartite.following.services.correcting import Rightly, annul_intervention, correct_intervention
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.subscriptions.services.errors import SubscriptionError


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    told = actions.add_parser("list", help="celles d'une structure, avec leur numéro et ce qu'elles rendent dû")
    told.add_argument("siren", metavar="SIREN")
    told.set_defaults(run=list_all)
    right = actions.add_parser("correct", help="noter de nouveau, comme elle a eu lieu, une intervention mal notée")
    right.add_argument("--done-on", required=True, type=read_day, metavar="AAAA-MM-JJ", help="le bon jour")
    right.add_argument("--minutes", required=True, type=int, metavar="N", help="le temps passé")
    right.add_argument("--note", default="", help="celle qui était notée, si absente")
    right.add_argument("--charged", action="store_true", help="fait naître ce que le tarif rend dû, une fois")
    right.set_defaults(run=correct)
    wrong = actions.add_parser("annul", help="annuler une intervention qui n'a pas eu lieu, et ce qu'elle rendait dû")
    wrong.set_defaults(run=annul)
    for one in (right, wrong):
        one.add_argument("intervention", type=int, metavar="INTERVENTION", help="son numéro")
        one.add_argument("--reason", required=True, type=read_reason, help="motif")


def list_all(arguments: argparse.Namespace) -> int:
    """Print the interventions of a body. Exit status 1 when the body is unknown."""
    body = body_by_identifier("siren", arguments.siren)
    if body is None:
        print(f"Aucune collectivité de l'annuaire n'a le SIREN « {arguments.siren} ».", file=sys.stderr)
        return 1
    for one in interventions_of_body(body.pk):
        why = f" ({one.cancel_reason})" if one.cancel_reason else ""
        print(f"{one.pk:>6}  {day_of(one):%d/%m/%Y}  {one.get_kind_display()}, {one.state_label}{why}, par {one.agent}")
        for charge in one.due_charges.all():
            fate = "n'est plus dû" if hasattr(charge, "annulment") else "dû une fois"
            print(f"{'':6}  {charge.issuer} : {charge.amount_text}, {fate}")
    return 0


def correct(arguments: argparse.Namespace) -> int:
    """Note an intervention again. Exit status 1 when it is refused: nothing has changed then."""
    rightly = Rightly(arguments.done_on, arguments.minutes, arguments.note, arguments.charged)
    try:
        told = correct_intervention(
            intervention_id=arguments.intervention,
            rightly=rightly,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
    except SubscriptionError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"Corrigée : intervention {told.intervention.pk}. {told.said}".strip())
    return 0


def annul(arguments: argparse.Namespace) -> int:
    """Annul an intervention that did not take place. Exit status 1 when it is refused."""
    try:
        told = annul_intervention(
            intervention_id=arguments.intervention,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
    except SubscriptionError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"Annulée. {told.said}".strip())
    return 0
