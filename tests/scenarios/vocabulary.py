"""The words of a story: what its head, its steps and their expectations may say. README.md explains each."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

AMOUNTS = ("once", "yearly", "term", "first_year")


class Kind(NamedTuple):
    """What a word holds (a name of KINDS), and whether it must be there."""

    of: str
    needed: bool = False


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_amount(value: Any) -> bool:
    return isinstance(value, Decimal) and value.as_tuple().exponent == -2


def _are_amounts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(row, dict) and row and set(row) <= set(AMOUNTS) and all(map(_is_amount, row.values()))
        for row in value.values()
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_lines(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_whole(n) or isinstance(n, Decimal | dict) for n in value.values())


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("un texte entre guillemets", lambda value: isinstance(value, str)),
    "day": ("un jour, sans guillemets (2026-11-23)", _is_day),
    "time": ("une heure, sans guillemets (23:59:00)", lambda value: isinstance(value, time)),
    "whole": ("un nombre entier", _is_whole),
    "yes": ("true ou false", lambda value: isinstance(value, bool)),
    "amount": ("un montant en euros à deux décimales (1200.00)", _is_amount),
    "amounts": (
        f"une table par émetteur, en euros à deux décimales : {{ lfn = {{ yearly = 80.00 }} }} ({', '.join(AMOUNTS)})",
        _are_amounts,
    ),
    "number": ("un nombre", lambda value: _is_whole(value) or isinstance(value, Decimal)),
    "numbers": (
        "une table de services et de quantités : { messagerie-5go = 4 }",
        lambda value: isinstance(value, dict) and all(_is_whole(n) or isinstance(n, Decimal) for n in value.values()),
    ),
    "euros": (
        "un montant à deux décimales par émetteur : { lfn = 80.00 }",
        lambda value: isinstance(value, dict) and all(map(_is_amount, value.values())),
    ),
    "days": (
        "une table de services et de jours : { nom-de-domaine = 2027-04-22 }",
        lambda value: isinstance(value, dict) and all(map(_is_day, value.values())),
    ),
    "lines": ("une table de services et de quantités : { messagerie-5go = 4 }", _are_lines),
    "table": ("une table : { nom = valeur }", lambda value: isinstance(value, dict)),
    "texts": ("une liste de textes", _are_texts),
    "parties": (
        "« beneficiary » ou le code d'un émetteur, ou une liste",
        lambda value: isinstance(value, str) or (_are_texts(value) and value),
    ),
    "states": ("un état, ou une table d'états par émetteur", lambda value: isinstance(value, str | dict)),
    "papers": (
        "un nombre de papiers, ou une table par genre",
        lambda value: _is_whole(value) or (isinstance(value, dict) and all(map(_is_whole, value.values()))),
    ),
    "steps": ("une suite de [[step]]", lambda value: isinstance(value, list)),
}

TEXT, DAY, WHOLE, TABLE = Kind("text"), Kind("day"), Kind("whole"), Kind("table")
NEEDED = Kind("text", needed=True)
HEAD = {"title": NEEDED, "about": TEXT, "body": NEEDED, "setting": TABLE, "step": Kind("steps", needed=True)}
SETTING = {"acts": Kind("yes"), "complete": Kind("yes"), "validity_days": WHOLE, "former": TABLE}
COMMON = {"do": NEEDED, "on": DAY, "at": Kind("time"), "file": TEXT, "doors": Kind("texts"), "expect": TABLE}

_ORDER = {"lines": Kind("lines", needed=True), "in_service": Kind("lines")}
_PERSON = {"person": TEXT, "function": TEXT}
_INVOICE = {"issuer": NEEDED, "amount": Kind("amount", needed=True), "invoice": TEXT}
_END = {"received_on": DAY, "party": NEEDED, "reason": NEEDED}

VERBS: dict[str, dict[str, Kind]] = {
    "estimate": _ORDER | {"offer": TEXT, "beneficiary": TABLE},
    "ask": _ORDER | {"offer": TEXT, "contact": TABLE, "note": TEXT, "issue": Kind("yes")},
    "price": {
        "service": NEEDED,
        "issuer": NEEDED,
        "charge": TEXT,
        "amount": Kind("amount", needed=True),
        "reason": TEXT,
    },
    "issue": {},
    "revise": _ORDER | {"reason": TEXT},
    "cancel": {"reason": TEXT},
    "duplicate": {"as": NEEDED},
    "accept": _PERSON | {"way": NEEDED, "signed_on": DAY, "only": TEXT, "explanation": TEXT},
    "refuse": _PERSON | {"signed_on": DAY, "reason": NEEDED},
    "record-act": {
        "party": NEEDED,
        **_PERSON,
        "act": TEXT,
        "organ": TEXT,
        "number": TEXT,
        "adopted_on": Kind("day", needed=True),
        "enforceable_on": DAY,
    },
    "end-act": {"number": NEEDED, "last_day": Kind("day", needed=True), "reason": NEEDED},
    "justify": {"number": NEEDED},
    "declare": {
        "measure": NEEDED,
        "counted": NEEDED,
        "value": Kind("whole", needed=True),
        "declared_by": NEEDED,
        "year": WHOLE,
    },
    "prepare": {"amends": TEXT},
    "signatory": {"party": NEEDED, "name": TEXT, "function": TEXT, "email": TEXT, "phone": TEXT, "number": TEXT},
    "term": {"years": WHOLE, "tacit_renewals": WHOLE, "notice_months": WHOLE, "due_on": DAY},
    "changes": {"lines": Kind("texts", needed=True)},
    "send": {},
    "sign": {"party": Kind("parties", needed=True), "way": NEEDED, "signed_on": DAY, "original_place": TEXT},
    "abandon": {"reason": NEEDED},
    "denounce": _END,
    "terminate": _END | {"ground": TEXT, "formal_on": DAY},
    "annul": {"reason": NEEDED},
    "advance": {},
    "set-going": {"renews": TEXT},
    "plan": {"service": NEEDED, "planned_on": DAY, "waiting_for": TEXT},
    "settle": {"service": NEEDED, "code": TEXT, "done_on": DAY, "waive": TEXT},
    "go-live": {"service": NEEDED, "quantity": Kind("number"), "live_on": DAY},
    "reduce": {"service": NEEDED, "by": Kind("number", needed=True), "from": DAY, "reason": NEEDED},
    "price-running": {
        "service": NEEDED,
        "issuer": NEEDED,
        "amount": Kind("amount", needed=True),
        "reason": NEEDED,
        "since": DAY,
    },
    "put-right": {
        "service": NEEDED,
        "was": Kind("day", needed=True),
        "day": Kind("day", needed=True),
        "quantity": Kind("number", needed=True),
        "reason": NEEDED,
    },
    "end-service": {"service": NEEDED, "last_day": DAY, "reason": NEEDED},
    "cost": {"day": DAY, "of": TEXT},
    "due": {"since": Kind("day", needed=True), "until": DAY, "former": Kind("yes")},
    "adopt-grid": {"code": NEEDED, "applies_from": Kind("day", needed=True), "running_from": DAY, "changes": TABLE},
    "merge": {"into": NEEDED, "since": DAY},
    "restore": {"body": NEEDED},
    "turn-to": {"body": NEEDED},
    "publish": {"year": Kind("whole", needed=True), "value": Kind("whole", needed=True)},
    "register-key": {
        "service": NEEDED,
        "holder": TEXT,
        "function": TEXT,
        "first": Kind("day", needed=True),
        "last": Kind("day", needed=True),
    },
    "hand-over": {"service": NEEDED, "where": TEXT},
    "renew-key": {"service": NEEDED, "as": NEEDED},
    "visit": {
        "minutes": Kind("whole", needed=True),
        "service": TEXT,
        "kind": TEXT,
        "note": TEXT,
        "charged": Kind("yes"),
        "amount": Kind("amount"),
        "reason": TEXT,
    },
    "set-billing": {"issuer": NEEDED},
    "bill": {"issuer": NEEDED},
    "pay": _INVOICE,
    "credit-line": _INVOICE | {"service": NEEDED, "reason": NEEDED},
    "order-titles": {"issuer": NEEDED},
    "reject-title": {"issuer": NEEDED, "title": Kind("whole", needed=True), "code": NEEDED, "comment": NEEDED},
    "remind": {"issuer": NEEDED},
}

EXPECTATIONS: dict[str, Kind] = {
    "refused": TEXT,
    "amounts": Kind("amounts"),
    "waiting": Kind("texts"),
    "request": TEXT,
    "quotes": Kind("states"),
    "convention": TEXT,
    "numbers": TABLE,
    "version": WHOLE,
    "what_changed": Kind("texts"),
    "valid_until": DAY,
    "figures": TABLE,
    "justified": Kind("yes"),
    "unsigned": Kind("texts"),
    "in_force_on": DAY,
    "ends_on": DAY,
    "ended_on": DAY,
    "renewed": WHOLE,
    "amendment": Kind("texts"),
    "journal": Kind("texts"),
    "messages": Kind("texts"),
    "papers": Kind("papers"),
    "cost": Kind("euros"),
    "due": Kind("euros"),
    "activations": TABLE,
    "running": Kind("numbers"),
    "due_on": Kind("days"),
    "service_ends": Kind("days"),
    "charged": Kind("euros"),
    "keys": Kind("texts"),
    "deadlines": Kind("texts"),
    "billed": Kind("euros"),
    "credited": Kind("euros"),
    "owed": Kind("euros"),
    "overdue": Kind("euros"),
    "titles": Kind("texts"),
    "reminded": Kind("texts"),
}
