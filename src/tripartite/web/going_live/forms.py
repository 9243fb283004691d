"""Forms about what is to be set going."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms

from tripartite.pricing.bounds import MOST_QUANTITY, too_many
from tripartite.web.shell.fields import WordsField, day_field
from tripartite.web.shell.seen import seen_field

SPACES = str.maketrans("", "", " \u00a0\u202f")


class QuantityField(WordsField):
    """How many, as people write it (« 3 », « 2,5 »), read exactly."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "class": "short"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).translate(SPACES).replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
            found = Fraction(number) if number.is_finite() else None
        except (InvalidOperation, ValueError, OverflowError):
            found = None
        if found is None or found <= 0:
            raise forms.ValidationError("Écrivez combien, en chiffres : 3, par exemple.")
        if found > MOST_QUANTITY:
            raise forms.ValidationError(too_many(MOST_QUANTITY))
        return found


class DoneForm(forms.Form):
    """The day on which a step was done."""

    made_on = seen_field()
    done_on = day_field("Fait le")


class WaiveForm(forms.Form):
    """Why a step is not needed."""

    made_on = seen_field()
    reason = WordsField(label="Pourquoi s'en passer", max_length=500)


class GoLiveForm(forms.Form):
    """So many of a line run since a day."""

    quantity = QuantityField(label="Combien")
    live_on = day_field(
        "En service depuis le",
        help_text="Premier jour compris : l'abonnement part de ce jour ; une clé, du premier jour de son certificat.",
    )
    note = WordsField(label="Note", required=False, max_length=1000)

    def __init__(self, *args: Any, whole: bool, **options: Any) -> None:
        """`whole`: the line goes live in one go, nothing to choose."""
        super().__init__(*args, **options)
        if whole:
            del self.fields["quantity"]


class PlanForm(forms.Form):
    """For which day it is planned, and what it waits for."""

    made_on = seen_field()
    planned_on = day_field("Prévue le", required=False)
    waiting_for = WordsField(
        label="En attente de",
        required=False,
        max_length=300,
        help_text="Ce qui empêche d'avancer ; vide, elle est à faire.",
    )


class BoardFilter(forms.Form):
    """What narrows the board."""

    q = WordsField(label="Chercher", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    service = forms.ChoiceField(label="Service", required=False)
    territoire = forms.TypedChoiceField(label="Territoire", required=False, coerce=int, empty_value=None)
    tour = forms.ChoiceField(label="À qui le tour", required=False)

    def __init__(
        self, *args: Any, services: list[tuple[str, str]], territories: list[tuple[int, str]], turns: list[Any]
    ) -> None:
        super().__init__(*args)
        choices: dict[str, list[Any]] = {"service": services, "territoire": territories, "tour": turns}
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
            field.choices = [("", "tous"), *found]
