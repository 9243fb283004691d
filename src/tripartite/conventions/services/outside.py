"""What a PDF signed outside brings: new signatures that can be relied on, and one of the person who is awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.printout.casting import cast_as_signed
from tripartite.conventions.services.errors import ConventionError
from tripartite.documents.holders import Holder
from tripartite.documents.reports import Integrity, Kind, SignatureReport, Verdict, Verification
from tripartite.documents.strangers import verify_pdf
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.queries.names import same_body, same_person
from tripartite.typed import clean_line

AGAIN = "Téléchargez la dernière version, signez-la de nouveau, puis déposez-la."
OVERTAKEN = "il est parti d'une version plus ancienne, et quelqu'un a signé entre-temps."
OF_THE_BENEFICIARY = (
    "Personne ne peut le confirmer à la place de la collectivité : elle signe de nouveau avec le certificat du"
    " signataire, sur papier, ou ici par lien et code."
)
OF_AN_ISSUER = (
    "Déposez le PDF signé avec le certificat du signataire ; si c'est bien sa signature, un agent de cet émetteur le"
    " confirme en disant pourquoi."
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An agent's word that a certificate in another name is the signatory's: why, and for which party (`of`, the code
    of the agent's own issuer)."""

    reason: str
    of: str


def fresh_signatures(pdf: bytes, revisions: Sequence[bytes], at: datetime) -> list[SignatureReport]:
    """The signatures that a file adds to the latest of the revisions: valid, by persons or bodies, and nothing added
    beside them.

    Those of the latest revision were judged when they came: only what would make them invalid is held against them.
    Raises ConventionError, whose words name the cause, and UnreadablePdf.
    """
    from tripartite.documents.trust_folder import trust_settings  # noqa: PLC0415 - slow to import

    latest = revisions[-1]
    extends = len(pdf) > len(latest) and pdf.startswith(latest)
    read = verify_pdf(pdf, trust=trust_settings(), at=at, fetch_revocation=True, earlier=len(latest) if extends else 0)
    found = read.verification or Verification()
    if not extends:
        raise ConventionError(f"Ce fichier ne prolonge pas la dernière version : {_why(pdf, revisions, found)} {AGAIN}")
    added = Verification(found.signatures[read.known :])
    fresh = [one for one in added.signatures if one.kind is Kind.SIGNATURE and not one.own_seal]
    if not fresh:
        raise ConventionError("Ce fichier ne porte pas de nouvelle signature électronique d'une personne.")
    if any(one.certifies for one in fresh):
        raise ConventionError(
            "C'est une signature de certification : elle fixe ce qui peut être ajouté ensuite, et les autres parties"
            " doivent pouvoir signer. Signez la dernière version sans certifier le document, puis déposez-la."
        )
    judged = found if found.verdict is Verdict.INVALID else added
    if judged.verdict is not Verdict.VALID:
        raise ConventionError(f"Signature refusée. {judged.sentence}")
    if not read.only_signed:
        raise ConventionError("Ce fichier change autre chose que des signatures : le texte signé doit rester entier.")
    return fresh


def _why(pdf: bytes, revisions: Sequence[bytes], found: Verification) -> str:
    """Why a file does not extend the latest revision."""
    if pdf == revisions[-1]:
        return "c'est elle, telle quelle ; il n'est pas signé."
    if any(pdf.startswith(earlier) for earlier in revisions):
        return OVERTAKEN
    if any(one.integrity is Integrity.ALTERED for one in found.signatures):
        return "il a été modifié après avoir été signé."
    return "c'est un autre papier, ou une copie que le logiciel a réenregistrée au lieu d'y ajouter la signature."


def signature_of(
    convention: Convention,
    signatory: Signatory,
    fresh: Sequence[SignatureReport],
    confirmation: Confirmation | None,
    by: str,
) -> tuple[SignatureReport, dict[str, str]]:
    """Which of the new signatures is the signatory's, and how that is known: `outcome` is "same" (a person's name),
    "seal" (of its body, where the text admits one) or "confirmed" (by an agent of that party, with a reason).

    Raises ConventionError when none is: it says who was read and who was expected.
    """
    party = _Party.of(convention, signatory)
    expected = ", ".join(filter(None, (signatory.name, signatory.function, party.name)))
    for one in fresh:
        outcome = party.outcome(one.holder, signatory.name)
        if outcome:
            return one, {"read": one.holder.words, "expected": expected, "outcome": outcome}
    last = fresh[-1]
    read = f"Le certificat est celui de « {last.holder.words} » ; la signature attendue est celle de « {expected} »."
    if last.holder.is_seal:
        read += (
            " Ce cachet n'est pas celui de cette partie."
            if party.seal
            else " Le modèle de la convention n'admet pas le cachet d'un organisme à la place d'une personne."
        )
    if confirmation is None or not clean_line(confirmation.reason):
        raise ConventionError(f"{read} {party.way_out}")
    if confirmation.of != signatory.role:
        raise ConventionError(f"{read} Vous ne pouvez pas le confirmer pour cette partie. {party.way_out}")
    reason = clean_line(confirmation.reason)[:500]
    return last, {
        "read": last.holder.words,
        "expected": expected,
        "outcome": "confirmed",
        "reason": reason,
        "by": by,
    }


@dataclass(frozen=True, slots=True)
class _Party:
    """For whom a signatory signs, and whether the text of the convention lets its seal sign."""

    role: str
    name: str
    siren: str
    seal: bool

    @classmethod
    def of(cls, convention: Convention, signatory: Signatory) -> "_Party":
        model = cast_as_signed(convention.text.text, [one.role for one in convention.signatories.all()])
        admitted = any(one.seal for one in model.signatories if one.code == signatory.role)
        issuer = issuer_by_code(signatory.role)
        if issuer is None:
            return cls(signatory.role, convention.beneficiary.name, convention.beneficiary.siren or "", admitted)
        return cls(signatory.role, issuer.name, (issuer.siret or "")[:9], admitted)

    @property
    def way_out(self) -> str:
        return OF_THE_BENEFICIARY if self.role == "beneficiary" else OF_AN_ISSUER

    def outcome(self, holder: Holder, person: str) -> str:
        """How a certificate is the party's; « » when it is not."""
        if any(same_person(name, person) for name in holder.names):
            return "same"
        if not (self.seal and holder.is_seal):
            return ""
        theirs = (
            holder.siren == self.siren if holder.siren and self.siren else same_body(holder.organisation, self.name)
        )
        return "seal" if theirs else ""


def shown_by(report: SignatureReport) -> dict[str, Any]:
    """What a verified signature showed, kept with it."""
    said: dict[str, Any] = {"signer": report.signer, "organisation": report.organisation, "serial": report.serial}
    said |= {"field": report.field, "level": str(report.level), "sentence": report.sentence}
    said["subject"] = report.holder.as_payload()
    moments = {"declared_at": report.declared_at, "stamped_at": report.stamped_at}
    return said | {name: moment.isoformat() for name, moment in moments.items() if moment}
