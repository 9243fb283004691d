"""Putting right a change of quantity that was mistyped: what it changes is shown first, and done once confirmed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.following.services.correcting import put_change_right
from tripartite.subscriptions.queries.portrait import dated_changes
from tripartite.web.running.subscriptions import act_after_showing, change_form, subscription_or_404
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.answers import or_404


@require_POST
@requires(Action.SUBSCRIPTION_WRITE)
def correct_change(request: HttpRequest, subscription_id: int, change_id: int) -> HttpResponse:
    """Another day or quantity for a change, or that it was not to be."""
    one = subscription_or_404(subscription_id)
    standing = {each.change.pk: each for each in dated_changes(one)}
    if change_id not in standing and any(change.pk == change_id for change in one.dated_changes):
        messages.error(request, "Ce changement a déjà été corrigé, ailleurs ou par un collègue : voici où il en est.")
        return redirect("subscription", subscription_id)
    each = or_404(standing.get(change_id))
    form = change_form(each, request.POST)

    def act() -> None:
        put_change_right(
            change_id=change_id,
            right=form.right,
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )

    def days(given: dict[str, Any]) -> list[date]:
        return sorted({given["on"], each.change.on})

    return act_after_showing(request, subscription_id, f"change{change_id}", form, act, days)
