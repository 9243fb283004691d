"""The letter that tells a body of a deadline of its convention: the dates, their computation, what to do."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.following.queries.deadline_rules import DeadlineKind
from tripartite.pricing.calendar import Term, last_notice_day, terms_of
from tripartite.pricing.french import day_text
from tripartite.quotes.printout.parts import Contact, IssuerIdentity, Recipient
from tripartite.quotes.printout.wording import issuer_json, recipient_json

LETTER_MODEL = "letter-2026-11-25"
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Service:
    """What runs, as the letter lists it: name and quantity; `until` for what is prepaid beyond the convention."""

    name: str
    quantity: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """Who writes to whom, when and where from. A draft says so across the page."""

    sender: IssuerIdentity
    recipient: Recipient
    contact: Contact | None
    issued_on: date
    place: str
    draft: bool = False
    style: PaperStyle = PLAIN

    def titled(self, subject: str) -> str:
        return f"{subject} — {self.recipient.name}"

    def head_json(self, kind: str, model: str, subject: str, paragraphs: Sequence[str]) -> dict[str, Any]:
        """What a letter says before what is its own, for JSON, and its style."""
        return {
            "kind": kind,
            "model": model,
            "title": self.titled(subject),
            "draft": self.draft,
            "issued_on": self.issued_on.isoformat(),
            "issued_on_text": day_text(self.issued_on),
            "place": self.place,
            "subject": subject,
            "sender": issuer_json(self.sender),
            "recipient": recipient_json(self.recipient),
            "contact": self.contact and {"name": self.contact.name, "function": self.contact.function},
            "paragraphs": list(paragraphs),
            **self.style.as_payload(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper(LetterHead):
    """All that the letter says. Days are inclusive."""

    reference: str
    subject: str
    paragraphs: tuple[str, ...]
    dates: tuple[Row, ...]
    computation: tuple[str, ...]
    steps: tuple[str, ...]
    services: tuple[Service, ...]

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return LETTER_MODEL

    @property
    def title(self) -> str:
        return self.titled(self.subject)

    def as_payload(self) -> dict[str, Any]:
        """The paper for JSON, as its model reads it."""
        return self.head_json("letter", self.model, self.subject, self.paragraphs) | {
            "reference": self.reference,
            "dates": [list(row) for row in self.dates],
            "computation": list(self.computation),
            "steps": list(self.steps),
            "services": [
                {
                    "name": one.name,
                    "quantity": one.quantity,
                    "until": one.until and day_text(one.until),
                }
                for one in self.services
            ],
        }


def deadline_letter(
    *,
    kind: DeadlineKind,
    day: date,
    why: str,
    convention: Any,
    parties: Sequence[str],
    sender: IssuerIdentity,
    recipient: Recipient,
    contact: Contact | None,
    place: str,
    issued_on: date,
    services: Sequence[Service],
    draft: bool = False,
    style: PaperStyle = PLAIN,
) -> LetterPaper:
    """The letter for a deadline of a convention: its end, or its tacit renewal and the last day to refuse it.

    `parties` are the names of the other parties, `why` the computation of the day. Raises ValueError when the day is
    not one of that convention's.
    """
    between = f"{', '.join(parties)} et {recipient.name}"
    since = day_text(convention.in_force_on)
    opening = f"La convention {convention}, entre {between}, est en vigueur depuis le {since}."
    if kind is DeadlineKind.CONVENTION_END:
        subject, said = f"Fin de la convention {convention} le {day_text(day)}", _ending(convention, day, recipient)
    else:
        subject, said = (
            f"Reconduction tacite de la convention {convention}",
            _renewing(convention, kind, day, recipient),
        )
    paragraph, dates, steps, computation = said
    return LetterPaper(
        sender=sender,
        recipient=recipient,
        contact=contact,
        issued_on=issued_on,
        place=place,
        reference=str(convention),
        subject=subject,
        paragraphs=(opening, paragraph),
        dates=dates,
        computation=computation or (_sentence(why),),
        steps=steps,
        services=tuple(services),
        draft=draft,
        style=style,
    )


Said = tuple[str, tuple[Row, ...], tuple[str, ...], tuple[str, ...]]


def _ending(convention: Any, day: date, recipient: Recipient) -> Said:
    paragraph = f"Elle s'achève le {day_text(day)}, ce jour compris. Elle n'est plus reconduite."
    dates = (("En vigueur depuis le", day_text(convention.in_force_on)), ("Dernier jour", day_text(day)))
    steps = (
        (
            f"Pour que les services continuent sans interruption, {recipient.name} fait une nouvelle demande : devis,"
            f" délibération et convention signée des trois parties avant le {day_text(day + timedelta(days=1))}."
        ),
        (
            "Sans nouvelle convention, les services s'arrêtent ce jour-là ; ce qui est prépayé va jusqu'à la fin de son"
            " terme."
        ),
    )
    return paragraph, dates, steps, ()


def _renewing(convention: Any, kind: DeadlineKind, day: date, recipient: Recipient) -> Said:
    now, then = _around(convention, kind, day)
    notice = last_notice_day(now.ends_on, convention.notice_months)
    paragraph = (
        f"Son terme s'achève le {day_text(now.ends_on)}, ce jour compris. Sauf dénonciation, elle est reconduite"
        f" tacitement du {day_text(then.starts_on)} au {day_text(then.ends_on)}, aux mêmes conditions."
    )
    dates = (
        ("Terme actuel", f"du {day_text(now.starts_on)} au {day_text(now.ends_on)}"),
        ("Dernier jour pour dénoncer", day_text(notice)),
        ("Reconduction", f"du {day_text(then.starts_on)} au {day_text(then.ends_on)}"),
    )
    steps = (
        f"Si {recipient.name} souhaite la reconduction, il n'y a rien à faire.",
        (
            f"Sinon, sa dénonciation écrite doit être reçue le {day_text(notice)} au plus tard, comme le prévoit la"
            " convention."
        ),
    )
    computation = (
        _sentence(now.why),
        f"Préavis de {convention.notice_months} mois avant ce terme : reçu au plus tard le {day_text(notice)}.",
        _sentence(f"reconduction, {then.why}"),
    )
    return paragraph, dates, steps, computation


def _around(convention: Any, kind: DeadlineKind, day: date) -> tuple[Term, Term]:
    """The term that ends, and the one that would follow it."""
    terms = terms_of(convention.in_force_on, convention.years, convention.tacit_renewals)
    for now, then in itertools.pairwise(terms):
        notice = last_notice_day(now.ends_on, convention.notice_months)
        if day == (notice if kind is DeadlineKind.NOTICE else then.starts_on):
            return now, then
    raise ValueError(f"{convention}: {day}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
