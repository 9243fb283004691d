"""A run: what it would bill, part after part; starting it; what came of it; trying again what failed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.queries.invoices import run_by_id, run_list, run_outcomes, run_progress
from tripartite.billing.queries.preparing import Asked, Prepared, billable_parts, prepare
from tripartite.billing.queries.settings import settings_lacks, settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.issuing import draft_invoice, shown_cents
from tripartite.billing.services.running import start_run, unit_words
from tripartite.billing.states import FATE_LABELS, Anomaly, Fate
from tripartite.jobs.services.starting import retry_failed
from tripartite.jobs.states import UNFINISHED, JobState, UnitState
from tripartite.parties.queries.folding import fold
from tripartite.sheets import Cell, Cents
from tripartite.typed import whole_number
from tripartite.web.billing.forms import CLEAN, NarrowForm, RunForm
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on
from tripartite.web.shell.answers import or_404, pdf_answer
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.billing.models import BillingRun

PART = 60
"""Bodies read at once: a preview of a département comes part after part."""
PAGE = 50
FATE_BADGES = {
    Fate.ISSUE: "good",
    Fate.CREDIT: "wait",
    Fate.WAIT: "quiet",
    Fate.BLOCKED: "bad",
    Fate.NOTHING: "quiet",
}
JOB_BADGES = {
    JobState.QUEUED: "quiet",
    JobState.RUNNING: "wait",
    JobState.DONE: "good",
    JobState.DONE_WITH_FAILURES: "bad",
    JobState.ABANDONED: "quiet",
}
MENDED_AT = {
    Anomaly.ISSUER_LACKS: "billing-settings",
    Anomaly.NO_VAT: "grid-current",
    Anomaly.UNPRICED: "price-list",
}
"""Where an anomaly is put right, by the name of an address; the others, on the page of the body."""
COLUMNS = (
    *("structure", "convention", "SIRET", "ce qui en sera fait", "lignes", "HT", "TVA", "TTC", "avoirs, TTC"),
    *("l'an dernier", "à savoir"),
)
TOTALS = ("units", "issued", "net", "vat", "gross")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of a preview as a line shows it. Amounts are cents; `value` is what ticking it says."""

    one: Prepared

    @property
    def words(self) -> str:
        return unit_words(self.one)

    @property
    def gross(self) -> int:
        return self.one.gross_cents

    @property
    def label(self) -> str:
        return FATE_LABELS[self.one.fate]

    @property
    def badge(self) -> str:
        return FATE_BADGES[self.one.fate]

    @property
    def chosen(self) -> bool:
        """Whether something would be issued: what can be ticked."""
        return self.one.fate in (Fate.ISSUE, Fate.CREDIT)

    @property
    def value(self) -> str:
        return f"{self.one.unit}={shown_cents(self.one)}"

    @property
    def findings(self) -> list[tuple[Any, str]]:
        """Each anomaly, with the name of the address where it is put right (« »: on the page of the body)."""
        return [(found, MENDED_AT.get(found.anomaly, "")) for found in self.one.findings]


@require_GET
@requires(Action.BILLING_READ)
def preview(request: HttpRequest) -> HttpResponse:
    """What a run would bill: the page with its first part, a later part alone for the page that asks, or a file."""
    issuer, today = own_issuer(request), timezone.localdate()
    asking = bool(request.GET.get("until"))
    form = RunForm(request.GET) if asking else RunForm(initial={"until": today})
    narrow = NarrowForm(request.GET)
    settings = settings_on(issuer.code, today)
    context: dict[str, Any] = {
        "issuer": issuer,
        "form": form,
        "narrow": narrow,
        "settings": settings,
        "lacks": settings_lacks(settings) if settings else [],
        "can": can(request),
        "asked": False,
    }
    if asking and form.is_valid() and narrow.is_valid() and settings is not None:
        asked = Asked(issuer.code, form.cleaned_data["until"], today, tuple(form.cleaned_data["kind"]))
        wanted = narrow.cleaned_data["q"], narrow.cleaned_data["anomaly"]
        if layout := wanted_layout(request):
            rows = (_exported(row) for row in _narrowed(prepare(asked), *wanted))
            return export(f"apercu-{issuer.code}-{asked.until:%Y-%m-%d}", COLUMNS, rows, layout)
        context |= {"asked": True, "until": asked.until, "ticked": "vides" not in request.GET}
        context |= _part(request, asked, *wanted)
    return render(request, f"web/billing/{'preview_part' if _later(request) else 'preview'}.html", context)


@require_GET
@requires(Action.BILLING_READ)
def draft(request: HttpRequest) -> HttpResponse:
    """The invoice that a unit of a preview would be, as a draft; page 404 where there would be none."""
    issuer, form = own_issuer(request), RunForm(request.GET)
    if not form.is_valid():
        return or_404(None)
    kinds, unit = tuple(form.cleaned_data["kind"]), request.GET.get("unit", "")
    try:
        pdf = draft_invoice(Asked(issuer.code, form.cleaned_data["until"], timezone.localdate(), kinds, unit))
    except BillingError:
        return or_404(None)
    return pdf_answer(pdf, f"projet-facture-{slugify(unit)}.pdf")


def _later(request: HttpRequest) -> bool:
    """Whether the page asks for one more part."""
    return request.headers.get("HX-Request") == "true" and "part" in request.GET


def _part(request: HttpRequest, asked: Asked, text: str, anomaly: str) -> dict[str, Any]:
    """The rows of one part, the totals of all parts so far, and the address of the next one."""
    parts, number = billable_parts(PART), whole_number(request.GET.get("part", "1"), digits=5) or 1
    rows = list(_narrowed(prepare(asked, parts[number - 1]), text, anomaly)) if 1 <= number <= len(parts) else []
    totals = _so_far(request) if number > 1 else dict.fromkeys(TOTALS, 0)
    for row in rows:
        billed = row.chosen and row.one.invoices
        totals["units"] += 1
        totals["issued"] += row.chosen
        for name, cents in zip(TOTALS[2:], row.one.split, strict=True):
            totals[name] += cents if billed else 0
    query = request.GET.copy()
    query["part"] = str(number + 1)
    query["so_far"] = ",".join(str(totals[name]) for name in TOTALS)
    return {
        "rows": rows,
        "totals": totals,
        "next": f"?{query.urlencode()}" if number < len(parts) else "",
        "number": number,
        "parts": len(parts),
    }


def _so_far(request: HttpRequest) -> dict[str, int]:
    """The totals of the parts already shown, as their last one said them in the address of this one."""
    told = [_signed(one) or 0 for one in request.GET.get("so_far", "").split(",")]
    return dict(zip(TOTALS, [*told, *[0] * len(TOTALS)], strict=False))


def _signed(typed: str) -> int | None:
    """Cents as the page itself wrote them, below zero or not."""
    cents = whole_number(typed.removeprefix("-"), digits=15)
    return cents if cents is None or not typed.startswith("-") else -cents


def _narrowed(found: Iterable[Prepared], text: str, anomaly: str) -> Iterator[Row]:
    """The rows that have something to say, by name and by anomaly."""
    words = [fold(word) for word in text.split()]
    for one in found:
        known = {each.anomaly.value for each in one.findings} or {CLEAN}
        name = fold(f"{one.body.name} {one.number}")
        if one.fate is not Fate.NOTHING and (not anomaly or anomaly in known) and all(word in name for word in words):
            yield Row(one)


def _exported(row: Row) -> list[Cell]:
    one = row.one
    return [
        one.body.name,
        one.number,
        one.body.siret or "",
        row.label,
        len(one.items),
        *(Cents(cents) for cents in one.split),
        Cents(one.credited_cents),
        None if one.before_cents is None else Cents(one.before_cents),
        " ; ".join(f"{found.label} : {found.words}" for found in one.findings),
    ]


@require_POST
@requires(Action.BILLING_RUN)
def start(request: HttpRequest) -> HttpResponse:
    """Issue what is ticked, once it was said how many invoices that makes, and for how much."""
    issuer, form = own_issuer(request), RunForm(request.POST)
    chosen = dict(_ticked(request.POST.getlist("unit")))
    back = f"{request.path.removesuffix('emettre/')}?{urlencode(_asked_again(request), doseq=True)}"
    if not form.is_valid() or not chosen:
        messages.error(request, "Cochez au moins une facture à émettre.")
        return redirect(back)
    if "confirmed" not in request.POST:
        context = {
            "issuer": issuer,
            "form": form,
            "back": back,
            "until": form.cleaned_data["until"],
            "units": request.POST.getlist("unit"),
            "count": len(chosen),
            "total": sum(cents or 0 for cents in chosen.values()),
        }
        return render(request, "web/billing/confirm_run.html", context)

    def act() -> HttpResponse:
        made = start_run(
            issuer=issuer.code,
            until=form.cleaned_data["until"],
            on=timezone.localdate(),
            frequencies=form.cleaned_data["kind"],
            chosen=chosen,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return redirect("billing-run", made.pk)

    return act_on(request, act) or redirect(back)


def _ticked(values: Collection[str]) -> Iterator[tuple[str, int | None]]:
    """Each unit that is ticked, with the amount that the preview showed."""
    for value in values:
        unit, _, cents = value.partition("=")
        if unit:
            yield unit, _signed(cents)


def _asked_again(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in ("until", "kind")}


def run_lines(found: Iterable[BillingRun]) -> list[tuple[BillingRun, str]]:
    """Runs as lists show them: each with the badge of its state."""
    return [(one, JOB_BADGES[JobState(one.job.state)] if one.job else "quiet") for one in found]


@require_GET
@requires(Action.BILLING_READ)
def list_runs(request: HttpRequest) -> HttpResponse:
    page = Paginator(run_list(own_issuer(request).code), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "runs": run_lines(page.object_list), "can": can(request)}
    return render(request, "web/billing/runs.html", context)


OUTCOMES = (
    ("emises", "Émises"),
    ("sans-facture", "Sans facture"),
    ("refusees", "Refusées"),
    ("reste", "Reste à faire"),
)


@require_GET
@requires(Action.BILLING_READ)
def show_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The page of a run, or its live part alone when the page asks for it again."""
    run = _own_run(request, run_id)
    found, progress = run_outcomes(run), run_progress(run)
    queues: dict[str, list[Any]] = {code: [] for code, _ in OUTCOMES}
    for one in found:
        queues[_queue(one)].append(one)
    wanted = request.GET.get("file", "")
    page = Paginator(queues.get(wanted, found), PAGE).get_page(request.GET.get("page"))
    job, live = run.job, request.headers.get("HX-Request") == "true"
    context = {
        "run": run,
        "job": job,
        "badge": JOB_BADGES[JobState(job.state)] if job else "quiet",
        "progress": progress,
        "page": page,
        "lines": [(one, _queue(one)) for one in page.object_list],
        "tabs": [(code, label, len(queues[code])) for code, label in OUTCOMES],
        "queue": wanted if wanted in queues else "",
        "billed": sum(one.invoice.gross_cents for one in queues["emises"]),
        "unfinished": job is not None and job.state in UNFINISHED,
        "can_retry": bool(queues["refusees"])
        and job is not None
        and job.state != JobState.ABANDONED
        and can(request)["run"],
        "live": live,
    }
    return render(request, f"web/billing/{'run_live' if live else 'run'}.html", context)


def _queue(one: Any) -> str:
    if one.unit.state == UnitState.FAILED:
        return "refusees"
    if one.unit.state == UnitState.TODO:
        return "reste"
    return "emises" if one.invoice else "sans-facture"


def _own_run(request: HttpRequest, run_id: int) -> BillingRun:
    found = or_404(run_by_id(run_id))
    check_right(request, Action.BILLING_READ, found.issuer)
    return found


@require_POST
@requires(Action.BILLING_RUN)
def retry(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _own_run(request, run_id)

    def act() -> HttpResponse:
        retry_failed(job_id=or_404(run.job_id), actor=actor_of(request), at=timezone.now())
        return redirect("billing-run", run_id)

    return act_on(request, act) or redirect("billing-run", run_id)
