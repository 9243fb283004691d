"""Statements: a file sent, its columns said once, what each line would pay, then recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.queries.matching import MOVEMENT_LABELS, Fate, Proposed, proposed
from tripartite.billing.queries.statements import (
    kept_columns,
    read_lines,
    recording_of,
    rows_of,
    statement_by_id,
    statement_columns,
    statement_list,
)
from tripartite.billing.services.statement_units import note_statement
from tripartite.billing.services.statements import (
    drop_statement,
    keep_statement,
    proposals_mark,
    read_statement_file,
    set_statement_columns,
)
from tripartite.billing.statements.lines import SEARCHED, header_with, likely_columns, likely_header, titles_of
from tripartite.billing.statements.values import STATEMENT_COLUMN_LABELS, Columns, StatementKind
from tripartite.jobs.queries import progress_of, units_of
from tripartite.jobs.states import UNFINISHED, UnitState
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.pricing.french import counted
from tripartite.pricing.money import euros
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.billing.statement_forms import ColumnsForm, RecordForm, StatementForm
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404

if TYPE_CHECKING:
    from tripartite.billing.models import Statement
    from tripartite.jobs.models import Job

PAGE = 25
LINES = 50
FIRST = 6
"""How many lines are shown under the titles while columns are chosen."""
BADGES = {
    Fate.PAYS: "good",
    Fate.REPAYS: "good",
    Fate.UNKNOWN: "wait",
    Fate.KNOWN: "quiet",
    Fate.TWIN: "bad",
    Fate.LEFT: "quiet",
}


class Total(NamedTuple):
    """How many lines of a statement share a fate, and their sum in cents."""

    fate: str
    label: str
    lines: int
    cents: int


@require_GET
@requires(Action.BILLING_READ)
def list_statements(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, form: StatementForm | None = None, status: int = 200) -> HttpResponse:
    issuer = own_issuer(request)
    context = {
        "issuer": issuer,
        "page": Paginator(statement_list(issuer.code), PAGE).get_page(request.GET.get("page")),
        "form": form or StatementForm(),
        "can": can(request),
    }
    return render(request, "web/billing/statements.html", context, status=status)


@require_POST
@requires(Action.PAYMENT_RECORD)
def send(request: HttpRequest) -> HttpResponse:
    """Keep a statement, to be seen before anything of it is recorded."""
    form = StatementForm(request.POST, request.FILES)
    sent = act_on(request, lambda: _received(request, form), form=form, field="file")
    return sent or _list(request, form, status=422)


def _received(request: HttpRequest, form: StatementForm) -> HttpResponse:
    issuer, upload = own_issuer(request).code, form.cleaned_data["file"]
    file = read_statement_file(
        issuer=issuer, name=upload.name or "", content=upload.read(MAX_BYTES + 1), on=timezone.localdate()
    )
    kept, again = keep_statement(issuer=issuer, file=file, actor=actor_of(request), at=timezone.now())
    words = "Ce relevé est déjà ici." if again else "Relevé lu : rien n'est encore noté."
    return say_done(request, words, "statement", kept.pk)


def _own(request: HttpRequest, statement_id: int, action: Action) -> Statement:
    found = or_404(statement_by_id(statement_id))
    check_right(request, action, found.issuer)
    return found


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest, statement_id: int) -> HttpResponse:
    """What each line would pay; first, what its columns say."""
    statement = _own(request, statement_id, Action.BILLING_READ)
    job = recording_of(statement.pk)
    if job is not None and job.state in UNFINISHED:
        return _recording(request, statement, job)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Refresh": "true"})
    said = statement_columns(statement)
    if not said or (statement.kind == StatementKind.TABLE and "colonnes" in request.GET):
        return _ask_columns(request, statement)
    return _preview(request, statement, said, job)


def _recording(request: HttpRequest, statement: Statement, job: Job) -> HttpResponse:
    """How far the job that records it is, alone for the page that asks again; no line is read meanwhile."""
    live = request.headers.get("HX-Request") == "true"
    context = {"statement": statement, "job": job, "progress": progress_of(job), "live": live}
    return render(request, f"web/billing/statement_{'live' if live else 'recording'}.html", context)


def _preview(request: HttpRequest, statement: Statement, said: Columns, job: Job | None) -> HttpResponse:
    today = timezone.localdate()
    movements, faults = read_lines(statement.kind, rows_of(statement), said, account=statement.account, on=today)
    found = proposed(statement.issuer, movements)
    initial = {"seen": proposals_mark(statement, found), "aside": statement.kind == StatementKind.TABLE}
    only = request.GET.get("sort", "")
    shown = [one for one in found if not only or one.fate == only]
    context = {
        "statement": statement,
        "columns": [(STATEMENT_COLUMN_LABELS[name], title) for name, title in said.items()],
        "is_table": statement.kind == StatementKind.TABLE,
        "page": Paginator([(one, BADGES[one.fate]) for one in shown], LINES).get_page(request.GET.get("page")),
        "totals": list(_totals(found)),
        "faults": faults,
        "to_record": sum(one.fate in {Fate.PAYS, Fate.REPAYS, Fate.UNKNOWN} for one in found),
        "unknown": sum(one.fate is Fate.UNKNOWN for one in found),
        "form": RecordForm(initial=initial),
        "failures": list(units_of(job.pk, [UnitState.FAILED])) if job is not None else [],
        "can": can(request),
    }
    return render(request, "web/billing/statement.html", context)


def _totals(found: Iterable[Proposed]) -> Iterable[Total]:
    lines: Counter[Fate] = Counter()
    cents: Counter[Fate] = Counter()
    for one in found:
        lines[one.fate] += 1
        cents[one.fate] += one.movement.cents
    return (Total(fate.value, MOVEMENT_LABELS[fate], lines[fate], cents[fate]) for fate in Fate if lines[fate])


def _ask_columns(
    request: HttpRequest, statement: Statement, form: ColumnsForm | None = None, status: int = 200
) -> HttpResponse:
    rows, kept = rows_of(statement), kept_columns(statement.issuer)
    place = _header(request, statement)
    titles = titles_of(rows[place][1])
    said = kept if header_with(rows, kept) == place else likely_columns(titles)
    initial = {name.value: title for name, title in said.items()}
    context = {
        "statement": statement,
        "form": form or ColumnsForm(titles=titles, initial=initial),
        "header": rows[place][0],
        "headers": [(number, " ; ".join(cells)[:80]) for number, cells in rows[:SEARCHED]],
        "titles": titles,
        "first": [
            (number, [*cells, *[""] * (len(titles) - len(cells))]) for number, cells in rows[place + 1 :][:FIRST]
        ],
        "can": can(request),
    }
    return render(request, "web/billing/statement_columns.html", context, status=status)


def _header(request: HttpRequest, statement: Statement) -> int:
    """The place of the line that names the columns: the one asked for, that of the kept columns, or the likeliest."""
    rows = rows_of(statement)
    asked = request.POST.get("ligne") or request.GET.get("ligne") or ""
    numbers = [f"{number}" for number, _ in rows[:SEARCHED]]
    if asked in numbers:
        return numbers.index(asked)
    kept = header_with(rows, kept_columns(statement.issuer))
    return likely_header(rows) if kept is None else kept


@require_POST
@requires(Action.PAYMENT_RECORD)
def columns(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Keep what the columns say: proposed again for the next statements."""
    statement = _own(request, statement_id, Action.PAYMENT_RECORD)
    if statement.kind != StatementKind.TABLE:
        return redirect("statement", statement.pk)
    form = ColumnsForm(request.POST, titles=titles_of(rows_of(statement)[_header(request, statement)][1]))

    def act() -> HttpResponse:
        set_statement_columns(issuer=statement.issuer, columns=form.columns, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Colonnes gardées pour les prochains relevés.", "statement", statement.pk)

    return act_on(request, act, form=form) or _ask_columns(request, statement, form, status=422)


@require_POST
@requires(Action.PAYMENT_RECORD)
def note(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Record what the preview showed, and nothing else."""
    statement = _own(request, statement_id, Action.PAYMENT_RECORD)
    form = RecordForm(request.POST)

    def act() -> HttpResponse:
        made = note_statement(
            statement_id=statement.pk,
            aside=form.cleaned_data["aside"],
            seen=form.cleaned_data["seen"],
            on=timezone.localdate(),
            actor=actor_of(request),
            at=timezone.now(),
        )
        if made is None:
            return redirect("statement", statement.pk)
        aside = f", {euros(made.aside_cents)} à part" if made.aside_cents else ""
        words = f"Relevé noté : {counted(made.payments, 'paiement')}, {euros(made.shared_cents)} rapprochés{aside}."
        return say_done(request, words, "statement", statement.pk)

    answer = act_on(request, act) if form.is_valid() else None
    return answer or redirect("statement", statement.pk)


@require_POST
@requires(Action.PAYMENT_RECORD)
def drop(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Forget a statement of which nothing was recorded."""
    statement = _own(request, statement_id, Action.PAYMENT_RECORD)

    def act() -> HttpResponse:
        drop_statement(statement_id=statement.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Relevé oublié.", "statement-list")

    return act_on(request, act) or redirect("statement", statement.pk)
