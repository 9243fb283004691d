"""A file that the system refuses is told in French, whatever the system says."""

import errno
from pathlib import Path

import pytest

from tripartite.file_errors import reason


def refused(path: Path) -> OSError:
    try:
        path.read_bytes()
    except OSError as error:
        return error
    raise AssertionError(path)


def test_what_the_system_refuses_is_said_in_french(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    paths = (tmp_path / "absent", tmp_path, tmp_path / "fichier" / "dedans", tmp_path / ("x" * 300))
    assert [reason(refused(path)) for path in paths] == [
        "ce fichier n'existe pas",
        "c'est un dossier",
        "un dossier de ce nom est un fichier",
        "ce nom est trop long",
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "l'accès est refusé"),
        (errno.EIO, f"erreur du système ({errno.EIO})"),
        (errno.ENOSPC, "il n'y a plus de place"),
        (errno.EROFS, "ce disque ne s'écrit pas"),
    ],
)
def test_what_a_test_cannot_provoke_is_said_by_its_number(number: int, words: str) -> None:
    assert reason(OSError(number, "in English")) == words
