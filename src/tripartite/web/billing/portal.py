"""« Chorus Pro »: the list that the portal exports, read; what it says is shown on each invoice."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.services.portal import PortalReport, read_portal_list
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on


class PortalForm(forms.Form):
    """A list exported by Chorus Pro."""

    file = forms.FileField(
        label="Liste exportée de Chorus Pro",
        help_text=f"« Factures émises », exportée en CSV ou en XLSX ; {MAX_BYTES // 1_000_000} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.xlsx"}),
    )


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    return _page(request, PortalForm())


def _page(
    request: HttpRequest, form: PortalForm, report: PortalReport | None = None, *, dry: bool = False, status: int = 200
) -> HttpResponse:
    context = {"issuer": own_issuer(request), "form": form, "report": report, "dry": dry, "can": can(request)}
    return render(request, "web/billing/portal.html", context, status=status)


@require_POST
@requires(Action.PAYMENT_RECORD)
def read(request: HttpRequest) -> HttpResponse:
    """Keep what the list says, or only tell it."""
    form, dry = PortalForm(request.POST, request.FILES), "dry" in request.POST

    def act() -> HttpResponse:
        upload = form.cleaned_data["file"]
        report = read_portal_list(
            issuer=own_issuer(request).code,
            name=upload.name or "",
            content=upload.read(MAX_BYTES + 1),
            on=timezone.localdate(),
            actor=actor_of(request),
            at=timezone.now(),
            dry=dry,
        )
        return _page(request, PortalForm(), report, dry=dry)

    return act_on(request, act, form=form, field="file") or _page(request, form, status=422)
