"""What is due to several units of a run is read together: once, and again as soon as anything is done meanwhile."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT
from tripartite.billing.services.buyers import record_requirement
from tripartite.billing.services.running import start_run
from tripartite.jobs.queries import units_of
from tripartite.jobs.services.running import begin_job, run_next_unit

pytestmark = pytest.mark.usefixtures("transactional_db")
READ = 'FROM "subscriptions_subscription"'
"""What is asked each time that what is due is read."""


def _run() -> int:
    made = start_run(issuer="lfn", until=billing.DAY, on=billing.DAY, **billing.BY)
    assert made.job_id is not None
    begin_job(made.job_id, AT)
    return made.job_id


def _owing(*codes: str) -> None:
    billing.ready()
    for code in codes:
        billing.with_siret(code)
        subscriptions.running({"messagerie-5go": 4}, body=code)


def _next(job: int) -> int:
    """Do a unit; how many times what is due was read for it."""
    with CaptureQueriesContext(connection) as asked:
        assert run_next_unit(job, AT)
    return sum(READ in query["sql"] for query in asked)


def _told(job: int) -> list[tuple[str, str, bool]]:
    return [(unit.words, unit.state, "-F-" in unit.outcome) for unit in units_of(job)]


def test_what_is_due_is_read_once_for_several_and_never_after_an_act() -> None:
    _owing(quotes.RUITZ, quotes.ARRAS, "62119")
    job = _run()
    assert [_next(job), _next(job)] == [1, 0]
    record_requirement(body_id=billing.body(quotes.RUITZ).pk, issuer="lfn", service_required=True, **billing.BY)
    assert _next(job) == 1
    assert _told(job) == [("Arras", "done", True), ("Béthune", "done", True), ("Ruitz", "failed", False)]


def test_what_another_run_billed_meanwhile_is_found_billed() -> None:
    _owing(quotes.RUITZ, quotes.ARRAS)
    first, second = _run(), _run()
    assert _next(first) == 1
    billing.work(second)
    assert _next(first) == 2  # the next ones, of which nothing is left, then this one under the lock of its issuer
    assert _told(first) == [("Arras", "done", True), ("Ruitz", "done", False)]
    assert [one.body.name for one in billing.invoices()] == ["Arras", "Ruitz"]
