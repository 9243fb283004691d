"""`tripartite billing buyer`: what a body wants to find on its invoices."""

import argparse
import sys

from django.utils import timezone

from tripartite.billing.queries.settings import requirement_history, requirements_of
from tripartite.billing.services.buyers import record_requirement
from tripartite.billing.services.errors import BillingError
from tripartite.cli.speaker import command_actor
from tripartite.parties.queries.bodies import body_by_identifier


def add_buyer(action: argparse.ArgumentParser) -> None:
    """Declare the command."""
    action.add_argument("siren", metavar="SIREN")
    action.add_argument("--service-code", metavar="CODE", help="son code service ; vide, il s'oublie")
    action.add_argument("--engagement", metavar="NUMÉRO", help="son numéro d'engagement ; vide, il s'oublie")
    action.add_argument(
        "--service-required", action=argparse.BooleanOptionalAction, help="sans code service, rien ne se facture"
    )
    action.add_argument(
        "--engagement-required", action=argparse.BooleanOptionalAction, help="sans engagement, rien ne se facture"
    )


def buyer(arguments: argparse.Namespace) -> int:
    """Note what is given, leaving the rest as it is; then print all that was noted, the latest first. Exit status 1
    for a body that is not known, or a code that is refused.
    """
    body = body_by_identifier("siren", arguments.siren)
    if body is None:
        print(f"Aucune structure n'a le SIREN {arguments.siren}.", file=sys.stderr)
        return 1
    known = requirements_of([body.pk], arguments.issuer).get(body.pk)
    given = {
        "service_code": arguments.service_code,
        "engagement_number": arguments.engagement,
        "service_required": arguments.service_required,
        "engagement_required": arguments.engagement_required,
    }
    if any(value is not None for value in given.values()):
        present = {name: getattr(known, name) for name in given} if known else {}
        asked = present | {name: value for name, value in given.items() if value is not None}
        try:
            record_requirement(
                body_id=body.pk, issuer=arguments.issuer, actor=command_actor(), at=timezone.now(), **asked
            )
        except BillingError as refusal:
            print(refusal, file=sys.stderr)
            return 1
    for one in requirement_history(body.pk, arguments.issuer):
        service = f"code service {one.service_code or 'non dit'}{', exigé' if one.service_required else ''}"
        engagement = f"engagement {one.engagement_number or 'non dit'}{', exigé' if one.engagement_required else ''}"
        print(f"{one.recorded_at:%d/%m/%Y}\t{one.issuer or 'tous'}\t{service}\t{engagement}\t{one.recorded_by}")
    return 0
