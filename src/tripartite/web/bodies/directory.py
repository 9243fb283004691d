"""The directory: finding a body, adding one that no file lists, completing it, its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.conventions.queries.cohort import formers_of
from tripartite.conventions.queries.conventions import conventions_of_bodies
from tripartite.following.queries.interventions import latest_interventions
from tripartite.going_live.queries.activations import activations_to_set_going
from tripartite.journal.queries import told_about
from tripartite.parties.queries.bodies import body_by_identifier, lineage_of, merged_bodies
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.parties.queries.mandates import mandates_of
from tripartite.parties.queries.missing import missing_body
from tripartite.parties.queries.movements import formers_of_body
from tripartite.parties.queries.search import search_directory
from tripartite.parties.queries.seen import body_mark
from tripartite.parties.services.bodies import complete_body, confirm_body, create_body
from tripartite.parties.services.figures import declare_figure
from tripartite.quotes.queries.requests import latest_requests_of, quotes_in_hand
from tripartite.quotes.services.declared import merge_declared_body
from tripartite.subscriptions.queries.portrait import services_held
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.tariffs.queries import grids_in_force
from tripartite.typed import clean_line
from tripartite.web.agenda.display import shown_rows
from tripartite.web.billing.card import body_invoices
from tripartite.web.bodies.forms import BodyForm, CompletionForm, FigureForm
from tripartite.web.bodies.gathering import contacts_of, journal_of, what_comes, what_goes_live
from tripartite.web.estimator.held import held_address, offers_of_body
from tripartite.web.keys.display import keys_shown
from tripartite.web.running.cost import now_and_ahead
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.held_by_group import service_names
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody

MOST = 50


@requires(Action.BODY_READ)
def search(request: HttpRequest) -> HttpResponse:
    text = clean_line(request.GET.get("q", ""))[:100]
    ended = "ended" in request.GET
    found = search_directory(text, limit=MOST, include_ended=ended, include_declared=True) if text else []
    context = {
        "text": text,
        "ended": ended,
        "found": found,
        "missing": missing_body(text, include_declared=True) if text else None,
        "may_create": may(request.user, Action.BODY_CREATE),
        "most": MOST,
    }
    return render(request, "web/bodies/search.html", context)


@requires(Action.BODY_CREATE)
def create(request: HttpRequest) -> HttpResponse:
    parent = body_by_identifier("siren", request.GET.get("de", "")[:20])
    asked = {"name": request.GET.get("nom", "")[:200], "kind": request.GET.get("nature", "")[:20]}
    if parent is not None:
        asked |= {"department": parent.department or "", "postal_codes": parent.postal_codes.split(" ")[0]}
    form = BodyForm(request.POST or None, initial=asked)

    def act() -> HttpResponse:
        made = create_body(
            **form.cleaned_data,
            parent_id=parent.pk if parent else None,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, f"{made.name} est dans l'annuaire.", "body", made.siren)

    return act_on(request, act, form=form) or render(
        request, "web/bodies/new.html", {"form": form, "parent": parent}, status=status_of(form)
    )


def _body(siren: str) -> PublicBody:
    return or_404(body_by_identifier("siren", siren))


@requires(Action.BODY_READ)
def show_body(request: HttpRequest, siren: str) -> HttpResponse:
    return _page(request, _body(siren))


def _page(
    request: HttpRequest,
    body: PublicBody,
    *,
    shown: dict[str, forms.Form] | None = None,
    into: PublicBody | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    bound = shown or {}
    issuer: str = request.user.issuer.code  # type: ignore[union-attr]
    asked = latest_requests_of(body.pk)
    visits = shown_rows(latest_interventions(body.pk))
    quotes = quotes_in_hand(asked)
    lineage = lineage_of(body.pk)
    conventions = conventions_of_bodies(lineage)
    waiting = activations_to_set_going(body.pk) if conventions else []
    own = told_about("body", body.pk)
    reading = cost_reading([body.pk], known=[body])[body.pk]
    grids = grids_in_force(today)
    present = {name: getattr(body, name) or "" for name in CompletionForm.base_fields if name != "made_on"}
    present["made_on"] = body_mark(body, own)
    context = {
        "body": body,
        "into": into,
        "facts": facts_of(body, on=today),
        "figures": figures_of(body),
        "merged": merged_bodies(body) if len(lineage) > 1 else (),
        "formers": formers_of_body(body),
        "former": formers_of([body.pk]).get(body.pk),
        "requests": [(one, list(quotes.get(one.pk, {}).values())) for one in asked],
        "held": services_held(reading, on=today),
        "had": bool(reading.subscriptions),
        "prices": now_and_ahead(reading, on=today),
        "conventions": conventions,
        "coming": [
            *what_goes_live(waiting, on=today),
            *what_comes(asked, quotes, conventions, on=today),
        ],
        "contacts": contacts_of(asked),
        "mandates": mandates_of(body_id=body.pk),
        "keys": keys_shown(body.pk, on=today),
        "may_write_keys": may(request.user, Action.KEY_WRITE),
        "entries": journal_of(own, asked),
        "billed": body_invoices(lineage, on=today, issuer=issuer),
        "interventions": visits,
        "names": service_names(today) if visits else {},
        "figure_form": bound.get("figure") or FigureForm(auto_id="figure_%s"),
        "completion_form": bound.get("completion") or CompletionForm(initial=present),
        "new_request": held_address(body.siren, reading, grids, coming=waiting, on=today),
        "offers": offers_of_body(body, grids),
        "open": next(iter(bound), ""),
        "can": {
            "declare": may(request.user, Action.FIGURE_DECLARE),
            "complete": may(request.user, Action.BODY_CREATE),
            "services": may(request.user, Action.SUBSCRIPTION_READ),
            "create": may(request.user, Action.REQUEST_CREATE),
            "update": may(request.user, Action.DIRECTORY_UPDATE),
            "bill": may(request.user, Action.BILLING_READ, issuer=issuer),
            "buyer": may(request.user, Action.BUYER_RECORD, issuer=issuer),
            "intervene": may(request.user, Action.INTERVENTION_RECORD),
        },
    }
    return render(request, "web/bodies/page.html", context, status=status)


@require_POST
@requires(Action.BODY_CREATE)
def confirm(request: HttpRequest, siren: str) -> HttpResponse:
    """A body that a visitor declared is what it says."""
    body = _body(siren)

    def act() -> HttpResponse:
        confirm_body(body_id=body.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"{body.name} est confirmée : chacun la trouve dans l'annuaire.", "body", siren)

    return act_on(request, act) or redirect("body", siren)


@require_POST
@requires(Action.BODY_CREATE)
def merge(request: HttpRequest, siren: str) -> HttpResponse:
    """A body that a visitor declared is another one of the directory: which one is read first, for it is not undone."""
    body, named = _body(siren), clean_line(request.POST.get("siren", "")).replace(" ", "")
    into = body_by_identifier("siren", named)
    if into is not None and into.pk != body.pk and "confirmed" not in request.POST:
        return _page(request, body, into=into)

    def act() -> HttpResponse:
        into = merge_declared_body(body_id=body.pk, siren=named, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"C'était {into.name} : ses demandes sont ici.", "body", into.siren)

    return act_on(request, act) or redirect("body", siren)


@require_POST
@requires(Action.BODY_CREATE)
def complete(request: HttpRequest, siren: str) -> HttpResponse:
    body = _body(siren)
    form = CompletionForm(request.POST)

    def act() -> HttpResponse:
        changes = dict(form.cleaned_data)
        seen = changes.pop("made_on")
        with told_when_stale(form):
            complete_body(body_id=body.pk, changes=changes, actor=actor_of(request), at=timezone.now(), seen=seen)
        return say_done(request, "C'est enregistré. Les papiers déjà émis gardent ce qu'ils disent.", "body", siren)

    return act_on(request, act, form=form) or _page(request, body, shown={"completion": form}, status=422)


@require_POST
@requires(Action.FIGURE_DECLARE)
def declare(request: HttpRequest, siren: str) -> HttpResponse:
    body = _body(siren)
    form = FigureForm(request.POST, auto_id="figure_%s")

    def act() -> HttpResponse:
        given = form.cleaned_data
        measure, counted = given["measure"].split(":")
        declare_figure(
            body_id=body.pk,
            measure=measure,
            counted=counted,
            value=given["value"],
            year=given["year"],
            declared_by=given["declared_by"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Chiffre enregistré : il compte à partir d'aujourd'hui.", "body", siren)

    return act_on(request, act, form=form) or _page(request, body, shown={"figure": form}, status=422)
