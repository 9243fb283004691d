"""How an issuer bills, from a day on; what a body asks of its invoices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.billing.queries.settings import (
    LABELS,
    requirement_history,
    requirements_of,
    settings_history,
    settings_mark,
    settings_on,
    settings_value,
)
from tripartite.billing.services.buyers import record_requirement
from tripartite.billing.services.settings import set_billing
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.web.billing.forms import RequirementForm, SettingsForm
from tripartite.web.billing.own import own_issuer
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.seen import told_when_stale


@requires(Action.BILLING_SETTINGS)
def billing_settings(request: HttpRequest) -> HttpResponse:
    """An accountant sets its own issuer alone: the address names none."""
    issuer, today = own_issuer(request), timezone.localdate()
    present = settings_value(settings_on(issuer.code, today))
    threshold = present.get("threshold_cents")
    if isinstance(threshold, int):
        present["threshold_cents"] = f"{threshold // 100},{threshold % 100:02d}"
    initial = present | {"applies_on": today, "made_on": settings_mark(issuer.code, today)}
    form = SettingsForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        typed = {name: form.cleaned_data[name] for name in LABELS}
        changes = {name: value for name, value in typed.items() if value not in ("", None) or name in present}
        with told_when_stale(form):
            set_billing(
                issuer=issuer.code,
                changes=changes,
                applies_on=form.cleaned_data["applies_on"],
                actor=actor_of(request),
                at=timezone.now(),
                seen=form.cleaned_data["made_on"] if form.cleaned_data["applies_on"] == today else None,
            )
        return say_done(
            request, "C'est réglé. Les factures déjà émises gardent ce qu'elles disent.", "billing-settings"
        )

    if answer := act_on(request, act, form=form):
        return answer
    context = {"form": form, "issuer": issuer, "history": settings_history(issuer.code)[::-1]}
    return render(request, "web/billing/settings.html", context, status=status_of(form))


@requires(Action.BUYER_RECORD)
def requirement(request: HttpRequest, siren: str) -> HttpResponse:
    """What a body asks of the invoices of one's own issuer."""
    issuer, body = own_issuer(request), or_404(body_by_identifier("siren", siren))
    known = requirements_of([body.pk], issuer.code).get(body.pk)
    names = ("service_required", "service_code", "engagement_required", "engagement_number")
    form = RequirementForm(
        request.POST or None, initial={name: getattr(known, name) for name in names} if known else {}
    )

    def act() -> HttpResponse:
        record_requirement(
            body_id=body.pk, issuer=issuer.code, **form.cleaned_data, actor=actor_of(request), at=timezone.now()
        )
        return say_done(request, "C'est noté : les prochaines factures le portent.", "body", siren)

    if answer := act_on(request, act, form=form):
        return answer
    history = requirement_history(body.pk, issuer.code)
    context = {"form": form, "issuer": issuer, "body": body, "history": history}
    return render(request, "web/billing/requirement.html", context, status=status_of(form))
