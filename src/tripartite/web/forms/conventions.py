"""Forms about answers, powers to sign, conventions and signatures."""

from typing import Any

from django import forms

from tripartite.documents.scans import MAX_BYTES, check_scan
from tripartite.web.deposits import read_upload

ACTS = (
    ("deliberation", "délibération"),
    ("delegation", "arrêté de délégation"),
    ("election", "procès-verbal d'élection"),
    ("decision", "décision prise par délégation de l'assemblée"),
)
SCAN_HELP = f"PDF, JPEG ou PNG, {MAX_BYTES // 1_000_000} Mo au plus."


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, chosen in the browser's calendar."""
    widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class UploadField(forms.FileField):
    """A file that is not too big: what is wrong with it is said at its place."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                self.check_content(read_upload(upload))
            except ValueError as refusal:
                raise forms.ValidationError(str(refusal)) from None
            upload.seek(0)
        return upload

    def check_content(self, content: bytes) -> None:
        """Raise ValueError, in French, when these bytes cannot serve."""


class ScanField(UploadField):
    """A scan, told by its first bytes."""

    def check_content(self, content: bytes) -> None:
        check_scan(content)


class PaperAnswerForm(forms.Form):
    """A « bon pour accord » received on paper."""

    person = forms.CharField(label="Signé par", max_length=200)
    function = forms.CharField(label="Fonction", max_length=200, initial="Maire")
    answered_on = day_field("Signé le", help_text="La date portée sur le papier.")
    scan = ScanField(label="Devis signés, numérisés", help_text=SCAN_HELP)
    only = forms.ChoiceField(label="Accord sur", choices=())
    explanation = forms.CharField(
        label="Pourquoi un seul devis", required=False, max_length=500, help_text="Quand un seul est accepté."
    )

    def __init__(self, *args: Any, numbers: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "les deux devis"), *((number, f"{number} seul") for number in numbers)]
        self.fields["only"] = forms.ChoiceField(label="Accord sur", choices=choices, required=False)
        self.order_fields(["person", "function", "answered_on", "scan", "only", "explanation"])


class RefusalForm(forms.Form):
    """A refusal told to an agent."""

    person = forms.CharField(label="Refusé par", max_length=200)
    function = forms.CharField(label="Fonction", max_length=200)
    answered_on = day_field("Le")
    reason = forms.CharField(label="Motif", max_length=500)


class MandateForm(forms.Form):
    """The act that empowers somebody to sign."""

    person = forms.CharField(label="Prénom et nom", max_length=200)
    function = forms.CharField(label="Fonction", max_length=200)
    act = forms.ChoiceField(label="Acte", choices=ACTS)
    organ = forms.CharField(label="Pris par", max_length=200, help_text="Par exemple conseil municipal.")
    number = forms.CharField(label="Numéro", required=False, max_length=60)
    adopted_on = day_field("Du")
    enforceable_on = day_field(
        "Exécutoire le",
        required=False,
        help_text="Pour une délibération : le jour de sa transmission et de sa publication, le plus tardif des deux.",
    )
    scan = ScanField(label="Copie de l'acte", required=False, help_text=SCAN_HELP)


class MandateEndForm(forms.Form):
    """Until when somebody had the power to sign."""

    last_day = day_field("Dernier jour")
    reason = forms.CharField(label="Motif", max_length=300)


class SignatoryForm(forms.Form):
    """Who signs for a party, by which act."""

    name = forms.CharField(label="Prénom et nom", max_length=200)
    function = forms.CharField(label="Fonction", max_length=200)
    email = forms.EmailField(label="Adresse électronique", required=False, max_length=254)
    phone = forms.CharField(label="Téléphone", required=False, max_length=40, widget=forms.TextInput({"type": "tel"}))
    mandate = forms.ChoiceField(label="En vertu de", required=False)

    def __init__(self, *args: Any, mandates: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "acte à enregistrer"), *mandates]
        self.fields["mandate"] = forms.ChoiceField(label="En vertu de", required=False, choices=choices)


class TermForm(forms.Form):
    """How long a convention lasts."""

    years = forms.IntegerField(label="Durée, en années", min_value=1, max_value=20)
    tacit_renewals = forms.IntegerField(label="Reconductions tacites", min_value=0, max_value=20)
    notice_months = forms.IntegerField(label="Préavis, en mois", min_value=0, max_value=24)
    due_on = day_field("En vigueur au plus tôt le", required=False, help_text="Vide : à la dernière signature.")


class ChangesForm(forms.Form):
    """What an amendment changes."""

    changes = forms.CharField(
        label="Ce que change l'avenant", max_length=4000, help_text="Une ligne par changement.", widget=forms.Textarea
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Motif", max_length=500)


class PaperSignatureForm(forms.Form):
    """A signature given on paper."""

    signed_on = day_field("Signée le")
    scan = ScanField(label="Copie signée", help_text=SCAN_HELP)
    original_place = forms.CharField(
        label="Où l'original est conservé", max_length=300, help_text="C'est lui qui fait foi."
    )


class SignedPdfForm(forms.Form):
    """A PDF signed outside with a certificate."""

    pdf = UploadField(label="PDF signé", help_text="La dernière version téléchargée ici, signée une fois de plus.")


class EndForm(forms.Form):
    """A denunciation or a termination received."""

    received_on = day_field("Reçue le")
    party = forms.CharField(label="De la part de", max_length=200)
    reason = forms.CharField(label="Motif", max_length=500)


class TextForm(forms.Form):
    """The words of a text model."""

    text = forms.CharField(
        label="Texte (TOML)", max_length=500_000, strip=False, widget=forms.Textarea({"rows": 30, "class": "code"})
    )


class AdoptionForm(forms.Form):
    """The act that adopts a text model."""

    adopting_act = forms.CharField(label="Acte qui l'adopte", max_length=300)
