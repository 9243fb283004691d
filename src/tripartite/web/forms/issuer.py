"""The form of an issuer's identity and of the settings of its quotes."""

from django import forms


class IssuerForm(forms.Form):
    """What papers print of the issuer. What is left empty stays unknown, and papers say so or do without."""

    siret = forms.CharField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text="14 chiffres ; les espaces sont permises.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label="Adresse",
        required=False,
        max_length=500,
        help_text="Comme sur une enveloppe : rue, code postal, ville.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField(
        label="Lieu d'émission", required=False, max_length=100, help_text="« Fait à … » sur les papiers."
    )
    email = forms.EmailField(label="Adresse électronique", required=False, max_length=254)
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    website = forms.URLField(label="Site internet", required=False, max_length=200, assume_scheme="https")
    quote_validity_days = forms.IntegerField(
        label="Validité des devis, en jours",
        min_value=1,
        max_value=365,
        help_text="Le dernier jour est compris. Les devis déjà émis gardent leur date.",
    )
    quote_conditions = forms.CharField(
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
