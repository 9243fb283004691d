"""Forms of the second factor, of proofs asked again, of a forgotten password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tripartite.accounts.passkeys import MOST
from tripartite.web.shell.fields import MailField, WordsField

NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})
LENGTH_HINT = (
    "Au moins 12 caractères, de toute sorte ; une phrase de plusieurs mots se retient mieux. Ni un mot de passe"
    " courant, ni le nom du logiciel ou de l'organisme."
)


def code_field(label: str, help_text: str = "") -> WordsField:
    """Where a code is typed or pasted; the browser may propose the one it has just received."""
    widget = forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"})
    return WordsField(label=label, max_length=60, help_text=help_text, widget=widget)


class CodeForm(forms.Form):
    """The code of an application, or a recovery code."""

    code = code_field("Code", "Les six chiffres que montre l'application, ou l'un de vos codes de secours.")


class FirstCodeForm(forms.Form):
    """The first code of an application that is being taken up."""

    code = code_field("Code affiché par l'application", "Six chiffres, qui changent toutes les trente secondes.")


class AnswerForm(forms.Form):
    """What the browser answers for a passkey."""

    answer = forms.CharField(max_length=MOST, widget=forms.HiddenInput)


class PasskeyForm(AnswerForm):
    """A new passkey, and the name that its owner knows it by."""

    name = WordsField(
        label="Nom de cette clé",
        max_length=60,
        help_text="Pour la reconnaître : « téléphone », « ordinateur du bureau », « clé USB ».",
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class PasswordProofForm(forms.Form):
    """The password, asked again."""

    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(forms.Form):
    """The address of an account whose password is forgotten."""

    email = MailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class ResetForm(forms.Form):
    """A new password, twice. Whether it is too weak, the service says."""

    password = forms.CharField(
        label="Nouveau mot de passe", strip=False, max_length=500, help_text=LENGTH_HINT, widget=NEW
    )
    again = forms.CharField(label="Nouveau mot de passe, une seconde fois", strip=False, max_length=500, widget=NEW)

    def clean_again(self) -> Any:
        if self.cleaned_data["again"] != self.data.get("password"):
            raise ValidationError("Les deux saisies du nouveau mot de passe diffèrent.")
        return self.cleaned_data["again"]
