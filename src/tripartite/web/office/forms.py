"""Forms of log-in, passwords and accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from tripartite.accounts.rights import Role
from tripartite.web.office.security_forms import LENGTH_HINT
from tripartite.web.shell.fields import MailField, WordsField
from tripartite.web.shell.seen import seen_field

EXPIRED = (
    "Ce mot de passe à usage unique ne vaut plus rien. Demandez-en un autre à votre administrateur, ou un lien par"
    " « Mot de passe oublié »."
)
ROLES = [(role.value, role.label.capitalize()) for role in Role]


class NewsForm(forms.Form):
    """How one is told of what waits for agents."""

    HOW = (
        ("at-once", "aussitôt, un courriel à chaque fois"),
        ("morning", "chaque matin, en un seul courriel"),
        ("never", "jamais"),
    )
    how = forms.ChoiceField(label="Me prévenir par courriel", choices=HOW, widget=forms.RadioSelect)

    @classmethod
    def words(cls, how: str) -> str:
        return dict(cls.HOW)[how]


class LogInForm(AuthenticationForm):
    """The address and the password; an unknown address and a wrong password get the same answer."""

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": "Adresse électronique ou mot de passe incorrect.",
        "inactive": "Adresse électronique ou mot de passe incorrect.",
    }
    username = UsernameField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """As Django does, but naming the address by its own field: that is where the throttling looks for it."""
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            self.user_cache = authenticate(self.request, email=email, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
            expires = getattr(self.user_cache, "password_expires_at", None)
            if expires is not None and timezone.now() >= expires:
                raise ValidationError(EXPIRED)
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """The present password, then the new one twice."""

    present = forms.CharField(
        label="Mot de passe actuel",
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        max_length=500,
        help_text=LENGTH_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nouveau mot de passe, une seconde fois",
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, account: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_present(self) -> str:
        present = str(self.cleaned_data["present"])
        if not self.account.check_password(present):
            raise ValidationError("Ce n'est pas le mot de passe actuel de ce compte.")
        return present

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password == self.data.get("present"):
            raise ValidationError("Choisissez un mot de passe différent de l'actuel.")
        validate_password(password, self.account)  # type: ignore[arg-type]
        return password

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.data.get("password"):
            raise ValidationError("Les deux saisies du nouveau mot de passe diffèrent.")
        return again


class AccountForm(forms.Form):
    """A new account of the administrator's own issuer."""

    name = WordsField(label="Prénom et nom", max_length=150)
    email = MailField(label="Adresse électronique", max_length=254, help_text="Elle sert à se connecter.")
    role = forms.ChoiceField(label="Rôle", choices=ROLES, initial=Role.AGENT)

    def chosen_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class AccountChangeForm(AccountForm):
    """Name and role of an existing account; its address never changes."""

    email = None  # type: ignore[assignment]


class IssuerForm(forms.Form):
    """What papers print of the issuer. What is left empty stays unknown, and papers say so or do without."""

    made_on = seen_field()
    siret = WordsField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text="14 chiffres ; les espaces sont permises.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    address = WordsField(
        label="Adresse",
        required=False,
        max_length=500,
        help_text="Comme sur une enveloppe : rue, code postal, ville.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = WordsField(
        label="Lieu d'émission", required=False, max_length=100, help_text="« Fait à … » sur les papiers."
    )
    email = MailField(label="Adresse électronique", required=False, max_length=254)
    phone = WordsField(label="Téléphone", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    website = forms.URLField(label="Site internet", required=False, max_length=200, assume_scheme="https")
    quote_validity_days = forms.IntegerField(
        label="Validité des devis, en jours",
        min_value=1,
        max_value=365,
        help_text="Le dernier jour est compris. Les devis déjà émis gardent leur date.",
    )
    quote_conditions = WordsField(
        label="Conditions",
        required=False,
        max_length=4000,
        help_text="Imprimées au bas des devis à venir.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_address(self) -> str:
        return "\n".join(str(self.cleaned_data["address"]).splitlines())

    def clean_quote_conditions(self) -> str:
        return "\n".join(str(self.cleaned_data["quote_conditions"]).splitlines())
