"""What a body asks of the invoices that it gets on Chorus Pro."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tripartite.billing.models import BuyerRequirement
from tripartite.billing.queries.settings import requirements_of
from tripartite.billing.services.errors import BillingError
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import body_by_id, issuer_by_code
from tripartite.pricing.naming import complement
from tripartite.typed import clean_line


@transaction.atomic
def record_references(
    *, body_id: int, references: Mapping[str, tuple[str, str]], actor: Actor, at: datetime
) -> list[BuyerRequirement]:
    """Note the service code and the engagement number that a body gives for the invoices of issuers: nothing given
    leaves what is known, and what is required stays so. Raises BillingError as `record_requirement` does.
    """
    made = []
    for issuer, (service, engagement) in references.items():
        if not clean_line(service) and not clean_line(engagement):
            continue
        known = requirements_of([body_id], issuer).get(body_id)
        if known is not None and (known.service_code, known.engagement_number) == (
            clean_line(service) or known.service_code,
            clean_line(engagement) or known.engagement_number,
        ):
            continue
        made.append(
            record_requirement(
                body_id=body_id,
                issuer=issuer,
                service_required=known.service_required if known else False,
                service_code=service or (known.service_code if known else ""),
                engagement_required=known.engagement_required if known else False,
                engagement_number=engagement or (known.engagement_number if known else ""),
                actor=actor,
                at=at,
            )
        )
    return made


@transaction.atomic
def record_requirement(
    *,
    body_id: int,
    issuer: str = "",
    service_required: bool = False,
    service_code: str = "",
    engagement_required: bool = False,
    engagement_number: str = "",
    actor: Actor,
    at: datetime,
) -> BuyerRequirement:
    """Note what a body asks of the invoices of an issuer (none named: of all): whether a service code and an engagement
    number are required, and which they are. The last one noted counts; noting the same again changes nothing.

    Raises BillingError for an unknown body or issuer, or a code that is too long.
    """
    body = body_by_id(body_id)
    if body is None:
        raise BillingError("Cette structure n'existe pas.")
    if issuer and issuer_by_code(issuer) is None:
        raise BillingError("Cet émetteur n'existe pas.")
    service, engagement = clean_line(service_code), clean_line(engagement_number)
    if len(service) > 100 or len(engagement) > 50:
        raise BillingError("Un code service a 100 caractères au plus, un numéro d'engagement 50.")
    asked = (issuer, service_required, service, engagement_required, engagement)
    known = requirements_of([body_id], issuer).get(body_id)
    if known is not None and asked == (
        known.issuer,
        known.service_required,
        known.service_code,
        known.engagement_required,
        known.engagement_number,
    ):
        return known
    made = BuyerRequirement.objects.create(
        body_id=body_id,
        issuer=issuer,
        service_required=service_required,
        service_code=service,
        engagement_required=engagement_required,
        engagement_number=engagement,
        recorded_by=actor.label,
        recorded_at=at,
    )
    whose = issuer_by_code(issuer).short_name if issuer else "tous les émetteurs"  # type: ignore[union-attr]
    told = [
        f"code service {'exigé' if service_required else 'non exigé'}{f' : {service}' if service else ''}",
        f"engagement {'exigé' if engagement_required else 'non exigé'}{f' : {engagement}' if engagement else ''}",
    ]
    text = f"Factures {complement(whose)} à {body.name} : {', '.join(told)}."
    record(actor=actor, at=at, action="billing.requirement", subject_kind="body", subject_id=body_id, text=text)
    return made
