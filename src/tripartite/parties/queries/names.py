"""Whether two names are one person's, or one body's, however each was written: pure, one rule for the whole product.

Forgiven: accents, capitals, hyphens and apostrophes, the order of the words, a particle that one of them leaves out or
joins to the name, a civility. Not forgiven: a word more, a word less, another word.
"""

from collections import Counter
from itertools import permutations

from tripartite.parties.queries.folding import fold, without_articles, without_town_hall

PARTICLES = frozenset({"de", "du", "des", "le", "la", "les", "van", "von", "vander", "der", "den", "ter", "ten"})
ELIDED = {"d": "de", "l": "le"}
CIVILITIES = frozenset(
    {"m", "mr", "monsieur", "mme", "madame", "mlle", "mademoiselle", "me", "maitre", "dr", "docteur", "pr"}
)
MOST_WORDS = 6
"""Beyond, words are compared in any order, but no longer joined in every order."""


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: « Prénom NOM », « NOM Prénom », « Mme d'Hulst » and « DHULST ».

    Nobody is the same as nobody: an empty name, or a civility alone, is like no other.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    return _same_words(first, second) or _same_letters(first, second)


def same_body(one: str, other: str) -> bool:
    """Whether two names are one body's: « Commune de X », « MAIRIE DE X », « X »."""
    first, second = (_bare(name) for name in (one, other))
    return bool(first) and first == second


def _bare(name: str) -> str:
    return without_articles(without_town_hall(fold(name)))


def _words(name: str) -> list[str]:
    """The words of a person's name, in order, without a leading civility nor what holds a figure (a number added by an
    authority to tell two holders of one name apart)."""
    words = [word for word in fold(name).split() if not any(sign.isdigit() for sign in word)]
    return words[1:] if words and words[0] in CIVILITIES else words


def _same_words(first: list[str], second: list[str]) -> bool:
    """The same words in any order, but for particles that one of the two leaves out of a whole name."""
    one, other = (Counter(ELIDED.get(word, word) for word in words) for words in (first, second))
    mine, theirs = one - other, other - one
    if not mine and not theirs:
        return True
    if mine and theirs:
        return False
    shared = [word for word in (one & other).elements() if word not in PARTICLES]
    return len(shared) > 1 and set(mine + theirs) <= PARTICLES


def _same_letters(first: list[str], second: list[str]) -> bool:
    """The same letters once words are joined in some order: « Le Goff », « Legoff »."""
    if max(len(first), len(second)) > MOST_WORDS or sorted("".join(first)) != sorted("".join(second)):
        return False
    return not _joined(first).isdisjoint(_joined(second))


def _joined(words: list[str]) -> set[str]:
    return {"".join(order) for order in permutations(words)}
