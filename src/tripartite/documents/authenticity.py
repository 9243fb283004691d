"""Whether a file in hand is one of our papers: by its bytes, by what it extends, by what it claims."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.findings import PdfFound
from tripartite.documents.models import Document
from tripartite.documents.queries import kept_with
from tripartite.documents.reports import SignatureReport, Verdict, Verification
from tripartite.documents.strangers import verify_pdf
from tripartite.documents.trust import TrustSettings
from tripartite.pricing.french import day_text

LARGEST_UPLOAD = 10 * 1024 * 1024
"""What a page takes from anybody."""

DIGEST = re.compile(r"[0-9a-fA-F]{64}")
END = re.compile(rb"%%EOF")
ENDINGS = (b"", b"\n", b"\r", b"\r\n")
ENDS = 200
NUMBER = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
NUMBERS = 20


SIGNED_KIND = "signed-revision"
MADE_HERE = frozenset(
    {
        "convention",
        "credit-note",
        "credit-note-plain",
        "evidence",
        "invoice",
        "invoice-plain",
        "letter",
        "pes-flow",
        "quote",
        "reminder",
        "trace",
        SIGNED_KIND,
    }
)
"""The kinds of papers that this installation makes. All others are brought by people and kept as they came: that one is
kept says who made it no more than what it shows.
"""


class Authenticity(StrEnum):
    GENUINE = "genuine"
    SIGNED = "signed"
    SIGNED_GENUINE = "signed-genuine"
    DEPOSITED = "deposited"
    ALTERED = "altered"
    UNKNOWN = "unknown"


SENTENCES = {
    Authenticity.GENUINE: "Authentique : ce fichier est un papier établi et conservé ici, sans un octet de différence.",
    Authenticity.SIGNED: (
        "Authentique et signé : ce fichier est un papier établi ici, avec les signatures électroniques reçues ici,"
        " conservé sans un octet de différence."
    ),
    Authenticity.DEPOSITED: (
        "Déposé, non authentifié : ce fichier est celui qu'un agent, ou la structure concernée, a déposé ici le {day},"
        " sans un octet de différence. La plateforme ne l'a pas établi, et n'a vérifié ni ce qu'il montre, ni la"
        " signature manuscrite qu'il peut porter."
    ),
    Authenticity.SIGNED_GENUINE: "Authentique et signé : au papier conservé ici ne s'ajoutent que des signatures.",
    Authenticity.ALTERED: "Altéré : ce fichier se présente comme l'un de nos papiers, et n'est pas celui conservé.",
    Authenticity.UNKNOWN: "Inconnu : ce fichier n'est pas conservé ici.",
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What is said of a file; never what the paper says."""

    authenticity: Authenticity
    sha256: str
    verification: Verification | None = None
    unreadable: str = ""
    """Why its signatures could not be read; empty when they were."""
    deposited_on: date | None = None
    """The day on which it was first deposited, for one that people brought."""

    @property
    def sentence(self) -> str:
        return SENTENCES[self.authenticity].format(day=self.deposited_on and day_text(self.deposited_on))

    @property
    def kept(self) -> bool:
        """Whether these very bytes are kept here, whoever made them."""
        return self.authenticity in (Authenticity.GENUINE, Authenticity.SIGNED, Authenticity.DEPOSITED)

    @property
    def sound(self) -> bool | None:
        """Whether it can be relied on: by its bytes, or by valid signatures; None when nothing tells, as of what was
        only deposited.
        """
        verdict = self.verification.verdict if self.verification else Verdict.NO_SIGNATURE
        if self.authenticity in (Authenticity.GENUINE, Authenticity.SIGNED):
            return True
        if self.authenticity is Authenticity.ALTERED or verdict is Verdict.INVALID:
            return False
        if self.authenticity is Authenticity.SIGNED_GENUINE or verdict is Verdict.VALID:
            return True
        return None

    def as_payload(self) -> dict[str, Any]:
        """The same as plain values, for programs."""
        found = self.verification
        return {
            "authenticity": str(self.authenticity),
            "sentence": self.sentence,
            "sha256": self.sha256,
            "deposited_on": self.deposited_on.isoformat() if self.deposited_on else None,
            "unreadable": self.unreadable or None,
            "verdict": str(found.verdict) if found else None,
            "verdict_sentence": found.sentence if found else None,
            "signatures": [_signature_payload(one) for one in found.signatures] if found else [],
        }


def examine(
    content: bytes, *, trust: TrustSettings, at: datetime, fetch_revocation: bool, public: bool = False
) -> Examination:
    """Whether a file is one of ours, and what its signatures are worth. Whatever it is, it is answered in words.

    `public`: anybody may ask, and one place among the readers is left to those whom we know. Raises Busy when too many
    files are being read.
    """
    digest = sha256(content).hexdigest()
    kept = _kept(digest)
    earlier = 0 if kept else _kept_beginning(content)
    try:
        found = verify_pdf(
            content, trust=trust, at=at, fetch_revocation=fetch_revocation, earlier=earlier, public=public
        )
    except UnreadablePdf as refusal:
        return replace(kept or Examination(Authenticity.UNKNOWN, digest), unreadable=str(refusal))
    if kept:
        return replace(kept, verification=found.verification)
    return Examination(_authenticity(found, began_as_ours=bool(earlier)), digest, found.verification)


def examine_digest(digest: str) -> Examination | None:
    """Whether a paper with this SHA-256 is kept here; None when that is not 64 hexadecimal digits."""
    written = "".join(digest.split()).lower()
    if not DIGEST.fullmatch(written):
        return None
    return _kept(written) or Examination(Authenticity.UNKNOWN, written)


def _kept(digest: str) -> Examination | None:
    """What is said of the bytes of a hash that are kept here; None for those that are not. Bytes kept several times are
    what was made here, where one of them was; else they count from the day of the first deposit.
    """
    papers = kept_with(digest)
    made = [one for one in papers if one.kind in MADE_HERE]
    if made:
        signed = any(one.kind == SIGNED_KIND for one in made)
        return Examination(Authenticity.SIGNED if signed else Authenticity.GENUINE, digest)
    if not papers:
        return None
    first = timezone.localdate(min(one.created_at for one in papers))
    return Examination(Authenticity.DEPOSITED, digest, deposited_on=first)


def _authenticity(found: PdfFound, *, began_as_ours: bool) -> Authenticity:
    verification = found.verification or Verification()
    if began_as_ours:
        signed = verification.verdict is not Verdict.INVALID and found.only_signed
        return Authenticity.SIGNED_GENUINE if signed else Authenticity.ALTERED
    if any(one.own_seal and one.verdict is Verdict.INVALID for one in verification.signatures):
        return Authenticity.ALTERED
    return Authenticity.ALTERED if _is_title_of_ours(found.title) else Authenticity.UNKNOWN


def _kept_beginning(content: bytes) -> int:
    """How many of its first bytes are a paper made here, the most there are; 0 when none is."""
    running, done, places = sha256(), 0, {}
    for mark in islice(END.finditer(content), ENDS):
        for ending in ENDINGS:
            place = mark.end() + len(ending)
            if place >= len(content) or content[mark.end() : place] != ending or place < done:
                continue
            running.update(content[done:place])
            done = place
            places[running.hexdigest()] = place
    known = _made_here().filter(sha256__in=places).values_list("sha256", flat=True)
    return max((places[digest] for digest in known), default=0)


def _is_title_of_ours(title: str) -> bool:
    """Whether it is the title of a paper made here, or has the number of one."""
    if not title:
        return False
    numbers = NUMBER.findall(title)[:NUMBERS]
    return _made_here().filter(number__in=numbers).exists() or _made_here().filter(title=title).exists()


def _made_here() -> QuerySet[Document]:
    return Document.objects.filter(kind__in=MADE_HERE)


def _signature_payload(report: SignatureReport) -> dict[str, Any]:
    return {
        "field": report.field,
        "kind": str(report.kind),
        "signer": report.signer,
        "organisation": report.organisation,
        "holder": report.holder.words,
        "serial": report.serial,
        "own_seal": report.own_seal,
        "trial": report.trial,
        "reason": report.reason,
        "declared_at": timezone.localtime(report.declared_at).isoformat() if report.declared_at else None,
        "stamped_at": timezone.localtime(report.stamped_at).isoformat() if report.stamped_at else None,
        "integrity": str(report.integrity),
        "coverage": str(report.coverage),
        "chain": str(report.chain),
        "level": str(report.level) or None,
        "verdict": str(report.verdict),
        "sentence": report.sentence,
    }
