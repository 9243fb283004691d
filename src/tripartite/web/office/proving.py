"""Proving who one is, by whichever means the account has: the same forms at the log-in and before a sensitive act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from tripartite.accounts import passkeys, queries
from tripartite.accounts.passkeys import Site
from tripartite.accounts.queries import Factors
from tripartite.accounts.services.factors import prove_by_code, prove_by_passkey, prove_by_password
from tripartite.web.office.coming_in import ask, asked, site_of
from tripartite.web.office.security_forms import AnswerForm, CodeForm, PasswordProofForm

if TYPE_CHECKING:
    from tripartite.accounts.models import User

HOW = {"password": "mot de passe", "code": "second facteur", "answer": "clé d'accès"}
LATE = "Cette question a expiré : réessayez."


@dataclass(frozen=True, slots=True)
class Proving:
    """The forms of a page of proof, by the name of their field; what a passkey is asked, as JSON; and `proved`, by
    which means, once one of them was right."""

    forms: dict[str, forms.Form]
    factors: Factors
    question: str
    proved: str = ""

    @property
    def status(self) -> int:
        return 422 if any(form.errors for form in self.forms.values()) else 200


def prove(request: HttpRequest, account: User, *, password: bool) -> Proving:
    """Judge what was sent, if anything was; otherwise, or when it is wrong, what to show. `password` stands for a
    proof where one is in already."""
    site, factors = site_of(request), queries.factors_of(account.pk)
    shown: dict[str, forms.Form] = {"code": CodeForm(), "answer": AnswerForm()}
    if password:
        shown["password"] = PasswordProofForm()
    sent = next((name for name in shown if name in request.POST), "")
    if sent:
        form = shown[sent] = type(shown[sent])(request.POST)
        if form.is_valid():
            refusal = _judge(request, account, sent, form.cleaned_data[sent], site)
            if not refusal:
                return Proving(shown, factors, "", HOW[sent])
            form.add_error(None if sent == "answer" else sent, refusal)
    known = [one.credential for one in factors.passkeys if site is not None and one.site == site.host]
    question = ask(request, passkeys.ask_known(site, known, alone=False)) if site is not None and known else ""
    return Proving(shown, factors, question)


def _judge(request: HttpRequest, account: User, means: str, value: str, site: Site | None) -> str:
    """Why the proof is refused; empty when it is right."""
    key, who, now = account.pk, queries.actor_for(account), timezone.now()
    if means == "password":
        return prove_by_password(account_id=key, password=value, actor=who, at=now)
    if means == "code":
        return prove_by_code(account_id=key, code=value, actor=who, at=now)
    state = asked(request)
    if site is None or state is None:
        return LATE
    return prove_by_passkey(account_id=key, site=site, state=state, answer=value, actor=who, at=now)
