"""Forms of the beneficiary's own space."""

from typing import Any

from django import forms

from tripartite.documents.scans import MAX_BYTES
from tripartite.web.shell.fields import MailField, WordsField
from tripartite.web.shell.robots import GuardedForm


class NewLinkForm(GuardedForm):
    """Asking for a new link: what only a party to the file knows together."""

    reference = WordsField(
        label="Référence",
        max_length=80,
        help_text="L'une de celles de nos courriels : dossier (D-2026-00012), devis, convention (C-2026-00012).",
        widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
    )
    email = MailField(
        label="Votre adresse électronique",
        max_length=254,
        help_text="Celle à laquelle vous avez reçu les devis.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    field_order = ("reference", "email", "website", "stamp")


class PersonForm(forms.Form):
    """Who answers. `numbers` names the quotes that were on the screen."""

    numbers = WordsField(widget=forms.HiddenInput, max_length=200)
    name = WordsField(label="Prénom et nom", max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    function = WordsField(
        label="Fonction",
        max_length=200,
        help_text="Par exemple maire, président.",
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )


class AcceptForm(PersonForm):
    """« Bon pour accord », on all the quotes or on one of them with why."""

    explanation = WordsField(
        label="Pourquoi ce devis seul", max_length=500, widget=forms.Textarea({"rows": 3}), required=True
    )
    consent = forms.BooleanField(error_messages={"required": "Cochez la case pour donner votre accord."})

    def __init__(self, *args: Any, words: str, alone: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["consent"].label = words
        if not alone:
            del self.fields["explanation"]


class RefuseForm(PersonForm):
    """A refusal, with its reason."""

    reason = WordsField(label="Motif", max_length=500, widget=forms.Textarea({"rows": 3}))


class RefuseToSignForm(forms.Form):
    """Why one will not sign."""

    reason = WordsField(label="Motif", max_length=500, widget=forms.Textarea({"rows": 3}))


class DepositForm(forms.Form):
    """The act that empowers whoever signs."""

    act = forms.FileField(
        label="L'acte, en PDF ou numérisé",
        help_text=f"PDF, JPEG ou PNG, {MAX_BYTES // 1_000_000} Mo au plus. Un document par envoi.",
        widget=forms.ClearableFileInput({"accept": "application/pdf,image/jpeg,image/png"}),
    )


class SignForm(forms.Form):
    """Signing here: the code received, and the words agreed to."""

    signatory = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    code = WordsField(
        label="Code à six chiffres",
        max_length=20,
        widget=forms.TextInput({"class": "short", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    consent = forms.BooleanField(error_messages={"required": "Cochez la case pour signer."})

    def __init__(self, *args: Any, words: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["consent"].label = words
