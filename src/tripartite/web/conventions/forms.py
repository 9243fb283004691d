"""Forms about answers, powers to sign, conventions and signatures."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from tripartite.bounded.refusals import refused_as
from tripartite.bounded.trying import try_apart
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.pricing.grid import Grid, Service
from tripartite.pricing.holding import Holding
from tripartite.pricing.quantities import quantity_text
from tripartite.web.shell.fields import SCAN_HELP, MailField, ScanField, SourceField, UploadField, WordsField, day_field
from tripartite.web.shell.seen import CONFIRMED, seen_field

ACTS = (
    ("deliberation", "délibération"),
    ("delegation", "arrêté de délégation"),
    ("election", "procès-verbal d'élection"),
    ("decision", "décision prise par délégation de l'assemblée"),
)


ENFORCEABLE = (
    "Le jour de sa transmission au représentant de l'État et de sa publication, le plus tardif des deux. Sans objet"
    " pour une élection."
)
COVERS = (("quotes", "accepter des devis"), ("convention", "signer la convention et ses avenants"))


def _covers_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Vaut pour",
        choices=COVERS,
        required=False,
        help_text="Rien de coché : tout ce qui concerne l'offre.",
        widget=forms.CheckboxSelectMultiple,
    )


class MandateForm(forms.Form):
    """The act that empowers somebody to sign."""

    person = WordsField(label="Prénom et nom", max_length=200)
    function = WordsField(label="Fonction", max_length=200)
    act = forms.ChoiceField(label="Acte", choices=ACTS)
    organ = WordsField(label="Pris par", max_length=200, help_text="Par exemple conseil municipal.")
    number = WordsField(label="Numéro", required=False, max_length=60)
    adopted_on = day_field("Du")
    enforceable_on = day_field(
        "Exécutoire le",
        required=False,
        help_text=ENFORCEABLE,
    )
    covers = _covers_field()
    scan = ScanField(label="Copie de l'acte", required=False, help_text=SCAN_HELP)

    def __init__(self, *args: Any, deposited: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if deposited:
            del self.fields["scan"]


class MandateCompletionForm(forms.Form):
    """What an act still lacked, or what was mistyped in it."""

    organ = WordsField(label="Pris par", max_length=200)
    number = WordsField(label="Numéro", required=False, max_length=60)
    enforceable_on = day_field("Exécutoire le", required=False, help_text=ENFORCEABLE)
    covers = _covers_field()
    scan = ScanField(label="Copie de l'acte", required=False, help_text=SCAN_HELP)
    reason = WordsField(
        label="Motif",
        max_length=300,
        required=False,
        help_text="À dire seulement si vous remplacez ce qui était déjà noté.",
    )


class MandateEndForm(forms.Form):
    """Until when somebody had the power to sign."""

    last_day = day_field("Dernier jour")
    reason = WordsField(label="Motif", max_length=300)


class SignatoryForm(forms.Form):
    """Who signs for a party, by which act."""

    made_on = seen_field()
    name = WordsField(label="Prénom et nom", max_length=200)
    function = WordsField(label="Fonction", max_length=200)
    email = MailField(label="Adresse électronique", required=False, max_length=254)
    phone = WordsField(label="Téléphone", required=False, max_length=40, widget=forms.TextInput({"type": "tel"}))
    mandate = forms.ChoiceField(label="En vertu de", required=False)

    def __init__(self, *args: Any, mandates: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "acte à enregistrer"), *mandates]
        self.fields["mandate"] = forms.ChoiceField(label="En vertu de", required=False, choices=choices)


class TermForm(forms.Form):
    """How long a convention lasts."""

    made_on = seen_field()
    years = forms.IntegerField(label="Durée, en années", min_value=1, max_value=20)
    tacit_renewals = forms.IntegerField(label="Reconductions tacites", min_value=0, max_value=20)
    notice_months = forms.IntegerField(label="Préavis, en mois", min_value=0, max_value=24)
    due_on = day_field("En vigueur au plus tôt le", required=False, help_text="Vide : à la dernière signature.")


class ChangesForm(forms.Form):
    """What an amendment changes."""

    made_on = seen_field()
    changes = WordsField(
        label="Ce que change l'avenant", max_length=4000, help_text="Une ligne par changement.", widget=forms.Textarea
    )


class PaperSignatureForm(forms.Form):
    """A signature given on paper."""

    signed_on = day_field("Signée le", help_text="La date que porte l'original.")
    received_on = day_field(
        "Original reçu le",
        required=False,
        help_text="Vide : aujourd'hui. Le signataire doit avoir son pouvoir ce jour-là aussi.",
    )
    scan = ScanField(label="Copie signée", help_text=SCAN_HELP)
    original_place = WordsField(label="Où l'original est conservé", max_length=300, help_text="C'est lui qui fait foi.")


class SignedPdfForm(forms.Form):
    """A PDF signed outside with a certificate."""

    pdf = UploadField(label="PDF signé", help_text="La dernière version téléchargée ici, signée une fois de plus.")
    confirmation = WordsField(
        label="Certificat à un autre nom : pourquoi c'est bien sa signature",
        required=False,
        max_length=500,
        help_text="À remplir seulement si le dépôt a été refusé pour cela : nom d'usage, nom de naissance…",
    )

    def __init__(self, *args: Any, confirmable: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not confirmable:
            del self.fields["confirmation"]


class SigningRefusalForm(forms.Form):
    """A party that will not sign."""

    refused_on = day_field("Refusée le")
    reason = WordsField(label="Motif", max_length=500, widget=forms.Textarea({"rows": 3}))
    scan = ScanField(label="Courrier reçu", required=False, help_text=SCAN_HELP)


class EndForm(forms.Form):
    """A notice received from a party that ends a convention, by a ground of its text."""

    party = forms.ChoiceField(label="De la part de")
    ground = forms.ChoiceField(label="Motif que donne la convention")
    received_on = day_field("Reçue le", help_text="Le jour où les autres ont reçu l'écrit : c'est lui qui compte.")
    formal_on = day_field("Mise en demeure reçue le", required=False, help_text="Pour un manquement seulement.")
    reason = WordsField(
        label="Motif",
        required=False,
        max_length=500,
        help_text="Ce que dit l'écrit. À l'échéance annuelle, ou contre la reconduction, il n'en faut pas.",
    )

    def __init__(self, *args: Any, parties: dict[str, str], grounds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["party"] = forms.ChoiceField(label="De la part de", choices=[("", "qui ?"), *parties.items()])
        choices = [("", "lequel ?"), *grounds]
        self.fields["ground"] = forms.ChoiceField(label="Motif que donne la convention", choices=choices)


class ModelField(SourceField):
    """The words of a text model, tried apart: a text may be written so that reading it takes an hour."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        with refused_as(forms.ValidationError):
            try_apart("tripartite.conventions.printout.model_text:read_model", text)
        return text


class TextForm(forms.Form):
    """The words of a text model."""

    made_on = seen_field()
    text = ModelField(
        label="Texte (TOML)", max_length=500_000, strip=False, widget=forms.Textarea({"rows": 30, "class": "code"})
    )


class AdoptionForm(forms.Form):
    """The act that adopts a text model."""

    adopting_act = WordsField(label="Acte qui l'adopte", max_length=300)


APART = frozenset({"reason", "made_on", "confirmed"})


class AmendForm(forms.Form):
    """One field a service of the grid that is counted by one quantity, starting from what is held."""

    reason = WordsField(label="Pourquoi une nouvelle version", max_length=500, required=False)
    confirmed = forms.BooleanField(**CONFIRMED)
    made_on = seen_field()

    def __init__(
        self, *args: Any, grid: Grid, held: Holding, again: bool = False, accepted: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.grid = grid
        self.held = {line.what.service: line.amount for line in held if _simple(grid.services.get(line.what.service))}
        for code, service in grid.services.items():
            if _simple(service):
                self.fields[code] = self._quantity(service)
        if not again:
            del self.fields["reason"], self.fields["made_on"]
        if not accepted:
            del self.fields["confirmed"]

    def _quantity(self, service: Service) -> forms.Field:
        measured = service.quantities["quantity"]
        whole = measured.step == 1
        most = 1 if service.held_once else None
        words: dict[str, Any] = {"label": service.name, "min_value": 0, "max_value": most, "required": False}
        initial = Decimal(quantity_text(self.held.get(service.code, 0)))
        widget = forms.NumberInput({"class": "short", "inputmode": "numeric" if whole else "decimal"})
        if whole:
            return forms.IntegerField(initial=initial, widget=widget, **words)
        step = Decimal(quantity_text(measured.step))
        return forms.DecimalField(initial=initial, widget=widget, step_size=step, max_digits=12, **words)

    def families(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The fields, family by family, each with what is held now."""
        for code, family in self.grid.families.items():
            rows = [
                {"field": self[one.code], "held": self.held.get(one.code), "unit": one.unit}
                for one in self.grid.services.values()
                if one.family == code and one.code in self.fields
            ]
            if rows:
                yield family.name, rows

    def wanted(self) -> dict[str, int | Decimal]:
        """What is to be in service, where it is said; a field left empty is what was held."""
        given = {code: self.cleaned_data.get(code) for code in self.fields if code not in APART}
        return {code: quantity for code, quantity in given.items() if quantity is not None}


def _simple(service: Service | None) -> bool:
    return service is not None and set(service.quantities) == {"quantity"} and not service.options


class CohortFileForm(forms.Form):
    """A spreadsheet from an agent's computer."""

    file = forms.FileField(
        label="Tableur",
        help_text=f"XLSX, ou CSV (UTF-8 ou Windows) ; {MAX_BYTES // 1_000_000} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, offers: Mapping[str, str], **kwargs: Any) -> None:
        """`offers` by their codes, to choose whose services they are; none where there is no choice."""
        super().__init__(*args, **kwargs)
        if offers:
            self.fields["offer"] = forms.ChoiceField(label="Offre", choices=[("", "choisir"), *offers.items()])
