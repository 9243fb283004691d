"""Reading requests: the list and its queues, one request with all that its page says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from tripartite.many import Among, keys_told
from tripartite.parties.queries.facts import BodyFacts, facts_of
from tripartite.parties.queries.search import named
from tripartite.pricing.estimate import Estimate, Totals
from tripartite.pricing.order import OrderError
from tripartite.questions import DAY, KEY, KEYS, Place, Question
from tripartite.quotes.models import Quote, QuoteVersion, Request
from tripartite.quotes.queries.declared_figures import declared_of
from tripartite.quotes.queries.estimating import Estimator, order_payload
from tripartite.quotes.queries.parties import NOBODY, who_left, without
from tripartite.quotes.queries.pricing_lines import RequestLine, request_lines, totals_with_prices
from tripartite.quotes.queries.seen import same_order
from tripartite.quotes.states import IN_PROGRESS, TAKES_ACTS, QuoteState, RequestState
from tripartite.rows import sole

MOST_OF_BODY = 50
MOST_ORDERED = 400
"""Places of a queue that one query tells apart."""


@dataclass(frozen=True, slots=True)
class RequestEstimate:
    """A request priced on a day: its lines with the prices given by agents, and each issuer's totals.

    `refusal` is set, and the rest empty, when the order can no longer be priced (a service that left the grid,
    a figure that is missing): the page then says so.
    """

    estimate: Estimate | None
    lines: tuple[RequestLine, ...]
    totals: dict[str, Totals]
    refusal: OrderError | None = None

    @property
    def waiting(self) -> tuple[RequestLine, ...]:
        """The lines that an agent of their issuer has yet to price."""
        return tuple(item for item in self.lines if item.waits)

    @property
    def unknown(self) -> str:
        """The figures of the body that prices wait for, in French sentences; « » when none does."""
        missing = self.estimate.missing if self.estimate else ()
        return " ".join(dict.fromkeys(line.reason for line in missing))


def _with_all() -> QuerySet[Request]:
    return Request.objects.select_related("beneficiary", "duplicate_of").prefetch_related(
        "on_request_prices", "declared_figures", "versions__quotes__answer__mandate"
    )


BY_KEY = Question[Request](lambda key: _with_all().filter(pk=key).order_by()[:1], KEY)
BY_REFERENCE = Question[Request](lambda reference: _with_all().filter(reference=reference).order_by()[:1], CharField())


def request_by_id(request_id: int) -> Request | None:
    """A request with its beneficiary, the prices given, and its versions with their quotes and
    answers: eight queries at most."""
    return BY_KEY.sole(request_id)


def request_with_all(reference: str) -> Request | None:
    """The same by the reference that people quote."""
    return BY_REFERENCE.sole(reference)


def request_by_reference(reference: str) -> Request | None:
    """A request by the reference that people quote."""
    return sole(Request.objects.filter(reference=reference))


def request_by_token(token: str) -> Request | None:
    """The request that a form already made, if it was sent twice."""
    return sole(Request.objects.filter(token=token)) if token else None


def same_in_hand(body_id: int, order: Mapping[str, Any], *, offer: str) -> Request | None:
    """The latest request of a body for an offer that asks for exactly that and is still in hand; None without one."""
    found = Request.objects.filter(beneficiary_id=body_id, offer=offer, state__in=IN_PROGRESS).order_by("-pk")
    return next((one for one in found if same_order(one.order, order)), None)


def requests_by_token(tokens: Collection[str]) -> dict[str, Request]:
    """The requests that these forms made: one query."""
    made = Request.objects.filter(token__in=tokens)
    return {request.token or "": request for request in made}


def _expiring(since: date | Place, until: date | Place) -> QuerySet[Quote]:
    found = Quote.objects.filter(state=QuoteState.ISSUED, valid_until__gte=since, valid_until__lte=until)
    return found.select_related("version__request__beneficiary__epci").order_by("valid_until", "pk")


EXPIRING = Question[Quote](_expiring, DAY, DAY)


def quotes_that_expire(*, since: date, until: date, body_id: int | None = None) -> list[Quote]:
    """Quotes still in hand whose last day of validity is between two days, both included: one query."""
    if body_id is None:
        return EXPIRING.ask(since, until)
    return list(_expiring(since, until).filter(version__request__beneficiary_id=body_id))


def facts_for(request: Request, *, on: date) -> BodyFacts:
    """The facts of the beneficiary on a day: one query where it was read with the request, and its EPCI with it."""
    return facts_of(request.beneficiary, on=on)


def estimate_request(
    request: Request,
    *,
    on: date,
    estimator: Estimator | None = None,
    left: Mapping[str, frozenset[str]] | None = None,
) -> RequestEstimate:
    """What a request costs on a day, under the grid in force of its offer. An issuer that has left the convention which
    it amends quotes nothing (`left`: what `who_left` answers, where it is at hand).
    """
    if estimator is None:
        estimator = Estimator(today=on)
        estimator.know([facts_for(request, on=on)], on)
    gone = who_left([request], on=on) if left is None else left
    try:
        payload = order_payload(request.order, request.beneficiary.siren, on, offer=request.offer)
        estimate = estimator.estimate(payload, declared=declared_of(request))
        estimate = without(estimate, gone.get(request.amends_number, NOBODY))
    except OrderError as refusal:
        return RequestEstimate(None, (), {}, refusal)
    lines = request_lines(request, estimate)
    return RequestEstimate(estimate, lines, totals_with_prices(estimate, lines))


def request_list(
    *,
    text: str = "",
    state: str = "",
    origin: str = "",
    offer: str = "",
    since: date | None = None,
    until: date | None = None,
    among: Collection[int] | None = None,
) -> QuerySet[Request]:
    """Requests, newest first, by words of their reference, beneficiary or contact, by state, by offer and by dates
    (inclusive); `among` keeps those of a queue.

    Each row has `version`, `numbers` free: the quotes of the last version come with `quotes_of`.
    """
    found = Request.objects.select_related("beneficiary").annotate(
        last_version=Subquery(
            QuoteVersion.objects.filter(request=OuterRef("pk")).order_by("-version").values("version")[:1]
        )
    )
    for word in text.split()[:8]:
        found = found.filter(
            Q(reference__icontains=word)
            | named(word, "beneficiary")
            | Q(beneficiary__siren__startswith=word)
            | Q(contact_name__icontains=word)
            | Q(versions__quotes__number__icontains=word)
        )
    if among is not None:
        found = found.filter(pk__in=among)
    if state in set(RequestState):
        found = found.filter(state=state)
    if origin:
        found = found.filter(origin=origin)
    if offer:
        found = found.filter(offer=offer)
    if since:
        found = found.filter(created_at__date__gte=since)
    if until:
        found = found.filter(created_at__date__lte=until)
    return found.distinct() if text else found


def taking_acts(keys: Sequence[int]) -> tuple[int, ...]:
    """Among these requests, those that an act may still be recorded for, in the same order: one query."""
    open_ones = set(Request.objects.filter(pk__in=keys, state__in=TAKES_ACTS).values_list("pk", flat=True))
    return tuple(key for key in keys if key in open_ones)


def in_order(found: QuerySet[Request], keys: Sequence[int]) -> QuerySet[Request]:
    """The same requests in the order of a queue, the one that has waited longest first; the first hundreds are told
    apart, what comes after keeps the order of their dates.
    """
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys[:MOST_ORDERED])]
    if not places:
        return found
    place = Case(*places, default=Value(MOST_ORDERED), output_field=IntegerField())
    return found.annotate(place=place).order_by("place", "created_at", "pk")


IN_HAND = Question[Quote](
    lambda requests: (
        Quote.objects.filter(Among("version__request", requests)).select_related("version").order_by("version__version")
    ),
    KEYS,
)


def quotes_in_hand(requests: Sequence[Request]) -> dict[int, dict[str, Quote]]:
    """The quotes of the last version of each request, by request and issuer: one query for a whole page."""
    found: dict[int, dict[str, Quote]] = {}
    for quote in IN_HAND.ask(keys_told(request.pk for request in requests)):
        by_issuer = found.setdefault(quote.version.request_id, {})
        by_issuer[quote.issuer] = quote
    return found


def requests_of(body_id: int) -> QuerySet[Request]:
    """The requests of one body, newest first."""
    return request_list().filter(beneficiary_id=body_id)


LATEST_OF_BODY = Question[Request](lambda body: request_list().filter(beneficiary=body)[:MOST_OF_BODY], KEY)


def latest_requests_of(body_id: int) -> list[Request]:
    """The first fifty of `requests_of`."""
    return LATEST_OF_BODY.ask(body_id)


def contacts_of(body_ids: Collection[int]) -> dict[int, Request]:
    """By body, the latest request whose contact can be written to and come in: an address, quotes issued. One query."""
    known = Request.objects.filter(beneficiary__in=body_ids, versions__isnull=False).exclude(contact_email="")
    rows = known.select_related("beneficiary").distinct().order_by("created_at", "pk")
    return {request.beneficiary_id: request for request in rows}


def accepted_version(request_id: int) -> QuoteVersion | None:
    """The version whose quotes are accepted, at least one of them; None when there is none in hand."""
    found = QuoteVersion.objects.filter(request_id=request_id, quotes__state=QuoteState.ACCEPTED)
    return found.distinct().order_by("-version").first()


def accepted_quotes(version_id: int) -> list[Quote]:
    """The accepted quotes of a version, with what was answered."""
    return list(Quote.objects.filter(version=version_id, state=QuoteState.ACCEPTED).select_related("answer", "version"))


def accepted_numbers(version_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The numbers of the accepted quotes of versions, by issuer: one query."""
    found: dict[int, dict[str, str]] = {}
    accepted = Quote.objects.filter(version__in=version_ids, state=QuoteState.ACCEPTED)
    for version, issuer, number in accepted.values_list("version_id", "issuer", "number"):
        found.setdefault(version, {})[issuer] = number
    return found


def estimate_of(version_id: int, *, order: dict[str, Any] | None = None) -> Estimate:
    """The estimate from which a version was issued, priced again from what it kept: its order, grid, day and facts;
    or that of another `order` under the same. Raises OrderError when that one has no price.
    """
    version = QuoteVersion.objects.select_related("request__beneficiary__epci").get(pk=version_id)
    kept = ("kind", "department", "population", "staff")
    facts = {name: version.estimate["beneficiary"][name] for name in kept if version.estimate["beneficiary"].get(name)}
    payload = order_payload(order or version.order, version.request.beneficiary.siren, version.issued_on)
    payload |= {"beneficiary": payload["beneficiary"] | facts, "grid": version.grid}
    estimator = Estimator(today=version.issued_on)
    estimator.know([facts_for(version.request, on=version.issued_on)], version.issued_on)
    estimate = estimator.estimate(payload)
    gone = who_left([version.request], on=version.issued_on)
    return without(estimate, gone.get(version.request.amends_number, NOBODY))


def papers_of_request(request_id: int) -> list[int]:
    """The papers of a request: every quote issued, version by version, what was deposited with its answers, and the
    evidence of those given online."""
    quotes = Quote.objects.filter(version__request=request_id).order_by("version__version", "pk")
    found: list[int] = []
    for document_id, deposited in quotes.values_list("document_id", "answer__document_id"):
        found += [key for key in (document_id, deposited) if key is not None]
    proofs = quotes.filter(answer__proof__isnull=False).values_list("answer__proof_id", flat=True)
    return found + list(dict.fromkeys(proofs))


def requests_to_forget(*, before: date) -> QuerySet[Request]:
    """Requests received before a day, without any quote, that still say whom to answer; the oldest first."""
    said = ~Q(contact_name="") | ~Q(contact_function="") | ~Q(contact_email="") | ~Q(contact_phone="") | ~Q(note="")
    return Request.objects.filter(said, created_at__date__lt=before, versions__isnull=True).order_by("created_at", "pk")


def requests_of_contact(email: str) -> list[Request]:
    """The requests whose contact has that address, whatever its capitals; the oldest first."""
    return list(Request.objects.filter(contact_email__iexact=email).order_by("created_at", "pk")) if email else []


def quote_by_number(number: str) -> Quote | None:
    """A quote by its number."""
    return Quote.objects.select_related("version__request__beneficiary", "document").filter(number=number).first()


def is_expired(quote: Quote, *, on: date) -> bool:
    """True from the day after the last day of validity, for a quote still in hand."""
    return quote.state == QuoteState.ISSUED and on > quote.valid_until


def requests_of_quotes(numbers: Collection[str]) -> set[int]:
    """The files of quotes, by their numbers: one query."""
    found = Quote.objects.filter(number__in=numbers) if numbers else Quote.objects.none()
    return set(found.values_list("version__request", flat=True))


def counts_of_requests() -> dict[RequestState, int]:
    """How many requests are in each state."""
    counted = dict(Request.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in RequestState}
