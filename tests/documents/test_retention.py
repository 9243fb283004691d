"""How long papers are kept: said by kind, with its source, and nothing ever deleted."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tripartite.cli.main import main
from tripartite.documents.models import Document
from tripartite.documents.retention import PERIODS, past_their_time, periods
from tripartite.documents.services import store_document

SOURCE = Path(__file__).resolve().parents[2] / "src"
pytestmark = pytest.mark.django_db


def keep(kind: str, at: datetime, number: str | None = None) -> None:
    store_document(
        kind=kind, issuer="lfn", number=number, title=f"{kind} {at:%Y}", model="", payload={}, pdf=b"%PDF", at=at
    )


def test_a_paper_is_past_its_time_the_day_after_its_years():
    keep("quote", datetime(2016, 11, 24, 9, 0, tzinfo=UTC), "LFN-2016-00001")
    assert [one.title for one, _ in past_their_time(on=date(2026, 11, 24))] == []
    assert [one.title for one, _ in past_their_time(on=date(2026, 11, 25))] == ["quote 2016"]


def test_the_day_of_a_paper_is_that_of_paris():
    keep("quote", datetime(2016, 11, 24, 23, 30, tzinfo=UTC), "LFN-2016-00002")
    assert [one.title for one, _ in past_their_time(on=date(2026, 11, 25))] == []
    assert [one.title for one, _ in past_their_time(on=date(2026, 11, 26))] == ["quote 2016"]


def test_every_kind_says_its_source_and_an_installation_sets_its_years(settings):
    assert all(period.source for period in PERIODS.values())
    settings.CONFIG = replace(settings.CONFIG, keep_years=(("quote", 12),))
    assert {period.kind: period.years for period in periods()}["quote"] == 12


def test_every_kind_of_paper_that_is_kept_has_its_time():
    kept = {
        keyword.value.value
        for path in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2].startswith("store_")
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert {"deposited-act", "signing-refusal", "trace"} <= kept
    assert kept - PERIODS.keys() == set()


def test_the_command_lists_and_deletes_nothing(capsys):
    keep("convention", datetime(1990, 1, 5, 9, 0, tzinfo=UTC))
    assert main(["retention", "--on", "2026-11-24"]) == 0
    said = capsys.readouterr().out
    assert "convention 1990, du 05/01/1990 (30 ans)" in said
    assert "visa des archives" in said
    assert Document.objects.count() == 1
