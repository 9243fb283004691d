"""Identity and settings of one's own issuer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.parties.queries.bodies import issuer_by_code, issuer_lacks
from tripartite.parties.queries.seen import SETTINGS, issuer_mark
from tripartite.parties.services.issuers import update_issuer
from tripartite.web.office.forms import IssuerForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.seen import told_when_stale


@requires(Action.ISSUER_SETTINGS)
def issuer_settings(request: HttpRequest) -> HttpResponse:
    """An administrator reaches its own issuer alone: the address names none."""
    issuer = or_404(issuer_by_code(request.user.issuer.code))  # type: ignore[union-attr]
    present = {name: getattr(issuer, name) for name in SETTINGS}
    form = IssuerForm(request.POST or None, initial=present | {"made_on": issuer_mark(issuer)})

    def act() -> HttpResponse:
        changes = {name: form.cleaned_data[name] for name in SETTINGS}
        with told_when_stale(form):
            update_issuer(
                code=issuer.code,
                changes=changes,
                actor=actor_of(request),
                at=timezone.now(),
                seen=form.cleaned_data["made_on"],
            )
        return say_done(request, "C'est enregistré. Les devis déjà émis gardent ce qu'ils disent.", "issuer-settings")

    if answer := act_on(request, act, form=form):
        return answer
    context = {"form": form, "issuer": issuer, "missing": issuer_lacks(issuer)}
    return render(request, "web/office/issuers/settings.html", context, status=status_of(form))
