"""« Prix à donner »: what runs and is left on request by the tariff, for the agents of the issuer concerned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.queries.agreed import Priced
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.on_request import OnRequest, lines_asked
from tripartite.subscriptions.services.asking_prices import give_price
from tripartite.web.running.forms import GivePriceForm
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer

COLUMNS = (
    "collectivité",
    "SIREN",
    "émetteur",
    "service",
    "ligne",
    "quantité",
    "sur devis à partir du",
    "pourquoi",
    "prix",
)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line on request, with the form that prices it where whoever looks may."""

    line: OnRequest
    issuer: Issuer
    form: GivePriceForm | None
    anchor: str


@requires(Action.SUBSCRIPTION_READ)
def list_prices(request: HttpRequest) -> HttpResponse:
    """The lines that wait for a price, then those that have one; all of them by `?format=csv|xlsx`."""
    if layout := wanted_layout(request):
        today = timezone.localdate()
        return export(f"prix-sur-devis-{today:%Y-%m-%d}", COLUMNS, map(_export_row, lines_asked(on=today)), layout)
    return _page(request)


@require_POST
@requires(Action.LINE_PRICE)
def give(request: HttpRequest) -> HttpResponse:
    """The price of one line, by an agent of its issuer."""
    form = GivePriceForm(request.POST, auto_id="given_%s")
    issuer = request.user.issuer.code  # type: ignore[union-attr]
    check_right(request, Action.LINE_PRICE, issuer)

    def act() -> HttpResponse:
        given = form.cleaned_data
        give_price(
            body_id=given["body"],
            what=_read(given["what"]),
            amount_cents=given["amount"],
            reason=given["reason"],
            since=given["since"],
            issuer=issuer,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Prix enregistré : la collectivité en est prévenue.", "price-list")

    return act_on(request, act, form=form) or _page(request, refused=form, status=422)


def _page(request: HttpRequest, *, refused: GivePriceForm | None = None, status: int = 200) -> HttpResponse:
    known = {issuer.code: issuer for issuer in issuers()}
    today = timezone.localdate()
    rows = [
        PriceRow(line, known[line.what.issuer], _form(request, line, place, refused), f"prix-{place}")
        for place, line in enumerate(lines_asked(on=today), start=1)
    ]
    context = {
        "today": today,
        "waiting": [row for row in rows if row.line.price is None],
        "given": [row for row in rows if row.line.price is not None],
        "refused": refused,
    }
    return render(request, "web/running/prices.html", context, status=status)


def _form(request: HttpRequest, line: OnRequest, place: int, refused: GivePriceForm | None) -> GivePriceForm | None:
    if not may(request.user, Action.LINE_PRICE, issuer=line.what.issuer):
        return None
    named = {"body": line.body.pk, "what": written(line.what)}
    if refused is not None and (refused.data.get("body"), refused.data.get("what")) == (
        str(line.body.pk),
        named["what"],
    ):
        return refused
    since: dict[str, Any] = {} if line.price else {"since": line.since}
    form = GivePriceForm(auto_id=f"price_{place}_%s", initial=named | since)
    form.fields["amount"].label = f"Montant {line.basis}"
    return form


def written(what: Priced) -> str:
    """What is priced, as a form carries it."""
    return json.dumps(list(what), ensure_ascii=False)


def _read(text: str) -> Priced:
    """The same, read back; what is not a line is none of those on request."""
    try:
        issuer, service, charge, options, quantity, offer = json.loads(text)
        chosen = tuple((str(k), str(v)) for k, v in options)
        return Priced(str(issuer), str(service), str(charge), chosen, str(quantity), str(offer))
    except (ValueError, TypeError):
        return Priced("", "", "", (), "", "")


def _export_row(line: OnRequest) -> list[Cell]:
    amount = None if line.price is None else Cents(line.price.amount_cents)
    what = line.what
    names = [line.body.name, line.body.siren, what.issuer, line.service_name, line.charge_name, what.quantity]
    return [*names, line.since, line.why, amount]
