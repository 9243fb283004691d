"""What a body is, for a tariff (kind, seat, class of client), changes from a day: what it replaces is kept."""

from collections.abc import Mapping
from datetime import date

from tripartite.parties.models import PublicBody

TRAITS = ("kind", "department", "client_class")


def keep_traits(body: PublicBody, values: Mapping[str, object], *, on: date) -> None:
    """Keep what new values replace, until the day `on` on which they are learnt and from which they count. What was not
    known before is replaced by nothing: the first value learnt counts for earlier days too. The caller saves.
    """
    before = {name: getattr(body, name) for name in TRAITS if name in values and getattr(body, name) != values[name]}
    known = {name: value for name, value in before.items() if value}
    if known:
        body.former_traits = [*body.former_traits, {"changed_on": on.isoformat(), **known}]
