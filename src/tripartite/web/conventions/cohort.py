"""Those who held the former « Mairie Connectée » pack: brought in, listed by progress, each made a request."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.conventions.queries.cohort import cohort_counts, cohort_list, former_by_id
from tripartite.conventions.services.cohort import PROGRAMME, import_cohort, turn_into_request
from tripartite.conventions.services.cohort_reading import CohortFile, CohortRefused, columns_of_list
from tripartite.conventions.states import PROGRESS_LABELS, Progress
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.pricing.french import counted
from tripartite.pricing.grid import Grid
from tripartite.sheets import Cell
from tripartite.tariffs.queries import grid_in_force, grids_in_force
from tripartite.typed import clean_line
from tripartite.web.conventions.forms import CohortFileForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import Layout, export, wanted_layout
from tripartite.web.shell.held_by_group import group_notices, service_names

PAGE = 25
BADGES = {Progress.TO_DO: "wait", Progress.IN_PROGRESS: "quiet", Progress.DONE: "good"}
COLUMNS = ("collectivité", "SIREN", "code INSEE", "début", "fin", "avancement", "demande", "convention")
RENEW = ("renew", "à renouveler, au tarif d'aujourd'hui")
RENEW_DUE = ("renew-due", "à renouveler, mise en service due de nouveau")
RENEW_SET_UP = ("renew-set-up", "à renouveler, déjà en place : mise en service non due")
OTHERS = (("in-service", "reste en service, rien à demander"), ("given-up", "abandonné"))
ASKED = ("", "à dire : la mise en service est-elle due ?")
DUE = {RENEW_DUE[0]: True, RENEW_SET_UP[0]: False}
CHOICE = "choix."
"""Before the code of a service, in the form that prepares a request."""


@requires(Action.CONVENTION_READ)
def list_cohort(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    text = clean_line(request.GET.get("q", ""))[:100]
    progress = request.GET.get("etat", "")
    found = cohort_list(text=text, progress=progress)
    names = service_names(today)
    if layout := wanted_layout(request):
        formers = list(found)
        codes = _codes_held(formers, names)
        columns = [*COLUMNS, *(names.get(code, code) for code in codes)]
        return export(f"mairie-connectee-{today:%Y-%m-%d}", columns, _rows(formers, codes), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(one, names) for one in page.object_list],
        "tabs": [
            {"code": one.value, "label": PROGRESS_LABELS[one], "count": count} for one, count in cohort_counts().items()
        ],
        "text": text,
        "progress": progress if progress in set(Progress) else "",
        "filtered": bool(request.GET),
        "may_import": may(request.user, Action.COHORT_IMPORT),
        "may_create": may(request.user, Action.REQUEST_CREATE),
    }
    return render(request, "web/conventions/cohort/list.html", context)


def _line(former: Any, names: dict[str, str]) -> dict[str, Any]:
    held = " ; ".join(f"{names.get(one.service, one.service)} × {_shown(one.quantity)}" for one in former.held.all())
    progress = Progress(former.progress)
    return {"former": former, "held": held, "badge": BADGES[progress], "label": PROGRESS_LABELS[progress]}


def _shown(quantity: str) -> str:
    return quantity.replace(".", ",")


def _codes_held(formers: Sequence[Any], names: dict[str, str]) -> list[str]:
    """The services that one of them held, in the order of the tariff; those that left it come last."""
    held = {one.service for former in formers for one in former.held.all()}
    return [*(code for code in names if code in held), *sorted(held - names.keys())]


def _rows(formers: Sequence[Any], codes: Sequence[str]) -> Iterator[list[Cell]]:
    for former in formers:
        held = {one.service: one.quantity for one in former.held.all()}
        yield [
            former.body.name,
            former.body.siren,
            former.body.code_insee,
            former.starts_on,
            former.ends_on,
            PROGRESS_LABELS[Progress(former.progress)],
            former.reference,
            former.convention_number,
            *(_number(held.get(code)) for code in codes),
        ]


def _number(quantity: str | None) -> Cell:
    return int(quantity) if quantity and quantity.isdigit() else quantity and _shown(quantity)


@requires(Action.COHORT_IMPORT)
def model_file(request: HttpRequest) -> HttpResponse:
    """A spreadsheet to fill in, whose titles are those that the import reads: of the only offer, or of `?offre=`."""
    grids = grids_in_force(timezone.localdate())
    offer = request.GET.get("offre", grids[0].offer if len(grids) == 1 else "")
    grid = or_404(next((one for one in grids if one.offer == offer), None))
    return export("anciens-conventionnes-modele", columns_of_list(grid), [], Layout.XLSX)


@requires(Action.COHORT_IMPORT)
def import_file(request: HttpRequest) -> HttpResponse:
    """Try a spreadsheet, or bring it in."""
    sent = request.method == "POST"
    grids = grids_in_force(timezone.localdate())
    offers = {grid.offer: grid.title for grid in grids} if len(grids) > 1 else {}
    form = CohortFileForm(request.POST, request.FILES, offers=offers) if sent else CohortFileForm(offers=offers)
    context: dict[str, Any] = {
        "form": form,
        "offers": offers,
        "services": [[service.name for service in grid.services.values()] for grid in grids],
    }
    if form.is_valid():
        upload = form.cleaned_data["file"]
        file = CohortFile(upload.name or "", upload.read(MAX_BYTES + 1))
        dry = "dry" in request.POST
        try:
            offer = form.cleaned_data.get("offer", "")
            report = import_cohort(file=file, actor=actor_of(request), at=timezone.now(), dry=dry, offer=offer)
        except CohortRefused as refused:
            return render(
                request, "web/conventions/cohort/import.html", context | {"findings": refused.findings}, status=422
            )
        if dry:
            return render(request, "web/conventions/cohort/import.html", context | {"report": report})
        counted_ones = ((report.added, "ajoutée"), (report.corrected, "corrigée"))
        said = [counted(len(names), word) for names, word in counted_ones]
        counts = ", ".join([*said, counted(report.unchanged, "inchangée")])
        messages.success(request, f"{PROGRAMME} : {counts}.")
        return redirect("cohort-list")
    return render(request, "web/conventions/cohort/import.html", context, status=422 if sent else 200)


def _former(former_id: int) -> Any:
    return or_404(former_by_id(former_id))


@requires(Action.CONVENTION_READ)
def show_former(request: HttpRequest, former_id: int) -> HttpResponse:
    former, today = _former(former_id), timezone.localdate()
    names = service_names(today)
    progress = Progress(former.progress)
    context = {
        "former": former,
        "badge": BADGES[progress],
        "label": PROGRESS_LABELS[progress],
        "rows": [
            {
                "code": one.service,
                "name": names.get(one.service, one.service),
                "quantity": _shown(one.quantity),
                "choices": _choices(former, one.service, grid_in_force(today, offer=former.offer)),
            }
            for one in former.held.all()
        ],
        "may_prepare": progress is Progress.TO_DO and may(request.user, Action.REQUEST_CREATE),
        "held_by_group": group_notices(
            former.body, {"lines": former.held.values("service")}, offer=former.offer, on=today
        ),
    }
    return render(request, "web/conventions/cohort/page.html", context)


def _choices(former: Any, service: str, grid: Grid | None) -> list[tuple[str, str]]:
    """What may become of a service; whether its going live is due again is asked where nobody said it."""
    if grid is None or not grid.is_set_up(service):
        return [RENEW, *OTHERS]
    said = {None: [ASKED, RENEW_DUE, RENEW_SET_UP], True: [RENEW_DUE, RENEW_SET_UP], False: [RENEW_SET_UP, RENEW_DUE]}
    return [*said[former.going_live_due], *OTHERS]


@require_POST
@requires(Action.REQUEST_CREATE)
def prepare(request: HttpRequest, former_id: int) -> HttpResponse:
    """Make the request: everything renewed, unless the form says otherwise service by service; it also says whether
    going live is due again.
    """
    former = _former(former_id)
    chosen = {name.removeprefix(CHOICE): request.POST[name] for name in request.POST if name.startswith(CHOICE)}

    def act() -> HttpResponse:
        made = turn_into_request(
            former_id=former.pk,
            in_service=[code for code, choice in chosen.items() if choice == "in-service"],
            given_up=[code for code, choice in chosen.items() if choice == "given-up"],
            going_live_due={code: DUE[choice] for code, choice in chosen.items() if choice in DUE},
            actor=actor_of(request),
            at=timezone.now(),
        )
        words = f"Demande {made.reference} préparée : relisez-la, puis émettez les devis."
        return say_done(request, words, "request", made.reference)

    return act_on(request, act) or redirect("former", former.pk)
