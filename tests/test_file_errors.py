"""A file that the system refuses is told in French, whatever the system says."""

import errno
from pathlib import Path

import pytest

from tripartite.file_errors import reason


def test_what_the_system_refuses_is_said_in_french(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    said = {}
    for path in (tmp_path / "absent", tmp_path, tmp_path / "fichier" / "dedans", tmp_path / ("x" * 300)):
        with pytest.raises(OSError) as raised:
            path.read_bytes()
        said[path.name[:7]] = reason(raised.value)
    assert said == {
        "absent": "ce fichier n'existe pas",
        tmp_path.name[:7]: "c'est un dossier",
        "dedans": "un dossier de ce nom est un fichier",
        "xxxxxxx": "ce nom est trop long",
    }


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
