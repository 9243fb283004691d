"""What a visitor gives to have a paper verified: the file, or its SHA-256."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tripartite.documents.authenticity import DIGEST, LARGEST_UPLOAD
from tripartite.web.shell.fields import WordsField

TOO_LARGE = f"Donnez un fichier de {LARGEST_UPLOAD // (1024 * 1024)} Mo au plus."


class VerificationForm(forms.Form):
    """One of the two; the file wins."""

    file = forms.FileField(
        label="Le fichier PDF",
        required=False,
        help_text="Il est lu, puis oublié : rien n'en est conservé.",
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,
    )
    digest = WordsField(
        label="Ou son empreinte SHA-256",
        required=False,
        max_length=200,
        help_text="64 chiffres hexadécimaux, si vous ne voulez pas envoyer le fichier.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload is not None and upload.size > LARGEST_UPLOAD:
            raise ValidationError(TOO_LARGE)
        return upload

    def clean_digest(self) -> str:
        digest = "".join(self.cleaned_data["digest"].split())
        if digest and not DIGEST.fullmatch(digest):
            raise ValidationError("Écrivez les 64 chiffres hexadécimaux de l'empreinte (0 à 9, a à f).")
        return digest

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and given.get("file") is None and not given.get("digest"):
            raise ValidationError("Donnez un fichier, ou une empreinte.")
        return given
