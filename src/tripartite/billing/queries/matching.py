"""Which invoices the movements of a statement pay: by order, by number, then by amount and name. None is guessed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tripartite.billing.models import Invoice, Payment
from tripartite.billing.queries.invoices import OWED
from tripartite.billing.statements.values import Movement
from tripartite.parties.queries.folding import fold, without_articles

_ORDER = re.compile(r"\bTitre (\d{1,9})(?:/(\d{4}))?\b")
"""How a payment read from a file says its order."""
_NOT_A_SIGN = re.compile(r"[^a-z0-9]")


class Fate(StrEnum):
    """What is done of a movement. PAYS and REPAYS: its invoices are known. UNKNOWN: kept aside, if asked. KNOWN: that
    very line was recorded. TWIN: the same money seems to be recorded from elsewhere. LEFT: money out, of no invoice.
    """

    PAYS = "settles"
    REPAYS = "repays"
    UNKNOWN = "unknown"
    KNOWN = "known"
    TWIN = "twin"
    LEFT = "left"


MOVEMENT_LABELS = {
    Fate.PAYS: "paie",
    Fate.REPAYS: "rembourse",
    Fate.UNKNOWN: "facture inconnue",
    Fate.KNOWN: "déjà noté",
    Fate.TWIN: "semble déjà noté",
    Fate.LEFT: "laissé",
}


@dataclass(slots=True)
class Candidate:
    """An invoice that movements may be of: `owed` is what is left of it once those before are counted, in cents."""

    pk: int
    number: str
    body: str
    owed: int
    order: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would be done of a movement: how much goes to which invoices (cents, above zero), by what they were found,
    or why there is none, in French. `payment` is what it was recorded as already.
    """

    movement: Movement
    fate: Fate
    why: str
    shares: tuple[tuple[Candidate, int], ...] = ()
    payment: int | None = None

    @property
    def label(self) -> str:
        return MOVEMENT_LABELS[self.fate]

    @property
    def mark(self) -> str:
        """What a form that shows it was made on."""
        return ",".join(f"{invoice.pk}:{cents}" for invoice, cents in self.shares)

    @property
    def aside(self) -> int:
        """What would be kept aside, in cents."""
        paid = sum(cents for _, cents in self.shares)
        return abs(self.movement.cents) - paid if self.fate in {Fate.PAYS, Fate.REPAYS, Fate.UNKNOWN} else 0


def proposed(issuer: str, movements: Sequence[Movement]) -> list[Proposed]:
    """What would be done of each movement, in their order: four queries, however many."""
    known = _Known.of(issuer, movements)
    invoices = _Invoices.of(issuer)
    return [_propose(one, known, invoices) for one in movements]


def likely(issuer: str, payments: Iterable[Payment]) -> dict[int, Proposed]:
    """What each payment that keeps something aside is surely of, by its key, now that all is known: its order, its
    invoice's number, or its amount and name; those that nothing names are left out. One query, however many.
    """
    invoices = _Invoices.of(issuer)
    found: dict[int, Proposed] = {}
    for payment in payments:
        if payment.unmatched_cents:
            named = _propose(_as_movement(payment), _Known(), invoices)
            found |= {payment.pk: named} if named.shares else {}
    return found


def _as_movement(payment: Payment) -> Movement:
    """What is left of a payment, as a line would say it."""
    order = _ORDER.search(payment.reference)
    title, year = (int(order[1]), int(order[2]) if order[2] else None) if order else (None, None)
    said = {"payer": payment.payer, "label": payment.note, "reference": payment.reference}
    return Movement(0, payment.received_on, payment.unmatched_cents, "", title=title, year=year, **said)


def _propose(one: Movement, known: "_Known", invoices: "_Invoices") -> Proposed:
    if payment := known.keys.get(one.key):
        return Proposed(one, Fate.KNOWN, "cette ligne a été lue", payment=payment)
    found, why = invoices.named(one)
    twin = known.twin(one, found)
    if twin is not None:
        return Proposed(one, Fate.TWIN, "un paiement de ce jour et de ce montant est noté", payment=twin)
    sign = 1 if one.cents > 0 else -1
    asked = sum(max(0, sign * each.owed) for each in found)
    if one.cents < 0 and not asked:
        return Proposed(one, Fate.LEFT, "rien n'est à rembourser" if found else "sortie d'argent, d'aucune facture")
    if not found or (len(found) > 1 and asked != abs(one.cents)):
        return Proposed(one, Fate.UNKNOWN, why)
    shares, left = [], abs(one.cents)
    for each in found:
        cents = min(left, max(0, sign * each.owed))
        invoices.take(each, sign * cents)
        left -= cents
        shares += [(each, cents)] if cents else []
    if not shares:
        return Proposed(one, Fate.UNKNOWN, f"{why} : plus rien n'en est dû")
    return Proposed(one, Fate.PAYS if sign > 0 else Fate.REPAYS, why, tuple(shares))


@dataclass(slots=True)
class _Known:
    """Payments already recorded, by the key of their line, by their day and amount."""

    keys: dict[str, int] = field(default_factory=dict)
    same: dict[tuple[object, int], list[Payment]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, issuer: str, movements: Sequence[Movement]) -> "_Known":
        known = cls()
        keys, days = {one.key for one in movements}, {one.on for one in movements}
        for payment in Payment.objects.filter(issuer=issuer, received_on__in=days).prefetch_related("shares"):
            if payment.source_key in keys:
                known.keys[payment.source_key] = payment.pk
            else:
                known.same[payment.received_on, payment.amount_cents].append(payment)
        return known

    def twin(self, one: Movement, found: Iterable[Candidate]) -> int | None:
        """A payment of that day and amount that is of these invoices, or that says the same words; each stands for one
        movement.
        """
        pks, said = {each.pk for each in found}, _squeezed(one.words)
        candidates = self.same.get((one.on, one.cents), [])
        for payment in candidates:
            of_these = any(share.invoice_id in pks and share.undoes_id is None for share in payment.shares.all())
            if of_these or (said and said == _squeezed(f"{payment.reference}{payment.payer}")):
                candidates.remove(payment)
                return payment.pk
        return None


class _Invoices:
    """The invoices of an issuer, by all that a line may name them by."""

    def __init__(self, found: Iterable[Candidate]) -> None:
        self.numbers: dict[str, Candidate] = {}
        self.orders: dict[int, list[Candidate]] = defaultdict(list)
        self.asking: dict[int, list[Candidate]] = defaultdict(list)
        for one in found:
            self.numbers[_squeezed(one.number)] = one
            if one.order is not None:
                self.orders[one.order].append(one)
            self.asking[one.owed].append(one)
        self.lengths = sorted({len(number) for number in self.numbers}, reverse=True)

    @classmethod
    def of(cls, issuer: str) -> "_Invoices":
        columns = ("pk", "number", "body__name", "left", "revenue_order__number", "revenue_order__fiscal_year")
        rows = Invoice.objects.filter(issuer=issuer).annotate(left=OWED).values_list(*columns)
        return cls(Candidate(pk, number, body, left, order, year) for pk, number, body, left, order, year in rows)

    def take(self, one: Candidate, cents: int) -> None:
        """Count what a movement brings to an invoice: the next one is of what is then left."""
        self.asking[one.owed].remove(one)
        one.owed -= cents
        self.asking[one.owed].append(one)

    def named(self, one: Movement) -> tuple[list[Candidate], str]:
        """The invoices that a movement is of, and by what they were found; none, and why."""
        if one.title is not None:
            found = self._of_order(one)
            told = f"titre {one.title}{f'/{one.year}' if one.year else ''}"
            if len(found) == 1:
                return found, told
            if found:
                return [], f"{told} : de plusieurs exercices"
        if found := self._by_number(one.words):
            return found, "numéro de facture" if len(found) == 1 else "numéros de factures"
        found = self._by_amount(one)
        if len(found) == 1:
            return found, "montant et nom"
        if found:
            return [], f"{len(found)} factures de ce montant à ce nom"
        return [], f"titre {one.title} inconnu" if one.title is not None else "ni numéro, ni nom avec ce montant"

    def _of_order(self, one: Movement) -> list[Candidate]:
        """Those of an order number: of its year where it is said; else those that still ask something, if any."""
        found = self.orders.get(one.title or 0, [])
        if one.year is not None:
            return [each for each in found if each.year == one.year]
        sign = 1 if one.cents > 0 else -1
        recent = [each for each in found if each.year is not None and 0 <= one.on.year - each.year <= 1]
        asking = [each for each in recent if sign * each.owed > 0]
        return [each for each in asking if each.owed == one.cents] or asking or recent[-1:]

    def _by_number(self, text: str) -> list[Candidate]:
        said = _squeezed(text)
        found: dict[int, Candidate] = {}
        place = 0
        while place < len(said):
            one = next((one for length in self.lengths if (one := self._at(said, place, length))), None)
            if one:
                found[one.pk] = one
            place += len(_squeezed(one.number)) if one else 1
        return list(found.values())

    def _at(self, said: str, place: int, length: int) -> Candidate | None:
        """The invoice whose number stands there, if it ends there."""
        return (
            None
            if said[place + length : place + length + 1].isdigit()
            else self.numbers.get(said[place : place + length])
        )

    def _by_amount(self, one: Movement) -> list[Candidate]:
        said = f" {without_articles(fold(one.words))} "
        exact = self.asking.get(one.cents, [])
        return [each for each in exact if f" {without_articles(fold(each.body))} " in said]


def _squeezed(text: str) -> str:
    return _NOT_A_SIGN.sub("", text.casefold())
