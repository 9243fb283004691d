"""The flow of a slip to the accountant: written once, kept with its hash, the same bytes each time it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.billing.models import RevenueSlip
from tripartite.billing.pes.rules import CHECKED, UNCHECKED
from tripartite.billing.pes.writing import flow_xml
from tripartite.billing.queries.slips import MADE, SLIP, flow_state, flows_told
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.flow_content import flow_content
from tripartite.billing.services.foreseeing import told_once
from tripartite.billing.services.records import hold_billing, tell_flow_answer
from tripartite.billing.states import FlowState
from tripartite.documents.queries import document_by_number, payload_of, pdf_of
from tripartite.documents.services import store_document
from tripartite.journal.services import Actor, record
from tripartite.pricing.french import counted
from tripartite.typed import clean_line

KIND = "pes-flow"
MODEL = "pes-5.17"
MOST_TOLD = 20


class FlowRejectedError(BillingError):
    """A flow that the accountant's system would reject: `reasons` say why, and nothing was kept."""

    def __init__(self, reasons: list[str]) -> None:
        rest = len(reasons) - MOST_TOLD
        more = [f"et {rest} autres."] if rest > 0 else []
        super().__init__("\n".join(("Ce flux serait rejeté :", *reasons[:MOST_TOLD], *more)))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class KeptFlow:
    """A flow that was kept: its paper, its file with its hash, what was checked of it and what could not be."""

    document_id: int
    file_name: str
    sha256: str
    content: bytes
    titles: int
    to_sign: bool
    checked: tuple[str, ...]
    unchecked: tuple[str, ...]


@transaction.atomic
def make_flow(*, slip_id: int, actor: Actor, at: datetime) -> KeptFlow:
    """Write the flow of a slip and keep it; one that is kept is answered as it was, whatever was set since, unless it
    was refused: another is then written, under another name, by the settings of the day. Its slip and its orders keep
    their numbers, which the accountant's system has not taken; the former one is kept.

    Raises FlowRejectedError when a rule of the schema's documentation would reject it, BillingError for no such slip.
    """
    slip = RevenueSlip.objects.select_for_update().filter(pk=slip_id).first()
    if slip is None:
        raise BillingError("Ce bordereau n'existe pas.")
    if slip.by_table:
        raise BillingError("Les titres de ce bordereau partent en tableau : un flux les remettrait une seconde fois.")
    flows = flows_told([slip.pk])[slip.pk]
    attempt = len(flows) + 1 if flow_state(slip, flows) is FlowState.REFUSED else max(len(flows), 1)
    number = f"{slip.fiscal_year}-{slip.budget}-{slip.kind}-{slip.number}{f'-{attempt}' if attempt > 1 else ''}"
    kept = document_by_number(issuer=slip.issuer, kind=KIND, number=number)
    if kept is not None:
        return _flow_of(kept.pk, kept.sha256, payload_of(kept))
    content = flow_content(slip, attempt=attempt, on=timezone.localdate(at) if attempt > 1 else None)
    if content.findings:
        raise FlowRejectedError(list(told_once(content.findings, {})))
    flow = content.flow
    payload = {
        "file": flow.file_name,
        "slip": slip.pk,
        "titles": len(flow.titles),
        "net_cents": flow.net_cents,
        "vat_cents": flow.vat_cents,
        "notices": len(flow.attachments),
        "to_sign": flow.signed_outside,
        "checked": list(CHECKED),
        "unchecked": list(UNCHECKED),
    }
    made = store_document(
        kind=KIND,
        issuer=slip.issuer,
        number=number,
        title=f"Flux PES, bordereau {slip.number}/{slip.fiscal_year}",
        model=MODEL,
        payload=payload,
        pdf=flow_xml(flow),
        media_type="application/xml",
        at=at,
    )
    record(
        actor=actor,
        at=at,
        action=MADE,
        subject_kind=SLIP,
        subject_id=slip.pk,
        text=f"Flux PES du bordereau {slip.number}/{slip.fiscal_year} : {flow.file_name},"
        f" {counted(len(flow.titles), 'titre')}.",
        details={"document": made.pk, "sha256": made.sha256, "file": flow.file_name},
    )
    return _flow_of(made.pk, made.sha256, payload)


@transaction.atomic
def answer_flow(*, slip_id: int, accepted: bool, reason: str, actor: Actor, at: datetime) -> RevenueSlip:
    """Note by hand what the accountant answered of the flow of a slip, where no file says it, or none says of which.

    Raises BillingError for no such slip, one whose flow waits for no answer, or a refusal without its reason.
    """
    slip = RevenueSlip.objects.select_for_update().filter(pk=slip_id).first()
    if slip is None:
        raise BillingError("Ce bordereau n'existe pas.")
    hold_billing(slip.issuer)
    if flow_state(slip, flows_told([slip.pk])[slip.pk]) is not FlowState.MADE:
        raise BillingError("Aucun flux de ce bordereau n'attend de réponse.")
    said = clean_line(reason)[:500]
    if not accepted and not said:
        raise BillingError("Dire pourquoi le flux est refusé.")
    errors = () if accepted else (said,)
    tell_flow_answer(slip, accepted=accepted, errors=errors, file="", actor=actor, at=at)
    return slip


def _flow_of(document_id: int, sha256: str, payload: Mapping[str, Any]) -> KeptFlow:
    return KeptFlow(
        document_id=document_id,
        file_name=payload["file"],
        sha256=sha256,
        content=pdf_of(document_id),
        titles=payload["titles"],
        to_sign=payload["to_sign"],
        checked=tuple(payload["checked"]),
        unchecked=tuple(payload["unchecked"]),
    )
