"""Finding a body or an issuer by what names it exactly."""

from collections.abc import Collection, Iterable
from copy import copy
from datetime import date
from itertools import count
from typing import NamedTuple

from django.db.models import CharField, F, Prefetch, QuerySet

from tripartite.journal.recall import recalled
from tripartite.many import Among, keys_told
from tripartite.parties.models import Issuer, PublicBody
from tripartite.parties.queries.movements import former_of
from tripartite.questions import KEY, KEYS, Question
from tripartite.rows import sole


def with_facts() -> QuerySet[PublicBody]:
    """Bodies with all that their facts need: two queries, however many bodies. `facts.all_figures` reads the figures:
    a plain list, for a queryset of its own for each body takes as long to make as the body.
    """
    related = PublicBody.objects.select_related("epci", "parent", "merged_into")
    return related.prefetch_related(Prefetch("figures", to_attr="read_figures"))


BY_KEY = Question[PublicBody](lambda key: with_facts().filter(pk=key).order_by()[:1], KEY)
BY_INSEE = Question[PublicBody](
    lambda code: with_facts().filter(code_insee=code).order_by(F("ended_on").desc(nulls_first=True))[:1], CharField()
)
BY_KEYS = Question[PublicBody](lambda keys: with_facts().filter(Among("pk", keys)), KEYS)
BY_SIREN = Question[PublicBody](lambda siren: with_facts().filter(siren=siren).order_by()[:1], CharField())


def body_by_id(body_id: int) -> PublicBody | None:
    return BY_KEY.sole(body_id)


def bodies_by_id(body_ids: Collection[int]) -> list[PublicBody]:
    """Several bodies with all that their facts need: two queries."""
    return BY_KEYS.ask(keys_told(body_ids))


class Identified(NamedTuple):
    """The body that an identifier names. `through` says, in French, the former commune by which it was found, and its
    last day (inclusive); « » when the body itself bears, or bore last, the identifier.
    """

    body: PublicBody
    through: str = ""


def body_by_identifier(scheme: str, value: str) -> PublicBody | None:
    """The body that `value` names under `scheme`: "siren", "siret" or "code_insee". Spaces do not matter.

    A SIRET whose establishment is not recorded finds the body of its SIREN. A former body is found by its SIREN. By
    INSEE code, the living bearer comes first, then the last that bore it; a code that no body of the directory bore is
    that of a former commune, and finds the one that goes on.
    """
    found = identified(scheme, value)
    return found.body if found else None


def identified(scheme: str, value: str) -> Identified | None:
    """The same body, and how it was found."""
    value = "".join(value.split())
    body: PublicBody | None
    if scheme == "siren":
        body = BY_SIREN.sole(value)
    elif scheme == "siret":
        body = sole(with_facts().filter(siret=value))
        body = body or (BY_SIREN.sole(value[:9]) if len(value) == 14 else None)
    elif scheme == "code_insee":
        body = BY_INSEE.sole(value.upper())
        if body is None and (former := former_of(value.upper())) is not None:
            heir = with_facts().filter(code_insee=former.heir, ended_on=None).first()
            return Identified(heir, former.words) if heir else None
    else:
        raise ValueError(scheme)
    return Identified(body) if body else None


def successor(found: Identified, *, on: date) -> Identified:
    """What goes on, on a day, with the body found: itself while it lives, else the one that took it in, step by step,
    and by what it was found.
    """
    body = found.body
    heir = bearer_of(body, on=on)
    if heir.pk == body.pk or body.ended_on is None:
        return found
    named = f"{body.name} ({body.code_insee or body.siren}), jusqu'au {body.ended_on:%d/%m/%Y}"
    living = body_by_id(heir.pk)
    return Identified(living, named) if living else found


def directory_is_empty() -> bool:
    return not PublicBody.objects.exists()


def merged_bodies(body: PublicBody) -> QuerySet[PublicBody]:
    """The former bodies that were merged into `body`."""
    return merged_into([body.pk])


def merged_into(body_ids: Collection[int]) -> QuerySet[PublicBody]:
    """The former bodies that were merged into one of these, by their keys."""
    return PublicBody.objects.filter(merged_into__in=body_ids)


def bearer_of(body: PublicBody, *, on: date | None = None, known_on: date | None = None) -> PublicBody:
    """The body that bears on a day what a body had: itself, or the one that took it in before that day, step by step;
    with no day, the last one known. `known_on`: by what was recorded by that day.
    """
    while body.merged_into is not None and (on is None or (body.ended_on is not None and body.ended_on < on)):
        if known_on is not None and body.end_learnt_on is not None and body.end_learnt_on > known_on:
            break
        body = body.merged_into
    return body


WANTED = {"siret": "SIRET", "address": "adresse", "place": "lieu d'émission", "email": "adresse électronique"}
"""What an issuer says of itself on its papers and in its letters, and how it is called."""


def issuer_lacks(issuer: Issuer) -> list[str]:
    """What its papers and letters lack of an issuer, in words."""
    return [label for name, label in WANTED.items() if not getattr(issuer, name)]


def name_of_issuer(code: str) -> str:
    """The short name of an issuer; its code where it was never registered."""
    known = issuer_by_code(code)
    return (known.short_name or known.name) if known else code


def why_ended(body: PublicBody, *, on: date) -> str:
    """Why nothing is issued, sent or signed in the name of a body on a day: it has ended, its successor is named; « »
    while it lives, its last day included."""
    if body.ended_on is None or body.ended_on >= on:
        return ""
    successor = bearer_of(body)
    into = f" : voir {successor.name}" if successor != body else ""
    return f"{body.name} n'existe plus depuis le {body.ended_on:%d/%m/%Y}{into}."


def lineage_of(*body_ids: int) -> set[int]:
    """Bodies and all that were merged into them, step by step: what they signed goes on with them. A query a step."""
    found, newer = set(body_ids), set(body_ids)
    while newer:
        merged = PublicBody.objects.filter(merged_into__in=newer).values_list("pk", flat=True)
        newer = set(merged) - found
        found |= newer
    return found


def issuer_by_code(code: str) -> Issuer | None:
    return sole(Issuer.objects.filter(code=code))


def slots_among(registered: Iterable[Issuer], codes: Iterable[str]) -> dict[str, int]:
    """The place of each issuer among those registered, which gives its mark and, of itself, its colour on every screen
    and paper. Those of a grid that is not adopted yet come after all that are known.
    """
    known = {one.code: one.slot for one in registered}
    free = count(max(known.values(), default=0) + 1)
    return {code: known[code] if code in known else next(free) for code in codes}


def issuers() -> list[Issuer]:
    """All issuers, in the order of their slots: each asks for its own, which others do not see changed."""
    return [copy(one) for one in recalled("issuers", read=lambda: tuple(Issuer.objects.all()))]


def names_of_issuers() -> list[str]:
    """The codes and names of all issuers: one query."""
    return [name for names in Issuer.objects.values_list("code", "short_name", "name") for name in names]
