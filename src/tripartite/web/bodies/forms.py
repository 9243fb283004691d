"""Forms of the directory's screens."""

from django import forms

from tripartite.pricing.order import KIND_LABELS
from tripartite.web.shell.fields import WordsField

MEASURES = (
    ("population:municipale", "population municipale"),
    ("population:totale", "population totale"),
    ("staff:agents", "effectif, en agents"),
    ("staff:etp", "effectif, en équivalents temps plein"),
)


class BodyForm(forms.Form):
    """A body that no file lists. Unknown stays empty."""

    kind = forms.ChoiceField(label="Nature", choices=[("", "choisir"), *KIND_LABELS.items()])
    name = WordsField(label="Nom", max_length=200, help_text="Tel qu'il figurera sur les papiers.")
    siren = WordsField(
        label="SIREN", required=False, max_length=20, widget=forms.TextInput({"inputmode": "numeric", "class": "short"})
    )
    siret = WordsField(
        label="SIRET du siège",
        required=False,
        max_length=24,
        help_text="L'un des deux suffit.",
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    department = WordsField(
        label="Département du siège", required=False, max_length=3, widget=forms.TextInput({"class": "short"})
    )
    postal_codes = WordsField(
        label="Code postal", required=False, max_length=60, widget=forms.TextInput({"class": "short"})
    )
    address = WordsField(label="Adresse", required=False, max_length=500, widget=forms.Textarea({"rows": 3}))


class CompletionForm(forms.Form):
    """What no file gives about a listed body."""

    siret = WordsField(
        label="SIRET du siège", required=False, max_length=24, widget=forms.TextInput({"inputmode": "numeric"})
    )
    department = WordsField(
        label="Département du siège", required=False, max_length=3, widget=forms.TextInput({"class": "short"})
    )
    address = WordsField(label="Adresse", required=False, max_length=500, widget=forms.Textarea({"rows": 3}))


class FigureForm(forms.Form):
    """A figure that somebody declares."""

    measure = forms.ChoiceField(label="Chiffre", choices=MEASURES, initial="staff:agents")
    value = WordsField(
        label="Valeur", max_length=15, widget=forms.TextInput({"inputmode": "numeric", "class": "short"})
    )
    year = WordsField(
        label="Année", required=False, max_length=4, widget=forms.TextInput({"inputmode": "numeric", "class": "short"})
    )
    declared_by = WordsField(label="Déclaré par", max_length=200, help_text="Nom et fonction.")
