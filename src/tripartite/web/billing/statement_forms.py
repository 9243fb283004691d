"""Forms of statements: the file, what its columns say, recording what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tripartite.billing.statements.values import STATEMENT_COLUMN_LABELS, StatementColumn
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.web.shell.fields import WordsField

HELP = {
    StatementColumn.DAY: "Le jour de l'encaissement.",
    StatementColumn.AMOUNT: "Une seule colonne, avec son signe ; ou le crédit et le débit.",
    StatementColumn.TITLE: "Le numéro du titre de recettes.",
    StatementColumn.YEAR: "Celui du titre ; à défaut, l'année du jour.",
    StatementColumn.INVOICE: "Si une colonne donne le numéro de facture.",
    StatementColumn.OPERATION: "Un numéro propre à chaque ligne, si le relevé en a un.",
}


class StatementForm(forms.Form):
    """A statement from an accountant's computer."""

    file = forms.FileField(
        label="Relevé",
        help_text=(
            "Du comptable : CSV (UTF-8 ou Windows) ou XLSX. D'une banque : CAMT.053 (XML)."
            f" {MAX_BYTES // 1_000_000} Mo au plus."
        ),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.xlsx,.xml"}),
    )


class ColumnsForm(forms.Form):
    """Which column of a statement says what."""

    def __init__(self, *args: Any, titles: Sequence[str], **options: Any) -> None:
        """`titles`: those of the line that names the columns."""
        super().__init__(*args, **options)
        choices = [("", "aucune"), *((title, title) for title in titles)]
        for name in StatementColumn:
            label = STATEMENT_COLUMN_LABELS[name]
            self.fields[name.value] = forms.ChoiceField(
                label=label[0].upper() + label[1:],
                choices=choices,
                required=name is StatementColumn.DAY,
                help_text=HELP.get(name, ""),
            )

    @property
    def columns(self) -> dict[str, str]:
        """What was chosen, by the name of a column."""
        return {name: title for name, title in self.cleaned_data.items() if title}


class RecordForm(forms.Form):
    """Record what a preview showed."""

    seen = WordsField(max_length=100, widget=forms.HiddenInput)
    aside = forms.BooleanField(label="Noter aussi ce dont la facture est inconnue, gardé à part", required=False)
