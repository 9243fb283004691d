"""The fields that several rooms ask by: a day, a file, an amount, words to search for."""

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from tripartite.documents.scans import MAX_BYTES, check_scan
from tripartite.pricing.bounds import wrong_amount
from tripartite.pricing.money import MINUS
from tripartite.typed import FIRST_DAY, LAST_DAY, clean_line, clean_source, clean_text
from tripartite.web.shell.days import NOT_A_DAY
from tripartite.web.shell.deposits import read_upload

Choices = Iterable[tuple[str, str]]
"""What a list offers: codes and labels."""
SCAN_HELP = f"PDF, JPEG ou PNG, {MAX_BYTES // 1_000_000} Mo au plus."


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """The value cleaned; a null is no slip of a hand, and is left to be refused."""
    return clean(value) if isinstance(value, str) and "\x00" not in value else value


class WordsField(forms.CharField):
    """Words that people type, cleaned (`typed`): one line, or several where the field shows several."""

    def to_python(self, value: Any) -> Any:
        several = isinstance(self.widget, forms.Textarea)
        return super().to_python(_cleaned(value, clean_text if several else clean_line))


class SourceField(forms.CharField):
    """A text whose spaces matter, as a model's: only what does not show is dropped."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(value, clean_source))


class MailField(forms.EmailField):
    """An e-mail address, cleaned as words are."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Écrivez une adresse électronique entière, comme accueil@mairie.exemple.fr."
    }

    def to_python(self, value: Any) -> Any:
        return super().to_python(_cleaned(value, clean_line))


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, chosen in the browser's calendar, that can be reckoned with."""
    widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    bounds = [MinValueValidator(FIRST_DAY, NOT_A_DAY), MaxValueValidator(LAST_DAY, NOT_A_DAY)]
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, validators=bounds)


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


class ReasonForm(forms.Form):
    """Why."""

    reason = WordsField(label="Motif", max_length=500)


def search_field() -> WordsField:
    return WordsField(label="Chercher", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))


AS_TYPED = str.maketrans({",": ".", MINUS: "-"} | dict.fromkeys(" \u00a0\u202f€", ""))


class EurosField(WordsField):
    """An amount in euros as people write it (« 1 234,50 »), read exactly as a whole number of cents."""

    below_zero = False

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput({"inputmode": "decimal", "class": "short"}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).translate(AS_TYPED)
        try:
            cents = Decimal(text) * 100
            whole = int(cents)
        except (InvalidOperation, ValueError, OverflowError):
            raise ValidationError("Écrivez un montant en euros, par exemple 120,00.") from None
        if cents != whole:
            raise ValidationError("Écrivez un montant au centime près : deux décimales au plus.")
        if wrong := wrong_amount(whole, below_zero=self.below_zero):
            raise ValidationError(wrong)
        return whole
