"""Acts that empower whoever speaks for the beneficiary of a request: recorded from the file, they serve it at once."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.accounts.queries import waiting_deposits
from tripartite.journal.services import Actor
from tripartite.parties.queries.mandates import why_not_theirs
from tripartite.parties.services.mandates import record_mandate
from tripartite.quotes.queries.accords import accords_in_hand, power_to_accept, what_accords_lack
from tripartite.quotes.services.answers import justify_acceptance
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import locked
from tripartite.quotes.states import RequestState


@transaction.atomic
def record_act_of_request(
    *,
    request_id: int,
    person: str,
    function: str,
    act: str,
    organ: str,
    adopted_on: date,
    actor: Actor,
    at: datetime,
    number: str = "",
    enforceable_on: date | None = None,
    covers: Collection[str] = (),
    scan: bytes | None = None,
    deposited: int | None = None,
) -> Any:
    """Record an act of the beneficiary of a request; the accord that waits for it then rests on it, when it is that
    person's.

    `deposited` is the paper, deposited in that file and still to be read, that is its copy. Raises FieldErrors for what
    no act can say, ScanRefused for what is no scan, QuoteError for a deposit that waits no more.
    """
    request = locked(request_id)
    if deposited is not None:
        waiting = [one.document for one in waiting_deposits([request_id]).get(request_id, [])]
        if deposited not in waiting:
            raise QuoteError("Cet acte déposé est déjà enregistré, ou n'est plus à lire.")
    mandate = record_mandate(
        body_id=request.beneficiary_id,
        person=person,
        function=function,
        act=act,
        organ=organ,
        number=number,
        adopted_on=adopted_on,
        enforceable_on=enforceable_on,
        covers=covers,
        scan=scan,
        document_id=deposited,
        actor=actor,
        at=at,
    )
    answers = accords_in_hand(request) if request.state == RequestState.ACCEPTED else []
    theirs = [one for one in answers if not why_not_theirs(mandate, power_to_accept(request, one.person))]
    if answers and theirs == answers and what_accords_lack(request, answers, on=timezone.localdate(at)):
        justify_acceptance(request_id=request_id, mandate_id=mandate.pk, actor=actor, at=at)
    return mandate
