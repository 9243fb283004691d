"""`tripartite subscription`: what runs, what it costs on any day, and what changes it."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone

from tripartite.cli.actions import actions_of
from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.following.services.correcting import put_change_right
from tripartite.going_live.services.parts import go_live
from tripartite.parties.queries.bodies import body_by_identifier, name_of_issuer
from tripartite.pricing.money import euros, number_text
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.listing import subscription_list
from tripartite.subscriptions.queries.portrait import dated_changes, services_held
from tripartite.subscriptions.queries.running import cost_reading, subscription_by_id
from tripartite.subscriptions.queries.shapes import cost_json, held_json
from tripartite.subscriptions.services.correcting import Corrected
from tripartite.subscriptions.services.ending import correct_end, end_subscription, reduce_subscription
from tripartite.subscriptions.services.errors import SubscriptionError

QUANTITY = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?", re.ASCII)


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    declare = actions_of(parser)
    for name, run, words in (
        ("list", list_all, "ce qui tourne un jour donné"),
        ("cost", show_cost, "ce que cela coûte par an à une structure, un jour donné"),
    ):
        one = declare(name, run, words)
        if name == "cost":
            one.add_argument("siren", metavar="SIREN")
        else:
            one.add_argument("--body", metavar="SIREN", help="une seule structure")
        one.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
        one.add_argument("--format", choices=("table", "json"), default="table")
    live = declare("go-live", put_in_service, "mettre en service une ligne, ou une partie")
    live.add_argument("activation", type=int, metavar="MISE_EN_SERVICE", help="son numéro")
    live.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le premier jour (aujourd'hui)")
    live.add_argument("--quantity", type=read_quantity, metavar="N", help="combien (tout ce qui reste)")
    live.add_argument("--note", default="")
    less = declare("reduce", reduce, "réduire une quantité à partir d'un jour")
    less.add_argument("subscription", type=int, metavar="ABONNEMENT", help="son numéro")
    less.add_argument("--by", required=True, type=read_quantity, metavar="N", help="de combien")
    less.add_argument("--on", required=True, type=read_day, metavar="AAAA-MM-JJ", help="le premier jour avec moins")
    less.add_argument("--reason", required=True, type=read_reason, help="motif")
    stop = declare("end", end, "arrêter un service : son dernier jour")
    stop.add_argument("subscription", type=int, metavar="ABONNEMENT", help="son numéro")
    stop.add_argument("--last-day", required=True, type=read_day, metavar="AAAA-MM-JJ", help="compris")
    stop.add_argument("--reason", required=True, type=read_reason, help="motif")
    told = declare("changes", list_changes, "les changements de quantité d'un abonnement, avec leur numéro")
    told.add_argument("subscription", type=int, metavar="ABONNEMENT", help="son numéro")
    right = declare("correct-change", correct_change, "corriger un changement mal noté : mise en service ou baisse")
    right.add_argument("change", type=int, metavar="CHANGEMENT", help="son numéro")
    right.add_argument("--on", required=True, type=read_day, metavar="AAAA-MM-JJ", help="le bon jour")
    how = right.add_mutually_exclusive_group(required=True)
    how.add_argument("--quantity", type=read_quantity, metavar="N", help="la bonne quantité")
    how.add_argument("--never", action="store_true", help="cette baisse n'aurait pas dû être notée")
    right.add_argument("--reason", required=True, type=read_reason, help="motif")
    again = declare("correct-end", correct, "corriger une fin notée et encore à venir")
    again.add_argument("subscription", type=int, metavar="ABONNEMENT", help="son numéro")
    again.add_argument("--last-day", type=read_day, metavar="AAAA-MM-JJ", help="compris ; absent : plus de fin")
    again.add_argument("--reason", required=True, type=read_reason, help="motif")


def read_quantity(text: str) -> Fraction:
    """A quantity typed as 3, or 2,5."""
    if not QUANTITY.fullmatch(text) or not (found := Fraction(text.replace(",", "."))):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une quantité : écrire un nombre, par exemple 3")
    return found


def _body(siren: str) -> Any:
    found = body_by_identifier("siren", siren)
    if found is None:
        print(f"Aucune collectivité de l'annuaire n'a le SIREN « {siren} ».", file=sys.stderr)
    return found


def list_all(arguments: argparse.Namespace) -> int:
    """Print what runs on a day. Exit status 1 when the body is unknown."""
    on = arguments.on or timezone.localdate()
    if arguments.body and _body(arguments.body) is None:
        return 1
    found = list(subscription_list(on=on, text=arguments.body or ""))
    readings = cost_reading({one.body_id for one in found})
    held = [each for reading in readings.values() for each in services_held(reading, on=on)]
    if arguments.format == "json":
        print(json.dumps([held_json(each) for each in held], ensure_ascii=False, indent=2))
        return 0
    for each in sorted(held, key=lambda one: (one.subscription.body.name, one.subscription.pk)):
        one = each.subscription
        until = f"jusqu'au {one.ends_on:%d/%m/%Y}" if one.ends_on else ""
        due = f"échéance le {each.due_on:%d/%m/%Y}" if each.due_on else ""
        dates = ", ".join(part for part in (f"depuis le {one.starts_on:%d/%m/%Y}", until, due) if part)
        print(f"{one.pk:>6}  {one.body.name:<32.32}  {one.name}, {each.quantity_text} : {dates}")
    return 0


def show_cost(arguments: argparse.Namespace) -> int:
    """Print what a body pays a year on a day. Exit status 1 when the body is unknown."""
    body = _body(arguments.siren)
    if body is None:
        return 1
    on: date = arguments.on or timezone.localdate()
    cost = cost_reading([body.pk])[body.pk].cost(on)
    if arguments.format == "json":
        print(json.dumps(cost_json(body, cost), ensure_ascii=False, indent=2))
        return 0
    print(f"{body.name}, coût annuel le {on:%d/%m/%Y}, montants TTC")
    _print_lines(cost)
    return 0


def _print_lines(cost: RunningCost) -> None:
    for issuer, total in cost.totals.items():
        print(f"\n── {name_of_issuer(issuer)} ──")
        for line in cost.lines:
            if line.issuer != issuer:
                continue
            amount = line.yearly_text
            since = f"depuis le {line.priced_on:%d/%m/%Y}"
            since += f", échéance le {line.due_on:%d/%m/%Y}" if line.due_on else ", plus d'échéance ensuite"
            why = beside_on_request(line.line.explanation) if amount == ON_REQUEST else line.line.explanation
            print((f"{line.service_name}, {line.charge_name}".ljust(46)[:46] + f" {amount:>16}   {why}").rstrip())
            print(f"{'':63}   {line.citation} ; {since}")
        left_out = f"   ({lacks})" if (lacks := cost.lacks[issuer]) else ""
        if issuer in cost.net_totals:
            print(f"{'Par an, HT':46} {euros(cost.net_totals[issuer]):>16}{left_out}")
        print(f"{'Par an':46} {euros(total):>16}{left_out}")
    for warning in cost.warnings:
        print(f"Attention : {warning}")
    for each in cost.beyond:
        print(each.text)
    for stopped in cost.if_renewed:
        print(stopped.text)
    if not cost.lines:
        print("Rien n'est dû par an ce jour-là.")


def put_in_service(arguments: argparse.Namespace) -> int:
    """Put a line, or so much of it, in service."""
    at = timezone.now()

    def act() -> str:
        part = go_live(
            activation_id=arguments.activation,
            live_on=arguments.on or timezone.localdate(at),
            quantity=arguments.quantity,
            note=arguments.note,
            actor=command_actor(),
            at=at,
        )
        running = f" : abonnement {part.subscription_id}" if part.subscription_id else ""
        return f"En service le {part.live_on:%d/%m/%Y}{running}."

    return _do(act)


def reduce(arguments: argparse.Namespace) -> int:
    """Take so much away from a day on."""

    def act() -> str:
        reduce_subscription(
            subscription_id=arguments.subscription,
            removed=arguments.by,
            on=arguments.on,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
        return f"{number_text(arguments.by)} de moins à partir du {arguments.on:%d/%m/%Y}."

    return _do(act)


def end(arguments: argparse.Namespace) -> int:
    """Note the last day of a service."""

    def act() -> str:
        end_subscription(
            subscription_id=arguments.subscription,
            last_day=arguments.last_day,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
        return f"Dernier jour le {arguments.last_day:%d/%m/%Y}."

    return _do(act)


def correct(arguments: argparse.Namespace) -> int:
    """Note another last day, or none."""

    def act() -> str:
        one = correct_end(
            subscription_id=arguments.subscription,
            last_day=arguments.last_day,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
        return f"Dernier jour le {one.ends_on:%d/%m/%Y}." if one.ends_on else "Plus de fin notée."

    return _do(act)


def list_changes(arguments: argparse.Namespace) -> int:
    """Print the changes of quantity of a subscription, those that were corrected below. Exit status 1 for none such."""
    one = subscription_by_id(arguments.subscription)
    if one is None:
        print("Cet abonnement n'existe pas.", file=sys.stderr)
        return 1
    print(f"{one.name}, {one.body.name}")
    for each in dated_changes(one):
        why = each.change.reason or "mise en service"
        print(f"{each.change.pk:>6}  {each.change.on:%d/%m/%Y}  {each.text:>8}  {number_text(each.total):>6}  {why}")
        for before, text in each.former:
            print(f"{'':6}  corrige {text} à partir du {before.on:%d/%m/%Y}, noté par {before.recorded_by}")
    return 0


def correct_change(arguments: argparse.Namespace) -> int:
    """Put a change of quantity right."""

    def act() -> str:
        made = put_change_right(
            change_id=arguments.change,
            right=Corrected(arguments.on, arguments.quantity),
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
        return f"Corrigé : changement {made.pk}, à partir du {made.on:%d/%m/%Y}."

    return _do(act)


def _do(act: Callable[[], str]) -> int:
    """Do it and say it. Exit status 1 when it is refused: nothing has changed then."""
    try:
        print(act())
    except SubscriptionError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0
