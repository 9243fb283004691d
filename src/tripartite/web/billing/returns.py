"""« Retours du comptable »: an acknowledgement or a PES Retour, read: what each line does, and what matches nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.services.returning import LARGEST, read_return_file
from tripartite.bounded.reading import MIB
from tripartite.web.billing.file_pages import FilePage
from tripartite.web.shell.access import requires


class ReturnForm(forms.Form):
    """A file of the accountant's system."""

    file = forms.FileField(
        label="Fichier du comptable",
        help_text=f"Un acquittement ou un PES Retour, en XML ; {LARGEST // MIB} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".xml"}),
    )


PAGE = FilePage("web/billing/returns.html", ReturnForm, LARGEST)


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    return PAGE.show(request)


@require_POST
@requires(Action.PAYMENT_RECORD)
def read(request: HttpRequest) -> HttpResponse:
    """Note what the file says, or only tell it."""

    def told(**said: Any) -> dict[str, Any]:
        report = read_return_file(**said)
        return {"report": report, "matched": [line for line in report.lines if line not in report.unmatched]}

    return PAGE.read(request, ReturnForm(request.POST, request.FILES), told)
