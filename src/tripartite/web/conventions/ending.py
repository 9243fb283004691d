"""How a convention ends: the ground and the party, what it does with its reasons, then it is done; its annulment."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.conventions.queries.closed import why_not_ended
from tripartite.conventions.queries.endings import ending_by_id
from tripartite.conventions.services.ending import NoticeGiven, preview_ending, rules_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.endings import EFFECT_LABELS, Effect, EndingRule
from tripartite.subscriptions.services import leaving
from tripartite.web.conventions.forms import EndForm
from tripartite.web.conventions.page import convention_or_404
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import turn_away
from tripartite.web.shell.fields import ReasonForm


@dataclass(frozen=True, slots=True)
class GroundShown:
    """A ground as the screen tells it: who may, when, and what stops."""

    ground: str
    by: str
    when: str
    stops: str


@requires(Action.CONVENTION_WRITE)
def end(request: HttpRequest, convention_id: int) -> HttpResponse:
    """What a notice does is shown first, each day with its reason; it is recorded once confirmed."""
    convention = convention_or_404(convention_id)
    if convention.parent_id:
        raise Http404
    if refusal := why_not_ended(convention):
        return turn_away(request, refusal, "convention", convention_id)
    rules, names = rules_of(convention), _names(convention)
    form = EndForm(request.POST if request.method == "POST" else None, parties=names, grounds=_grounds(rules))
    foreseen = None
    if form.is_bound and form.is_valid():
        notice, at = NoticeGiven(**form.cleaned_data), timezone.now()
        try:
            if "confirmed" in request.POST:
                leaving.leave(convention_id=convention_id, notice=notice, actor=actor_of(request), at=at)
                messages.success(request, "La fin est enregistrée ; les parties sont prévenues par courriel.")
                return redirect("convention", convention_id)
            foreseen = preview_ending(convention_id=convention_id, notice=notice, at=at)
        except ConventionError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "convention": convention,
        "form": form,
        "foreseen": foreseen,
        "today": timezone.localdate(),
        "grounds": [_shown(rule, names, convention.notice_months) for rule in rules],
    }
    return render(request, "web/conventions/end.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Action.CONVENTION_WRITE)
def annul(request: HttpRequest, convention_id: int, ending_id: int) -> HttpResponse:
    """An ending that did not take effect yet is annulled; what runs goes on."""
    found, form = ending_by_id(ending_id), ReasonForm(request.POST)
    if found is None or found.convention_id != convention_id:
        raise Http404
    if not form.is_valid():
        messages.error(request, "Dites pourquoi cette fin est annulée.")
        return redirect("convention", convention_id)
    reason = form.cleaned_data["reason"]
    try:
        leaving.come_back(ending_id=ending_id, reason=reason, actor=actor_of(request), at=timezone.now())
    except ConventionError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "La fin est annulée : la convention continue.")
    return redirect("convention", convention_id)


def _names(convention: Any) -> dict[str, str]:
    known = {issuer.code: issuer.short_name for issuer in issuers()}
    body = convention.beneficiary.legal.named
    return {one.role: known.get(one.role, body) for one in convention.signatories.all()}


def _grounds(rules: tuple[EndingRule, ...]) -> list[tuple[str, str]]:
    return [(rule.key, rule.ground) for rule in rules if rule.effect is not Effect.SERVICE]


def _shown(rule: EndingRule, names: dict[str, str], own_months: int) -> GroundShown:
    by = ", ".join(names.get(role, role) for role in rule.by)
    return GroundShown(rule.ground, by, rule.when(own_months), EFFECT_LABELS[rule.effect])
