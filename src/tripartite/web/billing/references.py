"""What a body wants to find on its invoices, asked of it in its own space: optional, an issuer at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from tripartite.accounts.rights import Action, may
from tripartite.billing.queries.settings import requirements_of
from tripartite.billing.services.buyers import record_references
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.naming import complement
from tripartite.web.shell.fields import WordsField

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer

KINDS = {"service": ("code service", 100), "engagement": ("numéro d'engagement", 50)}


class ReferencesForm(forms.Form):
    """The code of the service and the number of the engagement, for each issuer: nothing typed changes nothing."""

    def __init__(self, *args: Any, asking: list[Issuer], known: dict[str, Any], **options: Any) -> None:
        """`known` is what is noted by the code of an issuer."""
        super().__init__(*args, **options)
        self.asking = asking
        for issuer in asking:
            noted = known.get(issuer.code)
            present = {
                "service": noted.service_code if noted else "",
                "engagement": noted.engagement_number if noted else "",
            }
            for kind, (words, longest) in KINDS.items():
                self.fields[f"{kind}-{issuer.code}"] = WordsField(
                    label=f"{words[0].upper()}{words[1:]}, factures {complement(issuer.short_name)}",
                    required=False,
                    max_length=longest,
                    initial=present[kind],
                )

    @property
    def references(self) -> dict[str, tuple[str, str]]:
        """What was typed, by the code of an issuer."""
        given = self.cleaned_data
        return {one.code: (given[f"service-{one.code}"], given[f"engagement-{one.code}"]) for one in self.asking}


def references_form(body_id: int, codes: Iterable[str], *args: Any) -> ReferencesForm:
    """The form of these issuers for a body, with what is noted: a query an issuer."""
    wanted = set(codes)
    asking = [one for one in issuers() if one.code in wanted]
    known = {one.code: requirements_of([body_id], one.code).get(body_id) for one in asking}
    return ReferencesForm(*args, asking=asking, known=known, auto_id="reference_%s")


def own_references(person: Any, body_id: int) -> dict[str, str] | None:
    """What a body wants on the invoices of the issuer of an account; None for whoever may not note it. One query."""
    issuer = getattr(person, "issuer", None)
    if issuer is None or not may(person, Action.BUYER_RECORD, issuer=issuer.code):
        return None
    noted = requirements_of([body_id], issuer.code).get(body_id)
    return {
        "service": noted.service_code if noted else "",
        "engagement": noted.engagement_number if noted else "",
    }


def note_references(body_id: int, form: ReferencesForm, *, actor: Actor, at: datetime) -> None:
    """Note what was typed in a valid form."""
    record_references(body_id=body_id, references=form.references, actor=actor, at=at)
