"""What is never to be forgotten: the deadlines of conventions, of what runs, of certificates and of quotes."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tripartite.conventions.queries.conventions import convention_by_id, conventions_that_ran
from tripartite.conventions.queries.offers import offer_of_convention
from tripartite.following.models import DeadlineLetter
from tripartite.following.queries.deadline_rules import (
    KIND_LABELS,
    OF_CONVENTION,
    DeadlineKind,
    convention_days,
    prepaid_text,
    subscription_due_days,
)
from tripartite.going_live.queries.checklists import renewals_by_offer
from tripartite.going_live.queries.keys import keys_of_terms, keys_that_expire
from tripartite.parties.queries.bodies import bearer_of, issuers
from tripartite.pricing.estimate import RECURRING, Frequency
from tripartite.pricing.money import number_text
from tripartite.quotes.queries.requests import quotes_that_expire, requests_by_token
from tripartite.quotes.states import LED_NOWHERE
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.subscriptions.queries.running import subscriptions_with_days
from tripartite.tariffs.queries import RunningTariffs, running_tariffs

KEY = re.compile(r"([a-z-]+)-(\d{1,18})-(\d{4}-\d\d-\d\d)(?:-.+)?", re.ASCII)
PREPARED_AS_REQUEST = frozenset({DeadlineKind.RENEWAL, DeadlineKind.PREPAID_END})
OF_BODY = PREPARED_AS_REQUEST | {DeadlineKind.DUE}
"""Kinds whose subject is a body."""
WHO = {
    DeadlineKind.CONVENTION_END: "les trois parties",
    DeadlineKind.NOTICE: "la partie qui ne veut pas de la reconduction",
    DeadlineKind.TACIT_RENEWAL: "personne : elle se fait seule",
    DeadlineKind.PREPAID_END: "la collectivité, qui accepte les devis",
    DeadlineKind.CERTIFICATE: "la collectivité, qui renouvelle la clé",
    DeadlineKind.QUOTE: "la collectivité, qui répond",
}
PAPER = {
    DeadlineKind.CONVENTION_END: "courrier à la collectivité",
    DeadlineKind.NOTICE: "courrier à la collectivité",
    DeadlineKind.TACIT_RENEWAL: "courrier à la collectivité",
    DeadlineKind.RENEWAL: "demande de renouvellement et ses devis",
    DeadlineKind.PREPAID_END: "demande de renouvellement et ses devis",
    DeadlineKind.CERTIFICATE: "renouvellement de la clé",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day (inclusive), what it brings to a body, the computation, who acts, and the paper that it needs.

    `key` names it for ever: kind, subject and day, and the offer (`apart`) where the body has another such deadline
    that day, of an older offer. `issuers` are the codes of those who act; `services` the codes of
    the services that it bears on, `subscription_ids` what runs of them, `keys` the signature keys that it concerns:
    these are renewed one by one, from their register. `request` and `letters` were made for it already.
    """

    kind: DeadlineKind
    subject: int
    day: date
    body: Any
    what: str
    why: str
    who: str
    issuers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    convention_id: int | None = None
    subscription_ids: tuple[int, ...] = ()
    keys: tuple[Any, ...] = ()
    reference: str = ""
    request: Any = None
    letters: tuple[Any, ...] = field(default=())
    apart: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.subject}-{self.day:%Y-%m-%d}{'-' if self.apart else ''}{self.apart}"

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def paper(self) -> str:
        """The paper that the step needs prepared, « » when it needs none."""
        return PAPER.get(DeadlineKind.CERTIFICATE if self.keys else self.kind, "")

    @property
    def renewable(self) -> bool:
        """Whether a request is prepared from here."""
        return self.kind in PREPARED_AS_REQUEST and not self.keys


def deadlines(*, since: date, until: date, body_id: int | None = None) -> list[Deadline]:
    """The deadlines between two days, both included, of a body or of all, by day: at most twelve queries.

    What a body taken in by another had is told under the body that took it in.
    """
    names = {issuer.code: issuer.short_name for issuer in issuers()}
    ran = conventions_that_ran(since=since, body_id=body_id)
    found = [
        *_of_conventions(ran, since, until),
        *of_subscriptions(subscriptions_with_days(since=since, until=until, body_id=body_id), names, since, until),
        *of_keys(since, until, body_id),
        *of_quotes(since, until, body_id, names),
    ]
    return sorted(with_prepared(found), key=lambda one: (one.day, one.body.name, list(KIND_LABELS).index(one.kind)))


def deadline_by_key(key: str) -> Deadline | None:
    """The deadline of that name, if it still holds."""
    named = KEY.fullmatch(key)
    if named is None:
        return None
    try:
        kind, subject, on = DeadlineKind(named[1]), int(named[2]), date.fromisoformat(named[3])
    except ValueError:
        return None
    body_id = subject if kind in OF_BODY else _body_of(subject) if kind in OF_CONVENTION else None
    found = deadlines(since=on, until=on, body_id=body_id)
    return next((one for one in found if one.key == key), None)


def offer_of_deadline(key: str) -> str | None:
    """The offer of the convention that a deadline is about: one query. None for one that is a body's."""
    named = KEY.fullmatch(key)
    about = named is not None and named[1] in set(OF_CONVENTION)
    return offer_of_convention(int(named[2])) if named is not None and about else None


def _body_of(convention_id: int) -> int | None:
    convention = convention_by_id(convention_id)
    return convention.beneficiary_id if convention else None


def letters_of_request(request_id: int) -> list[DeadlineLetter]:
    """The letters about deadlines kept in a file, in the order in which they were made."""
    return list(DeadlineLetter.objects.filter(request_id=request_id).select_related("document"))


def letter_by_id(letter_id: int) -> DeadlineLetter | None:
    return DeadlineLetter.objects.filter(pk=letter_id).select_related("document").first()


def renewal_token(deadline: Deadline) -> str:
    """What makes a renewal asked for twice one request."""
    return f"renewal:{deadline.key}"


def _of_conventions(ran: Sequence[Any], since: date, until: date) -> Iterator[Deadline]:
    for convention in ran:
        for dated in convention_days(convention):
            if since <= dated.day <= until:
                yield Deadline(
                    kind=dated.kind,
                    subject=convention.pk,
                    day=dated.day,
                    body=bearer_of(convention.beneficiary),
                    what=f"Convention {convention}",
                    why=dated.why,
                    who=WHO[dated.kind],
                    convention_id=convention.pk,
                    reference=str(convention),
                )


def of_subscriptions(rows: Iterable[Any], names: dict[str, str], since: date, until: date) -> list[Deadline]:
    """Due dates and ends of prepaid terms; those of one kind, of one body and offer, on one day, told together."""
    by_offer = renewals_by_offer()
    tariffs = running_tariffs()
    together: dict[tuple[DeadlineKind, int, date, str], list[Deadline]] = {}
    for one in rows:
        renewals = by_offer.get(one.offer, {})
        for kind, day, why in _days(one, renewals, since, until):
            lots = lots_on(one.dated_changes, day)
            acting = _issuers(tariffs, one, lots)
            who = WHO.get(kind) or ", ".join(names.get(code, code) for code in acting)
            name = f"{one.name} ({number_text(total_of(lots))})"
            deadline = Deadline(
                kind=kind,
                subject=one.body_id,
                day=day,
                body=one.body,
                what=f"{renewals[one.service]} : {name}" if kind is DeadlineKind.RENEWAL else name,
                why=why,
                who=who,
                issuers=acting,
                services=(one.service,),
                convention_id=one.convention_id,
                subscription_ids=(one.pk,),
            )
            together.setdefault((kind, one.body_id, day, one.offer), []).append(deadline)
    return list(_told(together, names))


def _told(
    together: dict[tuple[DeadlineKind, int, date, str], list[Deadline]], names: dict[str, str]
) -> Iterator[Deadline]:
    """Each group as one deadline; the oldest offer of a body keeps the bare name."""
    met: set[tuple[DeadlineKind, int, date]] = set()
    for (kind, body_id, day, offer), group in together.items():
        one = _joined(group, names)
        yield replace(one, apart=offer) if (kind, body_id, day) in met else one
        met.add((kind, body_id, day))


def _days(one: Any, renewals: dict[str, str], since: date, until: date) -> Iterator[tuple[DeadlineKind, date, str]]:
    if one.term_years is not None:
        if one.ends_on is not None:
            why = prepaid_text(one.starts_on, one.term_years, one.ends_on, one.end_reason)
            yield DeadlineKind.PREPAID_END, one.ends_on, why
        return
    kind = DeadlineKind.RENEWAL if one.service in renewals else DeadlineKind.DUE
    for day, why in subscription_due_days(
        anchor_on=one.anchor_on,
        starts_on=one.starts_on,
        ends_on=last_day_of(one),
        since=since,
        until=until,
    ):
        yield kind, day, why


def _issuers(tariffs: RunningTariffs, one: Any, lots: Sequence[Any]) -> tuple[str, ...]:
    """Those who price the service by the year, or for its term."""
    grid = tariffs.by_code(lots[-1].grid) if lots else None
    if grid is None:
        return ()
    charges = grid.charges_on(one.service)
    wanted = [charge for charge in charges if charge.frequency in RECURRING or charge.frequency is Frequency.TERM]
    return tuple(code for code in grid.issuers if any(code in charge.prices for charge in wanted))


def _joined(group: Sequence[Deadline], names: dict[str, str]) -> Deadline:
    if len(group) == 1:
        return group[0]
    first = group[0]
    acting = tuple(code for code in names if any(code in one.issuers for one in group))
    return replace(
        first,
        what=" ; ".join(one.what for one in group),
        why=" ; ".join(dict.fromkeys(one.why for one in group)),
        who=WHO.get(first.kind) or ", ".join(names[code] for code in acting),
        issuers=acting,
        services=tuple(dict.fromkeys(code for one in group for code in one.services)),
        subscription_ids=tuple(key for one in group for key in one.subscription_ids),
    )


def of_keys(since: date, until: date, body_id: int | None) -> Iterator[Deadline]:
    for one in keys_that_expire(since=since, until=until, body_id=body_id):
        yield Deadline(
            kind=DeadlineKind.CERTIFICATE,
            subject=one.pk,
            day=one.valid_until,
            body=bearer_of(one.body),
            what=f"Clé de signature, {one.holder_function}",
            why=f"lu sur le certificat n° {one.serial} : dernier jour le {one.valid_until:%d/%m/%Y}",
            who=WHO[DeadlineKind.CERTIFICATE],
            services=(one.subscription.service,) if one.subscription else (),
            keys=(one,),
            request=one.renewal,
        )


def of_quotes(since: date, until: date, body_id: int | None, names: dict[str, str]) -> Iterator[Deadline]:
    for quote in quotes_that_expire(since=since, until=until, body_id=body_id):
        asked, last = quote.version.request, quote.valid_until
        yield Deadline(
            kind=DeadlineKind.QUOTE,
            subject=quote.pk,
            day=last,
            body=asked.beneficiary,
            what=f"Devis {quote.number}, {names.get(quote.issuer, quote.issuer)}",
            why=f"émis le {quote.version.issued_on:%d/%m/%Y} : valable jusqu'au {last:%d/%m/%Y} compris",
            who=WHO[DeadlineKind.QUOTE],
            issuers=(quote.issuer,),
            services=tuple(dict.fromkeys(line["service"] for line in quote.version.order["lines"])),
            reference=asked.reference,
            request=asked,
        )


def with_prepared(found: Collection[Deadline]) -> list[Deadline]:
    """Each with what was prepared for it: three queries at the most."""
    tokens = [renewal_token(one) for one in found if one.kind in PREPARED_AS_REQUEST]
    requests = requests_by_token(tokens) if tokens else {}
    keys = {one.subject for one in found if one.kind in OF_CONVENTION}
    letters: dict[tuple[int, str, date], list[DeadlineLetter]] = {}
    for letter in DeadlineLetter.objects.filter(convention_id__in=keys) if keys else ():
        letters.setdefault((letter.convention_id, letter.kind, letter.day), []).append(letter)
    prepaid = [key for one in found if one.kind is DeadlineKind.PREPAID_END for key in one.subscription_ids]
    registered: dict[int | None, list[Any]] = {}
    for key in keys_of_terms(prepaid) if prepaid else ():
        registered.setdefault(key.subscription_id, []).append(key)
    return [
        _with_renewal(
            one,
            requests.get(renewal_token(one)),
            tuple(key for held in one.subscription_ids for key in registered.get(held, ())),
        )
        if one.kind in PREPARED_AS_REQUEST
        else replace(one, letters=tuple(letters.get((one.subject, one.kind, one.day), ())))
        if one.kind in OF_CONVENTION
        else one
        for one in found
    ]


def _with_renewal(one: Deadline, asked: Any, keys: tuple[Any, ...]) -> Deadline:
    """With the request that renews it, unless it led nowhere; when all that ends are keys, that of the last of them."""
    asked = None if asked is None or asked.state in LED_NOWHERE else asked
    renewals = [key.renewal for key in keys if key.renewal and key.renewal.state not in LED_NOWHERE]
    if asked is None and renewals and len(renewals) == len(keys):
        asked = max(renewals, key=lambda each: each.pk)
    return replace(one, request=asked, keys=keys)
