"""Requests: received, changed, duplicated, cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from tripartite.accounts.services.links import revoke_access_links
from tripartite.documents.numbers import take_number
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import body_by_id, why_ended
from tripartite.parties.services.figures import check_declared
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.french import refused_move
from tripartite.pricing.grid import offer_of
from tripartite.pricing.holding import ContractLine, HeldLine
from tripartite.questions import KEY, Question
from tripartite.quotes.models import DeclaredFigure, Origin, Quote, Request
from tripartite.quotes.queries.closed import why_not_revised
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.declared_figures import declared_of
from tripartite.quotes.queries.estimating import estimate_order, order_payload
from tripartite.quotes.queries.identity import CONTACT, changes_between, changes_text
from tripartite.quotes.queries.seen import contact_value, order_value, same_order
from tripartite.quotes.services.changes import order_changes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.letters import write_to_contact, write_to_former_address
from tripartite.quotes.states import (
    LED_NOWHERE,
    QUOTE_TRANSITIONS,
    REQUEST_LABELS,
    REQUEST_TRANSITIONS,
    QuoteState,
    RequestState,
)
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_line, clean_text

TO_ISSUE = "Une nouvelle version des devis est à émettre."
LOCKED = {
    beside: Question[Request](
        lambda key, beside=beside: (
            Request.objects.select_for_update(of=("self",)).select_related(beside).filter(pk=key)
        ),
        KEY,
    )
    for beside in ("beneficiary", "beneficiary__epci")
}
"""One request, locked, by what is read beside it."""
CONTACT_LABELS = ("nom", "fonction", "adresse électronique", "téléphone", "note")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to answer; empty is unknown. Cleaned of what does not show, whatever door it came by."""

    name: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "function", "email", "phone"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))


@transaction.atomic
def name_amendment(*, request_id: int, number: str, rank: int) -> None:
    """Say which amendment of which convention a request became. The caller's act journals it."""
    Request.objects.filter(pk=request_id).update(amends_number=number, amends_rank=rank)


@transaction.atomic
def free_token(*, request_id: int) -> None:
    """Let the token of a request that led nowhere (cancelled, refused) make another one; the request itself stays.
    Nothing is done for one that is still in hand.
    """
    request = locked(request_id)
    if request.state in LED_NOWHERE and request.token:
        request.token = None
        request.save(update_fields=["token"])


@transaction.atomic
def create_request(
    *,
    beneficiary_id: int,
    order: dict[str, Any],
    contact: Contact,
    origin: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    token: str | None = None,
    duplicate_of: Request | None = None,
    amends: tuple[str, int] | None = None,
    declared: Sequence[Declared] = (),
    offer: str = "",
) -> Request:
    """Record what a body asks for. `order` holds `lines`, `in_service`, `ended` and `set_up` as in the estimate
    contract; the request is of the `offer` asked for, or of the only one that the order can mean.

    `amends` is the number of the convention that it amends, and which amendment of it that would be.

    The order must have a price, or be on request, on the day: OrderError otherwise, and nothing is written. A
    `token` already used answers the request that it made, so that a form sent twice makes one. `declared` figures, each
    with who declares it, stay with the request, and count for it where the directory has none: FieldErrors for one
    that cannot be.
    """
    if token:
        existing = Request.objects.filter(token=token).first()
        if existing is not None:
            return existing
    day = timezone.localdate(at)
    figures = [check_declared(**_figure(one)) for one in declared]
    estimate = _check(beneficiary_id, order, at, [Declared(**values, on=day) for values in figures], offer)
    _check_address(contact)
    number = take_number(issuer="", series="request", year=day.year)
    request = Request.objects.create(
        reference=f"D-{day.year}-{number:05d}",
        beneficiary_id=beneficiary_id,
        **{f"contact_{name}": value for name, value in asdict(contact).items()},
        note=clean_text(note),
        origin=Origin(origin),
        offer=offer_of(estimate.grid),
        order=_kept(order),
        created_at=at,
        created_by=actor.label,
        token=token,
        duplicate_of=duplicate_of,
        amends_number=amends[0] if amends else "",
        amends_rank=amends[1] if amends else None,
    )
    for values in figures:
        DeclaredFigure.objects.create(request=request, declared_at=at, **values)
    source = f", copie de {duplicate_of.reference}" if duplicate_of else ""
    journal(
        request,
        actor,
        at,
        "quotes.request",
        f"Demande {request.reference} reçue ({request.get_origin_display()}){source}.",
    )
    return request


def _kept(order: dict[str, Any]) -> dict[str, Any]:
    """An order as a request keeps it, its numbers as JSON has them: what is given up is written only where there is
    some, and what is set up already where it was asked (nothing is then an answer). Raises OrderError (bad-quantity)
    for what is no number.
    """
    kept = {"lines": _written(order["lines"]), "in_service": _written(order.get("in_service", []))}
    if order.get("ended"):
        kept["ended"] = _written(order["ended"])
    if order.get("set_up") is not None:
        kept["set_up"] = _written(order["set_up"])
    return kept


def _written(lines: Iterable[Mapping[str, Any]]) -> list[ContractLine]:
    return [HeldLine.read(line).as_json() for line in lines]


def _figure(one: Declared) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("measure", "counted", "value", "declared_by")}


def _check(
    beneficiary_id: int, order: dict[str, Any], at: datetime, declared: Sequence[Declared], offer: str
) -> Estimate:
    body = body_by_id(beneficiary_id)
    if body is None:
        raise QuoteError("Cette collectivité n'est plus dans l'annuaire.")
    day = timezone.localdate(at)
    check_living(body, on=day)
    estimate = estimate_order(order_payload(order, body.siren, day, offer=offer), today=day, declared=declared)
    estimate.check_figures()
    return estimate


def _check_address(contact: Contact) -> None:
    """An address that cannot be one is refused where it is typed, not when a letter is to go there."""
    if contact.email and not _is_address(contact.email):
        raise QuoteError(f"« {contact.email} » n'est pas une adresse électronique.")


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def check_living(body: Any, *, on: date) -> None:
    """Raise QuoteError when a body has ended before a day."""
    if ended := why_ended(body, on=on):
        raise QuoteError(ended)


@transaction.atomic
def revise_request(
    *,
    request_id: int,
    order: dict[str, Any],
    actor: Actor,
    at: datetime,
    reason: str = "",
    seen: str | None = None,
) -> Request:
    """Change what is asked for: the next quotes issued are a new version. The quotes in hand stay until then; an order
    that puts back what they quote gives back their state, an acceptance with it.

    The same order again, in whatever order of its lines, needs a `reason` (quotes expired, tariff changed). `seen` is
    the mark (`order_mark`) of what the edit was made on. Raises StaleError when somebody has changed it since,
    QuoteError on a cancelled request or when nothing changes, OrderError when the new order cannot be priced.
    """
    request = locked(request_id)
    wanted, why = _kept(order), clean_line(reason)
    shown = order_value(request.order)
    check_seen(seen, "request", request.pk, shown, what="Ce qui est demandé", actions=("quotes.revise",))
    same = same_order(wanted, request.order)
    if same and not why:
        raise QuoteError("Rien n'a changé : modifiez une quantité, ou donnez le motif d'une nouvelle version.")
    if refusal := why_not_revised(request):
        raise QuoteError(refusal)
    estimate = _check(request.beneficiary_id, wanted, at, declared_of(request), request.offer)
    grid = grid_by_code(estimate.grid)
    told = order_changes(request.order, wanted, grid) if grid else []
    back = None if same else _state_given_back(request, wanted)
    request.order, request.changed_at = wanted, at
    if (state := back or RequestState.RECEIVED) != request.state:
        move(request, state)
    request.save()
    after = f"Ce que disent les devis en main est remis : {REQUEST_LABELS[back]}." if back else TO_ISSUE
    parts = ("Demande modifiée.", *told, after, f"Motif : {why}" if why else "")
    journal(request, actor, at, "quotes.revise", " ".join(filter(None, parts)))
    return request


def _state_given_back(request: Request, wanted: dict[str, Any]) -> RequestState | None:
    """The state that the quotes in hand give back to a request, when it asks again for what they quote."""
    if request.state != RequestState.RECEIVED:
        return None
    version = request.versions.order_by("version").last()
    if version is None or not same_order(version.order, wanted):
        return None
    states = {QuoteState(quote.state) for quote in version.quotes.all()}
    if QuoteState.ACCEPTED in states:
        return RequestState.ACCEPTED
    if QuoteState.ISSUED in states:
        return RequestState.QUOTED
    return RequestState.REFUSED if QuoteState.REFUSED in states else None


@transaction.atomic
def update_contact(
    *, request_id: int, contact: Contact, note: str, actor: Actor, at: datetime, seen: str | None = None
) -> Request:
    """Correct whom to answer; quotes already issued keep what they say.

    An address opens the file and answers in the name of the beneficiary: the one that is left is told at once and its
    links end, as do those that the new one had; the journal says what was and what is. `seen` is the mark
    (`contact_mark`) of what the edit was made on: StaleError when somebody has changed it since.
    """
    request = locked(request_id)
    check_seen(seen, "request", request.pk, contact_value(request), what="Le contact", actions=(CONTACT,))
    _check_address(contact)
    was = contact_value(request)
    before = {"email": request.contact_email, "phone": request.contact_phone}
    changes = changes_between(before, {"email": contact.email, "phone": contact.phone})
    for name, value in asdict(contact).items():
        setattr(request, f"contact_{name}", value)
    request.note = clean_text(note)
    request.save()
    replaced = {what: pair for what, pair in changes.items() if before[what]}
    if "email" in replaced:
        for address in (before["email"], contact.email):
            revoke_access_links(request_id=request_id, email=address, actor=actor, at=at)
        if _is_address(before["email"]):
            write_to_former_address(
                asked=request, former=before["email"], whose="du contact", new=contact.email, actor=actor, at=at
            )
    now = contact_value(request)
    changed = [label for label, old, new in zip(CONTACT_LABELS, was, now, strict=True) if old != new]
    what = f" ({', '.join(changed)})" if changed else ""
    words = f" {changes_text(replaced)}." if replaced else ""
    more = {"identity": replaced} if replaced else {}
    journal(request, actor, at, CONTACT, f"Contact corrigé{what}.{words}", **more)
    return request


@transaction.atomic
def duplicate_request(*, request_id: int, actor: Actor, at: datetime) -> Request:
    """A new request for the same body, contact and order. Raises OrderError when the order has no price any more."""
    source = locked(request_id)
    contact = Contact(source.contact_name, source.contact_function, source.contact_email, source.contact_phone)
    return create_request(
        beneficiary_id=source.beneficiary_id,
        order=source.order,
        contact=contact,
        origin=Origin.AGENT,
        actor=actor,
        at=at,
        note=source.note,
        duplicate_of=source,
        declared=declared_of(source),
        offer=source.offer,
    )


@transaction.atomic
def cancel_request(*, request_id: int, reason: str, actor: Actor, at: datetime) -> Request:
    """Give a request up, with a reason: its quotes in hand become cancelled and stay readable.

    Raises QuoteError without a reason or when it is cancelled already.
    """
    request = locked(request_id)
    if not clean_line(reason):
        raise QuoteError("Donnez le motif de l'annulation.")
    move(request, RequestState.CANCELLED)
    request.cancelled_at, request.cancel_reason = at, clean_line(reason)
    request.save()
    for quote in Quote.objects.filter(version__request=request, state__in=(QuoteState.ISSUED, QuoteState.ACCEPTED)):
        move_quote(quote, QuoteState.CANCELLED)
    journal(request, actor, at, "quotes.cancel", f"Demande annulée : {clean_line(reason)}")
    write_to_contact(
        kind="quotes.cancelled",
        asked=request,
        subject=f"Demande {request.reference} annulée",
        paragraphs=(
            f"La demande {request.reference} est annulée. Motif : {request.cancel_reason}",
            "Rien n'est engagé. Les devis déjà émis restent lisibles, et ne peuvent plus être acceptés.",
        ),
        actor=actor,
        at=at,
    )
    return request


def locked(request_id: int, *, beside: str = "beneficiary") -> Request:
    """The request, locked until the end of the transaction, with what it refers to (`beside`), in one query. Raises
    QuoteError when there is none.
    """
    request = LOCKED[beside].sole(request_id)
    if request is None:
        raise QuoteError("Cette demande n'existe pas.")
    return request


def lock_request(request_id: int) -> None:
    """Hold a request until the end of the caller's transaction: what two do at once is then done once. QuoteError
    when there is none."""
    locked(request_id)


def move(request: Request, state: RequestState) -> None:
    """Change the state of a request as its table of transitions allows. The caller saves."""
    if state not in REQUEST_TRANSITIONS[RequestState(request.state)]:
        now = REQUEST_LABELS[RequestState(request.state)]
        raise QuoteError(refused_move("demande", now, REQUEST_LABELS[state]))
    request.state = state


def move_quote(quote: Quote, state: QuoteState) -> None:
    """Change the state of a quote as its table of transitions allows."""
    if state not in QUOTE_TRANSITIONS[QuoteState(quote.state)]:
        raise QuoteError(f"Le devis {quote.number} est {quote.state_label}.")
    quote.state = state
    quote.save(update_fields=["state"])


def journal(request: Request, actor: Actor, at: datetime, action: str, text: str, **details: Any) -> None:
    """Tell the file's journal."""
    record(actor=actor, at=at, action=action, subject_kind="request", subject_id=request.pk, text=text, details=details)
