"""Whether a file in hand is one of our papers: by its bytes, by what it extends, by what it claims."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any

from django.utils import timezone

from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.findings import PdfFound
from tripartite.documents.models import Document
from tripartite.documents.queries import document_by_sha256
from tripartite.documents.reports import SignatureReport, Verdict, Verification
from tripartite.documents.strangers import verify_pdf
from tripartite.documents.trust import TrustSettings

LARGEST_UPLOAD = 10 * 1024 * 1024
"""What a page takes from anybody."""

DIGEST = re.compile(r"[0-9a-fA-F]{64}")
END = re.compile(rb"%%EOF")
ENDINGS = (b"", b"\n", b"\r", b"\r\n")
ENDS = 200
NUMBER = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
NUMBERS = 20


class Authenticity(StrEnum):
    GENUINE = "genuine"
    SIGNED_GENUINE = "signed-genuine"
    ALTERED = "altered"
    UNKNOWN = "unknown"


SENTENCES = {
    Authenticity.GENUINE: "Authentique : ce fichier est un papier conservé ici, sans un octet de différence.",
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

    @property
    def sentence(self) -> str:
        return SENTENCES[self.authenticity]

    @property
    def sound(self) -> bool | None:
        """Whether it can be relied on: by its bytes, or by valid signatures; None when nothing tells."""
        verdict = self.verification.verdict if self.verification else Verdict.NO_SIGNATURE
        if self.authenticity is Authenticity.GENUINE:
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
    genuine = document_by_sha256(digest) is not None
    earlier = 0 if genuine else _kept_beginning(content)
    try:
        found = verify_pdf(
            content, trust=trust, at=at, fetch_revocation=fetch_revocation, earlier=earlier, public=public
        )
    except UnreadablePdf as refusal:
        authenticity = Authenticity.GENUINE if genuine else Authenticity.UNKNOWN
        return Examination(authenticity, digest, unreadable=str(refusal))
    authenticity = Authenticity.GENUINE if genuine else _authenticity(found, began_as_ours=bool(earlier))
    return Examination(authenticity, digest, found.verification)


def examine_digest(digest: str) -> Examination | None:
    """Whether a paper with this SHA-256 is kept here; None when that is not 64 hexadecimal digits."""
    written = "".join(digest.split())
    if not DIGEST.fullmatch(written):
        return None
    known = document_by_sha256(written) is not None
    return Examination(Authenticity.GENUINE if known else Authenticity.UNKNOWN, written.lower())


def _authenticity(found: PdfFound, *, began_as_ours: bool) -> Authenticity:
    verification = found.verification or Verification()
    if began_as_ours:
        signed = verification.verdict is not Verdict.INVALID and found.only_signed
        return Authenticity.SIGNED_GENUINE if signed else Authenticity.ALTERED
    if any(one.own_seal and one.verdict is Verdict.INVALID for one in verification.signatures):
        return Authenticity.ALTERED
    return Authenticity.ALTERED if _is_title_of_ours(found.title) else Authenticity.UNKNOWN


def _kept_beginning(content: bytes) -> int:
    """How many of its first bytes are a paper kept here, the most there are; 0 when none is."""
    running, done, places = sha256(), 0, {}
    for mark in islice(END.finditer(content), ENDS):
        for ending in ENDINGS:
            place = mark.end() + len(ending)
            if place >= len(content) or content[mark.end() : place] != ending or place < done:
                continue
            running.update(content[done:place])
            done = place
            places[running.hexdigest()] = place
    known = Document.objects.filter(sha256__in=places).values_list("sha256", flat=True)
    return max((places[digest] for digest in known), default=0)


def _is_title_of_ours(title: str) -> bool:
    """Whether it is the title of a kept paper, or has the number of one."""
    if not title:
        return False
    numbers = NUMBER.findall(title)[:NUMBERS]
    return Document.objects.filter(number__in=numbers).exists() or Document.objects.filter(title=title).exists()


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
