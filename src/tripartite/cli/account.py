"""`tripartite account`: the first account of an issuer, and a way in for an administrator who has lost its own."""

import argparse
import sys

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from tripartite.accounts.queries import account_by_email
from tripartite.accounts.rights import Role
from tripartite.accounts.services.factors import reset_factors
from tripartite.accounts.services.people import (
    AccountError,
    create_account,
    make_one_time_password,
    set_password,
)
from tripartite.cli.speaker import command_actor
from tripartite.parties.queries.bodies import issuer_by_code, issuers


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="ouvrir un compte, avec un mot de passe à usage unique")
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True, help="prénom et nom, ou fonction")
    create.add_argument("--issuer", required=True, help="code de l'émetteur, comme dans la grille")
    create.add_argument("--role", default=Role.ADMINISTRATOR.label, help=" ou ".join(role.label for role in Role))
    create.set_defaults(run=run)
    reset = actions.add_parser(
        "reset-factor", help="retirer les seconds facteurs perdus d'un compte, dont les sessions se ferment"
    )
    reset.add_argument("--email", required=True)
    reset.set_defaults(run=run_reset)
    password = actions.add_parser("password", help="donner à un compte un mot de passe à usage unique")
    password.add_argument("--email", required=True)
    password.set_defaults(run=run_password)


def run_reset(arguments: argparse.Namespace) -> int:
    """Take away the second factors of an account, and tell its owner. Exit status 1 without such an account."""
    account = account_by_email(arguments.email)
    if account is None:
        print(f"Compte inconnu : « {arguments.email} ».", file=sys.stderr)
        return 1
    reset_factors(account=account, actor=command_actor(), at=timezone.now())
    print(f"Second facteur de {account.email} remis à zéro ; ses sessions sont fermées, la personne est prévenue.")
    return 0


def run_password(arguments: argparse.Namespace) -> int:
    """Give an account a one-time password, printed once. Exit status 1 without such an account."""
    account = account_by_email(arguments.email)
    if account is None:
        print(f"Compte inconnu : « {arguments.email} ».", file=sys.stderr)
        return 1
    password = make_one_time_password()
    set_password(account=account, password=password, actor=command_actor(), at=timezone.now(), one_time=True)
    print(f"Mot de passe à usage unique : {password}")
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Open the account and print its password once. Exit status 1 when refused."""
    issuer = issuer_by_code(arguments.issuer)
    if issuer is None:
        known = ", ".join(one.code for one in issuers()) or "aucun : adopter d'abord une grille"
        print(f"Émetteur inconnu : « {arguments.issuer} » ({known}).", file=sys.stderr)
        return 1
    role = next((one for one in Role if arguments.role in (one.label, one.value)), None)
    if role is None:
        known = ", ".join(one.label for one in Role)
        print(f"Rôle inconnu : « {arguments.role} » ({known}).", file=sys.stderr)
        return 1
    try:
        validate_email(arguments.email)
        password = make_one_time_password()
        create_account(
            email=arguments.email,
            name=arguments.name,
            issuer_id=issuer.pk,
            role=role,
            password=password,
            actor=command_actor(),
            at=timezone.now(),
        )
    except ValidationError:
        print(f"Adresse électronique non valable : « {arguments.email} ».", file=sys.stderr)
        return 1
    except AccountError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Compte ouvert. Mot de passe à usage unique : {password}")
    return 0
