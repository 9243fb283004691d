"""A run does each invoice once: workers killed in the middle, two workers, two runs at once; trouble stops no other."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.bounds import PATIENCE
from tests.documents.racing import ROOT, race, shared_database
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.factories.parties import COMMUNES
from tripartite.billing.queries.preparing import billable_parts, prepare
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.running import start_run
from tripartite.jobs.services.starting import retry_failed
from tripartite.parties.services.bodies import complete_body

COMMAND = str(Path(sys.executable).with_name("tripartite"))
BODIES = COMMUNES[:4]


def _owing(*codes: str) -> None:
    """Communes that owe."""
    billing.ready()
    for code in codes:
        billing.with_siret(code)
        subscriptions.running({"messagerie-5go": 4}, body=code)


@pytest.mark.django_db
def test_a_run_tells_every_unit_and_one_in_trouble_stops_no_other() -> None:
    _owing(quotes.RUITZ, quotes.ARRAS, "62119")
    body = billing.body(quotes.ARRAS)
    complete_body(body_id=body.pk, changes={"siret": ""}, actor=TESTER, at=billing.AT)
    made = billing.run()
    told = billing.outcomes(made)
    assert {words: state for words, (state, _) in told.items()} == {
        "Arras": "failed",
        "Béthune": "done",
        "Ruitz": "done",
    }
    assert "SIRET d'Arras" in told["Arras"][1]
    assert [one.body.name for one in billing.invoices()] == ["Béthune", "Ruitz"]
    assert {one.run_id for one in billing.invoices()} == {made.pk}
    billing.with_siret(quotes.ARRAS)
    assert made.job_id is not None
    retry_failed(job_id=made.job_id, actor=TESTER, at=billing.AT)
    billing.work(made.job_id)
    assert billing.outcomes(made)["Arras"][0] == "done"
    assert [one.rank for one in billing.invoices()] == [1, 2, 3]
    again = billing.run()
    assert billing.outcomes(again) == {}


@pytest.mark.django_db
def test_what_was_chosen_is_billed_and_nothing_else() -> None:
    _owing(quotes.RUITZ, quotes.ARRAS)
    shown = {one.body.name: one for one in billing.previewed()}
    parts = [[one.body.name for one in prepare(billing.asked(), part)] for part in billable_parts(1)]
    assert parts == [["Arras"], ["Ruitz"]]
    made = billing.run(chosen={shown["Ruitz"].unit: shown["Ruitz"].gross_cents})
    assert list(billing.outcomes(made)) == ["Ruitz"]
    made = billing.run(chosen={shown["Arras"].unit: 1})
    assert billing.outcomes(made)["Arras"][0] == "failed"
    assert [one.body.name for one in billing.invoices()] == ["Ruitz"]


@pytest.mark.django_db
def test_a_run_that_makes_no_sense_is_refused() -> None:
    billing.ready()
    for wanted in ({"until": billing.NEXT, "on": billing.DAY}, {"frequencies": ("parfois",)}, {"issuer": "autre"}):
        with pytest.raises(BillingError):
            start_run(**({"issuer": "lfn", "until": billing.DAY, "on": billing.DAY} | wanted), **billing.BY)


class Workers:
    """Workers of a shared database, and what they have committed."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self.file, self.opened = folder / "shared.sqlite3", opened
        self.environment = shared_database(folder) | {"TRIPARTITE_DAILY_AT": "jamais"}
        if connection.vendor == "sqlite":  # opening a base costs more than asking it, and it is asked until it answers
            self.shared = opened.enter_context(closing(sqlite3.connect(self.file, timeout=PATIENCE)))

    def start(self) -> subprocess.Popen[str]:
        process = self.opened.enter_context(
            subprocess.Popen([COMMAND, "worker"], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        )
        self.opened.callback(process.kill)
        return process

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchall()
        return self.shared.execute(question).fetchall()

    def number(self) -> int:
        return self.rows("SELECT COUNT(*) FROM billing_invoice")[0][0]

    def wait(self, true: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, self.rows("SELECT state, outcome FROM jobs_jobunit")
            time.sleep(0.005)


@pytest.mark.usefixtures("transactional_db")
def test_workers_killed_in_the_middle_leave_no_gap_and_bill_nothing_twice(tmp_path: Path) -> None:
    """Two runs of the same invoices, done by workers of which one is killed after each invoice."""
    _owing(*BODIES)
    for _ in range(2):
        start_run(issuer="lfn", until=billing.DAY, on=billing.DAY, **billing.BY)
    with ExitStack() as opened:
        workers = Workers(tmp_path, opened)
        for done in (1, 2):
            killed = workers.start()
            workers.wait(lambda done=done: workers.number() >= done)
            killed.send_signal(signal.SIGKILL)
            killed.wait(timeout=PATIENCE)
        ends = [workers.start(), workers.start()]
        workers.wait(lambda: workers.rows("SELECT state, COUNT(*) FROM jobs_job GROUP BY state") == [("done", 2)])
        for one in ends:
            one.send_signal(signal.SIGTERM)
        for one in ends:
            one.wait(timeout=PATIENCE)
        assert workers.rows("SELECT fiscal_year, rank FROM billing_invoice ORDER BY rank") == [
            (2026, rank) for rank in range(1, len(BODIES) + 1)
        ]
        assert workers.rows("SELECT COUNT(*), COUNT(DISTINCT digest) FROM billing_billeditem") == [(4, 4)]
        assert workers.rows("SELECT COUNT(*) FROM documents_document WHERE kind = 'invoice'") == [(4,)]
        assert workers.rows("SELECT last FROM documents_counter WHERE series = 'invoice'") == [(4,)]


def bill_all(place: int, given: dict[str, Any]) -> list[str]:
    """Try to bill every unit, each thread from another one on; answers the numbers that this one issued."""
    from tests.factories.accounts import AT  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.services.issuing import bill_unit  # noqa: PLC0415

    units, issued = given["units"], []
    for turn in range(len(units)):
        unit = units[(turn + place) % len(units)]
        papers, _ = bill_unit(asked=billing.asked(unit=unit), run=None, actor=TESTER, at=AT)
        issued += [paper.number for paper in papers]
    return issued


@pytest.mark.usefixtures("transactional_db")
def test_who_bills_at_once_bills_each_once() -> None:
    _owing(*BODIES[:3])
    units = [one.unit for one in billing.previewed()]
    given = {"units": units}
    answers = race(shared_database(), "tests.billing.test_runs:bill_all", given, processes=2, threads=1)
    issued = sorted(number for numbers in answers for number in numbers)
    assert issued == [f"LFN-F-2026-{rank:05d}" for rank in range(1, 4)]


def take_back(place: int, given: dict[str, Any]) -> list[str]:
    """Take back all of an invoice, by lines or whole; answers the number of the credit note, if one was made."""
    from tripartite.billing.services.crediting import cancel_invoice, credit_lines  # noqa: PLC0415 - as above

    said = {"invoice_id": given["invoice"], "reason": "Erreur", "on": billing.DAY, **billing.BY}
    try:
        if place % 2:
            return [credit_lines(amounts={given["line"]: given["cents"]}, **said).number]
        return [cancel_invoice(**said).number]
    except BillingError:
        return []


@pytest.mark.usefixtures("transactional_db")
def test_who_takes_back_at_once_never_takes_more_than_there_is() -> None:
    _owing(quotes.RUITZ)
    (invoice,) = billing.billed()
    line = invoice.lines.get()
    given = {"invoice": invoice.pk, "line": line.pk, "cents": line.amount_cents}
    answers = race(shared_database(), "tests.billing.test_runs:take_back", given, processes=2, threads=2)
    assert [number for numbers in answers for number in numbers] == ["LFN-A-2026-00001"]
