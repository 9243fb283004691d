"""Who is past its day, and may be reminded: body by body, with what each was told already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from tripartite.billing.models import Invoice, Reminder
from tripartite.billing.queries.invoices import OWED
from tripartite.documents.queries import document_by_id
from tripartite.jobs.queries import JobProgress, last_job, progress_of, units_of
from tripartite.parties.queries.bodies import bearer_of, body_by_id, lineage_of


@dataclass(frozen=True, slots=True)
class Late:
    """What a body owes an issuer past its day, the oldest invoice first, those of bodies that it took in with its own;
    `days` go by between two reminders.
    """

    body: Any
    invoices: tuple[Invoice, ...]
    on: date
    days: int

    @property
    def owed_cents(self) -> int:
        return sum(one.owed_cents for one in self.invoices)

    @property
    def since(self) -> date:
        """The day that the oldest was to be paid."""
        return min(one.due_on for one in self.invoices)

    @property
    def rank(self) -> int:
        """Which reminder the next one is, of the invoice that had the most."""
        return max(rank_of(one) for one in self.due) if self.due else 0

    @property
    def due(self) -> list[Invoice]:
        """Those that may be reminded of that day."""
        return [one for one in self.invoices if next_reminder(one, self.days) <= self.on]

    @property
    def last_on(self) -> date | None:
        """The day of the last letter."""
        return max((last.reminded_on for one in self.invoices if (last := last_of(one))), default=None)

    @property
    def next_on(self) -> date:
        """The first day on which one of them may be reminded of."""
        return min(next_reminder(one, self.days) for one in self.invoices)


def last_of(invoice: Invoice) -> Reminder | None:
    """The last reminder of an invoice read with its reminders."""
    return max(invoice.reminders.all(), key=lambda one: one.rank, default=None)


def rank_of(invoice: Invoice) -> int:
    """Which reminder the next one would be."""
    last = last_of(invoice)
    return last.rank + 1 if last else 1


def next_reminder(invoice: Invoice, days: int) -> date:
    """The first day on which an invoice may be reminded of: once its day has passed, and some days after the last."""
    last = last_of(invoice)
    return invoice.due_on + timedelta(days=1) if last is None else last.reminded_on + timedelta(days=days)


def late_invoices(issuer: str, *, on: date) -> QuerySet[Invoice]:
    """The invoices of an issuer of which something is owed past its day, the oldest first."""
    found = Invoice.objects.filter(issuer=issuer, due_on__lt=on).annotate(left=OWED).filter(left__gt=0)
    return found.order_by("due_on", "fiscal_year", "rank")


def late_bodies(issuer: str, *, on: date, days: int) -> list[Late]:
    """The bodies that owe an issuer something past its day, by name, each for those that it took in: two queries,
    however many.
    """
    found: dict[Any, list[Invoice]] = {}
    for one in _with_debtors(late_invoices(issuer, on=on)):
        found.setdefault(bearer_of(one.body, on=on), []).append(one)
    late = [Late(body, tuple(several), on, days) for body, several in found.items()]
    return sorted(late, key=lambda one: (one.body.name, one.body.pk))


def late_of(issuer: str, body_id: int, *, on: date, days: int) -> Late:
    """What the body that bears on a day what a body had owes an issuer past its day; no invoice where nothing is."""
    if (body := body_by_id(body_id)) is None:
        return Late(None, (), on, days)
    heir = bearer_of(body, on=on)
    rows = _with_debtors(late_invoices(issuer, on=on).filter(body__in=lineage_of(heir.pk)))
    return Late(heir, tuple(one for one in rows if bearer_of(one.body, on=on) == heir), on, days)


def _with_debtors(found: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return found.select_related("body__merged_into", "revenue_order").prefetch_related("reminders")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was made: its paper, the body, what was owed of what it reminded of, how it went."""

    document_id: int
    body: Any
    reminded_on: date
    numbers: tuple[str, ...]
    owed_cents: int
    rank: int
    by_post: bool


def letters_of(issuer: str, *, most: int = 50) -> list[Letter]:
    """The latest letters of an issuer, the last one first: one query."""
    rows = Reminder.objects.filter(invoice__issuer=issuer, document__isnull=False)
    found: dict[int, list[Reminder]] = {}
    for one in rows.select_related("invoice__body").order_by("-reminded_on", "-document_id", "pk")[: most * 8]:
        found.setdefault(one.document_id or 0, []).append(one)
    return [_letter(key, several) for key, several in list(found.items())[:most]]


def _letter(document_id: int, rows: Collection[Reminder]) -> Letter:
    first = next(iter(rows))
    return Letter(
        document_id=document_id,
        body=first.invoice.body,
        reminded_on=first.reminded_on,
        numbers=tuple(one.invoice.number for one in rows),
        owed_cents=sum(one.owed_cents for one in rows),
        rank=max(one.rank for one in rows),
        by_post=first.by_post,
    )


@dataclass(frozen=True, slots=True)
class Reminding:
    """The latest job that reminded bodies of an issuer: its state, how far it is, what came of each."""

    job: Any
    progress: JobProgress
    units: list[Any]


def last_reminding(issuer: str, kind: str) -> Reminding | None:
    """The latest job of that kind of an issuer: two queries."""
    job = last_job(kind, issuer=issuer)
    return Reminding(job, progress_of(job), list(units_of(job.pk))) if job else None


def letter_paper(issuer: str, document_id: int) -> Any:
    """The paper of a reminder of an issuer; None for any other paper."""
    found = document_by_id(document_id)
    return found if found and (found.kind, found.issuer) == ("reminder", issuer) else None
