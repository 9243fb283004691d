"""How law names a body, with its article: « la commune de X », « du syndicat mixte … ». Pure.

A name as directories write it (« Le Bourg », « CA du Pays », « CCAS de X ») gives the body's noun, its gender
and its complement; what has no known noun is named alone, without an article.
"""

import re
from dataclasses import dataclass

from tripartite.pricing.order import Kind

VOWELS = "aeiouàâäéèêëîïôöùûüœæ"
INITIALS = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "CCAS": "centre communal d'action sociale",
    "CIAS": "centre intercommunal d'action sociale",
}
FEMININE = frozenset(
    {
        "agence",
        "association",
        "caisse",
        "chambre",
        "commune",
        "communauté",
        "école",
        "entente",
        "maison",
        "métropole",
        "région",
        "régie",
        "société",
        "ville",
    }
)
MASCULINE = frozenset(
    {
        "centre",
        "collège",
        "conseil",
        "département",
        "établissement",
        "foyer",
        "groupement",
        "institut",
        "lycée",
        "musée",
        "office",
        "parc",
        "pays",
        "pôle",
        "port",
        "service",
        "sivom",
        "sivu",
        "syndicat",
    }
)
NOUNS = {Kind.COMMUNE: "commune", Kind.DEPARTEMENT: "département", Kind.REGION: "région"}
"""What kinds of body are called by when their name does not say it."""


@dataclass(frozen=True, slots=True)
class LegalName:
    """A body as law names it: « commune de X », feminine; without a known noun, `gender` is empty."""

    words: str
    gender: str

    @property
    def named(self) -> str:
        """« la commune de X », « l'office de tourisme »."""
        if not self.gender:
            return self.words
        if is_elided(self.words):
            return f"l'{self.words}"
        return f"{'la' if self.gender == 'f' else 'le'} {self.words}"

    @property
    def opening(self) -> str:
        """« La commune de X », at the head of a sentence."""
        return self.named[:1].upper() + self.named[1:]

    @property
    def heading(self) -> str:
        """« Commune de X », at the head of a paper."""
        return self.words[:1].upper() + self.words[1:]

    @property
    def of(self) -> str:
        """« de la commune de X », « du syndicat mixte »."""
        return self._after("de", "du", "d'")

    @property
    def to(self) -> str:
        """« à la commune de X », « au syndicat mixte »."""
        return self._after("à", "au", "à ")

    def represented(self, function: str, person: str) -> str:
        """« la commune de X, représentée par son maire, Prénom NOM »."""
        return f"{self.named}, {self.representation(function, person)}"

    def representation(self, function: str, person: str) -> str:
        """« représentée par son maire, Prénom NOM »."""
        by = f"{own(function)}, {person}" if function else person
        return f"représenté{'e' if self.gender == 'f' else ''} par {by}"

    def _after(self, word: str, contracted: str, elided: str) -> str:
        if not self.gender:
            return f"{elided}{self.words}" if is_elided(self.words) else f"{word} {self.words}"
        if self.gender == "m" and not is_elided(self.words):
            return f"{contracted} {self.words}"
        return f"{word} {self.named}"


def legal_name(name: str, kind: Kind | None = None) -> LegalName:
    """How law names a body, from its name and kind in the directory."""
    words = " ".join(name.split())
    first, _, rest = words.partition(" ")
    if first in INITIALS:
        words = f"{INITIALS[first]} {rest}".strip()
    elif kind in NOUNS and first.casefold() not in {NOUNS[kind], "ville"}:
        words = f"{NOUNS[kind]} {complement(words)}"
    head = words.split(" ", 1)[0].casefold()
    gender = "f" if head in FEMININE else "m" if head in MASCULINE else ""
    if gender and not first.isupper():
        words = words[:1].lower() + words[1:]
    return LegalName(words, gender)


def complement(name: str) -> str:
    """« de X », « d'Y », « du Bourg », « des Bourgs », « de La Ville »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if is_elided(name) else f"de {name}"


def is_elided(name: str) -> bool:
    """Whether « de » loses its vowel before a name: before a vowel, a mute « h » (not « Ha… »), a « y » that is one."""
    first, second = name[:1].casefold(), name[1:2].casefold()
    if first == "h":
        return second not in {"a", "u", ""}
    if first == "y":
        return second not in set(VOWELS)
    return first in VOWELS and first != ""


def own(function: str) -> str:
    """« son maire », « sa présidente », « son adjointe »."""
    words = function[:1].lower() + function[1:]
    feminine = re.match(r"(?:vice-)?(?:présidente|directrice|conseillère|déléguée)\b", words) is not None
    return f"{'sa' if feminine else 'son'} {words}"
