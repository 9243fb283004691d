"""The days on which something happens to what runs, and why: pure, days inclusive. Told in docs/echeances.md."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from tripartite.conventions.queries.lasting import Lasting, last_reachable_day
from tripartite.pricing.calendar import notice_deadline, terms_of
from tripartite.pricing.french import counted


class DeadlineKind(StrEnum):
    """What a day brings."""

    CONVENTION_END = "convention-end"
    NOTICE = "notice"
    TACIT_RENEWAL = "tacit-renewal"
    RENEWAL = "renewal"
    DUE = "due"
    PREPAID_END = "prepaid-end"
    CERTIFICATE = "certificate"
    QUOTE = "quote"


KIND_LABELS = {
    DeadlineKind.CONVENTION_END: "fin de convention",
    DeadlineKind.NOTICE: "dernier jour de dénonciation",
    DeadlineKind.TACIT_RENEWAL: "reconduction tacite",
    DeadlineKind.RENEWAL: "renouvellement annuel",
    DeadlineKind.DUE: "échéance annuelle",
    DeadlineKind.PREPAID_END: "fin d'un terme prépayé",
    DeadlineKind.CERTIFICATE: "fin d'un certificat",
    DeadlineKind.QUOTE: "fin de validité d'un devis",
}
OF_CONVENTION = frozenset({DeadlineKind.CONVENTION_END, DeadlineKind.NOTICE, DeadlineKind.TACIT_RENEWAL})


class Dated(NamedTuple):
    """A day, what it brings, and the computation in French."""

    kind: DeadlineKind
    day: date
    why: str


class RunningConvention(Lasting, Protocol):
    """What a convention says of its own dates."""

    @property
    def notice_months(self) -> int: ...
    @property
    def end_reason(self) -> str: ...


def convention_days(convention: RunningConvention) -> Iterator[Dated]:
    """The days of a convention, from its first term to its end, in their order.

    Each term that is followed by a tacit renewal has its last day of notice, then the first day of the renewal; the
    last one its end. A denunciation or a termination on record stops them there.
    """
    if convention.in_force_on is None or last_reachable_day(convention) is None:
        return
    stop = convention.ended_on
    terms = terms_of(convention.in_force_on, convention.years, convention.tacit_renewals)
    for term in terms:
        if stop is not None and stop <= term.ends_on:
            break
        if term.number == convention.tacit_renewals:
            yield Dated(DeadlineKind.CONVENTION_END, term.ends_on, _renewed_text(term.number, term.why))
            return
        notice = notice_deadline(term.ends_on, convention.notice_months)
        yield Dated(DeadlineKind.NOTICE, notice.day, notice.why)
        coming = terms[term.number + 1]
        why = f"{term.why} ; reconduite du {coming.starts_on:%d/%m/%Y} au {coming.ends_on:%d/%m/%Y}"
        yield Dated(DeadlineKind.TACIT_RENEWAL, coming.starts_on, why)
    if stop is not None:
        reason = convention.end_reason.strip() or "terme"
        yield Dated(DeadlineKind.CONVENTION_END, stop, f"{reason} : dernier jour le {stop:%d/%m/%Y}")


def subscription_due_days(
    anniversaries: Iterable[date], anchor_on: date, starts_on: date, ends_on: date | None
) -> list[date]:
    """The due dates of what runs, of the anniversaries of its anchor: those after its first day, up to its last one."""
    first = max(anchor_on, starts_on)
    return [day for day in anniversaries if first < day and (ends_on is None or day <= ends_on)]


def due_text(anchor_on: date, day: date) -> str:
    """« échéances fixées depuis le 29/02/2024 : 3e anniversaire le 01/03/2027, faute de 29 février »."""
    years = day.year - anchor_on.year
    rank = "1er" if years == 1 else f"{years}e"
    moved = ", faute de 29 février" if (day.month, day.day) != (anchor_on.month, anchor_on.day) else ""
    return f"échéances fixées depuis le {anchor_on:%d/%m/%Y} : {rank} anniversaire le {day:%d/%m/%Y}{moved}"


def prepaid_text(starts_on: date, years: int, ends_on: date, end_reason: str) -> str:
    """Why what is prepaid ends that day."""
    if end_reason:
        return f"{end_reason} : dernier jour le {ends_on:%d/%m/%Y}"
    return f"{counted(years, 'an prépayé')} depuis le {starts_on:%d/%m/%Y} : dernier jour le {ends_on:%d/%m/%Y}"


def _renewed_text(number: int, why: str) -> str:
    if number == 0:
        return why
    rank = "1re" if number == 1 else f"{number}e"
    return f"{rank} reconduction, {why}"
