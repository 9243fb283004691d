"""What is said of a signature: its report, and that of a whole file."""

import dataclasses
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from tripartite.documents.holders import Holder
from tripartite.pricing.naming import complement

LONGEST = 160
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


class Verdict(StrEnum):
    NO_SIGNATURE = "no-signature"
    VALID = "valid"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"


class Kind(StrEnum):
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"


class Integrity(StrEnum):
    INTACT = "intact"
    ALTERED = "altered"
    WEAK = "weak"
    UNREADABLE = "unreadable"


class Coverage(StrEnum):
    WHOLE_FILE = "whole-file"
    PERMITTED_CHANGES = "permitted-changes"
    FORBIDDEN_CHANGES = "forbidden-changes"
    UNCLEAR = "unclear"


class Chain(StrEnum):
    """What the certificate is worth here."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    REVOCATION_UNREACHABLE = "revocation-unreachable"
    UNCHECKED = "unchecked"


class Level(StrEnum):
    """The PAdES levels; NONE for a signature of another format."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    NONE = ""


INTEGRITIES = {
    Integrity.INTACT: "intacte",
    Integrity.ALTERED: "altérée : ce qui était signé a changé",
    Integrity.WEAK: "faite avec un procédé trop faible pour prouver quoi que ce soit",
    Integrity.UNREADABLE: "illisible",
}
COVERAGES = {
    Coverage.WHOLE_FILE: "couvre tout le fichier",
    Coverage.PERMITTED_CHANGES: "suivie seulement d'ajouts permis (autres signatures)",
    Coverage.FORBIDDEN_CHANGES: "suivie de changements qui ne sont pas permis",
    Coverage.UNCLEAR: "ne couvre pas le fichier de façon claire",
}
CHAINS = {
    Chain.TRUSTED: "certificat de confiance",
    Chain.UNTRUSTED: "certificat d'une autorité à laquelle cette plateforme ne fait pas confiance",
    Chain.EXPIRED: "certificat expiré",
    Chain.NOT_YET_VALID: "certificat pas encore valable",
    Chain.REVOKED: "certificat révoqué",
    Chain.REVOCATION_UNREACHABLE: "impossible de savoir si le certificat a été révoqué",
    Chain.UNCHECKED: "certificat non vérifié",
}
FATAL = {Chain.REVOKED, Chain.NOT_YET_VALID}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature, or one timestamp of the whole file."""

    field: str
    kind: Kind = Kind.SIGNATURE
    signer: str = ""
    organisation: str = ""
    holder: Holder = dataclasses.field(default_factory=Holder)
    serial: str = ""
    own_seal: bool = False
    certifies: bool = False
    """Whether it certifies the file: it then says what may be added after it, if anything."""
    trial: bool = False
    reason: str = ""
    declared_at: datetime | None = None
    stamped_at: datetime | None = None
    """The earliest instant that a trusted timestamp proves."""
    integrity: Integrity = Integrity.UNREADABLE
    coverage: Coverage = Coverage.UNCLEAR
    chain: Chain = Chain.UNCHECKED
    level: Level = Level.NONE

    @property
    def verdict(self) -> Verdict:
        if self.integrity is not Integrity.INTACT or self.chain in FATAL:
            return Verdict.INVALID
        if self.coverage not in (Coverage.WHOLE_FILE, Coverage.PERMITTED_CHANGES):
            return Verdict.INVALID
        return Verdict.VALID if self.chain is Chain.TRUSTED else Verdict.INDETERMINATE

    @property
    def trouble(self) -> str:
        """Why it is not plainly valid, in a few words; empty when it is."""
        if self.integrity is not Integrity.INTACT:
            return f"signature {INTEGRITIES[self.integrity]}"
        if self.coverage not in (Coverage.WHOLE_FILE, Coverage.PERMITTED_CHANGES):
            return f"signature {COVERAGES[self.coverage]}"
        return "" if self.chain is Chain.TRUSTED else CHAINS[self.chain]

    @property
    def sentence(self) -> str:
        """All of it, for a person."""
        if self.integrity is Integrity.UNREADABLE:
            return f"Signature « {self.field} » : illisible."
        what = (
            "Horodatage"
            if self.kind is Kind.TIMESTAMP
            else "Sceau de cette plateforme"
            if self.own_seal
            else "Signature"
        )
        named = ", ".join(filter(None, (self.signer, self.organisation))) if self.own_seal else self.holder.words
        whose = f"{named}, certificat n° {self.serial}"
        state = [INTEGRITIES[self.integrity]]
        if self.integrity is Integrity.INTACT:
            state += [COVERAGES[self.coverage], CHAINS[self.chain]]
        if self.trial:
            state.append("sceau d'essai, sans valeur")
        level = f" Niveau {self.level}." if self.level else ""
        return f"{what} {complement(whose)}{self._when()} : {', '.join(state)}.{level}"

    def _when(self) -> str:
        if self.stamped_at:
            return f", horodatage du {_instant(self.stamped_at)}"
        return f", date déclarée : {_instant(self.declared_at)}" if self.declared_at else ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a whole file is worth."""

    signatures: tuple[SignatureReport, ...] = ()

    @property
    def verdict(self) -> Verdict:
        found = {report.verdict for report in self.signatures}
        for verdict in (Verdict.INVALID, Verdict.INDETERMINATE, Verdict.VALID):
            if verdict in found:
                return verdict
        return Verdict.NO_SIGNATURE

    @property
    def reason(self) -> str:
        """Why it is invalid or indeterminate; empty otherwise."""
        verdict = self.verdict
        return "; ".join(
            dict.fromkeys(one.trouble for one in self.signatures if one.trouble and one.verdict is verdict)
        )

    @property
    def sentence(self) -> str:
        match self.verdict:
            case Verdict.NO_SIGNATURE:
                return "Ce PDF ne porte aucune signature électronique."
            case Verdict.VALID if len(self.signatures) == 1:
                return "La signature est valable."
            case Verdict.VALID:
                return f"Les {len(self.signatures)} signatures sont valables."
            case Verdict.INDETERMINATE:
                return f"On ne peut pas conclure : {self.reason}."
            case Verdict.INVALID:
                return f"Pas valable : {self.reason}."


def _instant(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y à %H h %M}"


def harmless(text: Any) -> str:
    """A text out of somebody's file, made harmless to show: one line, not too long, nothing unseen in it."""
    shown = "".join(" " if sign.isspace() else sign for sign in str(text) if unicodedata.category(sign) not in UNSEEN)
    return shown.strip()[:LONGEST]
