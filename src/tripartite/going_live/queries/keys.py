"""Questions about signature keys: the register and its queues, one key, those of a body, those of a campaign."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from tripartite.going_live.models import Activation, SignatureKey
from tripartite.going_live.queries.holders import holder_changes
from tripartite.going_live.queries.key_days import KEY_SERVICES, LAPSED, MUNICIPAL, THRESHOLDS, is_elective
from tripartite.going_live.states import IN_USE, OPEN, KeyState
from tripartite.many import Among, keys_told
from tripartite.parties.queries.search import named
from tripartite.questions import DAY, KEY, KEYS, Place, Question
from tripartite.quotes.states import LED_NOWHERE, RequestState
from tripartite.subscriptions.queries.notices import notices_about, notices_named
from tripartite.subscriptions.queries.running import terms_of_body

UNDER_WAY = (RequestState.ACCEPTED, RequestState.ENGAGED)
"""States of a renewal that is decided: nobody needs warning any more."""


EVER = date(2000, 1, 1)


class KeyQueue(StrEnum):
    """What keys wait for. WITHIN_…: in use and not renewed, their last day within so many days, inclusive."""

    WITHIN_30 = "expire-30"
    WITHIN_60 = "expire-60"
    WITHIN_90 = "expire-90"
    EXPIRED = "expirees"
    TO_HAND_OVER = "a-remettre"
    HOLDER_CHANGED = "titulaire"


KEY_QUEUE_LABELS = {
    KeyQueue.WITHIN_30: "Expirent dans 30 jours",
    KeyQueue.WITHIN_60: "dans 60 jours",
    KeyQueue.WITHIN_90: "dans 90 jours",
    KeyQueue.EXPIRED: "Expirées",
    KeyQueue.TO_HAND_OVER: "À remettre",
    KeyQueue.HOLDER_CHANGED: "Titulaire changé",
}


def _with_all() -> QuerySet[SignatureKey]:
    return SignatureKey.objects.select_related("body__epci", "subscription__convention", "renewal", "replaced_by")


OF_BODY = Question[SignatureKey](lambda body: _with_all().filter(body=body).order_by("-valid_until", "-pk"), KEY)


def key_by_id(key_id: int) -> SignatureKey | None:
    """A key with all that its page says: one query."""
    return _with_all().filter(pk=key_id).first()


def keys_of(body_id: int) -> list[SignatureKey]:
    """The keys of a body, the last to expire first: one query."""
    return OF_BODY.ask(body_id)


def key_list(*, on: date, text: str = "", queue: str = "", epci: str = "") -> QuerySet[SignatureKey]:
    """Keys, the first to expire first, by words of the holder, function, body or serial, by queue on a day, by EPCI."""
    found = _with_all()
    for word in text.split()[:8]:
        found = found.filter(
            Q(holder_name__icontains=word)
            | Q(holder_function__icontains=word)
            | named(word, "body")
            | Q(body__siren__startswith=word)
            | Q(serial__istartswith=word)
        )
    if epci:
        found = found.filter(Q(body__epci__siren=epci) | Q(body__siren=epci))
    if queue == KeyQueue.HOLDER_CHANGED:
        found = found.filter(pk__in=list(holder_changes(on=on)))
    elif queue in set(KeyQueue):
        found = found.filter(_waits(on)[KeyQueue(queue)])
    return found.order_by("valid_until", "pk")


def _waits(on: date) -> dict[KeyQueue, Q]:
    in_use = Q(state__in=IN_USE)
    renewed = Q(renewal__isnull=False) & ~Q(renewal__state__in=LED_NOWHERE)
    return {
        KeyQueue.WITHIN_30: in_use & ~renewed & _within(on, 30),
        KeyQueue.WITHIN_60: in_use & ~renewed & _within(on, 60),
        KeyQueue.WITHIN_90: in_use & ~renewed & _within(on, 90),
        KeyQueue.EXPIRED: in_use & Q(valid_until__lt=on),
        KeyQueue.TO_HAND_OVER: Q(state=KeyState.MADE, valid_until__gte=on),
    }


def _within(on: date, days: int) -> Q:
    return Q(valid_until__range=(on, on + timedelta(days=days)))


def key_counts(*, on: date) -> dict[KeyQueue, int]:
    """How many keys wait in each queue on a day: at most four queries."""
    counts = {queue.name: Count("pk", filter=condition) for queue, condition in _waits(on).items()}
    found = SignatureKey.objects.aggregate(**counts)
    changed = len(holder_changes(on=on))
    return {queue: changed if queue is KeyQueue.HOLDER_CHANGED else found[queue.name] for queue in KeyQueue}


def epcis_with_keys() -> list[tuple[str, str]]:
    """SIREN and name of the EPCI whose members have keys: one query."""
    rows = SignatureKey.objects.filter(body__epci__isnull=False).order_by("body__epci__name")
    return list(rows.values_list("body__epci__siren", "body__epci__name").distinct())


def keys_to_warn_of(*, on: date) -> list[tuple[int, int, str]]:
    """The keys whose expiry is to be announced on a day, with the threshold (or LAPSED) and their words: a query
    each. What was announced under that threshold is left out, and what is renewed already.
    """
    found = []
    for threshold, after in zip((*THRESHOLDS, LAPSED), (*THRESHOLDS[1:], -1, None), strict=True):
        announced = notices_named(
            Concat(Value("key-expiry:"), Cast(OuterRef("pk"), CharField()), Value(f":{threshold}"))
        )
        first = EVER if after is None else on + timedelta(days=after + 1)
        days = (first, on + timedelta(days=threshold if threshold != LAPSED else -1))
        keys = SignatureKey.objects.filter(~Exists(announced), state__in=IN_USE, valid_until__range=days)
        keys = keys.exclude(renewal__state__in=UNDER_WAY)
        rows = keys.order_by("valid_until", "pk").values_list("pk", "holder_function", "body__name", "valid_until")
        found += [
            (key, threshold, f"{body}, clé de {function}, dernier jour le {last:%d/%m/%Y}")
            for key, function, body, last in rows
        ]
    return found


def election_keys(*, on: date, staff: bool = False) -> list[SignatureKey]:
    """The keys in use, not expired on the day of municipal elections, whose holder may change: mayors, presidents and
    their deputies of communes and of the bodies that follow them. With `staff`, other functions too. One query.
    """
    kinds = [kind.value for kind in MUNICIPAL]
    found = _with_all().filter(state__in=IN_USE, valid_until__gte=on, body__kind__in=kinds, body__ended_on__isnull=True)
    rows = found.order_by("body__name", "valid_until", "pk")
    return [one for one in rows if staff or is_elective(one.holder_function)]


def _expiring(since: date | Place, until: date | Place) -> QuerySet[SignatureKey]:
    found = SignatureKey.objects.filter(state__in=IN_USE, valid_until__gte=since, valid_until__lte=until)
    return found.select_related("body__epci", "body__merged_into__epci", "subscription", "renewal")


EXPIRING = Question[SignatureKey](_expiring, DAY, DAY)
OF_TERMS = Question[SignatureKey](
    lambda terms: SignatureKey.objects.filter(Among("subscription", terms), state__in=IN_USE).select_related("renewal"),
    KEYS,
)


def keys_that_expire(*, since: date, until: date, body_id: int | None = None) -> list[SignatureKey]:
    """The keys in use whose last day is between two days, both included: of all, or of a body and of those that it took
    in. One query.
    """
    if body_id is None:
        return EXPIRING.ask(since, until)
    return list(_expiring(since, until).filter(Q(body_id=body_id) | Q(body__merged_into=body_id)))


def keys_of_terms(subscription_ids: Collection[int]) -> list[SignatureKey]:
    """The keys in use that stand for these prepaid terms, each with its renewal: one query."""
    return OF_TERMS.ask(keys_told(subscription_ids))


def activations_for_keys(body_id: int) -> list[Activation]:
    """The goings-live of signature keys of a body that are still open: their certificate is awaited."""
    found = Activation.objects.filter(body_id=body_id, service__startswith=KEY_SERVICES, state__in=OPEN)
    return list(found.prefetch_related("keys", "steps"))


def terms_without_key(body_id: int) -> list[Any]:
    """The prepaid terms of signature keys of a body that no key of the register stands for yet; those that go on with
    another body are its own.
    """
    return list(terms_of_body(body_id).filter(service__startswith=KEY_SERVICES, keys__isnull=True))


def announced_before(key: SignatureKey) -> list[Any]:
    """What was announced of a key, the oldest first: one query."""
    names = [f"key-expiry:{key.pk}:{threshold}" for threshold in (*THRESHOLDS, LAPSED)]
    return list(notices_about(names, f"key-holder:{key.pk}:").annotate(day=F("on")))
