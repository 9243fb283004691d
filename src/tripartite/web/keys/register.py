"""The register of signature keys: which expire, which wait to be handed over, whose holder left; one with its story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action, may
from tripartite.documents.queries import pdf_of
from tripartite.going_live.queries.activations import activations_of_request
from tripartite.going_live.queries.holders import holder_changes
from tripartite.going_live.queries.key_days import THRESHOLDS, days_left
from tripartite.going_live.queries.keys import (
    KEY_QUEUE_LABELS,
    announced_before,
    epcis_with_keys,
    key_by_id,
    key_counts,
    key_list,
)
from tripartite.going_live.states import IN_USE, OPEN, KeyState
from tripartite.journal.queries import entries_about
from tripartite.quotes.states import RequestState
from tripartite.sheets import Cell
from tripartite.typed import clean_line
from tripartite.web.keys.display import next_words, shown
from tripartite.web.keys.forms import HandOverForm, RevocationForm
from tripartite.web.shell.access import requires
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.going_live.models import Activation, SignatureKey

PAGE = 25
COLUMNS = (
    *("collectivité", "SIREN", "intercommunalité", "titulaire", "fonction", "état", "numéro de série", "émetteur"),
    *("premier jour", "dernier jour", "remise le", "où", "renouvellement", "titulaire changé"),
)


@requires(Action.KEY_READ)
def list_keys(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    text, queue, epci = (clean_line(request.GET.get(name, ""))[:100] for name in ("q", "file", "epci"))
    found = key_list(on=today, text=text, queue=queue, epci=epci)
    if layout := wanted_layout(request):
        return export(f"cles-{today:%Y-%m-%d}", COLUMNS, _rows(found), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    keys = list(page.object_list)
    changes = holder_changes(on=today, keys=keys)
    counts = key_counts(on=today)
    elections = settings.CONFIG.elections_on
    context = {
        "page": page,
        "lines": [shown(one, on=today, change=changes.get(one.pk)) for one in keys],
        "tabs": [{"code": each.value, "label": KEY_QUEUE_LABELS[each], "count": counts[each]} for each in counts],
        "queue": queue if queue in set(KEY_QUEUE_LABELS) else "",
        "text": text,
        "epci": epci,
        "epcis": epcis_with_keys(),
        "filtered": bool(request.GET),
        "elections_on": elections,
        "elections_near": 0 <= days_left(elections, today) <= max(THRESHOLDS),
    }
    return render(request, "web/keys/list.html", context)


def _rows(found: Iterable[SignatureKey]) -> Iterator[list[Cell]]:
    keys, today = list(found), timezone.localdate()
    changes = holder_changes(on=today, keys=keys)
    for key in keys:
        body, change = key.body, changes.get(key.pk)
        yield [
            body.name,
            body.siren,
            body.epci.name if body.epci else None,
            key.holder_name,
            key.holder_function,
            shown(key, on=today).label,
            key.serial,
            key.certificate_issuer,
            key.valid_from,
            key.valid_until,
            key.handed_over_on,
            key.get_handing_display(),
            key.renewal.reference if key.renewal else None,
            change.words if change else None,
        ]


def key_or_404(key_id: int) -> SignatureKey:
    return or_404(key_by_id(key_id))


@requires(Action.KEY_READ)
def show_key(request: HttpRequest, key_id: int) -> HttpResponse:
    return page_of(request, key_or_404(key_id))


def page_of(
    request: HttpRequest, key: SignatureKey, *, bound: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today, given = timezone.localdate(), bound or {}
    change = holder_changes(on=today, keys=[key]).get(key.pk)
    entries = entries_about("body", key.body_id).filter(action__startswith="keys.")
    writes, used = may(request.user, Action.KEY_WRITE), key.state in IN_USE
    renewal = key.renewal.state if key.renewal else ""
    context = {
        "key": key,
        "line": shown(key, on=today, change=change),
        "next": next_words(key, on=today, change=change),
        "change": change,
        "renewing": _renewing(key),
        "can": {
            "hand_over": writes and key.state == KeyState.MADE and days_left(key.valid_until, today) >= 0,
            "revoke": writes and used and days_left(key.valid_until, today) >= 0,
            "renew": writes
            and key.state != KeyState.REPLACED
            and renewal in ("", RequestState.REFUSED, RequestState.CANCELLED),
            "open_renewal": writes and used and renewal == RequestState.ACCEPTED and key.subscription is not None,
            "deposit": writes and not key.body.ended_on,
            "keep": writes and change is not None,
        },
        "hand_over_form": given.get("hand_over") or HandOverForm(initial={"on": today}, auto_id="remise_%s"),
        "revoke_form": given.get("revoke") or RevocationForm(auto_id="revocation_%s"),
        "notices": announced_before(key),
        "entries": [entry for entry in entries if entry.details.get("key") == key.pk][::-1],
    }
    return render(request, "web/keys/page.html", context, status=status)


def _renewing(key: SignatureKey) -> Activation | None:
    """The going live of its renewal, while it is under way."""
    if key.renewal is None or key.renewal.state != RequestState.ENGAGED:
        return None
    return next((one for one in activations_of_request(key.renewal.pk) if one.state in OPEN), None)


@requires(Action.KEY_READ)
def certificate(request: HttpRequest, key_id: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """The certificate itself, which is public."""
    key = key_or_404(key_id)
    return HttpResponse(
        pdf_of(key.document_id),
        content_type="application/pkix-cert",
        headers={"Content-Disposition": f'attachment; filename="cle-{key.pk}-{key.valid_until:%Y-%m-%d}.cer"'},
    )
