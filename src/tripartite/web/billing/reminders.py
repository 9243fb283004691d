"""« Relances »: who is past its day, reminding those that are ticked, the letters made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.queries.reminding import last_reminding, late_bodies, letter_paper, letters_of
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.reminding import KIND, reminder_draft, start_reminders
from tripartite.documents.queries import pdf_of
from tripartite.jobs.states import UNFINISHED
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.typed import whole_number
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on
from tripartite.web.shell.answers import or_404


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest) -> HttpResponse:
    """Those that may be reminded, ticked; those that were lately; what the last press did, alone for the page that
    asks for it again, which is read anew once all is done.
    """
    issuer, today = own_issuer(request), timezone.localdate()
    settings = settings_on(issuer.code, today)
    late = late_bodies(issuer.code, on=today, days=settings.reminder_days) if settings else []
    last = last_reminding(issuer.code, KIND)
    live = request.headers.get("HX-Request") == "true"
    context = {
        "issuer": issuer,
        "today": today,
        "settings": settings,
        "due": [one for one in late if one.due],
        "waiting": [one for one in late if not one.due],
        "owed": sum(one.owed_cents for one in late),
        "last": last,
        "unfinished": last is not None and last.job.state in UNFINISHED,
        "letters": letters_of(issuer.code),
        "can": can(request),
    }
    if live and not context["unfinished"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, f"web/billing/{'reminders_live' if live else 'reminders'}.html", context)


@require_POST
@requires(Action.PAYMENT_RECORD)
def start(request: HttpRequest) -> HttpResponse:
    issuer = own_issuer(request)
    ticked = {key for value in request.POST.getlist("body") if (key := whole_number(value, digits=18))}

    def act() -> HttpResponse:
        start_reminders(
            issuer=issuer.code,
            body_ids=ticked,
            on=timezone.localdate(),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return redirect("reminder-list")

    return act_on(request, act) or redirect("reminder-list")


@require_GET
@requires(Action.BILLING_READ)
def draft(request: HttpRequest, siren: str) -> HttpResponse:
    """The letter that would be made, as a draft; page 404 where none would."""
    issuer, body = own_issuer(request), or_404(body_by_identifier("siren", siren))
    try:
        pdf = reminder_draft(issuer=issuer.code, body_id=body.pk, on=timezone.localdate())
    except BillingError:
        return or_404(None)
    return _pdf(pdf, f"projet-relance-{siren}.pdf")


@require_GET
@requires(Action.BILLING_READ)
def letter(request: HttpRequest, document_id: int) -> HttpResponse:
    """A letter of one's own issuer, as it was kept."""
    paper = or_404(letter_paper(own_issuer(request).code, document_id))
    return _pdf(pdf_of(paper.pk), f"relance-{paper.pk}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
