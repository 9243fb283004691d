"""Forms about signature keys: what the certificate says is never asked."""

from typing import Any

from django import forms

from tripartite.documents.key_certificate import LARGEST
from tripartite.documents.strangers import read_certificate
from tripartite.web.shell.fields import UploadField, WordsField, day_field

HANDINGS = (("cdg", "au centre de gestion, sur rendez-vous"), ("site", "sur site"))


class CertificateField(UploadField):
    """A certificate file: what is wrong with it is said at its place, before anything is kept."""

    def check_content(self, content: bytes) -> None:
        read_certificate(content)


class KeyForm(forms.Form):
    """A key for the register."""

    certificate = CertificateField(
        label="Certificat",
        help_text=(
            f"PEM, DER ou PKCS#7 (.cer, .crt, .pem, .p7b), {LARGEST // 1000} ko au plus. Numéro, émetteur et dates y"
            " sont lus. Jamais la clé privée."
        ),
        widget=forms.ClearableFileInput({"accept": ".cer,.crt,.pem,.der,.p7b,.p7c"}),
    )
    holder_name = WordsField(label="Titulaire, prénom et nom", max_length=200)
    holder_function = WordsField(label="Fonction", max_length=200)
    holder_reason = WordsField(
        label="Certificat à un autre nom : pourquoi c'est bien sa clé",
        required=False,
        max_length=500,
        help_text="Nom d'usage, nom de naissance, cachet de la collectivité…",
    )
    stands_for = forms.ChoiceField(label="Pour", required=False)
    replaces = forms.ChoiceField(
        label="Remplace", required=False, help_text="Dès aujourd'hui. La clé d'un renouvellement le fait à sa remise."
    )

    def __init__(
        self, *args: Any, stands_for: list[tuple[str, str]], replaces: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["stands_for"] = forms.ChoiceField(
            label="Pour",
            required=False,
            choices=[*stands_for, ("", "aucune commande : une clé déjà en service")],
            help_text="Le service court alors du premier au dernier jour du certificat.",
        )
        self.fields["replaces"].choices = [("", "aucune clé"), *replaces]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """A key put into its holder's hands."""

    on = day_field("Remise le")
    handing = forms.ChoiceField(label="Où", choices=HANDINGS)


class RevocationForm(forms.Form):
    """A key revoked with its authority."""

    on = day_field("Révoquée le")
    reason = WordsField(label="Motif", max_length=500, help_text="Fin de fonction, perte, vol…")
