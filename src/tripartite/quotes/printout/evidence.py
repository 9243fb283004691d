"""The paper of evidence of what a person agreed to here: who, when, which text, in which words.

From where and with what (network address, browser) is personal and proves little alone: it is kept apart, as a record
that few may read; the paper, which every party gets, carries its fingerprint.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

MODEL = "evidence-2026-11-27"
CLOCK = "Le jour et l'heure sont ceux de l'horloge de la plateforme."
FINGERPRINT = (
    "L'empreinte désigne un fichier et un seul : un octet changé en donne une autre. « Vérifier un papier », sur la"
    " plateforme, dit si un fichier ou une empreinte est celui d'un papier conservé."
)

TRACE = "Relevé technique gardé à part (adresse réseau, navigateur)"


@dataclass(frozen=True, slots=True)
class EvidencePaper:
    """All that the paper says. `facts` are label and value; `papers` title and sha256 of each file; `at` is aware.

    `trace` is what is kept apart, label and value: the paper prints only its fingerprint.
    """

    heading: str
    about: str
    author: str
    reference: str
    at: datetime
    facts: tuple[tuple[str, str], ...]
    words: str
    papers: tuple[tuple[str, str], ...]
    worth: tuple[str, ...]
    trace: tuple[tuple[str, str], ...]

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def title(self) -> str:
        """The name of the file's document."""
        return f"{self.about}, {self.heading[:1].lower()}{self.heading[1:]}"

    def trace_text(self, salt: str) -> str:
        """The record kept apart; `salt` is random, so that its fingerprint cannot be guessed from an address."""
        said = (("Relevé de", self.title), ("Le", instant_text(self.at)), *self.trace, ("Aléa", salt))
        return "".join(f"{label} : {' '.join(value.split()) or 'non connu'}\n" for label, value in said)

    def as_payload(self, trace_sha256: str) -> dict[str, Any]:
        """The paper for JSON."""
        day = timezone.localdate(self.at)
        return {
            "kind": "evidence",
            "model": self.model,
            "title": self.title,
            "heading": self.heading,
            "author": self.author,
            "reference": self.reference,
            "issued_on": day.isoformat(),
            "issued_on_text": f"{day:%d/%m/%Y}",
            "facts": [[label, value or "non connu"] for label, value in self.facts],
            "words": self.words,
            "papers": [{"title": title, "sha256": sha256} for title, sha256 in (*self.papers, (TRACE, trace_sha256))],
            "worth": list(self.worth),
        }


def instant_text(at: datetime) -> str:
    """« 23/11/2026 à 10 h 00 min 12 s, heure de Paris »."""
    return f"{timezone.localtime(at):%d/%m/%Y à %H h %M min %S s}, heure de Paris"
