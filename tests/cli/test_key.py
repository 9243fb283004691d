"""`tripartite key`: the register on the command line, its refusals on standard error with status 1."""

import pytest
import time_machine

from tests.factories import keys, quotes
from tests.factories.accounts import AT
from tripartite.cli.main import main
from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.keys import key_by_id
from tripartite.quotes.queries.requests import request_list

pytestmark = pytest.mark.django_db

RUITZ = "216207274"


@pytest.fixture(autouse=True)
def _offer():
    quotes.offer()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cle.cer"
    path.write_bytes(keys.file_of())
    return str(path)


def register(siren, path, *more):
    return main(["key", "register", siren, path, "--holder", "Prénom NOM", "--function", "Maire", *more])


def test_from_the_certificate_to_the_renewal(file, capsys) -> None:
    assert register(RUITZ, file, "--alone") == 0
    (key,) = SignatureKey.objects.all()
    assert main(["key", "hand-over", str(key.pk), "--at", "cdg"]) == 0
    assert main(["key", "renew", str(key.pk)]) == main(["key", "renew", str(key.pk)]) == 0
    assert main(["key", "list", "--search", "ruitz"]) == 0
    assert main(["key", "revoke", str(key.pk), "--reason", "perte", "--on", "2026-11-23"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Clé {key.pk} : Prénom NOM, Maire, du 02/11/2026 au 01/11/2029 compris.",
        f"Clé {key.pk} remise le 23/11/2026.",
        "D-2026-00005",
        "D-2026-00005",
        f"{key.pk}\t01/11/2029\tremise\tPrénom NOM, Maire\tRuitz",
        f"Clé {key.pk} révoquée le 23/11/2026.",
    ]
    assert key_by_id(key.pk).state == "revoked"
    assert request_list().count() == 1


def test_what_is_refused_is_told_and_changes_nothing(file, tmp_path, capsys) -> None:
    assert register("000000000", file) == 1
    assert register(RUITZ, str(tmp_path / "absent.cer")) == 1
    (tmp_path / "rien.cer").write_bytes(b"rien")
    assert register(RUITZ, str(tmp_path / "rien.cer")) == 1
    assert main(["key", "renew", "1"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Aucune structure n'a le SIREN 000000000." in said.err
    assert "Ce fichier n'est pas un certificat" in said.err
    assert said.err.splitlines()[-1] == "Cette clé n'est pas au registre."
    assert SignatureKey.objects.count() == 0
