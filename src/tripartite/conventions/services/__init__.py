"""What can be done with a convention. Each verb is one transaction, and journals."""

from tripartite.conventions.services.amending import ask_for_amendment, change_amendment
from tripartite.conventions.services.cohort import PROGRAMME, CohortReport, import_cohort, turn_into_request
from tripartite.conventions.services.cohort_reading import CohortFile, CohortRefused
from tripartite.conventions.services.drafting import (
    abandon_convention,
    draft_convention,
    set_changes,
    set_signatory,
    set_term,
)
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.letters import letter_signature, write_about
from tripartite.conventions.services.papers import deliberation_of, services_of
from tripartite.conventions.services.records import lock_convention
from tripartite.conventions.services.reminders import (
    quotes_to_remind,
    remind_of_quotes,
    remind_signatory,
    signatories_to_remind,
)
from tripartite.conventions.services.running import advance_convention, denounce_convention, terminate_convention
from tripartite.conventions.services.sending import preview_convention, preview_text, send_convention, what_lacks
from tripartite.conventions.services.signing import (
    CONSENT,
    Consent,
    deposit_signed_pdf,
    record_paper_signature,
    sign_here,
)
from tripartite.conventions.services.spreadsheets import MAX_BYTES
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.conventions.services.withdrawing import give_back_service, withdraw_service

__all__ = [
    "CONSENT",
    "MAX_BYTES",
    "PROGRAMME",
    "CohortFile",
    "CohortRefused",
    "CohortReport",
    "Consent",
    "ConventionError",
    "abandon_convention",
    "adopt_text",
    "advance_convention",
    "ask_for_amendment",
    "change_amendment",
    "deliberation_of",
    "denounce_convention",
    "deposit_signed_pdf",
    "draft_convention",
    "draft_text",
    "give_back_service",
    "import_cohort",
    "letter_signature",
    "lock_convention",
    "preview_convention",
    "preview_text",
    "quotes_to_remind",
    "record_paper_signature",
    "remind_of_quotes",
    "remind_signatory",
    "send_convention",
    "services_of",
    "set_changes",
    "set_signatory",
    "set_term",
    "sign_here",
    "signatories_to_remind",
    "terminate_convention",
    "turn_into_request",
    "what_lacks",
    "withdraw_service",
    "write_about",
]
