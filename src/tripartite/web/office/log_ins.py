"""« Connexions »: who came in, and who was refused, as an administrator follows it for its issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tripartite.accounts.queries import LOG_IN, REFUSED_LOG_IN, log_ins_seen_by
from tripartite.accounts.rights import Action
from tripartite.typed import clean_line
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.journal.models import Entry

PAGE = 50
MOST_EXPORTED = 10_000
SHOWN = {
    "refusees": ("refusées", (REFUSED_LOG_IN,)),
    "reussies": ("réussies", (LOG_IN,)),
}
BOTH = (LOG_IN, REFUSED_LOG_IN)
COLUMNS = ("Quand", "Issue", "Ce qui est dit", "Adresse réseau")


@require_GET
@requires(Action.ACCOUNTS_MANAGE)
def list_log_ins(request: HttpRequest) -> HttpResponse:
    """The log-ins of the accounts of one's issuer, and those tried with names that are nobody's; newest first."""
    shown = request.GET.get("voir", "")
    text = clean_line(request.GET.get("q", ""))[:100]
    issuer = request.user.issuer.code  # type: ignore[union-attr]
    found = log_ins_seen_by(issuer, SHOWN[shown][1] if shown in SHOWN else BOTH)
    if text:
        found = found.filter(text__icontains=text) | found.filter(details__address__icontains=text)
    if layout := wanted_layout(request):
        rows = [(one.at, outcome(one), one.text, address(one)) for one in found[:MOST_EXPORTED]]
        return export(f"connexions-{timezone.localdate():%Y-%m-%d}", COLUMNS, rows, layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(one, outcome(one), address(one)) for one in page.object_list],
        "shown": shown if shown in SHOWN else "",
        "choices": [(code, label) for code, (label, _) in SHOWN.items()],
        "text": text,
    }
    return render(request, "web/office/accounts/log_ins.html", context)


def outcome(one: Entry) -> str:
    """« réussie », « refusée », or « refusée, puis suspendue »."""
    if one.action == LOG_IN:
        return "réussie"
    return "refusée, puis suspendue" if one.details.get("waits") else "refusée"


def address(one: Entry) -> str:
    """The network address that the line tells."""
    return str(one.details.get("address", ""))
