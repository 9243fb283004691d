"""How an issuer bills from a day on: checked, dated, journaled."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from tripartite.billing.models import BillingSettings
from tripartite.billing.queries.settings import LABELS, SETTINGS, SEVERAL_LINES, settings_on, settings_value
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.pes_settings import LONGEST_PES, pes_text
from tripartite.billing.states import Framework, Profile, Signing, VatPosition, Way
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.services.errors import FieldErrors
from tripartite.typed import clean_line, clean_text

THRESHOLD = 1500
THRESHOLD_SOURCE = "articles L. 1611-5 et D. 1611-1 du code général des collectivités territoriales"
PAYMENT_DAYS = 30
WORDS = {
    "vat_position": VatPosition,
    "profile": Profile,
    "way": Way,
    "pes_signing": Signing,
    "framework": Framework,
}
SAID = frozenset({"late_penalties", "late_recovery", "late_discount"})
"""The sentences that every invoice must say: never empty."""
NUMBERS = frozenset({"threshold_cents", "payment_days", "reminder_days"})
LONGEST = {
    "threshold_source": 300,
    "prefix": 7,
    "vat_number": 20,
    "vat_mention": 300,
    "accountant_address": 1000,
    "accountant_post": 7,
    "collectivity_code": 10,
    "budget_code": 10,
    "revenue_account": 20,
    "revenue_function": 20,
    "appeal_text": 4000,
    "appeal_source": 300,
    **dict.fromkeys(SAID, 1000),
    **LONGEST_PES,
}
"""Characters at most, by field; 200 for the others."""


@transaction.atomic
def set_billing(
    *,
    issuer: str,
    changes: Mapping[str, object],
    applies_on: date,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> BillingSettings:
    """Set how an issuer bills from a day on: `changes` by field (LABELS), the others as they were that day. The first
    time, `first_billed_on` is asked; the threshold is 15 € (decree cited), the delay 30 days, the prefix the
    code, as much of it as a number may bear.

    Amounts are in cents. `seen` is the mark (`settings_mark`) of what the edit was made on. Raises FieldErrors, and
    then writes nothing; StaleError when somebody changed them since; BillingError for an unknown issuer, or a day
    before settings already recorded.
    """
    if issuer_by_code(issuer) is None:
        raise BillingError("Cet émetteur n'existe pas.")
    rows = list(BillingSettings.objects.select_for_update().filter(issuer=issuer))
    if rows and applies_on < rows[-1].applies_on:
        raise BillingError(f"Des réglages valent déjà depuis le {rows[-1].applies_on:%d/%m/%Y} : dire un jour suivant.")
    before = settings_on(issuer, applies_on)
    check_seen(seen, "issuer", issuer, settings_value(before), what="Ce réglage", actions=(SETTINGS,))
    values = settings_value(before) or {
        "threshold_cents": THRESHOLD,
        "threshold_source": THRESHOLD_SOURCE,
        "payment_days": PAYMENT_DAYS,
        "prefix": issuer.upper()[: LONGEST["prefix"]].strip("-"),
    }
    errors: dict[str, str] = {}
    for name, value in changes.items():
        try:
            values[name] = _checked(name, value)
        except ValueError as error:
            errors[name] = str(error)
    if not errors and values.get("first_billed_on") is None:
        errors["first_billed_on"] = "Dire depuis quel jour la facturation se fait ici."
    if errors:
        raise FieldErrors(errors)
    was = settings_value(before)
    changed = {name: value for name, value in values.items() if was.get(name) != value}
    if before is not None and not changed:
        return before
    made = BillingSettings.objects.create(
        issuer=issuer, applies_on=applies_on, recorded_by=actor.label, recorded_at=at, **values
    )
    named = ", ".join(LABELS[name] for name in LABELS if name in changed)
    record(
        actor=actor,
        at=at,
        action=SETTINGS,
        subject_kind="issuer",
        subject_id=issuer,
        text=f"Facturation réglée à partir du {applies_on:%d/%m/%Y} : {named}.",
        details={
            "before": {name: str(was.get(name, "")) for name in changed},
            "after": {name: str(changed[name]) for name in changed},
        },
    )
    return made


def _checked(name: str, value: object) -> object:
    """The value of a field, fit to be kept. Raises ValueError, its message in French."""
    if name not in LABELS:
        raise ValueError(f"« {name} » ne se règle pas ici.")
    if name == "first_billed_on":
        if not isinstance(value, date):
            raise ValueError("Écrire un jour.")
        return value
    if name in NUMBERS:
        return _number(name, value)
    return _text(name, (clean_text if name in SEVERAL_LINES else clean_line)(str(value or "")))


def _text(name: str, text: str) -> str:
    if name in WORDS and text not in set(WORDS[name]):
        raise ValueError("Choisir dans la liste.")
    if name in SAID and not text:
        raise ValueError("Chaque facture doit le dire : écrire une phrase.")
    if name in {"prefix", "budget_code"} and not (text and text.isascii() and text.replace("-", "").isalnum()):
        raise ValueError("Écrire des lettres, des chiffres ou des traits d'union, sans accent.")
    if text and name in {"iban", "bic"}:
        return _iban(text) if name == "iban" else _bic(text)
    longest = LONGEST.get(name, 200)
    if len(text) > longest:
        raise ValueError(f"Trop long : {longest} caractères au plus.")
    return pes_text(name, text)


def _number(name: str, value: object) -> int:
    least, most = (0, 10_000_000) if name == "threshold_cents" else (1, 365)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"Écrire un nombre entier, de {least} à {most}.")
    return value


def _iban(text: str) -> str:
    from stdnum import iban  # noqa: PLC0415 - its tables are read when it is asked for

    compact = iban.compact(text)
    if not iban.is_valid(compact):
        raise ValueError("Cet IBAN n'est pas valable : un de ses caractères est mal recopié.")
    return compact


def _bic(text: str) -> str:
    from stdnum import bic  # noqa: PLC0415 - with the IBAN

    compact = bic.compact(text)
    if not bic.is_valid(compact):
        raise ValueError("Ce BIC n'est pas valable : 8 ou 11 lettres et chiffres.")
    return compact
