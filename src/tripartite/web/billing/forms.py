"""Forms of billing: what to bill, how invoices are taken back, paid, looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from tripartite.billing.states import ANOMALY_LABELS
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import WHEN
from tripartite.web.shell.fields import EurosField, WordsField, day_field, search_field
from tripartite.web.shell.seen import seen_field

if TYPE_CHECKING:
    from tripartite.billing.models import BilledLine

KINDS = WHEN | {Frequency.TERM: "pour plusieurs années, d'avance"}
"""The kinds of charge, in the words of the tariff."""
CLEAN = "ok"


class RunForm(forms.Form):
    """What to bill: all that is due until a day, of some kinds or of all."""

    until = day_field("Ce qui est dû jusqu'au")
    kind = forms.MultipleChoiceField(
        label="Genres de sommes",
        required=False,
        choices=[(one.value, label) for one, label in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché : tous.",
    )


class NarrowForm(forms.Form):
    """What narrows a preview."""

    q = search_field()
    anomaly = forms.ChoiceField(
        label="Anomalie",
        required=False,
        choices=[
            ("", "toutes les lignes"),
            (CLEAN, "sans anomalie"),
            *((a.value, w) for a, w in ANOMALY_LABELS.items()),
        ],
    )


class CreditLinesForm(forms.Form):
    """So much taken back of each line of an invoice, on the basis that was voted."""

    made_on = seen_field()
    reason = WordsField(label="Motif", max_length=500, help_text="Il est imprimé sur l'avoir.")

    def __init__(self, *args: Any, lines: list[tuple[BilledLine, int]], **options: Any) -> None:
        """`lines`: those of the invoice, each with the cents that are left of it."""
        super().__init__(*args, **options)
        self.left = lines
        for line, _ in lines:
            self.fields[f"line-{line.pk}"] = OptionalEuros(
                label=f"{line.service_name}, {line.charge_name}", required=False
            )

    @property
    def amounts(self) -> dict[int, int]:
        """What was typed, in cents, by the key of a line."""
        return {line.pk: cents for line, _ in self.left if (cents := self.cleaned_data[f"line-{line.pk}"]) is not None}

    @property
    def rows(self) -> list[tuple[BilledLine, int, forms.BoundField]]:
        return [(line, left, self[f"line-{line.pk}"]) for line, left in self.left]


class OptionalEuros(EurosField):
    """An amount, or nothing typed."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value and str(value).strip() else None


class CancelForm(forms.Form):
    """All that is left of an invoice taken back, to be billed again or not."""

    made_on = seen_field()
    again = forms.ChoiceField(
        label="Ensuite",
        choices=[("yes", "la campagne suivante la remplace par une autre"), ("no", "rien n'en est plus facturé")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    reason = WordsField(label="Motif", max_length=500, help_text="Il est imprimé sur l'avoir.")


class SignedEuros(EurosField):
    """An amount that may be below zero."""

    below_zero = True


class PayForm(forms.Form):
    """Money received, or paid back."""

    made_on = seen_field()
    amount = SignedEuros(label="Montant", help_text="En euros ; avec un signe moins, une somme remboursée.")
    received_on = day_field("Reçu le")
    payer = WordsField(label="De qui", required=False, max_length=300)
    reference = WordsField(label="Référence", required=False, max_length=200, help_text="Celle de la banque.")


class UndoForm(forms.Form):
    """Why a payment is not of that invoice."""

    made_on = seen_field()
    reason = WordsField(label="Motif", max_length=500)
