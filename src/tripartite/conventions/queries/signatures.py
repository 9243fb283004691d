"""What was proved of a signature, in words: whose it is and how that is known, and where its date comes from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tripartite.conventions.models import Convention, Signature
from tripartite.conventions.queries.conventions import BENEFICIARY
from tripartite.conventions.states import BY_PHONE, WAY_LABELS, WAY_WORTH, WORTH_BY_PHONE, Way
from tripartite.parties.queries.names import same_person
from tripartite.pricing.french import instant_text
from tripartite.quotes.queries.identity import IdentityChange, contact_changes, told_changes

SIGNATORY = "conventions.signatory"
"""The act by which the journal tells who signs for a party."""
STAMPED = "Date prouvée par un horodatage."
UNSTAMPED = {
    Way.PAPER: "Date portée sur l'original, telle qu'un agent l'a notée.",
    Way.OUTSIDE: "Date déclarée par le signataire : aucun horodatage ne la prouve.",
    Way.HERE: "Date de l'horloge de la plateforme : aucun horodatage ne la prouve.",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A signature as every page and paper tells it. `stamped`: a trusted time stamp proves its date."""

    way: Way
    on: date
    stamped: bool
    holder: str = ""
    """Whom the certificate names; « » for a signature without one."""
    compared: str = ""
    """How the holder is known to be the signatory, in a sentence; a warning when it is not."""
    doubtful: bool = False
    """Whether the holder's name is not the signatory's: confirmed by an agent, or never compared."""
    changes: tuple[IdentityChange, ...] = ()
    """How what proves who the signatory is changed before this signature, since it was first said."""
    by_phone: bool = False
    """Whether the code of a signature given here was read out by an agent."""
    received_on: date | None = None
    """The day on which the original of a signature on paper was received, when it was said."""

    @property
    def label(self) -> str:
        """By which way."""
        return BY_PHONE if self.by_phone else WAY_LABELS[self.way]

    @property
    def day_words(self) -> str:
        """Its day after « signée »: « le 23/11/2026 », or as a declared one."""
        day = f"{self.on:%d/%m/%Y}"
        return f"le {day} (date déclarée)" if self.way is Way.OUTSIDE and not self.stamped else f"le {day}"

    @property
    def dated(self) -> str:
        return STAMPED if self.stamped else UNSTAMPED[self.way]

    @property
    def worth(self) -> str:
        return f"{WORTH_BY_PHONE if self.by_phone else WAY_WORTH[self.way]} {self.dated}"

    @property
    def told(self) -> str:
        """How, when and by whom, as the journal tells it: each way in words of its own, and where its date is from."""
        return self._said(f"le {self.on:%d/%m/%Y} ({self._source})")

    @property
    def words(self) -> str:
        """All of it on one line, for an index."""
        return " ".join((self._said(self.day_words), self.dated, *self.changed))

    def _said(self, day: str) -> str:
        held = f", titulaire du certificat : {self.holder}" if self.holder else ""
        return f"{self.label}, {day}{held}. {self.compared}".rstrip()

    @property
    def _source(self) -> str:
        if self.stamped:
            return "date prouvée par un horodatage"
        if self.way is Way.PAPER:
            late = self.received_on and self.received_on != self.on
            return "date portée sur l'original" + (f", reçu le {self.received_on:%d/%m/%Y}" if late else "")
        return "date déclarée" if self.way is Way.OUTSIDE else "date de la plateforme"

    @property
    def changed(self) -> tuple[str, ...]:
        """Each change, in a sentence."""
        return tuple(
            f"Changé le {instant_text(timezone.localtime(one.at))} par {one.by} : {one.words}." for one in self.changes
        )


def proofs_of(convention: Convention) -> list[int]:
    """The papers of evidence of a convention's signatures, in the order of the signatories."""
    signed = [one.signature for one in convention.signatories.all() if hasattr(one, "signature")]
    return [one.proof_id for one in signed if one.proof_id is not None]


def proof_of(signature: Signature) -> Proof:
    """What a signature proves, from the evidence kept with it. A signature kept before holders were compared is
    compared now, by the name alone.
    """
    evidence, way, changes = signature.evidence, Way(signature.way), _changes_before(signature)
    if way is not Way.OUTSIDE:
        received = evidence.get("received_on")
        return Proof(
            way,
            signature.signed_on,
            stamped=bool(evidence.get("stamped")),
            changes=changes,
            by_phone=bool(evidence.get("by_phone")) or evidence.get("code_sent_to", "").endswith("(par téléphone)"),
            received_on=date.fromisoformat(received) if received else None,
        )
    shown = evidence.get("signatures", [])
    held = evidence.get("holder") or _held_before(shown, signature.signatory.name)
    stamped = any(one.get("stamped_at") for one in shown if one["field"] == held.get("field", one["field"]))
    outcome = held["outcome"]
    return Proof(
        way,
        signature.signed_on,
        stamped,
        held["read"],
        _compared(held),
        doubtful=outcome in ("confirmed", "other"),
        changes=changes,
    )


def _changes_before(signature: Any) -> tuple[IdentityChange, ...]:
    """The changes told before a signature: of its signatory, and of the contact who may have named it."""
    signatory, before = signature.signatory, signature.recorded_at
    request_id = signatory.convention.request_id
    found = told_changes(request_id, SIGNATORY, before=before, signatory=signatory.pk)
    if signatory.role == BENEFICIARY:
        found += contact_changes(request_id, before=before)
    return tuple(sorted(found, key=lambda one: one.at))


def _held_before(shown: list[dict[str, Any]], expected: str) -> dict[str, Any]:
    """The holder as it was kept before it was compared."""
    last = shown[-1] if shown else {}
    read = ", ".join(filter(None, (last.get("signer"), last.get("organisation")))) or "inconnu"
    same = same_person(last.get("signer", ""), expected)
    return {"read": read, "expected": expected, "outcome": "same" if same else "other", "field": last.get("field")}


def _compared(held: dict[str, Any]) -> str:
    match held["outcome"]:
        case "same":
            return "C'est le nom du signataire."
        case "seal":
            return "C'est le cachet de la partie, que le modèle de la convention admet."
        case "confirmed":
            return (
                f"Ce n'est pas le nom attendu ({held['expected']}) : confirmée par {held['by']}, motif :"
                f" {held['reason'].rstrip('.')}."
            )
    return f"Ce n'est pas le nom attendu ({held['expected']}) : la signature a été reçue sans cette comparaison."
