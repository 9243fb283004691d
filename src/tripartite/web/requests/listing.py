"""The list of requests: what waits first, then everything, searched, filtered and taken away as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.queries import files_to_read
from tripartite.accounts.rights import Action, may
from tripartite.conventions.queries.cohort import formers_of
from tripartite.conventions.queries.queues import ConventionQueues, convention_queues
from tripartite.going_live.queries.activations import requests_to_set_going
from tripartite.going_live.queries.keys import KeyQueue, key_counts
from tripartite.journal.recall import recalled
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.queries.fates import Fate, Outcome, fates
from tripartite.quotes.queries.queues import Queues, queues
from tripartite.quotes.queries.requests import in_order, quotes_in_hand, request_list, taking_acts
from tripartite.quotes.states import REQUEST_LABELS, RequestState
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.on_request import prices_waited_for
from tripartite.web.requests.forms import RequestFilter
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout
from tripartite.web.shell.offers import several_offers

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer
    from tripartite.quotes.models import Quote, Request

PAGE = 25
BADGES = {
    RequestState.RECEIVED: "wait",
    RequestState.QUOTED: "good",
    RequestState.ACCEPTED: "good",
    RequestState.REFUSED: "quiet",
    RequestState.ENGAGED: "ink",
    RequestState.CANCELLED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A queue, with how many requests are in it."""

    code: str
    label: str
    count: int
    slot: int | None = None
    url: str = ""
    """Where it leads, when it is no queue of requests."""


@requires(Action.REQUEST_READ)
def list_requests(request: HttpRequest) -> HttpResponse:
    """The first page of an agent: the queues, then the list that they and the filters narrow."""
    today = timezone.localdate()
    everyone = issuers()
    waiting, agreed, going, to_read = recalled("request-queues", today, read=lambda: _read_queues(today))
    offers = several_offers()
    form = RequestFilter(request.GET, offers=offers)
    readable = form.is_valid()
    wanted = form.cleaned_data
    queue = request.GET.get("file", "")
    among = _among(waiting, agreed, going, everyone, to_read).get(queue)
    found = request_list(
        text=wanted.get("q", ""),
        state=wanted.get("state", ""),
        since=wanted.get("since"),
        until=wanted.get("until"),
        offer=wanted.get("offre", ""),
        among=among,
    )
    found = found if among is None else in_order(found, among)
    if readable and (layout := wanted_layout(request)):
        return export(f"demandes-{today:%Y-%m-%d}", _columns(everyone, offers), _rows(found, everyone, offers), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    quotes = quotes_in_hand(shown)
    formers = formers_of(one.beneficiary_id for one in shown)
    sent = fates(shown, quotes)
    context = {
        "form": form,
        "page": page,
        "tabs": [
            *_tabs(waiting, agreed, going, everyone, to_read),
            *_price_tabs(request, today, everyone),
            *_keys_tabs(request, today),
        ],
        "queue": queue if among is not None else "",
        "lines": [
            {
                "request": one,
                "offer": one.offer if offers else "",
                "badge": _badge(one.state, one.pk, waiting),
                "fate": sent.get(one.pk),
                "former": formers.get(one.beneficiary_id),
                "quotes": [(issuer, quotes.get(one.pk, {}).get(issuer.code)) for issuer in everyone],
            }
            for one in shown
        ],
        "issuers": everyone,
        "filtered": bool(request.GET),
        "can_create": may(request.user, Action.REQUEST_CREATE),
    }
    return render(request, "web/requests/list.html", context, status=200 if readable else 422)


def _read_queues(today: date) -> tuple[Queues, ConventionQueues, tuple[int, ...], tuple[int, ...]]:
    """What waits, of all issuers: quotes, conventions, what is to be set going, what was deposited and not read."""
    waiting = queues(on=today, soon=max(settings.CONFIG.remind_quotes))
    return waiting, convention_queues(), requests_to_set_going(), taking_acts(files_to_read())


def _among(
    waiting: Queues,
    agreed: ConventionQueues,
    going: tuple[int, ...],
    everyone: Sequence[Issuer],
    to_read: tuple[int, ...],
) -> dict[str, tuple[int, ...]]:
    pricing = {f"chiffrer-{issuer}": keys for issuer, keys in waiting.to_price.items()}
    return {
        **{f"chiffrer-{issuer.code}": () for issuer in everyone},
        **pricing,
        "emettre": waiting.to_issue,
        "revoir": waiting.refused,
        "relancer": waiting.to_remind,
        "expires": waiting.expired,
        "non-envoyes": waiting.unsent,
        "envoyer": agreed.to_send,
        "signer": agreed.to_sign,
        "servir": going,
        "lire": to_read,
    }


def _tabs(
    waiting: Queues,
    agreed: ConventionQueues,
    going: tuple[int, ...],
    everyone: Sequence[Issuer],
    to_read: tuple[int, ...],
) -> list[Tab]:
    pricing = [
        Tab(f"chiffrer-{one.code}", f"À chiffrer, {one.short_name}", len(waiting.to_price.get(one.code, ())), one.slot)
        for one in everyone
    ]
    return [
        *pricing,
        Tab("emettre", "À émettre", len(waiting.to_issue)),
        Tab("revoir", "À revoir", len(waiting.refused)),
        Tab("non-envoyes", "Devis non envoyés", len(waiting.unsent)),
        Tab("relancer", "À relancer", len(waiting.to_remind)),
        Tab("expires", "Devis expirés", len(waiting.expired)),
        Tab("lire", "Acte déposé à lire", len(to_read)),
        Tab("envoyer", "Convention à envoyer", len(agreed.to_send)),
        Tab("signer", "En attente de signature", len(agreed.to_sign)),
        Tab("servir", "À mettre en service", len(going)),
    ]


def _price_tabs(request: HttpRequest, today: date, everyone: Sequence[Issuer]) -> list[Tab]:
    """The prices that what runs waits for, where it does: it leads to where they are given."""
    if not may(request.user, Action.SUBSCRIPTION_READ):
        return []
    waited = recalled("prices-waited-for", today, read=lambda: prices_waited_for(on=today))
    address = reverse("price-list")
    return [
        Tab("", f"Prix à donner, {one.short_name}", waited[one.code], one.slot, url=address)
        for one in everyone
        if waited[one.code]
    ]


def _keys_tabs(request: HttpRequest, today: date) -> list[Tab]:
    """What signature keys wait for, where something does: it leads to their register."""
    if not may(request.user, Action.KEY_READ):
        return []
    counts = recalled("key-counts", today, read=lambda: key_counts(on=today))
    words = {KeyQueue.WITHIN_90: "Clés à renouveler"}
    words[KeyQueue.HOLDER_CHANGED] = "Clés, titulaire changé"
    address = reverse("key-list")
    return [
        Tab("", label, counts[queue], url=f"{address}?file={queue}") for queue, label in words.items() if counts[queue]
    ]


def _badge(state: str, key: int, waiting: Queues) -> tuple[str, str]:
    """The class and the words of a request's state, sharper than the state alone."""
    if state == RequestState.RECEIVED:
        if any(key in keys for keys in waiting.to_price.values()):
            return "wait", "à chiffrer"
        if key in waiting.refused:
            return "bad", "à revoir"
    if key in waiting.expired:
        return "bad", "devis expirés"
    return BADGES[RequestState(state)], REQUEST_LABELS[RequestState(state)]


SENT = ("devis envoyés à", "devis envoyés le", "sort de l'envoi")


def _sent(fate: Fate | None) -> list[Cell]:
    if fate is None:
        return [None, None, None]
    return [fate.recipient, fate.at if fate.outcome is Outcome.SENT else None, fate.label]


QUOTE_COLUMNS = (
    "devis",
    "valable jusqu'au",
    "première année TTC",
    "années suivantes TTC",
    "première année HT",
    "années suivantes HT",
)
"""Of each issuer; the last two are those of a tariff voted HT."""


def _columns(everyone: Sequence[Issuer], offers: Mapping[str, str]) -> list[str]:
    per_issuer = [f"{words}, {issuer.short_name}" for issuer in everyone for words in QUOTE_COLUMNS]
    about = ("demande", "reçue le", "bénéficiaire", "SIREN", "contact", "adresse électronique", "origine", "état")
    return [*about, *per_issuer, *SENT, *(["offre"] if offers else [])]


def _quoted(quote: Quote) -> list[Cell]:
    untaxed = quote.totals.net
    return [
        quote.number,
        quote.valid_until,
        Cents(quote.first_year_cents),
        Cents(quote.yearly_cents),
        None if untaxed is None else Cents(untaxed.first_year_cents),
        None if untaxed is None else Cents(untaxed.yearly_cents),
    ]


def _rows(found: QuerySet[Request], everyone: Sequence[Issuer], offers: Mapping[str, str]) -> Iterator[list[Cell]]:
    wanted = list(found)
    quotes = quotes_in_hand(wanted)
    sent = fates(wanted, quotes)
    for one in wanted:
        row: list[Cell] = [
            one.reference,
            one.created_at,
            one.beneficiary.name,
            one.beneficiary.siren,
            one.contact_name,
            one.contact_email,
            one.get_origin_display(),
            one.state_label,
        ]
        for issuer in everyone:
            quote = quotes.get(one.pk, {}).get(issuer.code)
            row += _quoted(quote) if quote else [None] * len(QUOTE_COLUMNS)
        row += _sent(sent.get(one.pk))
        row += [one.offer] if offers else []
        yield row
