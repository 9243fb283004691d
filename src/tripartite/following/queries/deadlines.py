"""What is never to be forgotten: the deadlines of conventions, of what runs, of certificates and of quotes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tripartite import questions
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.queries.offers import offer_of_convention
from tripartite.conventions.queries.running import RanConvention
from tripartite.following.models import DeadlineLetter
from tripartite.following.queries.deadline_rules import (
    KIND_LABELS,
    OF_CONVENTION,
    DeadlineKind,
    due_text,
    prepaid_text,
)
from tripartite.following.queries.outlines import Outline, outlines
from tripartite.going_live.queries.checklists import renewals_by_offer
from tripartite.going_live.queries.keys import keys_of_terms
from tripartite.many import Among, keys_told
from tripartite.parties.queries.bodies import issuers
from tripartite.parties.queries.named_bodies import NamedBody
from tripartite.pricing.cases import Number
from tripartite.pricing.estimate import RECURRING, Frequency
from tripartite.pricing.money import number_text
from tripartite.quotes.queries.requests import requests_by_token
from tripartite.quotes.states import LED_NOWHERE
from tripartite.subscriptions.queries.ahead import RunningDays, changes_of_many
from tripartite.subscriptions.queries.holdings import Lot, lots_on, total_of
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

    What `outline` says is read here too. `issuers` are the codes of those who act, `subscription_ids` what runs of the
    services that it bears on, `keys` the signature keys that it concerns: these are renewed one by one, from their
    register. `request` and `letters` were made for it already.
    """

    outline: Outline
    what: str
    why: str
    who: str
    issuers: tuple[str, ...] = ()
    convention_id: int | None = None
    subscription_ids: tuple[int, ...] = ()
    keys: tuple[Any, ...] = ()
    reference: str = ""
    request: Any = None
    letters: tuple[DeadlineLetter, ...] = ()

    @property
    def kind(self) -> DeadlineKind:
        return self.outline.kind

    @property
    def subject(self) -> int:
        return self.outline.subject

    @property
    def day(self) -> date:
        return self.outline.day

    @property
    def body(self) -> NamedBody:
        return self.outline.body

    @property
    def services(self) -> tuple[str, ...]:
        return self.outline.services

    @property
    def key(self) -> str:
        return self.outline.key

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
    """The deadlines between two days, both included, of a body or of all, by day: at most fourteen queries.

    What a body taken in by another had is told under the body that took it in.
    """
    return told(outlines(since=since, until=until, body_id=body_id))


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


OF_CONVENTIONS = questions.Question[DeadlineLetter](
    lambda conventions: DeadlineLetter.objects.filter(Among("convention", conventions)), questions.KEYS
)
OF_REQUEST = questions.Question[DeadlineLetter](
    lambda request: DeadlineLetter.objects.filter(request=request).select_related("document"), questions.KEY
)


def letters_of_request(request_id: int) -> list[DeadlineLetter]:
    """The letters about deadlines kept in a file, in the order in which they were made."""
    return OF_REQUEST.ask(request_id)


def letter_by_id(letter_id: int) -> DeadlineLetter | None:
    return DeadlineLetter.objects.filter(pk=letter_id).select_related("document").first()


def renewal_token(deadline: Deadline | Outline) -> str:
    """What makes a renewal asked for twice one request."""
    return f"renewal:{deadline.key}"


class Prepared(NamedTuple):
    """What was made for a deadline already: the request that renews it, the keys that it concerns, its letters."""

    request: Any = None
    keys: tuple[Any, ...] = ()
    letters: tuple[DeadlineLetter, ...] = ()


NOTHING_PREPARED = Prepared()


def prepared_for(found: Collection[Outline]) -> dict[str, Prepared]:
    """What was prepared for each, by its key: three queries at the most."""
    renewing = [one for one in found if one.kind in PREPARED_AS_REQUEST]
    requests = requests_by_token([renewal_token(one) for one in renewing]) if renewing else {}
    terms = [key for one in renewing if one.kind is DeadlineKind.PREPAID_END for key in one.subscription_ids]
    registered: dict[int | None, list[Any]] = {}
    for key in keys_of_terms(terms) if terms else ():
        registered.setdefault(key.subscription_id, []).append(key)
    conventions = {one.subject for one in found if one.kind in OF_CONVENTION}
    letters: dict[tuple[int, str, date], list[DeadlineLetter]] = {}
    for letter in OF_CONVENTIONS.ask(keys_told(conventions)):
        letters.setdefault((letter.convention_id, letter.kind, letter.day), []).append(letter)
    answer = {
        one.key: _renewal(
            requests.get(renewal_token(one)),
            tuple(key for held in one.subscription_ids for key in registered.get(held, ())),
        )
        for one in renewing
    }
    for one in found:
        if one.kind in OF_CONVENTION:
            answer[one.key] = Prepared(letters=tuple(letters.get((one.subject, one.kind, one.day), ())))
    return answer


def _renewal(asked: Any, keys: tuple[Any, ...]) -> Prepared:
    """The request that renews, unless it led nowhere; when all that ends are keys, that of the last of them."""
    asked = None if asked is None or asked.state in LED_NOWHERE else asked
    renewals = [key.renewal for key in keys if key.renewal and key.renewal.state not in LED_NOWHERE]
    if asked is None and renewals and len(renewals) == len(keys):
        asked = max(renewals, key=lambda each: each.pk)
    return Prepared(asked, keys)


def told(found: Sequence[Outline], prepared: Mapping[str, Prepared] | None = None) -> list[Deadline]:
    """Outlines, each with its words, who acts, and what was prepared for it: seven queries at the most, those for what
    was `prepared` included.
    """
    if not found:
        return []
    prepared = prepared_for(found) if prepared is None else prepared
    teller = _Teller.of(found)
    return [teller.tell(one, prepared.get(one.key, NOTHING_PREPARED)) for one in found]


@dataclass(frozen=True, slots=True)
class _Teller:
    """What puts words to outlines: the names of the issuers, and of what runs the changes, tariffs and renewals."""

    names: Mapping[str, str]
    changes: Mapping[int, Collection[Any]]
    tariffs: RunningTariffs
    renewals: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, found: Sequence[Outline]) -> "_Teller":
        running = {key for one in found for key in one.subscription_ids}
        return cls(
            names={issuer.code: issuer.short_name for issuer in issuers()},
            changes=changes_of_many(running) if running else {},
            tariffs=running_tariffs() if running else RunningTariffs(()),
            renewals=renewals_by_offer() if any(one.kind is DeadlineKind.RENEWAL for one in found) else {},
        )

    def tell(self, one: Outline, prepared: Prepared) -> Deadline:
        if one.kind is DeadlineKind.CERTIFICATE:
            return self._key(one, one.of[0])
        if one.kind is DeadlineKind.QUOTE:
            return self._quote(one, one.of[0])
        if one.kind in OF_CONVENTION:
            return self._convention(one, one.of[0], prepared)
        return self._running(one, prepared)

    def _convention(self, one: Outline, convention: RanConvention, prepared: Prepared) -> Deadline:
        return Deadline(
            outline=one,
            what=f"Convention {convention.number}",
            why=one.why,
            who=WHO[one.kind],
            convention_id=convention.pk,
            reference=convention.number,
            letters=prepared.letters,
        )

    def _running(self, one: Outline, prepared: Prepared) -> Deadline:
        parts: list[RunningDays] = list(one.of)
        lots = [lots_on(self.changes[part.pk], one.day) for part in parts]
        acting = [self._issuers(part, held) for part, held in zip(parts, lots, strict=True)]
        codes = acting[0] if len(parts) == 1 else tuple(code for code in self.names if any(code in of for of in acting))
        named = (self._named(one, part, total_of(held)) for part, held in zip(parts, lots, strict=True))
        return Deadline(
            outline=one,
            what=" ; ".join(named),
            why=" ; ".join(dict.fromkeys(_why(one, part) for part in parts)),
            who=WHO.get(one.kind) or ", ".join(self.names.get(code, code) for code in codes),
            issuers=codes,
            convention_id=parts[0].convention_id,
            subscription_ids=one.subscription_ids,
            request=prepared.request,
            keys=prepared.keys,
        )

    def _named(self, one: Outline, part: RunningDays, quantity: Number) -> str:
        name = f"{part.name} ({number_text(quantity)})"
        return f"{self.renewals[part.offer][part.service]} : {name}" if one.kind is DeadlineKind.RENEWAL else name

    def _issuers(self, part: RunningDays, lots: Sequence[Lot]) -> tuple[str, ...]:
        """Those who price the service by the year, or for its term."""
        grid = self.tariffs.by_code(lots[-1].grid) if lots else None
        if grid is None:
            return ()
        charges = grid.charges_on(part.service)
        wanted = [charge for charge in charges if charge.frequency in RECURRING or charge.frequency is Frequency.TERM]
        return tuple(code for code in grid.issuers if any(code in charge.prices for charge in wanted))

    def _key(self, one: Outline, key: Any) -> Deadline:
        return Deadline(
            outline=one,
            what=f"Clé de signature, {key.holder_function}",
            why=f"lu sur le certificat n° {key.serial} : dernier jour le {key.valid_until:%d/%m/%Y}",
            who=WHO[one.kind],
            keys=(key,),
            request=key.renewal,
        )

    def _quote(self, one: Outline, quote: Any) -> Deadline:
        asked, last = quote.version.request, quote.valid_until
        return Deadline(
            outline=one,
            what=f"Devis {quote.number}, {self.names.get(quote.issuer, quote.issuer)}",
            why=f"émis le {quote.version.issued_on:%d/%m/%Y} : valable jusqu'au {last:%d/%m/%Y} compris",
            who=WHO[one.kind],
            issuers=(quote.issuer,),
            reference=asked.reference,
            request=asked,
        )


def _why(one: Outline, part: RunningDays) -> str:
    if part.term_years is not None:
        return prepaid_text(part.starts_on, part.term_years, one.day, part.end_reason)
    return due_text(part.anchor_on, one.day)
