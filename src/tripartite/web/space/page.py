"""The beneficiary's own space: in by a link, one file, answers, papers. No account, no password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tripartite.accounts.queries import hash_token, usable_links
from tripartite.accounts.services.deposits import deposit_act
from tripartite.accounts.services.links import close_access, open_access_link
from tripartite.conventions.queries.access import waits_for
from tripartite.conventions.services.access import send_new_link
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.documents.scans import MAX_BYTES
from tripartite.going_live.queries.activations import activations_of_request
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import lineage_of
from tripartite.parties.queries.names import same_person
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.answers import Person, accept_quotes, refuse_quotes
from tripartite.quotes.states import QuoteState, RequestState
from tripartite.subscriptions.queries.portrait import services_held
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.web.billing.card import body_invoices
from tripartite.web.billing.references import ReferencesForm, note_references, references_form
from tripartite.web.going_live.card import awaited_of_body, cards_of
from tripartite.web.keys.display import keys_in_use
from tripartite.web.running.cost import now_and_ahead
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.client_address import client_address, client_network
from tripartite.web.shell.robots import new_stamp
from tripartite.web.space.access import KEY, Visitor, in_space, visitor_of
from tripartite.web.space.display import (
    accord_words,
    act_of,
    answerable,
    deposits_shown,
    invoice_papers,
    missing_act,
    next_step,
    panels,
    papers,
    quotes_in_hand,
    reachable_issuers,
)
from tripartite.web.space.forms import AcceptForm, DepositForm, NewLinkForm, RefuseForm

if TYPE_CHECKING:
    from tripartite.quotes.models import Quote, Request

PUBLIC = Actor("public")
ACCEPTED = "Bon pour accord enregistré sur {numbers}. Merci."
REFUSED = "Refus enregistré. Rien n'est engagé."
STALE = "Les devis ont changé depuis l'affichage : relisez-les avant de répondre."
ASKED = (
    "Si cette adresse est connue pour ce dossier, un lien vient d'y être envoyé. Il arrive en quelques minutes ; pensez"
    " au dossier des courriels indésirables."
)
TOO_MANY = "Trop de liens ont été demandés de votre réseau. Réessayez dans une heure, ou appelez l'un des émetteurs."


@never_cache
@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """The file, for whoever is in; how to come in, for others."""
    visitor = visitor_of(request)
    return _file(request, visitor) if visitor else _ask(request, NewLinkForm(initial={"stamp": new_stamp()}))


@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Opened by a button, not by reading the address: programs that check e-mails follow links before people do."""
    now = timezone.now()
    if request.method == "POST":
        opened = open_access_link(token=token, actor=PUBLIC, at=now, address=client_address(request))
        if opened is not None:
            request.session.cycle_key()
            request.session[KEY] = opened.pk
            return _where_asked(request)
        if (here := visitor_of(request)) and here.link.token_hash == hash_token(token):
            return _where_asked(request)
    elif usable_links(token, at=now).exists():
        return render(request, "web/space/link.html", {"hours": _hours()})
    form = NewLinkForm(initial={"stamp": new_stamp()})
    return _ask(request, form, status=410, lost=True)


def _where_asked(request: HttpRequest) -> HttpResponse:
    """To where one signs, when the letter asked for a signature that is still awaited; to the file otherwise."""
    visitor, wanted = visitor_of(request), request.GET.get("signer", "")
    if visitor is not None:
        for convention in visitor.conventions:
            if str(convention.pk) == wanted and waits_for(convention, visitor.email):
                return redirect("space-convention", convention.pk)
    return redirect("space")


@never_cache
@require_http_methods(["GET", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """The same answer whatever is typed: it never says whether an address is known."""
    if request.method != "POST":
        return _ask(request, NewLinkForm(initial={"stamp": new_stamp()}))
    form = NewLinkForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    given = form.cleaned_data
    counted = send_new_link(
        reference=given["reference"],
        email=given["email"],
        network=client_network(request),
        actor=PUBLIC,
        at=timezone.now(),
    )
    if not counted:
        form.add_error(None, TOO_MANY)
        return _ask(request, form, status=429)
    messages.success(request, ASKED)
    return redirect("space")


def _ask(request: HttpRequest, form: forms.Form, *, status: int = 200, lost: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "lost": lost,
        "issuers": reachable_issuers(timezone.localdate()),
        "days": settings.CONFIG.link_life.days,
    }
    return render(request, "web/space/entrance.html", context, status=status)


def _hours() -> int:
    return int(settings.CONFIG.link_session.total_seconds() // 3600)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Out, whoever was in: pressed twice, one is out as well."""
    if visitor := visitor_of(request):
        close_access(link_id=visitor.link.pk, actor=visitor.actor, at=timezone.now())
    request.session.pop(KEY, None)
    messages.success(request, "Vous êtes sorti du dossier.")
    return redirect("space")


def _file(
    request: HttpRequest, visitor: Visitor, *, shown: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    on, asked = timezone.localdate(), visitor.asked
    quotes = quotes_in_hand(asked)
    theirs = visitor.for_beneficiary
    missing = missing_act(visitor, quotes, on=on)
    deposits = deposits_shown(asked.pk) if theirs else []
    engaged = asked.state == RequestState.ENGAGED
    shown_cards = cards_of(activations_of_request(asked.pk), on=on) if engaged else []
    cards = [(card, awaited_of_body(card)) for card in shown_cards]
    key = asked.beneficiary_id
    reading = cost_reading([key])[key] if theirs and engaged else None
    context = {
        "visitor": visitor,
        "asked": asked,
        "theirs": theirs,
        "next": next_step(visitor, quotes, shown_cards, on=on, lacking=bool(missing)),
        "cards": cards,
        "to_give": any(awaited for _, awaited in cards),
        "held": services_held(reading, on=on) if reading else [],
        "prices": now_and_ahead(reading, on=on) if reading else {},
        "panels": panels(asked, quotes),
        "answers": [quote.answer for quote in quotes if hasattr(quote, "answer")],
        "older": list(asked.versions.all())[:-1][::-1],
        "missing": missing,
        "papers": papers(visitor),
        "billed": body_invoices(lineage_of(asked.beneficiary_id), on=on) if theirs else None,
        "keys": keys_in_use(asked.beneficiary_id, on=on) if theirs else [],
        "issuers": reachable_issuers(on),
        "forms": _answer_forms(asked, quotes, on, shown or {}) if theirs else {},
        "deposit_form": (shown or {}).get("deposit") or DepositForm(auto_id="deposit_%s"),
        "may_deposit": theirs and bool(missing),
        "deposits": deposits,
        "unread": bool(missing) and any(badge == "wait" for _, badge, _ in deposits),
        "references": (shown or {}).get("references") or _references_form(asked, quotes) if theirs and quotes else None,
        "references_open": "references" in (shown or {}),
    }
    return render(request, "web/space/page.html", context, status=status)


def _answer_forms(asked: Request, quotes: list[Quote], on: date, shown: dict[str, forms.Form]) -> dict[str, Any]:
    """The forms by which the quotes in hand can be answered that day; a late refusal stays possible."""
    if asked.state != RequestState.QUOTED:
        return {}
    numbers = [quote.number for quote in quotes]
    found: dict[str, Any] = {
        "refuse": shown.get("refuse") or RefuseForm(initial={"numbers": ",".join(numbers)}, auto_id="refuse_%s"),
        "refuse_open": "refuse" in shown,
    }
    if answerable(asked, quotes, on=on):
        found["both"] = shown.get("both") or _accept_form(asked, numbers, numbers)
        alone = numbers if len(numbers) > 1 else []
        found["alone"] = [(one, shown.get(one) or _accept_form(asked, [one], numbers), one in shown) for one in alone]
    return found


def _accept_form(asked: Request, chosen: list[str], numbers: list[str], typed: QueryDict | None = None) -> AcceptForm:
    alone = len(chosen) < len(numbers)
    return AcceptForm(
        typed,
        words=accord_words(asked, chosen),
        alone=alone,
        initial={"numbers": ",".join(chosen)},
        auto_id=f"{chosen[0] if alone else 'both'}_%s",
    )


def _references_form(asked: Request, quotes: Sequence[Quote], *typed: QueryDict) -> ReferencesForm:
    """What the body wants on the invoices of those who made these quotes."""
    return references_form(asked.beneficiary_id, [quote.issuer for quote in quotes], *typed)


def _chosen(request: HttpRequest, quotes: list[Quote]) -> list[str]:
    """The quotes that the form names, if they are still those in hand; none otherwise."""
    typed = request.POST.get("numbers", "")[:200].split(",")
    held = [quote.number for quote in quotes if quote.state == QuoteState.ISSUED]
    return [number for number in held if number in typed] if set(typed) <= set(held) else []


def _person(request: HttpRequest, given: dict[str, Any]) -> Person:
    return Person(
        given["name"], given["function"], client_address(request), request.headers.get("User-Agent", "")[:300]
    )


@require_POST
@in_space
def accept(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """« Bon pour accord », on the quotes that were read."""
    asked, now = _of_beneficiary(visitor).asked, timezone.now()
    quotes = quotes_in_hand(asked)
    numbers, chosen = [quote.number for quote in quotes], _chosen(request, quotes)
    if not chosen or asked.state != RequestState.QUOTED:
        return _stale(request, asked, accepted=True)
    form, asking = _accept_form(asked, chosen, numbers, request.POST), _references_form(asked, quotes, request.POST)
    if not (form.is_valid() and asking.is_valid()):
        shown = {chosen[0] if len(chosen) < len(numbers) else "both": form, "references": asking}
        return _file(request, visitor, shown=shown if asking.errors else {next(iter(shown)): form}, status=422)

    def act() -> HttpResponse:
        given, on = form.cleaned_data, timezone.localdate(now)
        accept_quotes(
            request_id=asked.pk,
            person=_person(request, given),
            way="online",
            answered_on=on,
            numbers=chosen,
            explanation=given.get("explanation", ""),
            mandate_id=act_of(asked, name=given["name"], on=on),
            actor=visitor.actor,
            at=now,
        )
        note_references(asked.beneficiary_id, asking, actor=visitor.actor, at=now)
        return say_done(request, ACCEPTED.format(numbers=" et ".join(chosen)), "space")

    return act_on(request, act, form=form) or _stale(request, asked, accepted=True, form=form)


@require_POST
@in_space
def references(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What the body wants to find on its invoices, said at any time."""
    asked = _of_beneficiary(visitor).asked
    form = _references_form(asked, quotes_in_hand(asked), request.POST)

    def act() -> HttpResponse:
        note_references(asked.beneficiary_id, form, actor=visitor.actor, at=timezone.now())
        return say_done(request, "C'est noté : les prochaines factures le portent.", "space")

    return act_on(request, act, form=form) or _file(request, visitor, shown={"references": form}, status=422)


@require_POST
@in_space
def refuse(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    asked, now = _of_beneficiary(visitor).asked, timezone.now()
    quotes = quotes_in_hand(asked)
    if len(_chosen(request, quotes)) != len(quotes) or asked.state != RequestState.QUOTED:
        return _stale(request, asked, accepted=False)
    form = RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return _file(request, visitor, shown={"refuse": form}, status=422)

    def act() -> HttpResponse:
        refuse_quotes(
            request_id=asked.pk,
            person=_person(request, form.cleaned_data),
            reason=form.cleaned_data["reason"],
            way="online",
            answered_on=timezone.localdate(now),
            actor=visitor.actor,
            at=now,
        )
        return say_done(request, REFUSED, "space")

    return act_on(request, act, form=form) or _stale(request, asked, accepted=False, form=form)


def _stale(request: HttpRequest, asked: Request, *, accepted: bool, form: forms.Form | None = None) -> HttpResponse:
    """Pressed twice: the page with that very answer, said as recorded. Otherwise, why nothing was done."""
    typed = set(request.POST.get("numbers", "")[:200].split(","))
    read = request_by_id(asked.pk)
    given = [quote for quote in quotes_in_hand(read) if hasattr(quote, "answer")] if read else []
    same = [quote.number for quote in given if quote.answer.accepted is accepted]
    mine = all(same_person(quote.answer.person, request.POST.get("name", "")) for quote in given)
    if same and set(same) == typed and mine:
        messages.success(request, ACCEPTED.format(numbers=" et ".join(same)) if accepted else REFUSED)
    else:
        messages.error(request, " ".join(map(str, form.non_field_errors())) if form else STALE)
    return redirect("space")


def _of_beneficiary(visitor: Visitor) -> Visitor:
    """The visitor, when it speaks for the beneficiary; for an issuer's signatory these addresses do not exist."""
    if not visitor.for_beneficiary:
        raise Http404
    return visitor


@require_POST
@in_space
def deposit(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Keep the scan of the act that empowers, for an agent to record."""
    asked = _of_beneficiary(visitor).asked
    form = DepositForm(request.POST, request.FILES, auto_id="deposit_%s")

    def act() -> HttpResponse:
        deposit_act(
            request_id=asked.pk,
            reference=asked.reference,
            content=form.cleaned_data["act"].read(MAX_BYTES + 1),
            actor=visitor.actor,
            at=timezone.now(),
        )
        return say_done(request, "Acte déposé : un agent le lit, puis l'enregistre.", "space")

    return act_on(request, act, form=form, field="act") or _file(request, visitor, shown={"deposit": form}, status=422)


@require_GET
@in_space
def paper(request: HttpRequest, visitor: Visitor, document_id: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """A paper of this file; those of any other do not exist here."""
    found = next((one for one in (*papers(visitor), *invoice_papers(visitor)) if one.document_id == document_id), None)
    document = document_by_id(document_id) if found else None
    if found is None or document is None:
        raise Http404
    suffix = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(document.media_type, "bin")
    answer = HttpResponse(pdf_of(document_id), content_type=document.media_type)
    answer["Content-Disposition"] = content_disposition_header(False, f"{found.title}.{suffix}") or "inline"
    return answer
