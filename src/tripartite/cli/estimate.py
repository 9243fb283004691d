"""`tripartite estimate`: the estimate contract on the command line, one order or ten thousand."""

import argparse
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from tripartite.cli.orders import is_text, read_order
from tripartite.cli.pricing_door import PricingDoor
from tripartite.file_errors import reason
from tripartite.pricing.estimate import Estimate, Frequency, Line, Status, Totals
from tripartite.pricing.french import TOTALS, when_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.money import euros
from tripartite.pricing.order import OrderError
from tripartite.pricing.order_text import MAX_BYTES, NOT_JSON, decode_order
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.pricing.price_list import FREQUENCIES

UNSEEN = frozenset({"Mn", "Me", "Cf"})
"""The kinds of signs that a terminal draws on the one before, or not at all."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("order", metavar="DEMANDE", help="fichier JSON de la demande, ou - pour l'entrée standard")
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
    raw = read_order(arguments.order)
    if raw is None:
        return 2
    try:
        estimate = door.estimate(decode_order(raw))
    except OrderError as error:
        print(error.message, file=sys.stderr)
        return 1
    if arguments.format == "json":
        print(json.dumps(estimate.as_json(), ensure_ascii=False, indent=2))
    else:
        print(table(estimate, door.grid_of(estimate)))
    return 0


def _each_line(source: str, answer: Callable[[Any], dict[str, Any]]) -> int:
    if source == "-":
        return _answer_lines(sys.stdin.buffer, answer)
    try:
        with Path(source).open("rb") as lines:
            return _answer_lines(lines, answer)
    except OSError as error:
        print(f"Impossible de lire {source} : {reason(error)}.", file=sys.stderr)
        return 2


def _answer_lines(lines: BinaryIO, answer: Callable[[Any], dict[str, Any]]) -> int:
    """One answer a line, in order, errors included. Input of which no line is text stops with status 2."""
    unread = 0
    readable = False
    for line in _bounded(lines):
        if not line.strip():
            continue
        if not readable and len(line) <= MAX_BYTES and not is_text(line):
            unread += 1
            continue
        if not readable:
            readable = True
            for _ in range(unread):
                _write(OrderError("bad-order", NOT_JSON).as_json())
        try:
            _write(answer(decode_order(line)))
        except OrderError as error:
            _write(error.as_json())
    if unread and not readable:
        print("L'entrée n'est pas du texte UTF-8.", file=sys.stderr)
        return 2
    return 0


def _write(answered: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answered, ensure_ascii=False) + "\n")


def _bounded(lines: BinaryIO) -> Iterable[bytes]:
    """The lines of a text, none kept beyond what makes an order too big: the rest of a longer one is passed over."""
    while line := lines.readline(MAX_BYTES + 2):
        yield line
        while line and not line.endswith(b"\n"):
            line = lines.readline(MAX_BYTES)


def table(estimate: Estimate, grid: Grid) -> str:
    """The estimate for a person, in the words of its grid: lines by issuer, totals, what is on request, warnings."""
    return "\n".join(_rows(estimate, grid))


def _rows(estimate: Estimate, grid: Grid) -> Iterable[str]:
    beneficiary = estimate.beneficiary
    category = f", catégorie {beneficiary['category']}" if beneficiary.get("category") else ""
    yield f"{beneficiary.get('name') or 'Structure décrite dans la demande'}{category}"
    yield f"Grille {estimate.grid}, estimation au {estimate.on:%d/%m/%Y}, montants {estimate.basis}"
    named = [(line, _name(line, grid), amount_text(line)) for line in estimate.lines]
    summed = {issuer: _sums(totals) for issuer, totals in estimate.totals.items()}
    rows = [(name, amount) for _, name, amount in named] + [row for rows in summed.values() for row in rows]
    width = max(columns(name) for name, _ in rows)
    amounts = max(20, *(columns(amount) for _, amount in rows))
    for issuer, totals in estimate.totals.items():
        yield ""
        title = grid.issuers[issuer].short_name
        yield f"── {title} " + "─" * max(2, width + amounts + 30 - columns(title))
        for line, name, amount in named:
            if line.issuer == issuer:
                yield f"{_row(name, width, amount, amounts)}   {_explained(line)}".rstrip()
        left_out = f"   ({totals.lacks})" if totals.lacks else ""
        for words, amount in summed[issuer]:
            yield f"{_row(words, width, amount, amounts)}{left_out}"
    if estimate.warnings:
        yield ""
    for warning in estimate.warnings:
        source = f" ({warning.interpretation})" if warning.interpretation else ""
        yield f"Attention : {warning.message}{source}"


def _sums(totals: Totals) -> list[tuple[str, str]]:
    """The totals of an issuer, in words and figures."""
    voted = totals.voted
    rows = [
        (TOTALS["once"], euros(voted.once_cents)),
        (TOTALS["yearly"], euros(voted.yearly_cents)),
        (TOTALS["term"], euros(voted.term_cents)),
        (TOTALS["first_year"], euros(voted.first_year_cents)),
    ]
    if totals.net is not None:
        rows.append((f"{TOTALS['yearly']}, TTC", euros(totals.yearly_cents)))
        rows.append((f"{TOTALS['first_year']}, TTC", euros(totals.first_year_cents)))
    return rows


def _row(name: str, width: int, amount: str, amounts: int) -> str:
    """A name at the left of its column, an amount at the right of its own."""
    return f"{name}{' ' * (width - columns(name))} {' ' * (amounts - columns(amount))}{amount}"


def columns(text: str) -> int:
    """How many columns a terminal gives to a text: accents apart from their letter take none, wide signs take two."""
    return sum(
        0 if unicodedata.category(sign) in UNSEEN else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _name(line: Line, grid: Grid) -> str:
    """« Messagerie, compte 5 Go › Abonnement », with the options chosen."""
    service = grid.services[line.service]
    charge = grid.charge_of(line.service, line.charge, line.issuer)
    chosen = [
        value.name for code, picked in line.options for value in service.options[code].values if value.code == picked
    ]
    return f"{', '.join([service.name, *chosen])} › {charge.name}"


def _explained(line: Line) -> str:
    return beside_on_request(line.explanation) if line.status is Status.ON_REQUEST else line.explanation


def amount_text(line: Line) -> str:
    """The amount of a line with its frequency, or what stands for it."""
    match line.status:
        case Status.INCLUDED:
            return "inclus"
        case Status.ON_REQUEST:
            return ON_REQUEST
        case Status.MISSING:
            return "à calculer"
        case Status.CONDITIONAL if line.voted_cents is None:
            return "(sur devis)"
        case Status.CONDITIONAL:
            return f"({euros(line.voted_cents or 0)})"
        case Status.PRICED:
            years = line.years or 1
            term = line.frequency is Frequency.TERM
            words = when_text(line.frequency, years) if term else FREQUENCIES[line.frequency]
            return f"{euros(line.voted_cents or 0)} {words}"
    raise AssertionError(line.status)
