"""A charge that arises once, from an intervention, for a service that runs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tripartite.accounts.queries import account_by_id
from tripartite.following.models import ChargeAnnulment, DueCharge, Intervention
from tripartite.following.queries.charges import ConditionalCharge, conditional_charges
from tripartite.following.services.errors import FollowingError
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of, name_of_issuer
from tripartite.pricing.bounds import wrong_amount
from tripartite.pricing.money import number_text
from tripartite.pricing.naming import complement
from tripartite.pricing.order import OrderError
from tripartite.pricing.vat import add_vat
from tripartite.subscriptions.services.records import lock_running
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class GivenPrice:
    """The price of a charge « sur devis », set by an agent of `issuer` with a reason: cents, TTC or HT as its tariff
    votes."""

    issuer: str
    amount_cents: int
    reason: str


def raise_charges(
    intervention: Intervention, price: GivenPrice | None, actor: Actor, at: datetime
) -> tuple[tuple[DueCharge, ...], str]:
    """Write the charges that arise from an intervention just done, and say what came of it, in French.

    Nothing arises twice, nor what was ordered already. Only an agent of the issuer whose charge it is raises it: those
    of others are said to wait for one of theirs. Raises FollowingError when the service does not run that day, when the
    grid has nothing of the kind or nothing of that issuer, or when the price is on request and is not given.
    """
    subscription = _locked_running(intervention)
    intervention.subscription = subscription
    intervention.save(update_fields=["subscription"])
    try:
        found = conditional_charges(subscription, on=_day(intervention))
    except OrderError as refusal:
        raise FollowingError(f"{subscription.name} : {refusal.message}") from None
    if not found:
        raise FollowingError(f"{subscription.name} : le tarif ne prévoit rien en cas d'intervention.")
    own = issuer_of(actor, intervention)
    wanted = [one for one in found if not one.settled]
    if wanted and all(one.issuer != own for one in wanted):
        names = ", ".join(dict.fromkeys(name_of_issuer(one.issuer) for one in wanted))
        raise FollowingError(
            f"C'est une somme de {names} : seul un agent de cet organisme la rend due. Notez l'intervention sans la"
            " faire naître ; il la notera."
        )
    raised = [_raise(one, intervention, price, actor, at) for one in wanted if one.issuer == own]
    said = [_said(one, raised) for one in found]
    return tuple(raised), " ".join(said)


def issuer_of(actor: Actor, intervention: Intervention) -> str:
    """The issuer in whose name somebody acts: that of the account; of whoever intervened, for a door without one."""
    account = account_by_id(actor.account_id) if actor.account_id is not None else intervention.agent
    return account.issuer.code if account is not None and account.issuer is not None else ""


def annul_charges(intervention: Intervention, reason: str, actor: Actor, at: datetime) -> list[DueCharge]:
    """Annul what an intervention made due, in the caller's transaction; which. Raises FollowingError where a charge is
    another issuer's: an agent of that one annuls it.
    """
    standing = list(DueCharge.objects.select_for_update(of=("self",)).filter(intervention=intervention, annulment=None))
    own = issuer_of(actor, intervention)
    for one in standing:
        if one.issuer != own:
            raise FollowingError(
                f"Cette intervention a rendu due une somme {complement(name_of_issuer(one.issuer))} :"
                " seul un agent de cet organisme l'annule."
            )
        ChargeAnnulment.objects.create(charge=one, reason=reason, recorded_by=actor.label, recorded_at=at)
    return standing


def _locked_running(intervention: Intervention) -> Any:
    """What runs of the service that day, held until the end: two at once charge once."""
    day, found = _day(intervention), None
    if intervention.subscription_id:
        found = lock_running(on=day, subscription_id=intervention.subscription_id)
    elif intervention.service:
        body = bearer_of(intervention.body, on=day)
        found = lock_running(on=day, body_id=body.pk, service=intervention.service)
    if found is None:
        raise FollowingError(
            "Ce service n'est pas en service ce jour-là : rien n'est dû. Choisissez le service, ou décochez la case."
        )
    return found


def _raise(
    one: ConditionalCharge, intervention: Intervention, price: GivenPrice | None, actor: Actor, at: datetime
) -> DueCharge:
    amount, reason = one.amount_cents, ""
    net = one.line.net and one.line.net.amount_cents
    if amount is None:
        if price is None or price.issuer != one.issuer or not clean_line(price.reason):
            raise FollowingError(
                f"{one.line.explanation} Un agent {complement(name_of_issuer(one.issuer))} indique le montant, avec son"
                " motif."
            )
        if wrong := wrong_amount(price.amount_cents):
            raise FollowingError(wrong)
        amount, reason = price.amount_cents, clean_line(price.reason)[:1000]
        if one.line.net is not None:
            net = amount
            amount = add_vat([net], one.line.net.rate)[0].gross
    return DueCharge.objects.create(
        subscription=one.subscription,
        intervention=intervention,
        issuer=one.issuer,
        service=one.subscription.service,
        charge=one.charge.code,
        grid=one.grid.code,
        quantity=number_text(one.line.quantity),
        amount_cents=amount,
        net_cents=net,
        explanation=one.line.explanation,
        on_request_reason=reason,
        due_on=_day(intervention),
        rank=DueCharge.objects.filter(subscription=one.subscription, issuer=one.issuer, charge=one.charge.code).count(),
        recorded_by=actor.label,
        recorded_at=at,
    )


def _said(one: ConditionalCharge, raised: list[DueCharge]) -> str:
    name = f"{one.charge.name}, {name_of_issuer(one.issuer)}"
    if one.settled:
        return f"{name} : rien de plus à payer, {one.settled}."
    due = next((each for each in raised if (each.issuer, each.charge) == (one.issuer, one.charge.code)), None)
    if due is None:
        return f"{name} : à rendre due par un agent de cet organisme."
    return f"{name} : {due.amount_text} dus une fois ({due.on_request_reason or due.explanation})."


def _day(intervention: Intervention) -> date:
    assert intervention.done_on is not None  # noqa: S101 - the caller has just set it
    return intervention.done_on
