"""Asking the agents of an issuer for the price of what runs and is left « sur devis », and giving it.

A module of `DAILY` (jobs/daily.py): what is new in a body is looked at once.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.services.news import tell_agents
from tripartite.conventions.queries.conventions import conventions_by_id
from tripartite.conventions.services.records import journal
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.messages.letters import Link, public_address
from tripartite.parties.queries.bodies import issuers
from tripartite.parties.queries.named_bodies import named_bodies
from tripartite.pricing.bounds import wrong_amount
from tripartite.pricing.french import day_text
from tripartite.pricing.money import euros
from tripartite.quotes.queries.agreed import Priced
from tripartite.subscriptions.models import GivenPrice, Subscription
from tripartite.subscriptions.queries.on_request import OnRequest, on_request_lines, to_look_at
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.notices import note
from tripartite.subscriptions.services.telling import tell_body
from tripartite.typed import clean_line


def units(on: date) -> Iterator[Unit]:
    """The bodies to look at on a day: `on-request:7:change-31`."""
    found = list(to_look_at(on=on))
    bodies = named_bodies({key for key, _ in found}) if found else {}
    for body_id, name in found:
        yield Unit(name, f"Prix à demander, si une ligne est sur devis : {bodies[body_id].name}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":", 2):
        case ["on-request", body_id, _]:
            return ask_prices(body_id=int(body_id), name=key, on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def ask_prices(*, body_id: int, name: str, on: date, actor: Actor, at: datetime) -> bool:
    """Ask the agents of each issuer for the prices that what runs for a body lacks, now or from a day already known.

    `name` is what is looked at: once. A price is asked once for each line and each day from which it lacks one. False
    when it was looked at already.
    """
    if not note(name=name, body_id=body_id, on=on, text="Lignes sur devis cherchées.", at=at):
        return False
    for line in on_request_lines(cost_reading([body_id])[body_id], on=on):
        if line.price is not None:
            continue
        text = f"{_named(line)} est sur devis à partir du {day_text(line.since)}{_because(line)}"
        if not note(name=line.name, body_id=body_id, on=on, text=text, at=at):
            continue
        key = line.subscription.convention_id
        convention = conventions_by_id([key])[key]
        request = convention.request
        tell_agents(
            request_id=request.pk,
            reference=request.reference,
            what=f"prix à donner, {line.body.name}",
            text=f"{text}. Son prix est à donner par un agent de cet émetteur : {_issuer(line.what.issuer)}.",
            actor=actor,
            at=at,
            issuer=line.what.issuer,
            link=Link("Donner le prix", public_address(reverse("price-list"))),
        )
        journal(convention, actor, at, "subscriptions.ask-price", f"{text}. Prix demandé.")
    return True


@transaction.atomic
def give_price(
    *,
    body_id: int,
    what: Priced,
    amount_cents: int,
    reason: str,
    issuer: str,
    actor: Actor,
    at: datetime,
    since: date | None = None,
) -> GivenPrice:
    """Give the price of a line on request of what runs for a body: `amount_cents` as voted (TTC, or HT), zero or more,
    at the frequency of its charge, for exactly what is priced. The body is told.

    `issuer` is the agent's own. It counts from the day since which the line is on request; where a price is agreed
    already, from `since`, a later day. Raises SubscriptionError when the line is another issuer's or not on request,
    when the day, the amount or the reason cannot be, or when a price counts from that very day already.
    """
    if what.issuer != issuer:
        raise SubscriptionError("Cette ligne est celle de l'autre émetteur : un de ses agents en donne le prix.")
    if not clean_line(reason):
        raise SubscriptionError("Donnez le motif du prix : la collectivité le lit.")
    if wrong := wrong_amount(amount_cents):
        raise SubscriptionError(wrong)
    list(Subscription.objects.select_for_update().filter(body_id=body_id).order_by("pk").values_list("pk", flat=True))
    today = timezone.localdate(at)
    reading = cost_reading([body_id])[body_id]
    line = next((one for one in on_request_lines(reading, on=today) if one.what == what), None)
    if line is None:
        raise SubscriptionError("Cette ligne n'est pas sur devis, ou elle a changé depuis l'affichage : relisez-la.")
    day = _first_day(line, since, today)
    exactly = {
        "body_id": body_id,
        "offer": what.offer,
        "issuer": issuer,
        "service": what.service,
        "charge": what.charge,
        "options": dict(what.options),
        "quantity": what.quantity,
        "since": day,
    }
    if (already := GivenPrice.objects.filter(**exactly).first()) is not None:
        raise SubscriptionError(
            f"Un prix est déjà donné à partir du {day_text(day)}, par {already.given_by} :"
            f" {euros(already.amount_cents)}."
        )
    price = GivenPrice.objects.create(
        **exactly,
        amount_cents=amount_cents,
        reason=clean_line(reason)[:1000],
        given_by=actor.label,
        recorded_at=at,
    )
    told = f"{_named(line)} : {euros(amount_cents)} à partir du {day_text(day)} ({price.reason})"
    key = line.subscription.convention_id
    journal(conventions_by_id([key])[key], actor, at, "subscriptions.give-price", f"{told}.", amount_cents=amount_cents)
    tell_body(
        reading,
        subject=f"Prix donné par {_issuer(issuer)}",
        paragraphs=[f"Le tarif laisse cette ligne sur devis{_because(line)}.", f"Un prix est donné. {told}."],
        words=f"Prix de {_named(line)}",
        action="subscriptions.tell-price",
        actor=actor,
        at=at,
    )
    return price


def _because(line: OnRequest) -> str:
    return f" : {line.why}" if line.why else ""


def _first_day(line: OnRequest, since: date | None, today: date) -> date:
    """From which day a price counts: what has fallen due with a price keeps it."""
    if line.price is None:
        if since is not None and since < line.since:
            raise SubscriptionError(f"Cette ligne n'est sur devis que depuis le {day_text(line.since)}.")
        return since or line.since
    if since is None or since <= today:
        raise SubscriptionError(
            "Un prix est déjà convenu, et ce qui est tombé dû le garde : dites un jour à venir, il comptera à partir de"
            " l'échéance suivante."
        )
    return since


def _named(line: OnRequest) -> str:
    return f"{line.service_name}, {line.charge_name.lower()}"


def _issuer(code: str) -> str:
    return next((one.short_name for one in issuers() if one.code == code), code)
