"""« Retours du comptable »: an acknowledgement or a PES Retour, read: what each line does, and what matches nothing."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.services.returning import LARGEST, ReturnReport, read_return_file
from tripartite.bounded.reading import MIB
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on


class ReturnForm(forms.Form):
    """A file of the accountant's system."""

    file = forms.FileField(
        label="Fichier du comptable",
        help_text=f"Un acquittement ou un PES Retour, en XML ; {LARGEST // MIB} Mo au plus.",
        widget=forms.ClearableFileInput({"accept": ".xml"}),
    )


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    return _page(request, ReturnForm())


def _page(
    request: HttpRequest, form: ReturnForm, report: ReturnReport | None = None, *, dry: bool = False, status: int = 200
) -> HttpResponse:
    context = {"issuer": own_issuer(request), "form": form, "report": report, "dry": dry, "can": can(request)}
    if report:
        context["matched"] = [line for line in report.lines if line not in report.unmatched]
    return render(request, "web/billing/returns.html", context, status=status)


@require_POST
@requires(Action.PAYMENT_RECORD)
def read(request: HttpRequest) -> HttpResponse:
    """Note what the file says, or only tell it."""
    form, dry = ReturnForm(request.POST, request.FILES), "dry" in request.POST

    def act() -> HttpResponse:
        upload = form.cleaned_data["file"]
        report = read_return_file(
            issuer=own_issuer(request).code,
            name=upload.name or "",
            content=upload.read(LARGEST + 1),
            actor=actor_of(request),
            at=timezone.now(),
            dry=dry,
        )
        return _page(request, ReturnForm(), report, dry=dry)

    return act_on(request, act, form=form, field="file") or _page(request, form, status=422)
