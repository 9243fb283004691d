"""« Chorus Pro »: the list that the portal exports, read; what it says is shown on each invoice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.services.portal import read_portal_list
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.web.billing.file_pages import FilePage
from tripartite.web.shell.access import requires


class PortalForm(forms.Form):
    """A list exported by Chorus Pro."""

    file = forms.FileField(
        label="Liste exportée de Chorus Pro",
        help_text=f"« Factures émises », exportée en CSV ou en XLSX ; {MAX_BYTES // 1_000_000} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.xlsx"}),
    )


PAGE = FilePage("web/billing/portal.html", PortalForm, MAX_BYTES)


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    return PAGE.show(request)


@require_POST
@requires(Action.PAYMENT_RECORD)
def read(request: HttpRequest) -> HttpResponse:
    """Keep what the list says, or only tell it."""

    def told(**said: Any) -> dict[str, Any]:
        return {"report": read_portal_list(on=timezone.localdate(), **said)}

    return PAGE.read(request, PortalForm(request.POST, request.FILES), told)
