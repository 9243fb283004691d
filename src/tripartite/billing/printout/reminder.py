"""The letter that reminds a body of all that it owes past its day: what was asked, what was paid, how to pay."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.billing.printout.parts import Payment
from tripartite.billing.printout.wording import payment_json
from tripartite.following.printout.letter import LetterHead
from tripartite.pricing.french import day_text
from tripartite.pricing.money import euros

MODEL = "reminder-2026-11-27"


@dataclass(frozen=True, slots=True)
class LateInvoice:
    """An invoice past its day; amounts in cents. `rank` is how many reminders it has had, this letter included;
    `reminded_on` the day of an earlier letter, where this one only lists it. `order` names its revenue order.
    """

    number: str
    issued_on: date
    due_on: date
    gross: int
    credited: int
    paid: int
    rank: int
    order: str = ""
    reminded_on: date | None = None

    @property
    def owed(self) -> int:
        return self.gross - self.credited - self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPaper(LetterHead):
    """All that the letter says, the oldest invoice first."""

    rows: tuple[LateInvoice, ...]
    payment: Payment
    accountant: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def owed(self) -> int:
        """All that is still to be paid, in cents."""
        return sum(row.owed for row in self.rows)

    @property
    def rank(self) -> int:
        """How often the invoice that was reminded of the most has been."""
        return max(row.rank for row in self.rows)

    @property
    def subject(self) -> str:
        which = "Rappel" if self.rank == 1 else f"Rappel n°\u00a0{self.rank}"
        if len(self.rows) == 1:
            return f"{which} : facture {self.rows[0].number}"
        return f"{which} : {len(self.rows)} factures à payer"

    @property
    def title(self) -> str:
        return self.titled(self.subject)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        one, owed = len(self.rows) == 1, euros(self.owed)
        when = f"Au {day_text(self.issued_on)}"
        opening = (
            f"{when}, il reste {owed} à payer d'une facture dont le jour de paiement est passé."
            if one
            else f"{when}, il reste {owed} à payer de {len(self.rows)} factures dont le jour de paiement est passé."
        )
        asked = "Elle est rappelée" if one else "Elles sont rappelées"
        return (f"{opening} {asked} ci-dessous, avec ce qui en a déjà été payé.",)

    @property
    def closing(self) -> tuple[str, ...]:
        words = "Si un paiement est en cours, ne tenez pas compte de cette lettre."
        return (f"{words} Si une somme vous paraît inexacte, écrivez-nous : nous la reprendrons avec vous.",)

    def as_payload(self) -> dict[str, Any]:
        """The letter for JSON, as its model reads it: every amount in cents and as written in French."""
        return self.head_json("reminder", self.model, self.subject, self.paragraphs) | {
            "rows": [_row(row, self.issued_on) for row in self.rows],
            "owed_cents": self.owed,
            "owed": euros(self.owed),
            "payment": payment_json(self.payment),
            "accountant": list(self.accountant),
            "closing": list(self.closing),
            "terms": list(self.terms),
        }


def _row(row: LateInvoice, on: date) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in ("gross", "credited", "paid", "owed"):
        cents = getattr(row, name)
        said |= {f"{name}_cents": cents, name: euros(cents)}
    days = (on - row.due_on).days
    return said | {
        "number": row.number,
        "issued_on": row.issued_on.isoformat(),
        "issued_on_text": day_text(row.issued_on),
        "due_on": row.due_on.isoformat(),
        "due_on_text": day_text(row.due_on),
        "late": "depuis un jour" if days == 1 else f"depuis {days} jours",
        "order": row.order,
        "rank": row.rank,
        "reminded": _reminded(row),
    }


def _reminded(row: LateInvoice) -> str:
    if row.reminded_on is not None:
        return f"déjà rappelée le {day_text(row.reminded_on)}"
    return "" if row.rank == 1 else f"rappel n°\u00a0{row.rank}"
