"""`tripartite key`: the register of signature keys, what changes it, and renewals in one word."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from tripartite.cli.actions import actions_of
from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.file_errors import reason
from tripartite.going_live.queries.key_days import validity_words
from tripartite.going_live.queries.keys import KEY_QUEUE_LABELS, key_list
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import hand_over_key, register_key, revoke_key
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.pricing.order import OrderError
from tripartite.quotes.services.errors import QuoteError
from tripartite.subscriptions.services.errors import SubscriptionError


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    declare = actions_of(parser)
    every = declare("list", list_all, "le registre, la première à expirer d'abord")
    every.add_argument("--queue", choices=sorted(KEY_QUEUE_LABELS), default="", help="ce qui attend seulement")
    every.add_argument("--search", default="", metavar="MOTS", help="titulaire, fonction, collectivité, numéro")
    every.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    new = declare("register", register, "mettre une clé au registre : son certificat dit le reste")
    new.add_argument("siren", metavar="SIREN")
    new.add_argument("certificate", type=Path, metavar="CERTIFICAT", help="PEM, DER ou PKCS#7")
    new.add_argument("--holder", required=True, metavar="NOM", help="prénom et nom du titulaire")
    new.add_argument("--function", required=True, help="sa fonction")
    new.add_argument("--reason", default="", help="pourquoi le certificat est à un autre nom que le titulaire")
    new.add_argument("--alone", action="store_true", help="pour aucune commande : une clé déjà en service")
    handed = _about_a_key(declare("hand-over", hand_over, "noter la remise"))
    handed.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    handed.add_argument("--at", choices=("cdg", "site"), required=True, dest="handing", help="où")
    ended = _about_a_key(declare("revoke", revoke, "noter la révocation"))
    ended.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    ended.add_argument("--reason", required=True, type=read_reason, help="motif")
    _about_a_key(declare("renew", renew, "demander la même, et émettre les deux devis"))


def _about_a_key(action: argparse.ArgumentParser) -> argparse.ArgumentParser:
    action.add_argument("key", type=int, metavar="CLÉ", help="son numéro")
    return action


def list_all(arguments: argparse.Namespace) -> int:
    """Print a line a key: number, last day, state, holder, body."""
    on = arguments.on or timezone.localdate()
    for key in key_list(on=on, text=arguments.search, queue=arguments.queue):
        print(f"{key.pk}\t{key.valid_until:%d/%m/%Y}\t{key.state_label}\t{key}\t{key.body}")
    return 0


def register(arguments: argparse.Namespace) -> int:
    """Put a key in the register of a body. Exit status 1 when the file or the body cannot serve."""
    body = body_by_identifier("siren", arguments.siren)
    if body is None:
        return _refuse(f"Aucune structure n'a le SIREN {arguments.siren}.")
    try:
        content = arguments.certificate.read_bytes()
    except OSError as error:
        return _refuse(f"Impossible de lire {arguments.certificate} : {reason(error)}.")
    key = _done(
        register_key,
        body_id=body.pk,
        holder_name=arguments.holder,
        holder_function=arguments.function,
        content=content,
        alone=arguments.alone,
        holder_reason=arguments.reason,
    )
    if key is None:
        return 1
    late = validity_words(key.valid_from, key.valid_until, timezone.localdate())
    days = f"du {key.valid_from:%d/%m/%Y} au {key.valid_until:%d/%m/%Y} compris"
    return _say(f"Clé {key.pk} : {key}, {days}. {late}".strip())


def hand_over(arguments: argparse.Namespace) -> int:
    """Say that a key is in its holder's hands."""
    on = arguments.on or timezone.localdate()
    key = _done(hand_over_key, key_id=arguments.key, on=on, handing=arguments.handing)
    return _say(key and f"Clé {key.pk} remise le {on:%d/%m/%Y}.")


def revoke(arguments: argparse.Namespace) -> int:
    """Say that a key was revoked."""
    on = arguments.on or timezone.localdate()
    key = _done(revoke_key, key_id=arguments.key, on=on, reason=arguments.reason)
    return _say(key and f"Clé {key.pk} révoquée le {on:%d/%m/%Y}.")


def renew(arguments: argparse.Namespace) -> int:
    """Print the reference of the request that renews a key; asked again, the same one."""
    asked = _done(renew_key, key_id=arguments.key)
    return _say(asked and asked.reference)


def _done(act: Callable[..., Any], **arguments: Any) -> Any:
    """What an act answers; None once its refusal is told."""
    try:
        return act(**arguments, actor=command_actor(), at=timezone.now())
    except (SubscriptionError, QuoteError, OrderError) as refusal:
        _refuse(str(refusal))
        return None


def _say(words: str | None) -> int:
    if not words:
        return 1
    print(words)
    return 0


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
