"""Forms of the agents' screens about requests."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tripartite.quotes.states import REQUEST_LABELS

SPACES = str.maketrans("", "", " \u00a0\u202f€")
MOST_CENTS = 100_000_000_00


class EurosField(forms.CharField):
    """An amount in euros as people write it (« 1 234,50 »), read exactly as a whole number of cents."""

    below_zero = False

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput({"inputmode": "decimal", "class": "short"}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).translate(SPACES).replace(",", ".")
        try:
            cents = Decimal(text) * 100
            whole = int(cents)
        except (InvalidOperation, ValueError, OverflowError):
            raise ValidationError("Écrivez un montant en euros, par exemple 120,00.") from None
        if cents != whole:
            raise ValidationError("Écrivez un montant au centime près : deux décimales au plus.")
        if not (-MOST_CENTS if self.below_zero else 0) <= whole <= MOST_CENTS:
            raise ValidationError("Écrivez un montant de zéro ou plus.")
        return whole


class RequestFilter(forms.Form):
    """What narrows the list of requests."""

    q = forms.CharField(label="Chercher", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label="État", required=False, choices=[("", "tous"), *REQUEST_LABELS.items()])
    since = forms.DateField(
        label="Reçues depuis le", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="jusqu'au", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class ContactForm(forms.Form):
    """Whom to answer. An agent on the phone may know only a name: nothing is required."""

    name = forms.CharField(label="Prénom et nom", required=False, max_length=150)
    function = forms.CharField(label="Fonction", required=False, max_length=150)
    email = forms.EmailField(label="Adresse électronique", required=False, max_length=254)
    phone = forms.CharField(label="Téléphone", required=False, max_length=30, widget=forms.TextInput({"type": "tel"}))
    note = forms.CharField(
        label="Note", required=False, max_length=2000, help_text="Pour les agents.", widget=forms.Textarea({"rows": 3})
    )


class NewRequestForm(ContactForm):
    """A request typed by an agent; `token` makes a form sent twice one request."""

    counted = forms.ChoiceField(
        label="Le nombre d'agents indiqué compte",
        choices=(("agents", "des agents, chacun comptant pour un"), ("etp", "des équivalents temps plein")),
        widget=forms.RadioSelect,
        required=False,
        initial="agents",
    )
    declared_by = forms.CharField(
        label="Chiffres déclarés par",
        required=False,
        max_length=200,
        help_text="Nom et fonction de qui donne ces chiffres.",
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("declared_by", "counted", "name", "function", "email", "phone", "note", "token")

    def __init__(self, *args: Any, figures: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "staff" not in figures:
            del self.fields["counted"]
        if not figures:
            del self.fields["declared_by"]
        else:
            self.fields["declared_by"].required = True


class ReviseForm(forms.Form):
    """Why a request changes; needed where nothing else does."""

    reason = forms.CharField(label="Motif", required=False, max_length=500)


class PriceForm(forms.Form):
    """The price of one line on request."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = EurosField(label="Montant TTC de la ligne")
    reason = forms.CharField(label="Motif", max_length=300, help_text="Il s'imprime sur le devis.")

    def __init__(self, *args: Any, gives_up: bool = False, **options: Any) -> None:
        """`gives_up`: the line gives something up, and its price may be below zero."""
        super().__init__(*args, **options)
        amount = self.fields["amount"]
        assert isinstance(amount, EurosField)  # noqa: S101 - declared above
        amount.below_zero = gives_up
        if gives_up:
            amount.help_text = "Une somme en moins s'écrit avec le signe moins, par exemple -120,00."


class CancelForm(forms.Form):
    """Giving a request up."""

    reason = forms.CharField(label="Motif", max_length=500)
