"""All that runs, and each subscription: how much since when, under which tariff; less of it, its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.conventions.services.ending import foresee_service_ending, service_grounds
from tripartite.journal.recall import recalled
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.french import MONTHS
from tripartite.pricing.money import number_text
from tripartite.pricing.quantities import quantity_text
from tripartite.sheets import Cell, Cents
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.listing import (
    SHOWN_LABELS,
    Shown,
    epcis_in_use,
    services_in_use,
    subscription_list,
)
from tripartite.subscriptions.queries.portrait import (
    DatedChange,
    ServiceHeld,
    dated_changes,
    services_held,
    yearly_of_each,
)
from tripartite.subscriptions.queries.running import cost_reading, subscription_by_id
from tripartite.subscriptions.services.ending import correct_end, end_subscription, reduce_subscription
from tripartite.subscriptions.services.foreseeing import cost_if
from tripartite.tariffs.queries import grid_versions
from tripartite.typed import clean_line
from tripartite.web.running.cost import compared
from tripartite.web.running.forms import ChangeForm, CorrectEndForm, EndServiceForm, ReduceForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.days import asked_day
from tripartite.web.shell.exports import export, wanted_layout
from tripartite.web.shell.held_by_group import service_names
from tripartite.web.shell.offers import several_offers
from tripartite.web.shell.own_offer import may_act

if TYPE_CHECKING:
    from tripartite.subscriptions.models import Subscription, SubscriptionRow
    from tripartite.tariffs.models import GridVersion

PAGE = 25
READ_AT_ONCE = 200
"""Bodies whose costs are read together for a file."""

COLUMNS = ("collectivité", "SIREN", "EPCI", "service", "quantité", "convention", "depuis le", "jusqu'au", "échéance")


@requires(Action.SUBSCRIPTION_READ)
def list_subscriptions(request: HttpRequest) -> HttpResponse:
    """The page of a list, or all of it by `?format=csv|xlsx`."""
    on, wrong = asked_day(request)
    typed = {name: clean_line(request.GET.get(name, ""))[:100] for name in ("q", "service", "epci", "etat", "offre")}
    month = request.GET.get("mois", "")
    shown = Shown(typed["etat"]) if typed["etat"] in set(Shown) else Shown.RUNNING
    found = subscription_list(
        on=on,
        shown=shown,
        text=typed["q"],
        service=typed["service"],
        epci=typed["epci"],
        offer=typed["offre"],
        month=int(month) if month in {str(number) for number in range(1, 13)} else 0,
    )
    keys = found.prefetch_related(None).values_list("pk", "body_id")
    if layout := wanted_layout(request):
        columns = [*COLUMNS, *(f"{issuer.short_name}, par an TTC" for issuer in issuers())]
        return export(f"abonnements-{on:%Y-%m-%d}", columns, _export_rows(keys, on), layout)
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    names = service_names(on)
    context = {
        "page": page,
        "lines": _read_lines(list(page.object_list), on),
        "issuers": issuers(),
        "on": on,
        "wrong": wrong,
        "typed": typed | {"mois": month},
        "shown": shown.value,
        "states": [(one.value, SHOWN_LABELS[one]) for one in Shown],
        "services": sorted((names.get(code, code), code) for code in recalled("services-in-use", read=services_in_use)),
        "epcis": recalled("epcis-in-use", read=epcis_in_use),
        "months": [(str(number), name) for number, name in enumerate(MONTHS, start=1)],
        "offers": several_offers(),
        "tariffs": _later_tariffs(),
        "filtered": bool(request.GET),
    }
    return render(request, "web/running/subscriptions/list.html", context)


def _later_tariffs() -> list[GridVersion]:
    """The versions, drafts included, that follow another of their offer: they may change what runs."""
    versions = grid_versions(drafts=True)
    first = {version.offer: version.pk for version in versions}
    return [version for version in versions if version.pk != first[version.offer]]


def _lines(found: Sequence[SubscriptionRow], readings: Mapping[int, Reading], on: date) -> list[dict[str, Any]]:
    """Each subscription with how much of it runs and what it costs, from the readings of their bodies."""
    held = {each.subscription.pk: each for reading in readings.values() for each in services_held(reading, on=on)}
    yearly = {key: amounts for reading in readings.values() for key, amounts in yearly_of_each(reading, on=on).items()}
    codes = [issuer.code for issuer in issuers()] if found else []
    return [
        {
            "subscription": one,
            "held": held.get(one.pk),
            "amounts": [_amount(code, held.get(one.pk), yearly.get(one.pk)) for code in codes],
        }
        for one in found
    ]


def _amount(issuer: str, held: ServiceHeld | None, yearly: Mapping[str, int | None] | None) -> tuple[int | None, str]:
    """What an issuer asks a year for a subscription, and what stands for it where it asks no amount: an issuer of its
    offer that has no charge for it asks zero, one of another offer nothing."""
    if held is None or yearly is None or not any(issuer in grid.issuers for grid in held.grids):
        return None, "—"
    return yearly.get(issuer, 0), "sur devis"


def _export_rows(keys: Iterable[tuple[int, int]], on: date) -> Iterator[list[Cell]]:
    """The rows of subscriptions, by their keys and those of their bodies, each body being read once."""
    by_body: dict[int, list[int]] = {}
    for key, body_id in keys:
        by_body.setdefault(body_id, []).append(key)
    bodies = list(by_body)
    for start in range(0, len(bodies), READ_AT_ONCE):
        chunk = bodies[start : start + READ_AT_ONCE]
        for line in _read_lines([(key, body_id) for body_id in chunk for key in by_body[body_id]], on):
            yield _export_row(line)


def _read_lines(keys: Sequence[tuple[int, int]], on: date) -> list[dict[str, Any]]:
    """The lines of subscriptions, by their keys and those of their bodies: each is read once, with its body."""
    readings = cost_reading({body_id for _, body_id in keys}) if keys else {}
    read = {one.pk: one for reading in readings.values() for one in reading.subscriptions}
    return _lines([read[key] for key, _ in keys], readings, on)


def _export_row(line: dict[str, Any]) -> list[Cell]:
    one, held = line["subscription"], line["held"]
    return [
        one.body.name,
        one.body.siren,
        one.body.epci.name if one.body.epci else "",
        one.name,
        _number(held.quantity) if held else None,
        one.convention.number,
        one.starts_on,
        one.ends_on,
        held.due_on if held else None,
        *(None if cents is None else Cents(cents) for cents, _ in line["amounts"]),
    ]


def _number(quantity: Fraction) -> Cell:
    return int(quantity) if quantity == int(quantity) else number_text(quantity)


def subscription_or_404(subscription_id: int) -> Subscription:
    return or_404(subscription_by_id(subscription_id))


@requires(Action.SUBSCRIPTION_READ)
def show_subscription(request: HttpRequest, subscription_id: int) -> HttpResponse:
    return page_of(request, subscription_or_404(subscription_id))


def page_of(
    request: HttpRequest,
    one: Subscription,
    *,
    shown: dict[str, forms.Form] | None = None,
    foreseen: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    today, bound = timezone.localdate(), shown or {}
    day = min(max(today, one.starts_on), one.ends_on or today)
    reading = cost_reading([one.body_id])[one.body_id]
    held = next((each for each in services_held(reading, on=day) if each.subscription.pk == one.pk), None)
    offered = _offered(request, one, held, today) | set(bound)
    context = {
        "one": one,
        "held": held,
        "day": day,
        "ended": one.ends_on is not None and one.ends_on < today,
        "changes": dated_changes(one)[::-1],
        "continued_by": list(one.continued_by.select_related("body")),
        "offered": offered,
        "forms": {
            "reduce": bound.get("reduce") or ReduceForm(auto_id="reduce_%s", initial={"on": day}),
            "end": bound.get("end") or EndServiceForm(auto_id="end_%s", grounds=service_grounds(one.convention_id)),
            "correct": bound.get("correct") or CorrectEndForm(auto_id="correct_%s", initial={"last_day": one.ends_on}),
        },
        "open": next(iter(bound), ""),
        "corrections": corrections_of(request, one, bound),
        "foreseen": foreseen,
        "confirmed": [(name, request.POST.get(name, "")) for name in next(iter(bound.values())).fields]
        if foreseen
        else [],
    }
    return render(request, "web/running/subscriptions/page.html", context, status=status)


def corrections_of(request: HttpRequest, one: Subscription, bound: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """The changes that can be put right, each with its form, for whoever may."""
    if not may_act(request, Action.SUBSCRIPTION_WRITE, one.offer) or one.continued_by.exists():
        return []
    return [
        {"key": str(each.change.pk), "each": each, "form": bound.get(f"change{each.change.pk}") or change_form(each)}
        for each in dated_changes(one)[::-1]
        if each.difference
    ]


def change_form(each: DatedChange, posted: QueryDict | None = None) -> ChangeForm:
    """The form that puts a change right, with what it says now."""
    quantity = quantity_text(max(each.difference, -each.difference))
    initial = {"on": each.change.on, "quantity": quantity}
    reducing, prefix = each.change.line is None, f"change{each.change.pk}_%s"
    return ChangeForm(posted, reducing=reducing, auto_id=prefix, initial=initial)


def _offered(request: HttpRequest, one: Subscription, held: ServiceHeld | None, today: date) -> set[str]:
    """The forms that the page has, as things stand and for whoever looks."""
    ended = one.ends_on is not None and one.ends_on < today
    if ended or not may_act(request, Action.SUBSCRIPTION_WRITE, one.offer):
        return set()
    offered = {"end"}
    if held is not None and held.quantity > 1:
        offered.add("reduce")
    if one.ends_on is not None and one.end_reason:
        offered.add("correct")
    return offered


@require_POST
@requires(Action.SUBSCRIPTION_WRITE)
def reduce(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """So much less from a day on: what it changes is shown first, and done once confirmed."""
    form = ReduceForm(request.POST, auto_id="reduce_%s")

    def act() -> None:
        reduce_subscription(
            subscription_id=subscription_id,
            removed=form.quantity,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )

    return act_after_showing(request, subscription_id, "reduce", form, act, lambda given: [given["on"]])


@require_POST
@requires(Action.SUBSCRIPTION_WRITE)
def end(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """The last day of a service: what it changes is shown first, and done once confirmed."""
    one = subscription_or_404(subscription_id)
    form = EndServiceForm(request.POST, auto_id="end_%s", grounds=service_grounds(one.convention_id))

    def act() -> None:
        last_day, reason = _last_day(one, form.cleaned_data)
        end_subscription(
            subscription_id=one.pk, last_day=last_day, reason=reason, actor=actor_of(request), at=timezone.now()
        )

    def days(given: dict[str, Any]) -> list[date]:
        return [_last_day(one, given)[0] + timedelta(days=1)]

    return act_after_showing(request, one.pk, "end", form, act, days)


def _last_day(one: Any, given: dict[str, Any]) -> tuple[date, str]:
    """The last day agreed, or the one that a ground of the convention gives, with its computation in the reason."""
    if not given["ground"]:
        return given["last_day"], given["reason"]
    foreseen = foresee_service_ending(
        convention_id=one.convention_id,
        ground=given["ground"],
        received_on=given["received_on"],
        anchor_on=one.anchor_on,
        on=timezone.localdate(),
    )
    return foreseen.last_day, f"{foreseen.rule.ground} ({foreseen.why}) : {given['reason']}"


@require_POST
@requires(Action.SUBSCRIPTION_WRITE)
def correct(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Another last day than the one noted: what it changes is shown first, and done once confirmed."""
    form = CorrectEndForm(request.POST, auto_id="correct_%s")
    present = subscription_or_404(subscription_id).ends_on or timezone.localdate()

    def act() -> None:
        correct_end(subscription_id=subscription_id, **form.cleaned_data, actor=actor_of(request), at=timezone.now())

    def days(given: dict[str, Any]) -> list[date]:
        return [min(given["last_day"] or present, present) + timedelta(days=1)]

    return act_after_showing(request, subscription_id, "correct", form, act, days)


def act_after_showing(  # noqa: PLR0917 - one act of several, inside another
    request: HttpRequest,
    subscription_id: int,
    name: str,
    form: forms.Form,
    verb: Callable[[], None],
    days: Callable[[dict[str, Any]], Sequence[date]],
) -> HttpResponse:
    """Do what the form says once it is confirmed; before, show what the body pays a year on each of these days, as
    things are and once it is done.
    """
    one = subscription_or_404(subscription_id)

    def act() -> HttpResponse:
        if "confirmed" in request.POST:
            verb()
            return say_done(request, "C'est noté. Le dossier en garde la trace.", "subscription", subscription_id)
        tables = [
            (on, compared(*cost_if(verb, body_id=one.body_id, on=on), issuers())) for on in days(form.cleaned_data)
        ]
        foreseen = {"name": name, "change": name.removeprefix("change"), "tables": tables}
        return page_of(request, one, shown={name: form}, foreseen=foreseen)

    return act_on(request, act, form=form) or page_of(request, one, shown={name: form}, status=422)
