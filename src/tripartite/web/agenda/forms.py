"""Forms about interventions: one done, one planned, one moved, one cancelled. Short, for a telephone too."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from tripartite.following.states import INTERVENTION_LABELS
from tripartite.web.shell.fields import Choices, EurosField, WordsField, day_field, search_field
from tripartite.web.shell.seen import seen_field

KINDS = (
    ("set-up", "mise en service"),
    ("training", "formation"),
    ("help", "assistance"),
    ("hand-over", "remise d'une clé"),
    ("meeting", "rendez-vous"),
    ("other", "autre"),
)


def minutes_field(label: str, help_text: str = "") -> forms.IntegerField:
    """A time in minutes, a day at most."""
    widget = forms.NumberInput({"class": "short", "inputmode": "numeric", "step": "1"})
    return forms.IntegerField(label=label, min_value=1, max_value=1440, help_text=help_text, widget=widget)


class OptionalEurosField(EurosField):
    """The same amount, or nothing."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if (value or "").strip() else None


class InterventionForm(forms.Form):
    """What an intervention is: its kind, the service that it bears on, who makes it."""

    kind = forms.ChoiceField(label="Genre", choices=KINDS, initial="help")
    service = forms.ChoiceField(label="Service", required=False)
    agent = forms.ChoiceField(label="Par")
    field_order: Iterable[str] = ()

    def __init__(self, *args: Any, services: Choices, agents: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [("", "aucun en particulier"), *services]
        self.fields["service"] = forms.ChoiceField(label="Service", required=False, choices=named)
        self.fields["agent"] = forms.ChoiceField(label="Par", choices=list(agents))
        self.order_fields(self.field_order)


class DoneForm(InterventionForm):
    """An intervention that took place."""

    done_on = day_field("Jour")
    minutes = minutes_field("Temps passé, en minutes")
    note = WordsField(
        label="Note", required=False, max_length=4000, help_text="Pour les agents.", widget=forms.Textarea({"rows": 3})
    )
    charged = forms.BooleanField(label="Faire naître ce qui est dû en cas d'intervention", required=False)
    amount = OptionalEurosField(label="Montant, en euros", required=False, help_text="Si le tarif dit « sur devis ».")
    reason = WordsField(label="Motif du montant", required=False, max_length=500)
    field_order = ("kind", "service", "done_on", "minutes", "note", "agent", "charged", "amount", "reason")

    def __init__(
        self, *args: Any, charging: bool = True, pricing: bool = False, basis: str = "TTC", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["amount"].label = f"Montant {basis}, en euros"
        kept = {"charged": charging, "amount": charging and pricing, "reason": charging and pricing}
        for name in (name for name, wanted in kept.items() if not wanted):
            del self.fields[name]


class CorrectDoneForm(DoneForm):
    """What an intervention noted wrongly should have said, and why it is corrected."""

    why = WordsField(label="Pourquoi", max_length=500, help_text="Ce qui était mal noté.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["done_on", "minutes", "note", "charged", "amount", "reason", "why"])


class Planned(forms.Form):
    """When, and for how long."""

    day = day_field("Jour")
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput({"type": "time", "class": "short"}, format="%H:%M"))
    minutes = minutes_field("Durée prévue, en minutes")
    place = WordsField(label="Lieu", required=False, max_length=300)

    @property
    def planned_at(self) -> datetime:
        """The instant meant, in Paris."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class PlanForm(Planned, InterventionForm):
    """An intervention to come."""

    note = WordsField(
        label="Note", required=False, max_length=4000, help_text="Pour les agents.", widget=forms.Textarea({"rows": 3})
    )
    field_order = ("kind", "service", "day", "hour", "minutes", "place", "note", "agent")


class MoveForm(Planned):
    """Another instant, place or agent."""

    made_on = seen_field()
    agent = forms.ChoiceField(label="Par")

    def __init__(self, *args: Any, agents: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agent"] = forms.ChoiceField(label="Par", choices=list(agents))


class CancelForm(forms.Form):
    """Why it will not take place."""

    reason = WordsField(label="Motif", max_length=500)


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
