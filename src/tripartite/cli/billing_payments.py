"""`tripartite billing pay-back`: money that no invoice has, given back to who paid it."""

import argparse
import sys

from django.utils import timezone

from tripartite.billing.queries.suggesting import payment_by_id
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import pay_back
from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.pricing.money import euros


def add_pay_back(action: argparse.ArgumentParser) -> None:
    """Declare `pay-back`, under an action that names the issuer."""
    action.add_argument("payment", metavar="PAIEMENT", type=int, help="son numéro, que dit « payments »")
    action.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    action.add_argument("--by", type=int, metavar="PAIEMENT", help="le remboursement, s'il est déjà noté")
    action.add_argument("--reason", required=True, type=read_reason, help="motif")


def pay_back_aside(arguments: argparse.Namespace) -> int:
    """Note that all that is kept aside of a payment was paid back, or what a payment noted already brings back. Exit
    status 1 when that cannot be.
    """
    payment = payment_by_id(arguments.payment)
    if payment is None or payment.issuer != arguments.issuer:
        print("Cet émetteur n'a pas ce paiement.", file=sys.stderr)
        return 1
    left = payment.unmatched_cents
    try:
        made = pay_back(
            payment_id=payment.pk,
            amount_cents=left,
            by_id=arguments.by,
            paid_on=arguments.on or timezone.localdate(),
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
    except BillingError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{euros(-made.by.amount_cents)} rendus.")
    return 0
