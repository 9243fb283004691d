"""Forms of the agents' screens about requests."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tripartite.quotes.states import REQUEST_LABELS
from tripartite.web.shell.fields import SCAN_HELP, EurosField, MailField, ScanField, WordsField, day_field
from tripartite.web.shell.offers import the_quotes
from tripartite.web.shell.seen import CONFIRMED, seen_field


class RequestFilter(forms.Form):
    """What narrows the list of requests."""

    q = WordsField(label="Chercher", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label="État", required=False, choices=[("", "tous"), *REQUEST_LABELS.items()])
    since = forms.DateField(
        label="Reçues depuis le", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="jusqu'au", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, offers: Mapping[str, str], **options: Any) -> None:
        """`offers` by their codes, where there are several to choose from."""
        super().__init__(*args, **options)
        if offers:
            choices = [("", "toutes"), *offers.items()]
            self.fields["offre"] = forms.ChoiceField(label="Offre", required=False, choices=choices)


class ContactForm(forms.Form):
    """Whom to answer. An agent on the phone may know only a name: nothing is required."""

    name = WordsField(label="Prénom et nom", required=False, max_length=150)
    function = WordsField(label="Fonction", required=False, max_length=150)
    email = MailField(label="Adresse électronique", required=False, max_length=254)
    phone = WordsField(label="Téléphone", required=False, max_length=30, widget=forms.TextInput({"type": "tel"}))
    note = WordsField(
        label="Note", required=False, max_length=2000, help_text="Pour les agents.", widget=forms.Textarea({"rows": 3})
    )


class ContactCorrectionForm(ContactForm):
    """Whom to answer, corrected; `made_on` says what the page showed."""

    made_on = seen_field()


class NewRequestForm(ContactForm):
    """A request typed by an agent; `token` makes a form sent twice one request."""

    counted = forms.ChoiceField(
        label="Le nombre d'agents indiqué compte",
        choices=(("agents", "des agents, chacun comptant pour un"), ("etp", "des équivalents temps plein")),
        widget=forms.RadioSelect,
        required=False,
        initial="agents",
    )
    declared_by = WordsField(
        label="Chiffres déclarés par",
        required=False,
        max_length=200,
        help_text="Nom et fonction de qui donne ces chiffres.",
    )
    twice = forms.BooleanField(label="Faire une autre demande, quand même", required=False)
    token = WordsField(widget=forms.HiddenInput, max_length=64)
    field_order = ("declared_by", "counted", "name", "function", "email", "phone", "note", "twice", "token")

    def __init__(self, *args: Any, figures: tuple[str, ...], same: bool = False, **kwargs: Any) -> None:
        """`same`: a request in hand asks for the same; making another is then asked for."""
        super().__init__(*args, **kwargs)
        if not same:
            del self.fields["twice"]
        if "staff" not in figures:
            del self.fields["counted"]
        if not figures:
            del self.fields["declared_by"]
        else:
            self.fields["declared_by"].required = True


class ReviseForm(forms.Form):
    """Why a request changes; needed where nothing else does."""

    reason = WordsField(label="Motif", required=False, max_length=500)
    made_on = seen_field()
    confirmed = forms.BooleanField(**CONFIRMED)

    def __init__(self, *args: Any, accepted: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not accepted:
            del self.fields["confirmed"]


class PriceForm(forms.Form):
    """The price of one line on request."""

    fingerprint = WordsField(widget=forms.HiddenInput, max_length=64)
    made_on = seen_field()
    amount = EurosField(label="Montant de la ligne")
    reason = WordsField(label="Motif", max_length=300, help_text="Il s'imprime sur le devis.")

    def __init__(self, *args: Any, gives_up: bool = False, basis: str = "TTC", **options: Any) -> None:
        """`gives_up`: the line gives something up, and its price may be below zero; `basis`: what the tariff votes."""
        super().__init__(*args, **options)
        amount = self.fields["amount"]
        amount.label = f"Montant {basis} de la ligne"
        assert isinstance(amount, EurosField)  # noqa: S101 - declared above
        amount.below_zero = gives_up
        if gives_up:
            amount.help_text = "Une somme en moins s'écrit avec le signe moins, par exemple -120,00."


class CancelForm(forms.Form):
    """Giving a request up."""

    reason = WordsField(label="Motif", max_length=500)


class PaperAnswerForm(forms.Form):
    """A « bon pour accord » received on paper."""

    person = WordsField(label="Signé par", max_length=200)
    function = WordsField(label="Fonction", max_length=200, initial="Maire")
    answered_on = day_field("Signé le", help_text="La date portée sur le papier.")
    scan = ScanField(label="Devis signés, numérisés", help_text=SCAN_HELP)
    only = forms.ChoiceField(label="Accord sur", choices=())
    explanation = WordsField(
        label="Pourquoi un seul devis", required=False, max_length=500, help_text="Quand un seul est accepté."
    )

    def __init__(self, *args: Any, numbers: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", the_quotes(len(numbers))), *((number, f"{number} seul") for number in numbers)]
        self.fields["only"] = forms.ChoiceField(label="Accord sur", choices=choices, required=False)
        self.order_fields(["person", "function", "answered_on", "scan", "only", "explanation"])


class RefusalForm(forms.Form):
    """A refusal told to an agent."""

    person = WordsField(label="Refusé par", max_length=200)
    function = WordsField(label="Fonction", max_length=200)
    answered_on = day_field("Le")
    reason = WordsField(label="Motif", max_length=500)
