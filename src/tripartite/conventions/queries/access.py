"""Who may come in to a file by a link, and in whose name."""

from collections.abc import Iterable
from typing import Any

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.queries.conventions import waiting_signatories
from tripartite.parties.queries.bodies import issuers

BENEFICIARY = "beneficiary"
"""The role of whoever signs in the name of the beneficiary; the other roles are codes of issuers."""


def addresses_of(asked: Any, conventions: Iterable[Convention]) -> set[str]:
    """Who may come in to a file: its contact, and the signatories of its conventions once these are sent."""
    known = {asked.contact_email.lower()} if asked.contact_email and asked.versions.all() else set()
    sent = (one for convention in conventions if convention.number for one in convention.signatories.all())
    return known | {one.email.lower() for one in sent if one.email}


def speaks_for_beneficiary(email: str, asked: Any, conventions: Iterable[Convention]) -> bool:
    """Whether an address is that of the contact or of who signs in the name of the beneficiary: they answer and
    deposit. An issuer's signatory signs."""
    signing = (one for convention in conventions for one in convention.signatories.all())
    theirs = {one.email.lower() for one in signing if one.role == BENEFICIARY}
    return email in theirs | {asked.contact_email.lower()}


def waits_for(convention: Convention, email: str) -> list[Signatory]:
    """The signatories at that address whose signature is awaited."""
    return [one for one in waiting_signatories(convention) if one.email.lower() == email]


def party(signatory: Signatory, convention: Convention) -> str:
    """In whose name a signatory signs."""
    names = {issuer.code: issuer.name for issuer in issuers()}
    return names.get(signatory.role) or str(convention.beneficiary.name)
