"""The form that brings in a former programme."""

from django import forms

from tripartite.conventions.services import MAX_BYTES


class CohortFileForm(forms.Form):
    """A spreadsheet from an agent's computer."""

    file = forms.FileField(
        label="Tableur",
        help_text=f"XLSX, ou CSV en UTF-8 ; {MAX_BYTES // 1_000_000} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )
