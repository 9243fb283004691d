"""Who signs a letter, and whom its reader may call."""

from collections.abc import Iterable

from tripartite.parties.models import Issuer
from tripartite.parties.queries.bodies import issuers


def letter_signature(known: Iterable[Issuer] | None = None) -> str:
    """The issuers by their names, each with its telephone and address as its settings say, a line each. No query where
    they are at hand (`known`, as `issuers` answers them).
    """
    told = issuers() if known is None else known
    lines = (" · ".join(filter(None, (issuer.name, issuer.phone, issuer.email))) for issuer in told)
    return "\n".join(lines) or "Tripartite"
