"""Forms about what runs: less of it, its end, another end."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tripartite.following.queries.deadline_rules import KIND_LABELS
from tripartite.subscriptions.services.correcting import Corrected
from tripartite.web.shell.fields import Choices, EurosField, WordsField, day_field, search_field

GROUND = "Motif que donne la convention"
REASON_HELP = "Le courrier reçu, l'avenant, la décision : ce qui permettra de comprendre plus tard."


def above_zero(quantity: Decimal) -> None:
    """Refuse what is no quantity, in words that name no smallest step."""
    if quantity <= 0:
        raise ValidationError("Écrivez un nombre plus grand que zéro.")


class ReduceForm(forms.Form):
    """So much less from a day on."""

    removed = forms.DecimalField(
        label="De combien", max_digits=9, decimal_places=3, localize=False, validators=[above_zero]
    )
    on = day_field("À partir du", help_text="Le premier jour avec moins.")
    reason = WordsField(label="Motif", max_length=500, help_text=REASON_HELP)

    @property
    def quantity(self) -> Fraction:
        return Fraction(self.cleaned_data["removed"])


class EndServiceForm(forms.Form):
    """The last day of a service: agreed, or computed from a notice by a ground of the convention."""

    ground = forms.ChoiceField(label=GROUND, required=False)
    received_on = day_field("Écrit reçu le", required=False, help_text="Avec un motif de la convention.")
    last_day = day_field(
        "Dernier jour",
        required=False,
        help_text="Compris. Calculé si un motif est choisi ; sinon, le jour convenu par écrit.",
    )
    reason = WordsField(label="Motif", max_length=500, help_text=REASON_HELP)

    def __init__(self, *args: Any, grounds: Choices = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "aucun : jour convenu"), *grounds]
        self.fields["ground"] = forms.ChoiceField(label=GROUND, required=False, choices=choices)
        self.order_fields(["ground", "received_on", "last_day", "reason"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("ground") and not given.get("received_on") and "received_on" not in self.errors:
            self.add_error("received_on", "Le jour où l'écrit a été reçu décide du dernier jour.")
        if not given.get("ground") and not given.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Ce champ est obligatoire.")
        return given


class ChangeForm(forms.Form):
    """What a change of quantity should have said."""

    on = day_field("À partir du")
    quantity = forms.DecimalField(
        label="Combien", max_digits=9, decimal_places=3, localize=False, validators=[above_zero]
    )
    never = forms.BooleanField(label="Cette baisse n'aurait pas dû être notée", required=False)
    reason = WordsField(label="Motif", max_length=500, help_text="Ce qui était mal noté, et d'où on le sait.")

    def __init__(self, *args: Any, reducing: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not reducing:
            del self.fields["never"]

    @property
    def right(self) -> Corrected:
        """The day and the quantity meant; no quantity for what was not to be."""
        given = self.cleaned_data
        return Corrected(given["on"], None if given.get("never") else Fraction(given["quantity"]))


class CorrectEndForm(forms.Form):
    """Another last day than the one noted, or none."""

    last_day = day_field("Dernier jour", required=False, help_text="Vide : le service continue.")
    reason = WordsField(label="Motif", max_length=500, help_text=REASON_HELP)


class GivePriceForm(forms.Form):
    """The price of a line on request of what runs."""

    body = forms.IntegerField(widget=forms.HiddenInput)
    what = WordsField(widget=forms.HiddenInput, max_length=500)
    amount = EurosField(label="Montant")
    since = day_field("À partir du", required=False)
    reason = WordsField(label="Motif", max_length=500, help_text="La collectivité le lit.")


class DismissForm(forms.Form):
    """Why what is overdue needs nothing more."""

    reason = WordsField(label="Motif", max_length=500, help_text="Ce qui fait qu'il n'y a plus rien à faire.")


class DeadlineFilter(forms.Form):
    """Which deadlines: their days, their kind, where, on what."""

    q = search_field()
    genre = forms.ChoiceField(label="Genre", required=False, choices=[("", "tous"), *KIND_LABELS.items()])
    epci = forms.ChoiceField(label="Intercommunalité", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    since = day_field("Du", required=False)
    until = day_field("au", required=False)

    def __init__(self, *args: Any, services: Choices, epci: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["epci"] = forms.ChoiceField(
            label="Intercommunalité", required=False, choices=[("", "toutes"), *epci]
        )
        self.fields["service"] = forms.ChoiceField(label="Service", required=False, choices=[("", "tous"), *services])
        self.order_fields(["q", "genre", "epci", "service", "since", "until"])
