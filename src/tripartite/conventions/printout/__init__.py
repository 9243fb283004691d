"""The printed convention: its text as data, the frozen value of all that it says, how it is built and worded."""

from tripartite.conventions.printout.building import convention_paper
from tripartite.conventions.printout.deliberation import DELIBERATION_MODEL, DeliberationPaper, deliberation_paper
from tripartite.conventions.printout.lacking import missing
from tripartite.conventions.printout.model_text import ModelError, ModelText, read_model
from tripartite.conventions.printout.paper import MODEL, ConventionPaper
from tripartite.conventions.printout.parts import Mandate, Party, QuoteReference, ServicePart, ServiceTaken, Term
from tripartite.conventions.printout.taking import services_left, services_taken, what_changes

__all__ = [
    "DELIBERATION_MODEL",
    "MODEL",
    "ConventionPaper",
    "DeliberationPaper",
    "Mandate",
    "ModelError",
    "ModelText",
    "Party",
    "QuoteReference",
    "ServicePart",
    "ServiceTaken",
    "Term",
    "convention_paper",
    "deliberation_paper",
    "missing",
    "read_model",
    "services_left",
    "services_taken",
    "what_changes",
]
