"""Forms of the directory's screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from tripartite.parties.queries.updates import files_without_year
from tripartite.parties.services.listing import FIRST_YEAR, LAST_YEAR
from tripartite.parties.services.reading import LONGEST_SOURCE, MAX_BYTES
from tripartite.pricing.order import KIND_LABELS
from tripartite.web.shell.fields import WordsField, day_field
from tripartite.web.shell.seen import seen_field

if TYPE_CHECKING:
    from tripartite.parties.models import DirectoryUpdate

MOST_FILES = 10
YEAR_HELP = "2024 pour les populations en vigueur en 2027."

MEASURES = (
    ("population:municipale", "population municipale"),
    ("population:totale", "population totale"),
    ("staff:agents", "effectif, en agents"),
    ("staff:etp", "effectif, en équivalents temps plein"),
)


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files chosen together, at least one."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list) and data else [data or None]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"{MOST_FILES} fichiers au plus.")
        return [super(FilesField, self).clean(one, initial) for one in given]


def department_field() -> WordsField:
    return WordsField(
        label="Département",
        required=False,
        max_length=3,
        help_text="Le seul à garder ; vide pour la France entière.",
        widget=forms.TextInput({"class": "short"}),
    )


class UpdateForm(forms.Form):
    """Official files, together."""

    chosen = FilesField(
        label="Fichiers",
        help_text=f"CSV ou XLSX, tels que publiés, choisis ensemble ; {MAX_BYTES // 1_000_000} Mo au plus chacun.",
        widget=FilesInput({"accept": ".csv,.xlsx,.txt", "multiple": True}),
    )
    source = WordsField(
        label="Source",
        max_length=LONGEST_SOURCE,
        help_text="Qui les publie, et quand : « INSEE et DGCL, janvier 2027 ».",
    )
    year = forms.IntegerField(
        label="Année de référence des populations",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=f"{YEAR_HELP} Laissée vide, elle est demandée après lecture si un fichier ne la dit pas.",
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    department = department_field()


class CompletionOfUpdateForm(forms.Form):
    """What the files of an update do not say: the year of each of some, else the département to keep."""

    def __init__(self, data: QueryDict | None, update: DirectoryUpdate) -> None:
        super().__init__(data)
        self.asked = {f"year_{one.pk}": one for one in files_without_year(update.files.all())}
        for name, file in self.asked.items():
            self.fields[name] = forms.IntegerField(
                label=f"Année de référence : {file.name}",
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                help_text=YEAR_HELP,
                widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
            )
        if not self.asked:
            self.fields["department"] = department_field()
            self.initial["department"] = update.department

    @property
    def years(self) -> dict[int, int]:
        """The year given, by the key of its file."""
        return {file.pk: self.cleaned_data[name] for name, file in self.asked.items()}


class EndForm(forms.Form):
    """The last day of a body."""

    last_day = day_field("Dernier jour", help_text="Compris.")
    into = WordsField(
        label="SIREN de celle qui la réunit",
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    reason = WordsField(label="Ce qui le montre", max_length=300, help_text="L'arrêté, sa date.")


class ReopenForm(forms.Form):
    """A body noted as ended that lives."""

    reason = WordsField(label="Motif", max_length=300)


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

    made_on = seen_field()
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
