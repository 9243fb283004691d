"""The form of how an issuer is named and shown."""

from typing import Any

from django import forms

from tripartite.documents.pictures import MAX_BYTES
from tripartite.web.shell.fields import UploadField, WordsField, day_field
from tripartite.web.shell.seen import seen_field

HEX = {"class": "short", "autocomplete": "off", "spellcheck": "false", "placeholder": "#0b5a6e"}


class LookForm(forms.Form):
    """Names, colours and logo, and from when. `has_logo`: one is shown today, that may be taken away."""

    made_on = seen_field()
    name = WordsField(label="Nom", max_length=200, help_text="En entier, comme sur les papiers.")
    short_name = WordsField(label="Nom court", max_length=80, help_text="Dans les tableaux et les listes.")
    colour = WordsField(
        label="Couleur",
        required=False,
        max_length=7,
        help_text=(
            "Six chiffres hexadécimaux ; un contraste de 4,5 au moins avec le fond. Vide : la couleur d'origine."
        ),
        widget=forms.TextInput(HEX),
    )
    dark_colour = WordsField(
        label="Couleur sur fond sombre",
        required=False,
        max_length=7,
        help_text="Pour les écrans sombres. Vide : la même, éclaircie.",
        widget=forms.TextInput(HEX),
    )
    logo = UploadField(
        label="Logo",
        required=False,
        help_text=f"PNG ou JPEG, {MAX_BYTES // 1_000_000} Mo au plus ; de 32 à 4 000 pixels de côté.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
    logo_alt = WordsField(
        label="Texte du logo",
        required=False,
        max_length=200,
        help_text="Ce qu'il montre, pour qui ne le voit pas : le nom écrit dans le logo, le plus souvent.",
    )
    without_logo = forms.BooleanField(label="Retirer le logo", required=False)
    applies_on = day_field("À partir du")

    def __init__(self, *args: Any, has_logo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_logo:
            del self.fields["without_logo"]
