"""Verbs of the directory: each is one transaction and journals what it did."""

from tripartite.parties.services.bodies import complete_body, create_body
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure
from tripartite.parties.services.importing import ImportReport, import_directory
from tripartite.parties.services.issuers import register_issuer, update_issuer
from tripartite.parties.services.mandates import end_mandate, record_mandate
from tripartite.parties.services.reading import DirectoryFile, ImportRefused

__all__ = [
    "DirectoryFile",
    "FieldErrors",
    "ImportRefused",
    "ImportReport",
    "complete_body",
    "create_body",
    "declare_figure",
    "end_mandate",
    "import_directory",
    "record_mandate",
    "register_issuer",
    "update_issuer",
]
