"""Why a file was not read, in French, for whoever gave it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class NotRead(Exception):  # noqa: N818 - names what happened
    """A file whose reading gave nothing; the message says why, and ends with a full stop."""

    words = "Ce fichier ne se lit pas : il est abîmé, ou fait pour ne pas se lire."

    def __init__(self, words: str = "") -> None:
        super().__init__(words or self.words)


class TooLong(NotRead):
    """Its time has passed."""

    words = "Ce fichier est trop long à lire."


class TooBig(NotRead):
    """It asks for more memory, or says more, than a file may."""

    words = "Ce fichier est trop gros une fois ouvert : sa lecture a été arrêtée."


class Busy(NotRead):
    """Other files are being read: nothing is wrong with this one."""

    words = "Le service est occupé à lire d'autres fichiers : réessayez dans un instant. Rien n'a été enregistré."


@contextmanager
def refused_as(refusal: Callable[[str], Exception]) -> Iterator[None]:
    """Around a reading apart: what gives nothing is refused by what `refusal` makes of why, in the words of the step
    that reads. Busy passes as it is: the same file may be read in a moment.
    """
    try:
        yield
    except Busy:
        raise
    except NotRead as why:
        raise refusal(str(why)) from None
