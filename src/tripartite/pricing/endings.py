"""How a convention ends: who may end what, for which ground, and on which day. Pure; days are inclusive.

A rule is data of the text that the parties signed; a notice is judged by the term that holds the day it was received,
whenever it is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tripartite.pricing.calendar import (
    Deadline,
    Term,
    end_after_formal_notice,
    end_after_notice,
    end_at_due_date,
    last_notice_day,
    terms_of,
)


class Moment(StrEnum):
    """When an ending takes effect. TERM: at the end of the term in progress, which is then not renewed. DUE_DATE: on
    the eve of an annual due date. NOTICE: once its notice has run. FORMAL_NOTICE: so many days after a formal notice.
    """

    TERM = "term"
    DUE_DATE = "due-date"
    NOTICE = "notice"
    FORMAL_NOTICE = "formal-notice"


class Effect(StrEnum):
    """What an ending stops: all of the convention, one service, or the part of the issuer that withdraws."""

    CONVENTION = "convention"
    SERVICE = "service"
    OWN_PART = "own-part"


EFFECT_LABELS = {
    Effect.CONVENTION: "la convention et ce qui en tourne",
    Effect.SERVICE: "un service, noté sur sa page",
    Effect.OWN_PART: "sa part seulement ; les services continuent",
}
"""What an ending stops, in a person's words."""


@dataclass(frozen=True, slots=True)
class EndingRule:
    """A way to end: its key and ground in French, the roles that may (`by`), when, and what it stops.

    `notice_months` None is the notice of the convention itself; `after_days` goes with a formal notice; `refunds`:
    what was paid for a time that is not served is given back.
    """

    key: str
    ground: str
    by: tuple[str, ...]
    at: Moment
    effect: Effect
    notice_months: int | None = None
    after_days: int | None = None
    refunds: bool = False

    @property
    def needs_reason(self) -> bool:
        """Whether the party says why, beyond the ground: not when it lets a term or a year end."""
        return self.at not in {Moment.TERM, Moment.DUE_DATE}

    def when(self, own: int) -> str:
        """When it takes effect, in French, where the notice of the convention itself is `own` months."""
        months = self.months(own)
        notice = f"préavis de {months} mois" if months else "sans préavis"
        return {
            Moment.TERM: f"à la fin de la période en cours, {notice}",
            Moment.DUE_DATE: f"à l'échéance annuelle, {notice}",
            Moment.NOTICE: notice,
            Moment.FORMAL_NOTICE: f"{self.after_days} jours après une mise en demeure",
        }[self.at]

    def months(self, own: int) -> int:
        """The months of notice, where those of the convention itself are `own`."""
        return own if self.notice_months is None else self.notice_months


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a convention lasts: in force from `in_force_on`, for `years`, renewed tacitly up to `renewals` times,
    with its own notice in months."""

    in_force_on: date
    years: int
    renewals: int
    notice_months: int

    @property
    def terms(self) -> tuple[Term, ...]:
        return terms_of(self.in_force_on, self.years, self.renewals)

    def term_of(self, day: date) -> Term | None:
        """The term that holds a day; None outside of all."""
        return next((term for term in self.terms if term.starts_on <= day <= term.ends_on), None)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an ending does: the last day with its computation, and every other day that counts with its reason."""

    rule: EndingRule
    last_day: date
    why: str
    reasons: tuple[str, ...]


class EndingError(ValueError):
    """An ending that the text does not give; its words are for users."""


def default_rules(roles: Sequence[str]) -> tuple[EndingRule, ...]:
    """The rules of a text that writes none: any party refuses the renewal or terminates, with the convention's own
    notice."""
    by = tuple(roles)
    return (
        EndingRule("refusal-to-renew", "opposition à la reconduction tacite", by, Moment.TERM, Effect.CONVENTION),
        EndingRule("termination", "résiliation avec préavis", by, Moment.NOTICE, Effect.CONVENTION),
    )


def foresee(
    rule: EndingRule,
    lasting: Lasting,
    *,
    received_on: date,
    formal_on: date | None = None,
    anchor_on: date | None = None,
) -> Foreseen:
    """What a notice received on a day does. `formal_on` is the day of the formal notice, `anchor_on` the first day of
    the service that is ended (None: the convention's own).

    Raises EndingError when the convention has ended by then, when the notice came too late, or when there is nothing
    to refuse.
    """
    term = lasting.term_of(received_on)
    if term is None:
        last = lasting.terms[-1].ends_on
        raise EndingError(
            f"La convention dure du {lasting.in_force_on:%d/%m/%Y} au {last:%d/%m/%Y} : rien n'y met fin le"
            f" {received_on:%d/%m/%Y}."
        )
    held = _term_text(term)
    if rule.at is Moment.TERM:
        return _at_term(rule, lasting, term, held, received_on)
    deadline = _deadline(rule, lasting, received_on, formal_on, anchor_on)
    longest = lasting.terms[-1]
    if longest.ends_on < deadline.day:
        why = f"{deadline.why}, ramené au terme du {longest.ends_on:%d/%m/%Y}"
        deadline = Deadline(longest.ends_on, why)
    return Foreseen(rule, deadline.day, deadline.why, (held, *_after(rule)))


def _deadline(
    rule: EndingRule, lasting: Lasting, received_on: date, formal_on: date | None, anchor_on: date | None
) -> Deadline:
    months = rule.months(lasting.notice_months)
    if rule.at is Moment.DUE_DATE:
        return end_at_due_date(anchor_on or lasting.in_force_on, received_on, months)
    if rule.at is Moment.FORMAL_NOTICE:
        if formal_on is None:
            raise EndingError("Quel jour la mise en demeure a-t-elle été reçue ?")
        if formal_on > received_on:
            raise EndingError("La mise en demeure vient avant la résiliation.")
        if formal_on < lasting.in_force_on:
            raise EndingError(
                f"La convention n'est en vigueur que depuis le {lasting.in_force_on:%d/%m/%Y} : une mise en demeure"
                " reçue avant ne reproche rien qu'elle oblige à faire."
            )
        return end_after_formal_notice(formal_on, received_on, rule.after_days or 0)
    return end_after_notice(received_on, months)


def _at_term(rule: EndingRule, lasting: Lasting, term: Term, held: str, received_on: date) -> Foreseen:
    if term.number == lasting.renewals:
        raise EndingError("Il n'y a pas de reconduction à dénoncer : la convention s'arrête à son terme.")
    months = rule.months(lasting.notice_months)
    last = last_notice_day(term.ends_on, months)
    if received_on > last:
        raise EndingError(
            f"Le préavis est de {months} mois : la dénonciation devait être reçue au plus tard le {last:%d/%m/%Y}."
            " La convention est reconduite ; une résiliation reste possible."
        )
    why = f"dénonciation reçue le {received_on:%d/%m/%Y}, au plus tard le {last:%d/%m/%Y} : terme inchangé"
    return Foreseen(rule, term.ends_on, why, (held, *_after(rule)))


def _term_text(term: Term) -> str:
    number = "première période" if term.number == 0 else f"reconduction n° {term.number}"
    return f"Le jour de la réception est dans la {number}, du {term.starts_on:%d/%m/%Y} au {term.ends_on:%d/%m/%Y}."


def _after(rule: EndingRule) -> list[str]:
    said = {
        Effect.CONVENTION: "Tout ce qui tourne de la convention s'arrête ce jour-là, sauf ce qui est payé d'avance.",
        Effect.SERVICE: "Ce service s'arrête ce jour-là ; le reste de la convention demeure.",
        Effect.OWN_PART: "Les services continuent : seule la part de cet émetteur s'arrête ce jour-là.",
    }
    back = ["Les sommes payées pour une période qui n'est pas servie sont rendues."] if rule.refunds else []
    return [said[rule.effect], *back]
