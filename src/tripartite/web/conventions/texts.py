"""Text models of conventions: read, written as drafts, previewed with a real file, adopted with their act."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.conventions.queries.conventions import convention_list, text_by_code, text_versions
from tripartite.conventions.queries.seen import text_mark
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.sending import preview_text
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.typed import clean_line
from tripartite.web.conventions.forms import AdoptionForm, TextForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.own_offer import may_act
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.conventions.models import TextVersion


@requires(Action.CONVENTION_READ)
def list_texts(request: HttpRequest) -> HttpResponse:
    context = {"texts": text_versions(), "may_write": may(request.user, Action.TEXT_WRITE)}
    return render(request, "web/conventions/texts/list.html", context)


@requires(Action.CONVENTION_READ)
def show_text(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _text(code), AdoptionForm())


def _text(code: str) -> TextVersion:
    return or_404(None if "\x00" in code else text_by_code(code))


def _page(request: HttpRequest, version: TextVersion, form: AdoptionForm, status: int = 200) -> HttpResponse:
    context = {
        "version": version,
        "form": form,
        "may_write": may(request.user, Action.TEXT_WRITE),
        "may_adopt": may_act(request, Action.TEXT_WRITE, version.offer),
        "files": list(convention_list().filter(text__kind=version.kind)[:20]),
    }
    return render(request, "web/conventions/texts/page.html", context, status=status)


@requires(Action.TEXT_WRITE)
def write(request: HttpRequest) -> HttpResponse:
    """A new draft, begun from the text that `?depuis=` names."""
    source = text_by_code(clean_line(request.GET.get("depuis", "")))
    form = TextForm(request.POST or None, initial={"text": source.text if source else "", "made_on": text_mark(source)})

    def act() -> HttpResponse:
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        with told_when_stale(form):
            made = draft_text(text=text, actor=actor_of(request), at=timezone.now(), seen=form.cleaned_data["made_on"])
        words = f"Projet {made.code} enregistré : relisez-le sur un vrai dossier avant adoption."
        return say_done(request, words, "text", made.code)

    return act_on(request, act, form=form, field="text") or render(
        request, "web/conventions/texts/write.html", {"form": form}, status=status_of(form)
    )


@require_POST
@requires(Action.TEXT_WRITE)
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    version = _text(code)
    form = AdoptionForm(request.POST)

    def act() -> HttpResponse:
        adopting_act = form.cleaned_data["adopting_act"]
        adopt_text(code=code, adopting_act=adopting_act, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Modèle {code} adopté : les nouvelles conventions le prennent.", "text", code)

    answer = act_on(request, act) if form.is_valid() else None
    return answer or _page(request, version, form, status=422)


@requires(Action.CONVENTION_READ)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The text with the names of a real file (`?dossier=`), marked as a draft."""
    wanted = request.GET.get("dossier", "")
    if not re.fullmatch("[0-9]{1,9}", wanted):
        raise Http404
    try:
        pdf = preview_text(code=_text(code).code, convention_id=int(wanted), at=timezone.now())
    except ConventionError as refusal:
        messages.error(request, str(refusal))
        return redirect("text", code)
    return HttpResponse(pdf, content_type="application/pdf")
