"""The form « Demander ces devis »: whom to answer."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tripartite.web.shell.fields import MailField, WordsField
from tripartite.web.shell.robots import GuardedForm

COUNTED = (("agents", "des agents, chacun comptant pour un"), ("etp", "des équivalents temps plein"))
PHONE = re.compile(r"\+?[\d\s().\-/]{9,25}", re.ASCII)


class PublicRequestForm(GuardedForm):
    """Name, function and how to reach the person who asks.

    What the figure of staff counts is asked when one was typed; name and SIREN of a body that the directory lacks.
    """

    body_name = WordsField(
        label="Nom de la structure", max_length=200, help_text="Tel qu'il doit figurer sur les devis."
    )
    siren = WordsField(
        label="SIREN",
        max_length=11,
        help_text="9 chiffres. Il se trouve sur vos courriers et sur annuaire-entreprises.data.gouv.fr.",
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    name = WordsField(label="Prénom et nom", max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    function = WordsField(
        label="Fonction",
        max_length=150,
        help_text="Par exemple secrétaire générale de mairie, maire, directeur.",
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    email = MailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Les devis y seront envoyés. Par exemple accueil@mairie.exemple.fr.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = WordsField(label="Téléphone", max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}))
    counted = forms.ChoiceField(label="Le nombre d'agents indiqué compte", choices=COUNTED, widget=forms.RadioSelect)
    note = WordsField(
        label="Un mot à ajouter",
        required=False,
        max_length=2000,
        help_text="Ce que les agents doivent savoir avant d'établir les devis.",
        widget=forms.Textarea({"rows": 4}),
    )
    field_order = ("body_name", "siren", "name", "function", "email", "phone", "counted", "note", "website", "stamp")

    def __init__(self, *args: Any, staff_declared: bool, stated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not staff_declared:
            del self.fields["counted"]
        if not stated:
            del self.fields["body_name"], self.fields["siren"]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        digits = sum(character.isdigit() for character in phone)
        if not PHONE.fullmatch(phone) or not 9 <= digits <= 15:
            raise ValidationError("Écrivez un numéro de téléphone, par exemple 01 23 45 67 89.")
        return phone
