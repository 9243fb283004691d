"""Bringing the directory up to date: the updates made, one prepared and read before it is applied, ends to record."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.jobs.queries import job_by_id, progress_of, units_of
from tripartite.jobs.states import UNFINISHED
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.updates import GROUPS, bodies_to_date, layout_label, summary, update_by_id, updates
from tripartite.parties.services.endings import end_body, reopen_body
from tripartite.parties.services.preparing import deposit_update
from tripartite.parties.services.reading import MAX_BYTES, DirectoryFile, ImportRefused
from tripartite.parties.services.updating import COMPLETED, KEPT_FOR, complete_update, give_up_update, start_update
from tripartite.web.bodies.forms import CompletionOfUpdateForm, EndForm, ReopenForm, UpdateForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of, turn_away
from tripartite.web.shell.answers import or_404

if TYPE_CHECKING:
    from tripartite.parties.models import DirectoryUpdate

PAGE = 20
SHOWN = 200


@requires(Action.BODY_READ)
def list_updates(request: HttpRequest) -> HttpResponse:
    """The updates made, and those prepared; the form that prepares another, for those who may."""
    sent = request.method == "POST"
    if sent and not may(request.user, Action.DIRECTORY_UPDATE):
        return requires(Action.DIRECTORY_UPDATE)(list_updates)(request)
    form = UpdateForm(request.POST, request.FILES) if sent else UpdateForm()
    findings: list[str] = []
    if sent and form.is_valid():
        given = form.cleaned_data
        files = [
            DirectoryFile(PurePath(one.name or "fichier").name, one.read(MAX_BYTES + 1), given["source"], given["year"])
            for one in given["chosen"]
        ]
        try:
            at = timezone.now()
            update = deposit_update(
                files=files,
                department=given["department"] or None,
                on=timezone.localdate(at),
                actor=actor_of(request),
                at=at,
            )
            return redirect("directory-update", update.pk)
        except ImportRefused as refused:
            findings = [str(finding) for finding in refused.findings]
    page = Paginator(updates(), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "findings": findings,
        "page": page,
        "lines": [(one, summary(one)) for one in page.object_list],
        "to_date": list(bodies_to_date()[:SHOWN]),
        "may_update": may(request.user, Action.DIRECTORY_UPDATE),
        "sent": sent,
    }
    return render(request, "web/bodies/updates.html", context, status=422 if sent else 200)


def _update(update_id: int) -> DirectoryUpdate:
    return or_404(update_by_id(update_id))


@requires(Action.BODY_READ)
def show_update(request: HttpRequest, update_id: int) -> HttpResponse:
    """The page of an update; while its files are read, the live part alone when the page asks for it again, and the
    whole page anew once they are.
    """
    return _show(request, _update(update_id))


def _show(request: HttpRequest, update: DirectoryUpdate, form: CompletionOfUpdateForm | None = None) -> HttpResponse:
    asked_by_the_page = request.headers.get("HX-Request") == "true"
    reading = update.state == "reading"
    if asked_by_the_page and not reading:
        return HttpResponse(headers={"HX-Refresh": "true"})
    may_update = may(request.user, Action.DIRECTORY_UPDATE)
    context = {"update": update, "reading": reading, "live": asked_by_the_page, "may_update": may_update}
    if reading:
        context |= _progress(update)
    if asked_by_the_page:
        return render(request, "web/bodies/update_reading.html", context)
    context |= {
        "files": [(one, layout_label(one.layout)) for one in update.files.all()],
        "summary": summary(update),
        "groups": _groups(update),
        "findings": update.report.get("findings", ()),
        "figures": update.report.get("figures", 0),
        "prepared": update.state == "prepared",
        "kept_for": KEPT_FOR.days,
    }
    if update.state == "incomplete" and may_update:
        form = form or CompletionOfUpdateForm(None, update)
        context["form"] = form
    return render(request, "web/bodies/update.html", context, status=status_of(form) if form else 200)


def _progress(update: DirectoryUpdate) -> dict[str, object]:
    """How far the job is that reads the files, unit by unit."""
    job = job_by_id(update.job_id) if update.job_id else None
    if job is None:
        return {}
    return {
        "job": job,
        "progress": progress_of(job),
        "units": units_of(job.pk),
        "unfinished": job.state in UNFINISHED,
    }


def _groups(update: DirectoryUpdate) -> list[dict[str, object]]:
    found = []
    for name, title in GROUPS:
        group = update.report.get(name) or {"count": 0, "lines": []}
        if group["count"]:
            found.append({"title": title, "count": group["count"], "lines": group["lines"][:SHOWN]})
    return found


@require_POST
@requires(Action.DIRECTORY_UPDATE)
def apply(request: HttpRequest, update_id: int) -> HttpResponse:
    update = _update(update_id)

    def act() -> HttpResponse:
        at = timezone.now()
        job = start_update(update_id=update.pk, on=timezone.localdate(at), actor=actor_of(request), at=at)
        return redirect("job", job.pk)

    return act_on(request, act) or redirect("directory-update", update.pk)


@require_POST
@requires(Action.DIRECTORY_UPDATE)
def complete(request: HttpRequest, update_id: int) -> HttpResponse:
    """Say what the files kept do not: they are then compared, not sent again."""
    update = _update(update_id)
    if update.state != "incomplete":
        return turn_away(request, COMPLETED, "directory-update", update.pk)
    form = CompletionOfUpdateForm(request.POST, update)

    def act() -> HttpResponse:
        at = timezone.now()
        complete_update(
            update_id=update.pk,
            years=form.years,
            department=(form.cleaned_data["department"] or None) if "department" in form.fields else update.department,
            on=timezone.localdate(at),
            actor=actor_of(request),
            at=at,
        )
        return redirect("directory-update", update.pk)

    return act_on(request, act, form=form) or _show(request, update, form)


@require_POST
@requires(Action.DIRECTORY_UPDATE)
def give_up(request: HttpRequest, update_id: int) -> HttpResponse:
    update = _update(update_id)

    def act() -> HttpResponse:
        give_up_update(update_id=update.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Mise à jour abandonnée : rien n'a changé.", "directory-updates")

    return act_on(request, act) or redirect("directory-update", update.pk)


@requires(Action.DIRECTORY_UPDATE)
def end(request: HttpRequest, siren: str) -> HttpResponse:
    """Record the last day of a body, or say that one noted as ended lives."""
    body = or_404(body_by_identifier("siren", siren))
    kind = ReopenForm if body.ended_on else EndForm
    form = kind(request.POST or None)

    def act() -> HttpResponse:
        given, actor, at = form.cleaned_data, actor_of(request), timezone.now()
        if body.ended_on:
            reopen_body(body_id=body.pk, reason=given["reason"], actor=actor, at=at)
            return say_done(request, f"{body.name} n'est plus notée comme terminée.", "body", siren)
        into = body_by_identifier("siren", given["into"]) if given["into"] else None
        if given["into"] and into is None:
            form.add_error("into", "Ce SIREN n'est pas dans l'annuaire.")
            return end_page()
        end_body(
            body_id=body.pk,
            last_day=given["last_day"],
            into_id=into.pk if into else None,
            reason=given["reason"],
            actor=actor,
            at=at,
        )
        return say_done(request, f"Dernier jour noté : {given['last_day']:%d/%m/%Y}.", "body", siren)

    def end_page() -> HttpResponse:
        return render(request, "web/bodies/end.html", {"form": form, "body": body}, status=status_of(form))

    return act_on(request, act, form=form) or end_page()
