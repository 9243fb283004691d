"""Keeping robots out of the public form without a third party: a signed time stamp and a field left empty.

The stamp carries the form's own token, so that a form sent twice makes one request.
"""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from tripartite.web.shell.fields import WordsField

SIGNER = TimestampSigner(salt="tripartite.web.public-form")
SHORTEST = 3
LONGEST = 2 * 60 * 60
"""Seconds between the page and its sending: quicker is a machine, later may no longer be the price that was read."""

TOO_SOON = "Prenez le temps de relire, puis envoyez de nouveau : tout est gardé."
TOO_LATE = "Cette page est restée ouverte plus de deux heures. Relisez le prix et envoyez de nouveau : tout est gardé."
TRAPPED = "Un champ caché a été rempli, sans doute par votre navigateur. Il vient d'être vidé : envoyez de nouveau."


def new_stamp(token: str | None = None) -> str:
    """A stamp of now, for a new form or for one that is shown again."""
    return SIGNER.sign(token or uuid.uuid4().hex)


class GuardedForm(forms.Form):
    """A form that people fill in and machines should not."""

    stamp = WordsField(required=False, max_length=200, widget=forms.HiddenInput)
    website = WordsField(
        required=False,
        max_length=200,
        label="Laissez ce champ vide",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token: str = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            self.token = SIGNER.unsign(cleaned.get("stamp", ""), max_age=LONGEST)
        except SignatureExpired:
            self._stamp_again(SIGNER.unsign(cleaned["stamp"]))
            raise ValidationError(TOO_LATE) from None
        except BadSignature:
            self._stamp_again()
            raise ValidationError(TOO_LATE) from None
        if cleaned.get("website"):
            self._give("website", "")
            raise ValidationError(TRAPPED)
        if _young(cleaned["stamp"]):
            raise ValidationError(TOO_SOON)
        return cleaned

    def _stamp_again(self, token: str | None = None) -> None:
        self._give("stamp", new_stamp(token))

    def _give(self, name: str, value: str) -> None:
        """What the field shows when the form comes back."""
        self.data = {key: self.data[key] for key in self.data} | {name: value}


def _young(stamp: str) -> bool:
    try:
        SIGNER.unsign(stamp, max_age=SHORTEST)
    except SignatureExpired:
        return False
    return True
