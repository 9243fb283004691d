"""Bodies by their names alone, for lists that show a whole directory: no figure, no address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tripartite.many import Among, keys_told
from tripartite.parties.models import PublicBody
from tripartite.pricing.naming import LegalName, legal_name
from tripartite.pricing.order import Kind
from tripartite.questions import KEYS, Question


@dataclass(frozen=True, slots=True)
class NamedEpci:
    """The EPCI of a body."""

    siren: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedBody:
    """A body as a list names it; `merged_into_id` is the key of the one that took it in."""

    pk: int
    siren: str
    name: str
    kind: str
    epci: NamedEpci | None
    merged_into_id: int | None

    @property
    def legal(self) -> LegalName:
        """As law names it: « la commune de X »."""
        return legal_name(self.name, Kind(self.kind))


NAMES = Question[tuple[Any, ...]](
    lambda keys: (
        PublicBody.objects.filter(Among("pk", keys))
        .order_by()
        .values_list("pk", "siren", "name", "kind", "merged_into_id", "epci__siren", "epci__name")
    ),
    KEYS,
)


def named_bodies(body_ids: Collection[int]) -> dict[int, NamedBody]:
    """These bodies, and those that took them in, by their keys: one query, and one more a step of what was merged."""
    found: dict[int, NamedBody] = {}
    wanted = set(body_ids)
    while wanted:
        for pk, siren, name, kind, heir, epci, epci_name in NAMES.ask(keys_told(wanted)):
            found[pk] = NamedBody(pk, siren, name, kind, NamedEpci(epci, epci_name) if epci else None, heir)
        wanted = {one.merged_into_id for one in found.values() if one.merged_into_id is not None} - found.keys()
    return found


def bearer_among(bodies: Mapping[int, NamedBody], body_id: int) -> NamedBody:
    """The body that bears now what a body had: itself, or the one that took it in, step by step (`bearer_of`)."""
    body = bodies[body_id]
    while body.merged_into_id is not None:
        body = bodies[body.merged_into_id]
    return body
