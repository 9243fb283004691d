"""Every field of words of every form is cleaned by the one mechanism; passwords alone are kept as typed."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError

import tripartite.web
from tripartite.web.shell.fields import MailField, SourceField, WordsField

ELSEWHERE = {
    "tripartite.web.office.forms.LogInForm.username",  # compared with what is kept, and never kept itself
    "tripartite.web.office.security_forms.AnswerForm.answer",  # what a browser signs, read to the byte and never kept
    "tripartite.web.office.security_forms.PasskeyForm.answer",  # the same
    "tripartite.web.office.forms.IssuerForm.website",  # an address, cleaned by the service that keeps it
}


def _forms() -> Iterator[type[forms.Form]]:
    for module in pkgutil.walk_packages(tripartite.web.__path__, "tripartite.web."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, forms.BaseForm) and found.__module__.startswith("tripartite."):
                yield found


def test_no_field_of_words_is_kept_as_it_was_typed() -> None:
    raw = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _forms()
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.CharField)
        and not isinstance(field, WordsField | SourceField | MailField)
        and not isinstance(field.widget, forms.PasswordInput)
    }
    assert raw == ELSEWHERE


def test_what_a_field_gives() -> None:
    assert WordsField().clean(" Anne\tMartin\u202e ") == "Anne Martin"
    assert WordsField(widget=forms.Textarea).clean("a\r\n\r\nb ") == "a\n\nb"
    assert MailField().clean("\tanne@mairie.exemple.fr\u00a0") == "anne@mairie.exemple.fr"
    assert SourceField(strip=False).clean("  a\r\n") == "  a\n"


def test_what_is_no_address_is_told_in_our_words() -> None:
    with pytest.raises(ValidationError, match="Écrivez une adresse électronique entière"):
        MailField().clean("accueil@mairie")
