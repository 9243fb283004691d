"""Conventions: the list, one with all that its page says, and what an agent does with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action, may
from tripartite.config import CodeChannel
from tripartite.conventions.queries.access import not_told
from tripartite.conventions.queries.cohort import formers_of
from tripartite.conventions.queries.conventions import (
    amendments_of,
    convention_by_id,
    convention_list,
    current_document_id,
    power_to_sign,
    signatory_by_id,
    upcoming,
    waiting_signatories,
    what_signatory_lacks,
)
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.queries.seen import changes_mark, signatory_mark, term_mark
from tripartite.conventions.queries.signatures import proof_of
from tripartite.conventions.services.papers import services_of
from tripartite.conventions.services.sending import preview_convention, what_lacks
from tripartite.conventions.states import CONVENTION_LABELS, SIGNABLE, ConventionState
from tripartite.documents.queries import document_by_id, pdf_of, trace_of
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.journal.queries import told_about
from tripartite.parties.queries.bodies import issuers
from tripartite.parties.queries.mandates import mandates_of, power_of, why_not_theirs
from tripartite.sheets import Cell
from tripartite.typed import clean_line
from tripartite.web.conventions.forms import (
    ChangesForm,
    PaperSignatureForm,
    SignatoryForm,
    SignedPdfForm,
    SigningRefusalForm,
    TermForm,
)
from tripartite.web.going_live.card import ahead, cards_of
from tripartite.web.shell.access import may_name, may_sign, requires
from tripartite.web.shell.answers import or_404, pdf_answer, text_answer
from tripartite.web.shell.exports import export, wanted_layout
from tripartite.web.shell.fields import ReasonForm
from tripartite.web.shell.held_by_group import group_notices
from tripartite.web.shell.offers import several_offers
from tripartite.web.shell.own_offer import has_part_in, may_act

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention, Signatory
    from tripartite.journal.models import Entry
    from tripartite.parties.models import Issuer, Mandate

PAGE = 25
BADGES = {
    ConventionState.DRAFT: "quiet",
    ConventionState.SENT: "wait",
    ConventionState.PARTLY_SIGNED: "wait",
    ConventionState.SIGNED: "good",
    ConventionState.IN_FORCE: "good",
    ConventionState.ENDED: "ink",
    ConventionState.ABANDONED: "quiet",
    ConventionState.REFUSED: "bad",
}
COLUMNS = ("convention", "bénéficiaire", "SIREN", "état", "en vigueur le", "terme", "signataires manquants")


@requires(Action.CONVENTION_READ)
def list_conventions(request: HttpRequest) -> HttpResponse:
    text, state = clean_line(request.GET.get("q", ""))[:100], request.GET.get("state", "")
    found = convention_list(state=state, text=text)
    if layout := wanted_layout(request):
        return export(f"conventions-{timezone.localdate():%Y-%m-%d}", COLUMNS, map(_export_row, found), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    formers = formers_of(one.beneficiary_id for one in page.object_list)
    context = {
        "page": page,
        "lines": [_line(one) | {"former": formers.get(one.beneficiary_id)} for one in page.object_list],
        "states": [(state.value, label) for state, label in CONVENTION_LABELS.items()],
        "text": text,
        "state": state,
        "filtered": bool(request.GET),
    }
    return render(request, "web/conventions/list.html", context)


def _line(convention: Convention) -> dict[str, Any]:
    missing = waiting_signatories(convention)
    return {"convention": convention, "badge": BADGES[ConventionState(convention.state)], "missing": missing}


def _export_row(convention: Convention) -> list[Cell]:
    missing = ", ".join(str(one) for one in waiting_signatories(convention))
    days: list[Cell] = [convention.in_force_on, convention.ends_on]
    body = convention.beneficiary
    return [str(convention), body.name, body.siren, convention.state_label, *days, missing]


def convention_or_404(convention_id: int) -> Convention:
    return or_404(convention_by_id(convention_id))


@requires(Action.CONVENTION_READ)
def show_convention(request: HttpRequest, convention_id: int) -> HttpResponse:
    return page_of(request, convention_or_404(convention_id))


def page_of(
    request: HttpRequest, convention: Convention, *, shown: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    bound = shown or {}
    names = {issuer.code: issuer for issuer in issuers()}
    state = ConventionState(convention.state)
    cards = cards_of(activations_of_convention(convention.pk), on=timezone.localdate())
    entries = told_about("request", convention.request_id)
    context = {
        "convention": convention,
        "offer": several_offers().get(convention.request.offer, ""),
        "badge": BADGES[state],
        "next": upcoming(convention),
        "not_told": not_told(convention.request, [convention]),
        "going_live": ahead(cards),
        "running": state is ConventionState.IN_FORCE,
        "rows": [
            _signatory_row(request, convention, one, names, bound, entries) for one in convention.signatories.all()
        ],
        "draft": state is ConventionState.DRAFT,
        "lacks": what_lacks(convention, on=timezone.localdate()) if state is ConventionState.DRAFT else [],
        "signable": state in SIGNABLE,
        "offered": forms_offered(request, convention),
        "former": formers_of([convention.beneficiary_id]).get(convention.beneficiary_id),
        "held_by_group": group_notices(
            convention.beneficiary, convention.version.order, offer=convention.request.offer, on=timezone.localdate()
        ),
        "current": current_document_id(convention),
        **_what_is_agreed(convention),
        "cards": cards,
        "by_phone": settings.CONFIG.code_channel is CodeChannel.PHONE,
        "term_form": bound.get("term")
        or TermForm(initial=_term(convention) | {"made_on": term_mark(convention, entries)}),
        "changes_form": bound.get("changes")
        or ChangesForm(initial={"changes": convention.changes, "made_on": changes_mark(convention, entries)}),
        "abandon_form": bound.get("abandon") or ReasonForm(auto_id="abandon_%s"),
        "endings": _endings(convention),
        "annul_form": ReasonForm(auto_id="annul_%s"),
        "may_write": may_act(request, Action.CONVENTION_WRITE, convention.request.offer),
        "may_record": may(request.user, Action.MANDATE_RECORD),
        "entries": [entry for entry in entries if entry.details.get("convention") == convention.pk][::-1],
    }
    return render(request, "web/conventions/page.html", context, status=status)


def _what_is_agreed(convention: Convention) -> dict[str, Any]:
    """The services in force: those of the convention, or those that its last amendment leaves; and each amendment."""
    amendments = amendments_of(convention.pk)
    lasting = (ConventionState.IN_FORCE, ConventionState.ENDED)
    running = [one for one in amendments if one.state in lasting and one.in_force_on]
    amended = max(running, key=lambda one: (one.in_force_on, one.pk), default=None)
    first = services_of(convention)
    return {
        "taken": services_of(amended) if amended else first,
        "first": first,
        "amended": amended,
        "amendments": amendments,
    }


def forms_offered(request: HttpRequest, convention: Convention) -> set[str]:
    """The forms that the page of a convention has, as it stands and for whoever looks at it."""
    state = ConventionState(convention.state)
    waiting = [one for one in convention.signatories.all() if not hasattr(one, "signature")]
    offered: set[str] = set()
    if not has_part_in(request, convention.request.offer):
        return offered
    if state in SIGNABLE:
        signing = [one.pk for one in waiting if may_sign(request, one)]
        offered |= {f"{way}{key}" for key in signing for way in ("paper", "pdf", "refuse")}
    running = state is ConventionState.IN_FORCE and not convention.parent_id and not convention.ended_on
    if running and may(request.user, Action.REQUEST_CREATE):
        offered.add("amend")
    if not may(request.user, Action.CONVENTION_WRITE):
        return offered
    if state is ConventionState.DRAFT:
        offered |= {"term", "changes"} if convention.parent_id else {"term"}
    if state is ConventionState.DRAFT or state in SIGNABLE:
        offered |= {"abandon", *(f"signatory{one.pk}" for one in waiting if may_name(request, one))}
    if running:
        offered.add("end")
    return offered


def _endings(convention: Convention) -> list[dict[str, Any]]:
    """What was given to end a convention, and whether it can still be annulled."""
    today = timezone.localdate()
    return [
        {
            "ending": one,
            "open": one.annulled_at is None and one.last_day >= today and convention.state == ConventionState.IN_FORCE,
        }
        for one in endings_of(convention.pk)
    ]


def _term(convention: Convention) -> dict[str, Any]:
    return {name: getattr(convention, name) for name in ("years", "tacit_renewals", "notice_months", "due_on")}


def _signatory_row(  # noqa: PLR0917 - private, called once
    request: HttpRequest,
    convention: Convention,
    one: Signatory,
    names: dict[str, Issuer],
    bound: dict[str, forms.Form],
    entries: Sequence[Entry],
) -> dict[str, Any]:
    issuer = names.get(one.role)
    present = {name: getattr(one, name) for name in ("name", "function", "email", "phone")}
    present |= {"mandate": one.mandate_id or "", "made_on": signatory_mark(one, convention, entries)}
    acts = acts_for(one)
    proposed = _recorded_since(one) if convention.state == ConventionState.DRAFT else None
    if proposed:
        present |= {"name": proposed.person, "function": proposed.function, "mandate": str(proposed.pk)}
    signature = getattr(one, "signature", None)
    awaited = convention.state == ConventionState.DRAFT or convention.state in SIGNABLE
    offered = forms_offered(request, convention)
    prefix = f"s{one.position}_"
    return {
        "signatory": one,
        "issuer": issuer,
        "party": issuer.name if issuer else convention.beneficiary.name,
        "signature": signature,
        "proof": proof_of(signature) if signature else None,
        "traced": bool(signature and signature.proof_id)
        and may(request.user, Action.TRACE_READ)
        and may_sign(request, one),
        "lacks": what_signatory_lacks(one, on=timezone.localdate()) if awaited and not signature else "",
        "proposed": proposed,
        "own": one.role == request.user.issuer.code,  # type: ignore[union-attr]
        "offers": {name for name in ("signatory", "paper", "pdf", "refuse") if f"{name}{one.pk}" in offered},
        "form": bound.get(f"signatory{one.pk}")
        or SignatoryForm(initial=present, mandates=_choices(acts), auto_id=f"{prefix}%s"),
        "paper_form": bound.get(f"paper{one.pk}") or PaperSignatureForm(auto_id=f"{prefix}paper_%s"),
        "refusal": getattr(one, "refusal", None),
        "refuse_form": bound.get(f"refuse{one.pk}") or SigningRefusalForm(auto_id=f"{prefix}refuse_%s"),
        "pdf_form": bound.get(f"pdf{one.pk}")
        or SignedPdfForm(
            confirmable=may(request.user, Action.HOLDER_CONFIRM, issuer=one.role), auto_id=f"{prefix}pdf_%s"
        ),
    }


def acts_for(one: Signatory) -> list[Mandate]:
    """The acts that may empower whoever signs for a party, as they are known now."""
    anybody = replace(power_to_sign(one), person=None)
    acts = mandates_of(body_id=anybody.body_id, issuer=anybody.issuer)
    return [act for act in acts if not why_not_theirs(act, anybody)]


def mandates_for(one: Signatory) -> list[tuple[str, str]]:
    return _choices(acts_for(one))


def _choices(acts: list[Mandate]) -> list[tuple[str, str]]:
    return [(str(act.pk), f"{act.get_act_display()} du {act.adopted_on:%d/%m/%Y}, {act.person}") for act in acts]


def _recorded_since(one: Signatory) -> Mandate | None:
    """The act recorded after a convention was prepared, for a signatory that was still to be named."""
    if one.mandate_id or one.name:
        return None
    return power_of(power_to_sign(one), on=timezone.localdate())


def signatory_or_404(convention_id: int, signatory_id: int) -> Signatory:
    one = signatory_by_id(signatory_id)
    if one is None or one.convention_id != convention_id:
        raise Http404
    return one


@requires(Action.CONVENTION_READ)
def paper(request: HttpRequest, convention_id: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """The latest revision of a sent convention; a draft, marked as one, before."""
    convention = convention_or_404(convention_id)
    document_id = current_document_id(convention)
    content = pdf_of(document_id) if document_id else preview_convention(convention=convention, at=timezone.now())
    name = f"{convention.number or 'projet-de-convention'}.pdf"
    return pdf_answer(content, name)


@requires(Action.CONVENTION_READ)
def signature_proof(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:  # noqa: ARG001
    """The paper of evidence of a signature given here."""
    signature = getattr(signatory_or_404(convention_id, signatory_id), "signature", None)
    if signature is None or signature.proof_id is None:
        raise Http404
    return HttpResponse(pdf_of(signature.proof_id), content_type="application/pdf")


@requires(Action.TRACE_READ)
def signature_trace(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    """From where and with what a signature was given here: to whoever may prove it, never to the other issuer."""
    one = signatory_or_404(convention_id, signatory_id)
    if not may_sign(request, one):
        raise PermissionDenied("Ce relevé est celui de l'autre émetteur.")
    signature = getattr(one, "signature", None)
    return text_answer(pdf_of(or_404(trace_of(signature.proof_id or 0) if signature else None).pk))


@requires(Action.CONVENTION_READ)
def signature_paper(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:  # noqa: ARG001
    """The scan or the revision that carries a signature."""
    signature = getattr(signatory_or_404(convention_id, signatory_id), "signature", None)
    document = or_404(document_by_id(signature.document_id) if signature else None)
    return HttpResponse(pdf_of(document.pk), content_type=document.media_type)
