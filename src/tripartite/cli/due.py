"""`tripartite due`: what falls due between two days, item by item, for one body or for all. Nothing is billed."""

import argparse
import json
import sys
from datetime import date

from tripartite.cli.words import read_day
from tripartite.following.queries.due import all_due
from tripartite.parties.queries.bodies import bodies_by_id, body_by_identifier
from tripartite.pricing.french import span_text
from tripartite.pricing.money import euros
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.sheets import Cell, Cents, csv_text
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.subscriptions.queries.listing import bodies_with_services
from tripartite.subscriptions.queries.renewing import if_renewed
from tripartite.subscriptions.queries.running import cost_reading

COLUMNS = (
    "siren",
    "collectivité",
    "émetteur",
    "tombe dû le",
    "du",
    "au",
    "service",
    "ligne",
    "quantité",
    "montant",
    "base",
    "genre",
    "devis",
    "explication",
    "identité",
)
READ_AT_ONCE = 200


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("siren", nargs="?", metavar="SIREN", help="une seule structure")
    parser.add_argument("--since", required=True, type=read_day, metavar="AAAA-MM-JJ", help="le premier jour, compris")
    parser.add_argument("--until", required=True, type=read_day, metavar="AAAA-MM-JJ", help="le dernier jour, compris")
    parser.add_argument("--issuer", metavar="CODE", help="un seul émetteur")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")
    parser.set_defaults(run=show)


def show(arguments: argparse.Namespace) -> int:
    """Print what falls due. Exit status 1 when the body is unknown, 2 when the last day comes before the first."""
    if arguments.until < arguments.since:
        print("Le dernier jour précède le premier.", file=sys.stderr)
        return 2
    keys = bodies_with_services()
    if arguments.siren:
        body = body_by_identifier("siren", arguments.siren)
        if body is None:
            print(f"Aucune collectivité de l'annuaire n'a le SIREN « {arguments.siren} ».", file=sys.stderr)
            return 1
        keys = [body.pk]
    rows = _rows(keys, arguments.since, arguments.until, arguments.issuer)
    match arguments.format:
        case "json":
            answer = [{"siren": siren, "body": name} | item.as_json() for siren, name, item in rows]
            print(json.dumps(answer, ensure_ascii=False, indent=2))
        case "csv":
            print(csv_text(COLUMNS, (_line(*row) for row in rows), line_end="\n"), end="")
        case _:
            _print(rows)
            if arguments.siren:
                _print_if_renewed(keys[0], arguments.until)
    return 0


def _rows(keys: list[int], since: date, until: date, issuer: str | None) -> list[tuple[str, str, DueItem]]:
    found: list[tuple[str, str, DueItem]] = []
    for start in range(0, len(keys), READ_AT_ONCE):
        chunk = keys[start : start + READ_AT_ONCE]
        bodies = {body.pk: body for body in bodies_by_id(chunk)}
        for key, items in all_due(chunk, since=since, until=until).items():
            body = bodies[key]
            found += [(body.siren, body.name, item) for item in items if issuer in (None, item.issuer)]
    return found


def _line(siren: str, name: str, item: DueItem) -> list[Cell]:
    amount = None if item.amount_cents is None else Cents(item.amount_cents)
    days = [item.on, item.since, item.until]
    names = [item.service_name, item.charge_name, item.quantity]
    quotes = ", ".join(item.quotes)
    about = [amount, item.basis, item.kind.value, quotes, item.explanation, item.key]
    return [siren, name, item.issuer, *days, *names, *about]


def _print(rows: list[tuple[str, str, DueItem]]) -> None:
    totals: dict[str, int] = {}
    for _, name, item in rows:
        amount, why = ON_REQUEST, beside_on_request(item.explanation)
        if item.amount_cents is not None:
            amount, why = euros(item.amount_cents), item.explanation
        period = span_text(item.since, item.until)
        what = f"{item.service_name}, {item.charge_name}"
        print(f"{item.on:%d/%m/%Y}  {name:<24.24}  {item.issuer:<8}  {what:<40.40} {amount:>14} {item.basis}  {period}")
        if why:
            print(f"{'':12}{why}")
        totals[item.issuer] = totals.get(item.issuer, 0) + (item.amount_cents or 0)
    for issuer, total in totals.items():
        print(f"{'En tout, ' + issuer:<60} {euros(total):>14}")
    if not rows:
        print("Rien ne tombe dû ces jours-là.")


def _print_if_renewed(body_id: int, until: date) -> None:
    """What would fall due to a body by the last day of a window, were its conventions renewed."""
    for stopped in if_renewed(cost_reading([body_id])[body_id].subscriptions, until):
        print(stopped.text)
