"""Forms about what runs: less of it, its end, another end."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from tripartite.following.queries.deadline_rules import KIND_LABELS
from tripartite.web.shell.days import FIRST, LAST, NOT_A_DAY
from tripartite.web.shell.fields import Choices, day_field, search_field

REASON_HELP = "Le courrier reçu, l'avenant, la décision : ce qui permettra de comprendre plus tard."


def bounded_day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day that can be reckoned with: neither before the tariffs nor after all of us."""
    field = day_field(label, required=required, help_text=help_text)
    field.validators += [MinValueValidator(FIRST, NOT_A_DAY), MaxValueValidator(LAST, NOT_A_DAY)]
    return field


class ReduceForm(forms.Form):
    """So much less from a day on."""

    removed = forms.DecimalField(
        label="De combien", min_value=Decimal("0.001"), max_digits=9, decimal_places=3, localize=False
    )
    on = bounded_day_field("À partir du", help_text="Le premier jour avec moins.")
    reason = forms.CharField(label="Motif", max_length=500, help_text=REASON_HELP)

    @property
    def quantity(self) -> Fraction:
        return Fraction(self.cleaned_data["removed"])


class EndServiceForm(forms.Form):
    """The last day of a service."""

    last_day = bounded_day_field("Dernier jour", help_text="Compris : le service tourne encore ce jour-là.")
    reason = forms.CharField(label="Motif", max_length=500, help_text=REASON_HELP)


class CorrectEndForm(forms.Form):
    """Another last day than the one noted, or none."""

    last_day = bounded_day_field("Dernier jour", required=False, help_text="Vide : le service continue.")
    reason = forms.CharField(label="Motif", max_length=500, help_text=REASON_HELP)


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
