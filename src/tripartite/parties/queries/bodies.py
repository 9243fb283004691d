"""Finding a body or an issuer by what names it exactly."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from tripartite.parties.models import Issuer, PublicBody


def with_facts() -> QuerySet[PublicBody]:
    """Bodies with all that their facts need: two queries, however many bodies."""
    return PublicBody.objects.select_related("epci", "parent", "merged_into").prefetch_related("figures")


def body_by_id(body_id: int) -> PublicBody | None:
    return with_facts().filter(pk=body_id).first()


def bodies_by_id(body_ids: Collection[int]) -> list[PublicBody]:
    """Several bodies with all that their facts need: two queries."""
    return list(with_facts().filter(pk__in=body_ids))


def body_by_identifier(scheme: str, value: str) -> PublicBody | None:
    """The body that `value` names under `scheme`: "siren", "siret" or "code_insee". Spaces do not matter.

    A SIRET whose establishment is not recorded finds the body of its SIREN. A former body is found by its SIREN;
    by INSEE code, the living one comes first, then the last that bore the code.
    """
    value = "".join(value.split())
    if scheme == "siren":
        return with_facts().filter(siren=value).first()
    if scheme == "siret":
        exact = with_facts().filter(siret=value).first()
        return exact or (with_facts().filter(siren=value[:9]).first() if len(value) == 14 else None)
    if scheme == "code_insee":
        bearers = with_facts().filter(code_insee=value.upper())
        return bearers.order_by(F("ended_on").desc(nulls_first=True)).first()
    raise ValueError(scheme)


def directory_is_empty() -> bool:
    return not PublicBody.objects.exists()


def merged_bodies(body: PublicBody) -> QuerySet[PublicBody]:
    """The former bodies that were merged into `body`."""
    return PublicBody.objects.filter(merged_into=body)


def bearer_of(body: PublicBody, *, on: date | None = None) -> PublicBody:
    """The body that bears on a day what a body had: itself, or the one that took it in before that day, step by step;
    with no day, the last one known.
    """
    while body.merged_into is not None and (on is None or (body.ended_on is not None and body.ended_on < on)):
        body = body.merged_into
    return body


def why_ended(body: PublicBody, *, on: date) -> str:
    """Why nothing is issued, sent or signed in the name of a body on a day: it has ended, its successor is named; « »
    while it lives, its last day included."""
    if body.ended_on is None or body.ended_on >= on:
        return ""
    successor = bearer_of(body)
    into = f" : voir {successor.name}" if successor != body else ""
    return f"{body.name} n'existe plus depuis le {body.ended_on:%d/%m/%Y}{into}."


def lineage_of(body_id: int) -> set[int]:
    """A body and all that were merged into it, step by step: what they signed goes on with it. A query a step."""
    found, newer = {body_id}, {body_id}
    while newer:
        merged = PublicBody.objects.filter(merged_into__in=newer).values_list("pk", flat=True)
        newer = set(merged) - found
        found |= newer
    return found


def issuer_by_code(code: str) -> Issuer | None:
    return Issuer.objects.filter(code=code).first()


def issuers() -> list[Issuer]:
    """All issuers, in the order of their slots."""
    return list(Issuer.objects.all())
