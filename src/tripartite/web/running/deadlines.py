"""« Échéances »: what falls due, month by month, and the paper that each step needs prepared."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.documents.queries import pdf_of
from tripartite.following.queries.deadline_rules import OF_CONVENTION
from tripartite.following.queries.deadlines import Deadline, Prepared, deadline_by_key, letter_by_id, told
from tripartite.following.queries.feeds import living_feed, wants_digest
from tripartite.following.queries.outlines import Outline, outlines
from tripartite.following.queries.overdue import dismissals_of, overdue, overdue_outlines
from tripartite.following.services.digest import want_digest
from tripartite.following.services.dismissing import dismiss_deadline
from tripartite.following.services.preparing import keep_letter, letter_digest, prepare_renewal, preview_letter
from tripartite.pricing.french import MONTHS, counted
from tripartite.sheets import Cell
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.typed import day_within
from tripartite.web.running.forms import DeadlineFilter, DismissForm
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on
from tripartite.web.shell.answers import or_404, pdf_answer
from tripartite.web.shell.exports import export, wanted_layout
from tripartite.web.shell.held_by_group import service_names

PAGE, LATE = 50, 20
"""How many a page shows, and how many of those that are late: the oldest, unless all are asked for."""
USUAL, MOST = timedelta(days=183), timedelta(days=366 * 10)
COLUMNS = (
    "jour",
    "genre",
    "collectivité",
    "SIREN",
    "intercommunalité",
    "objet",
    "calcul",
    "qui agit",
    "papier à préparer",
    "préparé",
)


@requires(Action.DEADLINE_READ)
def list_deadlines(request: HttpRequest) -> HttpResponse:
    """The coming half-year, unless said otherwise, grouped by month."""
    today = timezone.localdate()
    since, until = _window(request, today)
    found, (overdue_ones, prepared) = outlines(since=since, until=until), overdue_outlines(on=today)
    names = service_names(today)
    bodies = [one.body for one in (*overdue_ones, *found)]
    territories = {body.epci.siren: body.epci.name for body in bodies if body.epci}
    form = DeadlineFilter(
        request.GET,
        services=names.items(),
        epci=sorted(territories.items(), key=lambda pair: pair[1]),
        initial={"since": since, "until": until},
    )
    readable = form.is_valid()
    words = form.cleaned_data.get("q", "").lower().split()
    kept: Sequence[Outline | Deadline] = [one for one in found if _matches(one, form.cleaned_data)]
    if words:
        kept = [one for one in _told(kept) if _says(one, words)]
    late: Sequence[Outline | Deadline] = [one for one in overdue_ones if _matches(one, form.cleaned_data)]
    if words:
        late = [one for one in _told(late, prepared) if _says(one, words)]
    if readable and (layout := wanted_layout(request)):
        everything = {one.key: one for one in (*_told(late, prepared), *_told(kept))}.values()
        return export(f"echeances-{since:%Y-%m-%d}-{until:%Y-%m-%d}", COLUMNS, map(_row, everything), layout)
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "months": _months(_told(list(page.object_list))),
        "late": _told(late if "retards" in request.GET else late[:LATE], prepared),
        "late_in_all": len(late),
        "since": since,
        "until": until,
        "today": today,
        "filtered": bool(request.GET),
        "feed": living_feed(_account(request), "deadlines"),
        "digest": wants_digest(_account(request)),
    }
    return render(request, "web/running/deadlines/list.html", context, status=200 if readable else 422)


def _account(request: HttpRequest) -> int:
    assert request.user.pk is not None  # noqa: S101 - the guard let an account in
    return request.user.pk


def _window(request: HttpRequest, today: date) -> tuple[date, date]:
    """The days asked for, ten years at most; a half-year from today otherwise."""
    since = _day(request.GET.get("since", "")) or today
    until = _day(request.GET.get("until", "")) or since + USUAL
    return since, max(since, min(until, since + MOST))


def _day(text: str) -> date | None:
    return day_within(text.strip())


def _told(found: Sequence[Outline | Deadline], prepared: Mapping[str, Prepared] | None = None) -> list[Deadline]:
    """With their words, those that have none yet: outlines cost little, and only what is shown is told."""
    bare = {one.key: one for one in found if isinstance(one, Outline)}
    words = {one.key: one for one in told(list(bare.values()), prepared)}
    return [words[one.key] if isinstance(one, Outline) else one for one in found]


def _matches(one: Outline | Deadline, wanted: dict[str, Any]) -> bool:
    if wanted.get("genre") and one.kind != wanted["genre"]:
        return False
    if wanted.get("epci") and (one.body.epci is None or one.body.epci.siren != wanted["epci"]):
        return False
    return not wanted.get("service") or wanted["service"] in one.services


def _says(one: Deadline, words: Collection[str]) -> bool:
    said = f"{one.body.name} {one.body.siren} {one.what} {one.kind_label} {one.reference}".lower()
    return all(word in said for word in words)


def _months(found: Iterable[Deadline]) -> list[tuple[str, list[Deadline]]]:
    """The deadlines of a page under the name of their month."""
    return [
        (f"{MONTHS[month - 1]} {year}", list(each))
        for (year, month), each in groupby(found, key=lambda one: (one.day.year, one.day.month))
    ]


def _row(one: Deadline) -> list[Cell]:
    prepared = one.request.reference if one.request else counted(len(one.letters), "courrier") if one.letters else ""
    territory = one.body.epci.name if one.body.epci else ""
    said = [one.what, one.why, one.who, one.paper, prepared]
    return [one.day, one.kind_label, one.body.name, one.body.siren, territory, *said]


def deadline_or_404(key: str) -> Deadline:
    return or_404(deadline_by_key(key))


@requires(Action.DEADLINE_READ)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One deadline: the computation, who acts, what is prepared and what can be."""
    one, today = deadline_or_404(key), timezone.localdate()
    dismissed = dismissals_of([key]).get(key)
    late = dismissed is None and one.day < today and key in {each.key for each in overdue(on=today)}
    letter = one.kind in OF_CONVENTION
    prepares = may(request.user, Action.DEADLINE_PREPARE)
    own = request.user.issuer.code  # type: ignore[union-attr]
    context = {
        "one": one,
        "today": today,
        "left": (one.day - today).days,
        "late": late,
        "dismissed": dismissed,
        "dismiss_form": DismissForm() if late and prepares else None,
        "letter": letter and prepares,
        "seen": letter_digest(key=key, sender=own, at=timezone.now()) if letter and prepares else "",
        "renewable": one.renewable and prepares and may(request.user, Action.REQUEST_CREATE),
    }
    return render(request, "web/running/deadlines/page.html", context)


@requires(Action.DEADLINE_PREPARE)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The letter of one's own issuer, marked as a draft."""
    try:
        content = preview_letter(key=key, sender=request.user.issuer.code, at=timezone.now())  # type: ignore[union-attr]
    except SubscriptionError:
        raise Http404 from None
    return pdf_answer(content, "projet-de-courrier.pdf")


@require_POST
@requires(Action.DEADLINE_PREPARE)
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the letter that was seen; send it too when the box is ticked."""
    send = "send" in request.POST

    def act() -> HttpResponse:
        keep_letter(
            key=key,
            sender=request.user.issuer.code,  # type: ignore[union-attr]
            seen=request.POST.get("seen", ""),
            send=send,
            actor=actor_of(request),
            at=timezone.now(),
        )
        where = "gardé dans le dossier et écrit à son contact" if send else "gardé dans le dossier"
        messages.success(request, f"Courrier {where}.")
        return _back(key)

    return act_on(request, act) or _back(key)


@require_POST
@requires(Action.DEADLINE_PREPARE)
def renew(request: HttpRequest, key: str) -> HttpResponse:
    """Make the request that renews; its page shows both quotes before they are issued."""
    check_right(request, Action.REQUEST_CREATE)

    def act() -> HttpResponse:
        made = prepare_renewal(key=key, actor=actor_of(request), at=timezone.now())
        return redirect("request", made.reference)

    return act_on(request, act) or _back(key)


@require_POST
@requires(Action.DEADLINE_PREPARE)
def dismiss(request: HttpRequest, key: str) -> HttpResponse:
    """Say that what is overdue needs nothing more, and why."""
    form = DismissForm(request.POST)

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        dismiss_deadline(key=key, reason=reason, actor=actor_of(request), at=timezone.now())
        messages.success(request, "Échéance classée. Le journal de la structure en garde le motif.")
        return redirect("deadline-list")

    return act_on(request, act, form=form) or _back(key)


def _back(key: str) -> HttpResponse:
    return redirect("deadline", key) if deadline_by_key(key) else redirect("deadline-list")


@requires(Action.DEADLINE_READ)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """A letter as it was kept."""
    found = or_404(letter_by_id(letter_id))
    return pdf_answer(pdf_of(found.document_id), f"courrier-{found.day:%Y-%m-%d}.pdf")


@require_POST
@requires(Action.DEADLINE_READ)
def digest(request: HttpRequest) -> HttpResponse:
    """Say whether one wants the weekly letter."""
    wanted = request.POST.get("wanted") == "yes"
    want_digest(account_id=_account(request), wanted=wanted, actor=actor_of(request), at=timezone.now())
    said = "Les échéances partiront chaque semaine à votre adresse." if wanted else "Plus de courriel d'échéances."
    messages.success(request, said)
    return redirect("deadline-list")
