"""The invoices of a body, as its page and its own space show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripartite.billing.queries.invoices import invoices_of_bodies
from tripartite.billing.states import SENT_BACK, PortalStatus, portal_label

if TYPE_CHECKING:
    from tripartite.billing.models import Invoice


@dataclass(frozen=True, slots=True)
class BodyInvoices:
    """The latest invoices of a body, each with the badge of where it stands, and what it still owes in all (cents)."""

    rows: list[tuple[Invoice, tuple[str, str]]]
    owed: int
    more: bool


MOST = 12


def standing_badge(one: Invoice, today: date) -> tuple[str, str]:
    """The colour and the words of where an invoice stands."""
    if one.owed_cents < 0:
        return "bad", "à rembourser"
    if one.state == "credited":
        return "quiet", one.state_label
    if not one.owed_cents:
        return "good", "payée"
    return ("bad", "en retard") if one.due_on < today else ("wait", "à payer")


def portal_badge(status: str | None, words: str | None) -> tuple[str, str] | None:
    """The colour and the words of what Chorus Pro last said; None where it said nothing."""
    if status is None:
        return None
    colour = "bad" if status in SENT_BACK else "good" if status == PortalStatus.PAID else "quiet"
    return colour, portal_label(status, words or "")


def body_invoices(body_ids: Collection[int], *, on: date, issuer: str = "") -> BodyInvoices:
    """The invoices of a body, and of those that it took in, by the keys of all, of an issuer or of all."""
    found = invoices_of_bodies(body_ids, issuer=issuer)
    return BodyInvoices(
        rows=[(one, standing_badge(one, on)) for one in found[:MOST]],
        owed=sum(max(0, one.owed_cents) for one in found),
        more=len(found) > MOST,
    )
