"""`tripartite estimate`: the estimate contract on the command line, one order or ten thousand."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from tripartite.cli.orders import read_order_text, reason
from tripartite.cli.pricing_door import PricingDoor
from tripartite.pricing import Estimate, Frequency, Line, OrderError, Status
from tripartite.pricing.money import euros, number_text

FREQUENCY_WORDS = {
    Frequency.ONCE: "une fois",
    Frequency.YEARLY: "par an",
    Frequency.MONTHLY: "par mois",
    Frequency.PER_ACT: "par acte",
}


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("estimate", help="estimer une demande écrite en JSON, sans rien enregistrer")
    parser.add_argument("order", help="fichier JSON de la demande, ou - pour l'entrée standard")
    parser.add_argument(
        "--format",
        choices=("table", "json", "jsonl"),
        default="table",
        help="table (par défaut), json, ou jsonl : une demande par ligne, une réponse par ligne",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Answer the order. Exit status: 0 answered, 1 the order is in error, 2 the input cannot be read."""
    door = PricingDoor()
    if arguments.format == "jsonl":
        return _each_line(arguments.order, door.answer)
    text = read_order_text(arguments.order)
    if text is None:
        return 2
    try:
        estimate = door.estimate(decode(text))
    except OrderError as error:
        print(error.message, file=sys.stderr)
        return 1
    if arguments.format == "json":
        print(json.dumps(estimate.as_json(), ensure_ascii=False, indent=2))
    else:
        print(table(estimate))
    return 0


def decode(text: str) -> Any:
    """Decode JSON exactly. Raises OrderError bad-order when it is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise OrderError("bad-order", "La demande n'est pas du JSON valable.") from None


def _each_line(source: str, answer: Callable[[Any], dict[str, Any]]) -> int:
    if source == "-":
        return _answer_lines(sys.stdin, answer)
    try:
        with Path(source).open(encoding="utf-8") as lines:
            return _answer_lines(lines, answer)
    except OSError as error:
        print(f"Impossible de lire {source} : {reason(error)}.", file=sys.stderr)
        return 2


def _answer_lines(lines: TextIO, answer: Callable[[Any], dict[str, Any]]) -> int:
    """One answer a line, in order, errors included. Undecodable input stops with status 2."""
    try:
        for line in lines:
            if not line.strip():
                continue
            try:
                answered = answer(decode(line))
            except OrderError as error:
                answered = error.as_json()
            sys.stdout.write(json.dumps(answered, ensure_ascii=False) + "\n")
    except UnicodeDecodeError:
        print("L'entrée n'est pas du texte UTF-8.", file=sys.stderr)
        return 2
    return 0


def table(estimate: Estimate) -> str:
    """The estimate for a person: lines by issuer, totals, what is on request, warnings."""
    return "\n".join(_rows(estimate))


def _rows(estimate: Estimate) -> Iterable[str]:
    beneficiary = estimate.beneficiary
    category = f", catégorie {beneficiary['category']}" if beneficiary.get("category") else ""
    yield f"{beneficiary.get('name') or 'Structure décrite dans la demande'}{category}"
    yield f"Grille {estimate.grid}, estimation au {estimate.on:%d/%m/%Y}, montants TTC"
    for issuer, totals in estimate.totals.items():
        yield ""
        yield f"── {issuer} " + "─" * max(2, 96 - len(issuer))
        for line in estimate.lines:
            if line.issuer == issuer:
                yield (
                    f"{line.service} › {line.charge}".ljust(46)[:46] + f" {amount_text(line):>20}   {line.explanation}"
                )
        left_out = "" if totals.complete else "   (hors lignes sur devis)"
        yield f"{'Une fois':46} {euros(totals.once_cents):>20}"
        yield f"{'Par an':46} {euros(totals.yearly_cents):>20}"
        yield f"{'Pour la durée':46} {euros(totals.term_cents):>20}"
        yield f"{'Première année':46} {euros(totals.first_year_cents):>20}{left_out}"
    if estimate.warnings:
        yield ""
    for warning in estimate.warnings:
        source = f" ({warning.interpretation})" if warning.interpretation else ""
        yield f"Attention : {warning.message}{source}"


def amount_text(line: Line) -> str:
    """The amount of a line with its frequency, or what stands for it."""
    match line.status:
        case Status.INCLUDED:
            return "inclus"
        case Status.ON_REQUEST:
            return "sur devis"
        case Status.CONDITIONAL if line.amount_cents is None:
            return "(sur devis)"
        case Status.CONDITIONAL:
            return f"({euros(line.amount_cents or 0)})"
        case Status.PRICED:
            words = FREQUENCY_WORDS.get(line.frequency) or f"{number_text(line.years or 1)} an(s)"
            return f"{euros(line.amount_cents or 0)} {words}"
    raise AssertionError(line.status)
