"""Who signs a letter, and whom its reader may call."""

from tripartite.parties.queries.bodies import issuers


def letter_signature() -> str:
    """The issuers by their names, each with its telephone and address as its settings say, a line each."""
    lines = (" · ".join(filter(None, (issuer.name, issuer.phone, issuer.email))) for issuer in issuers())
    return "\n".join(lines) or "Tripartite"
