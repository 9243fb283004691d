"""Forms of billing: what to bill, how invoices are taken back, paid, looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from tripartite.billing.queries.settings import LABELS, SEVERAL_LINES
from tripartite.billing.states import (
    ANOMALY_LABELS,
    FLOW_LABELS,
    FRAMEWORK_LABELS,
    PROFILE_LABELS,
    SIGNING_LABELS,
    VAT_LABELS,
    WAY_LABELS,
    FlowState,
)
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import WHEN
from tripartite.pricing.money import euros
from tripartite.web.shell.fields import EurosField, WordsField, day_field, search_field
from tripartite.web.shell.seen import seen_field

if TYPE_CHECKING:
    from tripartite.billing.models import BilledLine, Payment

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


class NoteForm(PayForm):
    """A payment that no invoice has yet; `token` makes a form sent twice one payment."""

    token = WordsField(widget=forms.HiddenInput, max_length=64)


class PayBackForm(forms.Form):
    """Money kept aside, paid back to who paid it."""

    left = forms.IntegerField(widget=forms.HiddenInput)
    by = forms.TypedChoiceField(
        label="Remboursement",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="S'il est déjà noté, son montant et son jour valent.",
    )
    amount = EurosField(label="Montant rendu")
    paid_on = day_field("Rendu le")
    reason = WordsField(label="Motif", max_length=500)

    def __init__(self, *args: Any, noted: list[Payment], **options: Any) -> None:
        """`noted`: the payments below zero, of nothing yet, that may be it."""
        super().__init__(*args, **options)
        if not noted:
            del self.fields["by"]
            return
        said = [(str(one.pk), f"celui du {one.received_on:%d/%m/%Y}, {euros(one.amount_cents)}") for one in noted]
        self.fields["by"].choices = [("", "en noter un"), *said]  # type: ignore[attr-defined]


class UndoForm(forms.Form):
    """Why a payment is not of that invoice."""

    made_on = seen_field()
    reason = WordsField(label="Motif", max_length=500)


class ShareForm(forms.Form):
    """How much of a payment goes to which invoices."""

    def __init__(self, *args: Any, found: list[tuple[Any, str]], left: int, **options: Any) -> None:
        """`found`: the invoices that it may be of, and why; `left`: what the payment keeps aside, in cents, offered to
        the first of them.
        """
        super().__init__(*args, **options)
        self.invoices = [one for one, _ in found]
        for place, (one, why) in enumerate(found):
            asked = min(abs(left), abs(one.owed)) if not place else 0
            initial = f"{asked // 100},{asked % 100:02d}" if asked else ""
            label = f"{one.number}, {one.buyer_name}"
            self.fields[f"invoice-{one.pk}"] = OptionalEuros(
                label=label, required=False, initial=initial, help_text=f"Retrouvée par : {why}."
            )

    @property
    def shares(self) -> dict[int, int]:
        """What was typed, in cents, by invoice."""
        given = {one.pk: self.cleaned_data[f"invoice-{one.pk}"] for one in self.invoices}
        return {key: cents for key, cents in given.items() if cents is not None}

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(one, self[f"invoice-{one.pk}"]) for one in self.invoices]


def _words(name: str, *, several: bool = False, longest: int = 4000) -> WordsField:
    widget = forms.Textarea({"rows": 4}) if several or name in SEVERAL_LINES else forms.TextInput()
    return WordsField(
        label=LABELS[name][0].upper() + LABELS[name][1:], required=False, max_length=longest, widget=widget
    )


class SettingsForm(forms.Form):
    """All the settings of an issuer's billing."""

    made_on = seen_field()
    applies_on = day_field("Valable à partir du")
    first_billed_on = day_field("Premier jour facturé ici", help_text="Ce qui est tombé dû avant l'a été ailleurs.")
    threshold_cents = EurosField(label="Seuil de recouvrement", help_text="En euros TTC ; dessous, la somme attend.")
    threshold_source = _words("threshold_source")
    payment_days = forms.IntegerField(label="Délai de paiement, en jours", min_value=1, max_value=365)
    prefix = WordsField(label="Préfixe des numéros", max_length=7)  # type: ignore[assignment]
    vat_position = forms.ChoiceField(label="Situation de TVA", choices=list(VAT_LABELS.items()))
    vat_number = _words("vat_number")
    vat_mention = _words("vat_mention")
    profile = forms.ChoiceField(label="Profil de facture", choices=list(PROFILE_LABELS.items()))
    way = forms.ChoiceField(label="Voie vers le comptable", choices=list(WAY_LABELS.items()))
    iban = WordsField(label="IBAN", required=False, max_length=50)
    bic = WordsField(label="BIC", required=False, max_length=20)
    accountant_name = _words("accountant_name")
    accountant_address = _words("accountant_address")
    accountant_post = _words("accountant_post")
    collectivity_code = _words("collectivity_code")
    budget_code = WordsField(label="Code du budget", max_length=10)
    budget_name = _words("budget_name")
    revenue_account = _words("revenue_account")
    revenue_function = _words("revenue_function")
    officer_name = _words("officer_name")
    officer_capacity = _words("officer_capacity")
    appeal_text = _words("appeal_text")
    appeal_source = _words("appeal_source")
    framework = forms.ChoiceField(
        label="Cadre de facturation",
        choices=list(FRAMEWORK_LABELS.items()),
        help_text="Les factures le disent (BT-23).",
    )
    late_penalties = _words("late_penalties", several=True, longest=1000)
    late_recovery = _words("late_recovery", several=True, longest=1000)
    late_discount = _words("late_discount", several=True, longest=1000)
    reminder_days = forms.IntegerField(
        label="Délai entre deux relances, en jours", min_value=1, max_value=365, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """What is set of the flows to the accountant comes after, in the order of its labels."""
        super().__init__(*args, **options)
        for name in LABELS:
            if name not in self.fields:
                self.fields[name] = _flow_field(name)


def _flow_field(name: str) -> forms.Field:
    if name == "pes_signing":
        label = LABELS[name][0].upper() + LABELS[name][1:]
        return forms.ChoiceField(label=label, choices=list(SIGNING_LABELS.items()))
    return _words(name)


class AnswerForm(forms.Form):
    """What the accountant answered of a flow."""

    answer = forms.ChoiceField(
        label="Réponse du comptable",
        choices=[(one.value, FLOW_LABELS[one]) for one in (FlowState.ACCEPTED, FlowState.REFUSED)],
        widget=forms.RadioSelect,
    )
    reason = WordsField(label="Motif du refus", required=False, max_length=500)


class RequirementForm(forms.Form):
    """What a body asks of the invoices that it gets."""

    service_required = forms.BooleanField(label="Un code service est exigé", required=False)
    service_code = WordsField(label="Code service", required=False, max_length=100)
    engagement_required = forms.BooleanField(label="Un numéro d'engagement est exigé", required=False)
    engagement_number = WordsField(label="Numéro d'engagement", required=False, max_length=50)
