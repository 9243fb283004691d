"""Questions about bodies, their figures and issuers."""

from tripartite.parties.queries.bodies import (
    bearer_of,
    bodies_by_id,
    body_by_id,
    body_by_identifier,
    directory_is_empty,
    issuer_by_code,
    issuers,
    lineage_of,
    merged_bodies,
)
from tripartite.parties.queries.crossing import crossing_figures
from tripartite.parties.queries.facts import BodyFacts, facts_of, facts_of_all, figures_of, postal_address
from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.mandates import mandate_by_id, mandates_of, mandates_of_bodies, what_mandate_lacks
from tripartite.parties.queries.search import search_bodies

__all__ = [
    "BodyFacts",
    "bearer_of",
    "bodies_by_id",
    "body_by_id",
    "body_by_identifier",
    "crossing_figures",
    "directory_is_empty",
    "facts_of",
    "facts_of_all",
    "figures_of",
    "fold",
    "issuer_by_code",
    "issuers",
    "lineage_of",
    "mandate_by_id",
    "mandates_of",
    "mandates_of_bodies",
    "merged_bodies",
    "postal_address",
    "search_bodies",
    "what_mandate_lacks",
]
