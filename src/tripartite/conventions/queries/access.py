"""Who may come in to a file by a link, and in whose name."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.queries.conventions import (
    BENEFICIARY,
    amendments_of,
    conventions_of_request,
    waiting_signatories,
)
from tripartite.messages.queries import letters_not_gone
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.naming import LegalName, legal_name
from tripartite.quotes.queries.requests import quote_by_number, request_by_id, request_by_reference

REFERENCE = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+)*-\d{4}-\d+")
LONGEST = 300
"""What is looked at of what somebody typed."""
AMENDMENT = re.compile(r"AVENANT\D{0,5}(\d{1,3})")


def files_named(reference: str) -> Iterator[tuple[Any, list[Convention]]]:
    """The files that a reference of our letters names, the likeliest first, each with its conventions: a request, a
    quote, a convention, an amendment by its number or as « avenant n° 1 à la convention C-2026-00012 ».

    It may be typed in small letters, with spaces, or among other words. A convention's number names its file, then
    those of its amendments.
    """
    typed = reference.upper()[:LONGEST]
    tokens = REFERENCE.findall(re.sub(r"\s*[-\u2010-\u2014]\s*", "-", typed))
    for token in tokens[:3]:
        keys: list[int] = []
        if asked := request_by_reference(token):
            keys.append(asked.pk)
        if quote := quote_by_number(token):
            keys.append(quote.version.request_id)
        keys += _files_of_convention(token, AMENDMENT.search(typed))
        for key in dict.fromkeys(keys):
            if found := request_by_id(key):
                yield found, conventions_of_request(key)


def _files_of_convention(number: str, amendment: re.Match[str] | None) -> list[int]:
    convention = Convention.objects.filter(number=number).first()
    if convention is None:
        return []
    amended = [one.request_id for one in amendments_of(convention.pk) if one.number]
    if amendment is None:
        return [convention.request_id, *amended]
    place = int(amendment[1]) - 1
    return amended[place : place + 1]


def addresses_of(asked: Any, conventions: Iterable[Convention]) -> set[str]:
    """Who may come in to a file: its contact, and the signatories of its conventions once these are sent."""
    known = {asked.contact_email.lower()} if asked.contact_email and asked.versions.all() else set()
    sent = (one for convention in conventions if convention.number for one in convention.signatories.all())
    return known | {one.email.lower() for one in sent if one.email}


def not_told(asked: Any, conventions: Iterable[Convention]) -> list[Any]:
    """The letters about a file that did not go to an address which is still the contact's or a signatory's: somebody
    waits for a word that does not come. The latest for each address; one whose address was corrected is over."""
    signing = (one.email for convention in conventions for one in convention.signatories.all())
    people = {email.lower() for email in (asked.contact_email, *signing)}
    return [one for one in letters_not_gone("request", asked.pk) if one.recipient.lower() in people]


def speaks_for_beneficiary(email: str, asked: Any, conventions: Iterable[Convention]) -> bool:
    """Whether an address is that of the contact or of who signs in the name of the beneficiary: they answer and
    deposit. An issuer's signatory signs."""
    signing = (one for convention in conventions for one in convention.signatories.all())
    theirs = {one.email.lower() for one in signing if one.role == BENEFICIARY}
    return email in theirs | {asked.contact_email.lower()}


def waits_for(convention: Convention, email: str) -> list[Signatory]:
    """The signatories at that address whose signature is awaited."""
    return [one for one in waiting_signatories(convention) if one.email.lower() == email]


def party(signatory: Signatory, convention: Convention) -> LegalName:
    """In whose name a signatory signs, as law names it: « la commune de X », « du syndicat mixte »."""
    issuer = next((one for one in issuers() if one.code == signatory.role), None)
    return legal_name(issuer.name) if issuer else convention.beneficiary.legal
