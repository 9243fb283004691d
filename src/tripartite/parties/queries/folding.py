"""Names as people type them: the same name in any spelling folds to the same words."""

import re
import unicodedata

ARTICLES = frozenset({"le", "la", "les", "l", "d", "de", "du", "des"})
SPELLED_OUT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
KINDS = (
    ("communaute d agglomeration", "ca"),
    ("communaute de communes", "cc"),
    ("communaute urbaine", "cu"),
    ("centre communal d action sociale", "ccas"),
    ("centre intercommunal d action sociale", "cias"),
    ("syndicat intercommunal a vocation unique", "sivu"),
    ("syndicat intercommunal a vocation multiple", "sivom"),
)
GROUPS = frozenset({"ca", "cc", "cu"})
"""Kinds that people join to the initials of the rest: « CA du Pays de Saint-X », « CAPSX »."""
SMALL = ARTICLES | {"en", "et", "sur", "sous", "a", "au", "aux"}
TOWN_HALL = re.compile(r"^(?:mairie|commune|ville|hotel de ville) (?:de|d|du|des) (?=.)")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d"})
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Small letters and figures in words one space apart: no accent, ligature, hyphen, apostrophe or abbreviation.

    « Bourg s/ la Rive » and « BOURG-SUR-LA-RIVE » fold alike, as do « St X » and « Saint-X ». Folding again
    changes nothing.
    """
    words = _plain(text).split()
    last = len(words) - 1
    folded = " ".join(
        "sur" if word == "s" and 0 < place < last else SPELLED_OUT.get(word, word) for place, word in enumerate(words)
    )
    if len(words) > 2:
        for long, short in KINDS:
            folded = re.sub(rf"\b{long}\b", short, folded)
    return folded


def fold_unfinished(text: str) -> str:
    """`text` folded but for its last word, which may be the beginning of another: « ste » of « Steenwerck »."""
    words = _plain(text).split()
    return f"{fold(' '.join(words[:-1]))} {words[-1]}".strip() if words else ""


def _plain(text: str) -> str:
    small = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in small if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", bare.casefold().translate(_LETTERS))


def without_articles(folded: str) -> str:
    """A folded name without its articles; itself when it has nothing else."""
    return " ".join(word for word in folded.split() if word not in ARTICLES) or folded


def without_town_hall(folded: str) -> str:
    """« mairie de x » → « x »."""
    return TOWN_HALL.sub("", folded)


def acronym(folded: str) -> str:
    """The acronym that people make of the folded name of a group of communes: « cu d y » → « cuy »; else « »."""
    kind, *rest = folded.split() or [""]
    initials = "".join(word[0] for word in rest if word not in SMALL)
    return f"{kind}{initials}" if kind in GROUPS and initials else ""
