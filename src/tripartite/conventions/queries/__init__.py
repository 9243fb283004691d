"""Questions about conventions."""

from tripartite.conventions.queries.cohort import (
    cohort_counts,
    cohort_list,
    former_by_id,
    formers_of,
    open_request_of,
)
from tripartite.conventions.queries.conventions import (
    Upcoming,
    adopted_text,
    amendments_of,
    convention_by_id,
    convention_list,
    conventions_in_force,
    conventions_of_body,
    conventions_of_request,
    conventions_to_advance,
    current_document_id,
    papers_of,
    signatory_by_id,
    text_by_code,
    text_versions,
    upcoming,
    waiting_signatories,
    what_signatory_lacks,
)
from tripartite.conventions.queries.group import HeldByGroup, held_by_group
from tripartite.conventions.queries.queues import ConventionQueues, convention_queues

__all__ = [
    "ConventionQueues",
    "HeldByGroup",
    "Upcoming",
    "adopted_text",
    "amendments_of",
    "cohort_counts",
    "cohort_list",
    "convention_by_id",
    "convention_list",
    "convention_queues",
    "conventions_in_force",
    "conventions_of_body",
    "conventions_of_request",
    "conventions_to_advance",
    "current_document_id",
    "former_by_id",
    "formers_of",
    "held_by_group",
    "open_request_of",
    "papers_of",
    "signatory_by_id",
    "text_by_code",
    "text_versions",
    "upcoming",
    "waiting_signatories",
    "what_signatory_lacks",
]
