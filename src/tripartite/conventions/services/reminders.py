"""Reminding those whose answer or signature is awaited. Run twice a day or by two at once, it writes one letter."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Signatory
from tripartite.conventions.services.letters import ask_to_sign, named
from tripartite.conventions.states import SIGNABLE
from tripartite.journal.queries import entries_about
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import why_ended
from tripartite.pricing.french import counted
from tripartite.quotes.queries.requests import quotes_in_hand, request_by_id, request_list
from tripartite.quotes.services.letters import write_about
from tripartite.quotes.services.requests import lock_request
from tripartite.quotes.states import QuoteState, RequestState

UNSENT = " non partie"


def quotes_to_remind(*, on: date, days: Sequence[int]) -> list[tuple[int, int]]:
    """The requests to remind on a day, each with how many days its quotes have left: only on the days chosen."""
    quoted = request_list(state=RequestState.QUOTED)
    asked = [one for one in quoted if one.contact_email and not why_ended(one.beneficiary, on=on)]
    found = []
    for request_id, quotes in quotes_in_hand(asked).items():
        last = min(quote.valid_until for quote in quotes.values() if quote.state == QuoteState.ISSUED)
        if (last - on).days in days:
            found.append((request_id, (last - on).days))
    return found


@transaction.atomic
def remind_of_quotes(*, request_id: int, left: int, actor: Actor, at: datetime) -> bool:
    """Write to the contact of a request that its quotes expire in `left` days; False when it was done already."""
    lock_request(request_id)
    request = request_by_id(request_id)
    if request is None or request.state != RequestState.QUOTED or not request.contact_email:
        return False
    if why_ended(request.beneficiary, on=timezone.localdate(at)):
        return False
    version = list(request.versions.all())[-1]
    details = {"version": version.version, "left": left}
    said = entries_about("request", request_id).filter(action="quotes.remind")
    if any(entry.details == details for entry in said):
        return False
    numbers = " et ".join(quote.number for quote in version.quotes.all())
    last = min(quote.valid_until for quote in version.quotes.all())
    written = write_about(
        kind="quotes.remind",
        asked=request,
        to=(request.contact_name, request.contact_email),
        subject=f"Vos devis {numbers} : jusqu'au {last:%d/%m/%Y} compris",
        paragraphs=(
            f"Les devis pour {request.beneficiary.legal.named} attendent votre réponse.",
            f"Ils sont valables jusqu'au {last:%d/%m/%Y} compris ; ensuite, une nouvelle version sera à demander.",
        ),
        actor=actor,
        at=at,
    )
    record(
        actor=actor,
        at=at,
        action="quotes.remind",
        subject_kind="request",
        subject_id=request_id,
        text=f"Relance{'' if written else UNSENT} : les devis expirent dans {counted(left, 'jour')}.",
        details=details,
    )
    return True


def signatories_to_remind(*, on: date, every: int) -> list[int]:
    """The signatories awaited for `every` days or more since they were asked, or last reminded."""
    waiting = Signatory.objects.filter(convention__state__in=SIGNABLE, signature__isnull=True).exclude(email="")
    found = []
    for one in waiting.select_related("convention__beneficiary"):
        if why_ended(one.convention.beneficiary, on=on):
            continue
        last = one.reminded_at or one.asked_at
        if last is not None and timezone.localdate(last) + timedelta(days=every) <= on:
            found.append(one.pk)
    return found


@transaction.atomic
def remind_signatory(*, signatory_id: int, on: date, every: int, actor: Actor, at: datetime) -> bool:
    """Write to one signatory that its signature is awaited; False when it has signed or was reminded meanwhile."""
    held = Signatory.objects.select_for_update(of=("self",)).select_related(
        "convention__request__beneficiary", "convention__parent"
    )
    one = held.filter(pk=signatory_id).first()
    if one is None or one.pk not in signatories_to_remind(on=on, every=every):
        return False
    convention = one.convention
    since = timezone.localdate(one.asked_at or at)
    one.reminded_at = at
    one.save(update_fields=["reminded_at"])
    written = ask_to_sign(
        convention=convention,
        signatory=one,
        kind="convention.remind",
        subject=f"{convention.number} attend votre signature",
        paragraphs=(
            f"{named(convention)} attend votre signature depuis le {since:%d/%m/%Y}.",
            f"Bénéficiaire : {convention.request.beneficiary.legal.named}.",
        ),
        actor=actor,
        at=at,
    )
    record(
        actor=actor,
        at=at,
        action="conventions.remind",
        subject_kind="request",
        subject_id=convention.request_id,
        text=f"Relance{'' if written else UNSENT} de {one} pour la signature de {convention.number}.",
        details={"convention": convention.pk, "signatory": one.pk},
    )
    return True
