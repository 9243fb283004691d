"""A dated change that was mistyped is put right: another row stands in its place, dated, with its reason.

Nothing is rewritten: what was said stays readable, and what is due since the right day follows (decision 74).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction

from tripartite.accounts.services.news import tell_agents
from tripartite.conventions.queries.endings import last_withdrawals
from tripartite.conventions.services.records import journal
from tripartite.conventions.services.withdrawing import give_back_service, withdraw_service
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import last_day as last_day_of_term
from tripartite.pricing.cases import Number
from tripartite.pricing.french import day_text
from tripartite.pricing.holding import ContractLine, HeldLine
from tripartite.pricing.money import number_text
from tripartite.pricing.quantities import quantity_text
from tripartite.quotes.services.letters import write_about
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.holdings import lots_on, standing, total_of
from tripartite.subscriptions.services.ending import CONTINUED, WITH_CONVENTION, last_possible, let_go, origin_of
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.records import check_amount, locked_subscription, note_end
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a change should have said: its day (inclusive) and its quantity; None: that it was not to be at all."""

    on: date
    quantity: Number | None


@transaction.atomic
def correct_change(
    *, change_id: int, right: Corrected, reason: str, actor: Actor, at: datetime, whole: bool | None = None
) -> QuantityChange:
    """Put a change of quantity right, an addition or a reduction; answers the one that stands in its place.

    The first day of what runs, and its due dates, follow; so does what it continues, which stops altogether where all
    that was ordered is live (`whole`; None: where it did), and else as much. The file's journal says both, its contact
    and the agents are told. Raises SubscriptionError without a reason, for a change that was corrected already or that
    another act made, when another subscription went on with this one, or when what would then run is nothing, or less
    than nothing.
    """
    change = QuantityChange.objects.filter(pk=change_id).first()
    if change is None:
        raise SubscriptionError("Ce changement n'existe pas.")
    subscription = locked_subscription(change.subscription_id)
    why = clean_line(reason)[:1000]
    _check(change, subscription, right, why)
    line, removed = _said(change, right)
    if (right.on, line, removed) == (change.on, change.line, change.removed):
        raise SubscriptionError("Rien n'a changé : c'est déjà ce qui est noté.")
    before_line = change.line
    made = QuantityChange.objects.create(
        subscription=subscription,
        on=right.on,
        first_on=right.on,
        line=line,
        removed=removed,
        grid=change.grid,
        facts=change.facts,
        convention_id=change.convention_id,
        reason=why,
        corrects=change,
        recorded_by=actor.label,
        recorded_at=at,
    )
    if before_line is not None:
        before = subscription.starts_on
        _begin_again(subscription)
        _share_again(subscription, before, right, whole, actor, at)
    else:
        _withdraw_again(change, made, subscription, why, actor, at)
    _check_runs(subscription)
    text = f"{subscription.name} : {_words(change)} corrigé en {_words(made)} ({why})."
    journal(subscription.convention, actor, at, "subscriptions.correct", text, subscription=subscription.pk)
    _tell(subscription, change, made, why, actor, at)
    return made


def _check(change: QuantityChange, subscription: Subscription, right: Corrected, why: str) -> None:
    if not why:
        raise SubscriptionError("Dites pourquoi ce changement est corrigé.")
    if QuantityChange.objects.filter(corrects=change).exists():
        raise SubscriptionError("Ce changement a déjà été corrigé : corrigez celui qui le remplace.")
    if subscription.continued_by.exists():
        raise SubscriptionError("Un autre abonnement continue celui-ci : c'est là que la suite se corrige.")
    if change.line is None and not change.removed:
        raise SubscriptionError("Ce changement est annulé : notez-en un autre.")
    if right.quantity is not None and right.quantity <= 0:
        raise SubscriptionError("Indiquez une quantité : au moins un.")
    last = last_day_of(subscription)
    if last is not None and right.on > last:
        raise SubscriptionError(f"Ce service va au plus tard jusqu'au {day_text(last)} : rien n'y change ensuite.")
    if change.line is not None and right.quantity is None:
        raise SubscriptionError("Une mise en service ne s'annule pas : notez la fin du service.")
    if change.line is not None and subscription.continues is not None and change.on != subscription.starts_on:
        raise SubscriptionError("Ce service en continue un autre, part par part : notez un changement d'un jour donné.")
    if right.quantity is not None and (grid := grid_by_code(change.grid)) is not None:
        check_amount(grid, subscription.service, right.quantity)


def _said(change: QuantityChange, right: Corrected) -> tuple[ContractLine | None, str]:
    """The line added, or the amount taken away, as the change should have said it."""
    if change.line is None:
        return None, "" if right.quantity is None else quantity_text(right.quantity)
    held = HeldLine.read(change.line)
    assert right.quantity is not None  # noqa: S101 - checked before
    if right.quantity == held.total:
        return change.line, ""
    if not held.is_simple:
        raise SubscriptionError("La quantité de ce service ne se corrige pas en partie : seul le jour se corrige.")
    return held.with_amount(right.quantity).as_json(), ""


def _begin_again(subscription: Subscription) -> None:
    """Begin what runs on the first day that is now said."""
    first = min(one.on for one, _ in standing(subscription.changes.all()) if one.line is not None)
    if first == subscription.starts_on:
        return
    subscription.anchor_on = subscription.starts_on = first
    fields = ["anchor_on", "starts_on"]
    if subscription.term_years is not None and not subscription.end_reason:
        subscription.ends_on = last_day_of_term(first, subscription.term_years)
        fields.append("ends_on")
    if subscription.ends_on is not None and subscription.ends_on < first:
        raise SubscriptionError(f"Ce service s'arrête le {day_text(subscription.ends_on)} : il ne commence pas après.")
    subscription.save(update_fields=fields)


def _share_again(  # noqa: PLR0917 - private, called once
    subscription: Subscription, before: date, right: Corrected, whole: bool | None, actor: Actor, at: datetime
) -> None:
    """Let what it continues stop as if the right thing had been said: it had stopped from the day `before`, whole, or
    as much as went live.
    """
    former, first = subscription.continues, subscription.starts_on
    if former is None:
        return
    one = locked_subscription(former.pk)
    same = one.changes.filter(on=before, reason__startswith=CONTINUED, line__isnull=True, corrected_by=None)
    taken = same.exclude(removed="").first()
    altogether = taken is None if whole is None or one.body_id != subscription.body_id else whole
    if taken is None and (one.ends_on != before - timedelta(days=1) or (altogether and first == before)):
        return
    why = one.end_reason if taken is None else taken.reason
    if taken is None:
        last = last_possible(one)
        note_end(one, last, "" if last is None else f"{WITH_CONVENTION} {one.convention}", actor, at)
    else:
        QuantityChange.objects.create(
            subscription=one,
            on=before,
            first_on=before,
            grid=taken.grid,
            facts=taken.facts,
            reason=why,
            corrects=taken,
            recorded_by=actor.label,
            recorded_at=at,
        )
    if one.ends_on is None or one.ends_on >= first:
        let_go([one], None if altogether else right.quantity, first, why, actor, at)


def _withdraw_again(  # noqa: PLR0917 - private, called once
    change: QuantityChange, made: QuantityChange, subscription: Subscription, why: str, actor: Actor, at: datetime
) -> None:
    """Let the convention note what the reduction now takes away from it, and all else that had been."""
    origin, convention = origin_of(subscription, "less"), subscription.convention_id
    noted = last_withdrawals(convention, origin)
    same = [one for one in noted if one.on == change.on and HeldLine.read(one.line).total == Fraction(change.removed)]
    if not same:
        raise SubscriptionError("Un avenant, ou une autre convention, a fait ce changement : il ne se corrige pas ici.")
    give_back_service(convention_id=convention, origin=origin, on=change.on, reason=why, actor=actor, at=at)
    for one in noted:
        line, on = one.line, one.on
        if one.pk == same[0].pk:
            if not made.removed:
                continue
            line, on = HeldLine.read(line).with_amount(Fraction(made.removed)).as_json(), made.on
        withdraw_service(
            convention_id=convention, line=line, origin=origin, on=on, reason=one.reason, actor=actor, at=at
        )


def _check_runs(subscription: Subscription) -> None:
    """Refuse what would take away more than runs, or all of it, on any day that a change names."""
    changes = list(subscription.changes.all())
    taken: list[QuantityChange] = []
    for one, _ in standing(changes):
        if subscription.ends_on is not None and one.on > subscription.ends_on:
            break
        runs = total_of(lots_on(taken, one.on))
        if one.removed and Fraction(one.removed) >= runs:
            raise SubscriptionError(
                f"Le {day_text(one.on)}, il n'en tournerait que {number_text(runs)} avant d'en ôter"
                f" {number_text(Fraction(one.removed))} : corrigez aussi cette baisse, ou notez la fin du service."
            )
        taken.append(one)
    if any(one.on < subscription.starts_on for one in taken):
        raise SubscriptionError(f"Ce service n'est en service que depuis le {day_text(subscription.starts_on)}.")


def _words(change: QuantityChange) -> str:
    if change.line is not None:
        return f"{number_text(HeldLine.read(change.line).total)} à partir du {day_text(change.on)}"
    if not change.removed:
        return "rien (baisse annulée)"
    return f"{number_text(Fraction(change.removed))} de moins à partir du {day_text(change.on)}"


def _tell(  # noqa: PLR0917 - private, called once
    subscription: Subscription, change: QuantityChange, made: QuantityChange, why: str, actor: Actor, at: datetime
) -> None:
    request = subscription.convention.request
    said = f"{subscription.name} ({subscription.body.name}) : {_words(made)}, et non {_words(change)}."
    tell_agents(
        request_id=request.pk,
        reference=request.reference,
        what="un changement est corrigé",
        text=f"{said} Motif : {why}",
        actor=actor,
        at=at,
    )
    if request.contact_email:
        write_about(
            kind="subscriptions.correct",
            asked=request,
            to=(request.contact_name, request.contact_email),
            subject=f"Correction : {subscription.name}",
            paragraphs=(said, f"Motif : {why}", "Ce qui est dû suit le bon jour et la bonne quantité."),
            actor=actor,
            at=at,
        )
