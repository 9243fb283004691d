"""What narrows the agenda, the time spent and the deadlines."""

from collections.abc import Iterable
from typing import Any

from django import forms

from tripartite.subscriptions.queries import KIND_LABELS
from tripartite.subscriptions.states import INTERVENTION_LABELS
from tripartite.web.forms.conventions import day_field

Choices = Iterable[tuple[str, str]]


def search_field() -> forms.CharField:
    return forms.CharField(label="Chercher", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))


class AgendaFilter(forms.Form):
    """Whose interventions, on what."""

    q = search_field()
    agent = forms.ChoiceField(label="Agent", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "tous"), *INTERVENTION_LABELS.items()])

    def __init__(self, *args: Any, services: Choices, agents: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agent"] = forms.ChoiceField(label="Agent", required=False, choices=[("", "tous"), *agents])
        self.fields["service"] = forms.ChoiceField(label="Service", required=False, choices=[("", "tous"), *services])
        self.order_fields(["q", "agent", "service", "etat"])


class PeriodForm(forms.Form):
    """A period, and whether agents are told apart."""

    since = day_field("Du", required=False)
    until = day_field("au", required=False)
    agents = forms.BooleanField(label="Par agent aussi", required=False)


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
