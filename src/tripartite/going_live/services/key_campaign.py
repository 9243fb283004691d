"""The kind of job that prepares the renewal quotes of many keys: one key a unit, each once (jobs/kinds.py)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tripartite.going_live.models import SignatureKey
from tripartite.going_live.services.key_records import locked_key
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor
from tripartite.pricing.naming import complement

KIND = "key-renewals"


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """A unit for each key of `parameters["keys"]`."""
    found = SignatureKey.objects.filter(pk__in=parameters["keys"]).select_related("body").order_by("body__name", "pk")
    return [Unit(str(key.pk), f"{key.body.name}, clé {complement(key.holder_function)}") for key in found]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Renew one key; a key that is being renewed already is left as it is. Raises what `renew_key` raises."""
    before = locked_key(int(key)).renewal_id
    request = renew_key(key_id=int(key), actor=actor, at=at)
    return f"{request.reference}{'' if request.pk != before else ' : déjà demandé'}"
