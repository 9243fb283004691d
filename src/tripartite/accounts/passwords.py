"""Passwords that are too easy to guess, whatever their length. No letter, figure or sign is asked for.

The common passwords of Django's list are mostly short; those of twelve characters and more that people choose are made
of them: one, twice, or two side by side, with a year or a sign at either end. Those are refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from tripartite.parties.queries.bodies import names_of_issuers

CONTEXT = (
    *(
        "tripartite",
        "centredegestion",
        "mairieconnectee",
        "mairie",
        "commune",
        "collectivite",
        "syndicat",
        "convention",
        "motdepasse",
        "password",
    ),
    *("azerty", "qwerty", "bonjour", "administrateur", "comptable", "responsable", "agent"),
)
"""Words that anybody would try here; the letters of the keyboard's first row too. Those of the issuers are added."""
SHORT = 4
"""Letters and figures from which a word of an issuer's name is one that anybody would try."""
LEFT = 8
"""How many other letters and figures a password must have, once those words are taken away."""
DIFFERENT = 5
"""How many different characters it must have."""


class GuessablePasswordValidator:
    """Refuses what is made of common passwords, of the words of this place, or of a few characters repeated."""

    def __init__(self, names: Callable[[], Iterable[str]] = names_of_issuers) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords
        self.names = names

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002 - as Django calls it
        """Raise ValidationError, in French, for such a password."""
        plain = _plain(password)
        if len(set(plain)) < DIFFERENT:
            raise ValidationError("Ce mot de passe répète trop peu de caractères différents.", code="repeated")
        if self._is_common(plain):
            raise ValidationError("Ce mot de passe est fait de mots de passe très courants.", code="common")
        if (left := self._without_context(plain)) != plain and len(left) < LEFT:
            raise ValidationError(
                "Ce mot de passe est fait de mots que chacun essaierait ici : ajoutez-en d'autres.", code="context"
            )

    def get_help_text(self) -> str:
        """What a form says of it."""
        return "Ni un mot de passe courant, ni le nom du logiciel ou de l'organisme."

    def _without_context(self, plain: str) -> str:
        here = {word for name in self.names() for word in _words_of(name)} - {""}
        for word in sorted({*CONTEXT, *here}, key=len, reverse=True):
            plain = plain.replace(word, "")
        return plain

    def _is_common(self, plain: str) -> bool:
        core = re.sub(r"^\d{0,4}(.*?)\d{0,4}$", r"\1", plain)
        return any(_in_two(text, self.common.__contains__) for text in (plain, core) if text)


def _in_two(text: str, known: Callable[[str], bool]) -> bool:
    """Whether a text is a known one, the same piece again and again, or two known ones side by side."""
    if known(text) or re.fullmatch(r"(.{1,6}?)\1+", text):
        return True
    return any(known(text[:cut]) and known(text[cut:]) for cut in range(3, len(text) - 2))


def _plain(password: str) -> str:
    """Small letters and figures, without accents or signs: « Été-2026 ! » is ete2026."""
    bare = unicodedata.normalize("NFKD", password.casefold())
    return "".join(character for character in bare if character.isalnum())


def _words_of(name: str) -> set[str]:
    """What one would try of a name: all of it, with and without its figures, and each of its long words."""
    whole = _plain(name)
    words = {_plain(word) for word in name.replace("'", " ").split()}
    return {whole, re.sub(r"\d+$", "", whole)} | {word for word in words if len(word) >= SHORT}
