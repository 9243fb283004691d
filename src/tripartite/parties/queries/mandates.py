"""Who may sign for whom, by which act, on which day."""

from collections.abc import Collection
from datetime import date

from tripartite.parties.models import Mandate


def mandate_by_id(mandate_id: int) -> Mandate | None:
    return Mandate.objects.select_related("body", "issuer").filter(pk=mandate_id).first()


def mandates_of(*, body_id: int | None = None, issuer: str | None = None) -> list[Mandate]:
    """The acts recorded for a public body, or for the issuer of that code; the latest first."""
    found = Mandate.objects.select_related("body", "issuer")
    return list(found.filter(body_id=body_id) if body_id is not None else found.filter(issuer__code=issuer))


def mandates_of_bodies(body_ids: Collection[int]) -> dict[int, list[Mandate]]:
    """The acts of several public bodies, by body, the latest first: one query."""
    found: dict[int, list[Mandate]] = {body_id: [] for body_id in body_ids}
    for mandate in Mandate.objects.filter(body__in=body_ids):
        found[mandate.body_id or 0].append(mandate)
    return found


def what_mandate_lacks(mandate: Mandate, *, on: date) -> str:
    """Why the act does not empower its person on a day, in French; « » when it does.

    A deliberation empowers from the day it is enforceable, the other acts from their own day; none after its last day.
    """
    if mandate.act == Mandate.Act.DELIBERATION:
        if mandate.enforceable_on is None:
            return "La date à laquelle la délibération est devenue exécutoire manque (transmission, publication)."
        if on < mandate.enforceable_on:
            return f"La délibération n'est exécutoire qu'à partir du {mandate.enforceable_on:%d/%m/%Y}."
    if on < mandate.adopted_on:
        return f"L'acte est du {mandate.adopted_on:%d/%m/%Y}."
    if mandate.valid_until is not None and on > mandate.valid_until:
        return f"{mandate.person} n'a plus ce pouvoir depuis le {mandate.valid_until:%d/%m/%Y}."
    return ""
