"""A run of all the communes of a département and both issuers, by workers killed twice on the way, then its titres.

By hand: `python -m tests.scenarios.billing_run [COMMUNES]`, on the database that DATABASE_URL names, empty. It fills
it with the communes of the shipped directory, each with services of its own since a day of its own over two years, and
holds what was issued to a second computation, by the prices of `lives` and a calendar of days. Every invoice is then
put on a slip of its issuer, whose flow and notices go through the schemas of the DGFiP (`PES_SCHEMAS`).
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.stopping import stop_in_order

from tests.scenarios.reckoning import CATEGORIES, DAY, anniversary, support

COMMAND = str(Path(sys.executable).with_name("tripartite"))
ISSUERS = ("lfn", "cdg62")
FIRST, UNTIL = date(2025, 1, 1), date(2026, 11, 27)
AT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
LARGEST = CATEGORIES[5][0]
"""Above so many inhabitants the act leaves a price on request: those communes do without that service."""


class Holding(NamedTuple):
    """What a commune has: mailboxes from a day, more of them from another (0: none), a category service or not."""

    since: date
    boxes: int
    more: int
    more_on: date
    people: int

    @property
    def categorised(self) -> bool:
        return self.people <= LARGEST


def holding(place: int, people: int) -> Holding:
    """Holdings that differ as those of a département do."""
    since = FIRST + place * 61 % 690 * DAY
    return Holding(since, 2 + place % 29, place % 3 and 1 + place % 4, since + (10 + place * 7 % 300) * DAY, people)


def expected(held: Holding) -> dict[str, int]:
    """What falls due to each issuer over the window, in cents: each lot the day it comes, after those before it; all
    that runs on each anniversary of the first day.
    """
    found = dict.fromkeys(ISSUERS, 0)
    _, operator, centre, _ = next(row for row in CATEGORIES if held.people <= row[0]) if held.categorised else (0,) * 4
    day = held.since
    while day <= UNTIL:
        boxes = held.boxes + (held.more if held.more_on <= day else 0)
        found["lfn"] += 2_000 * boxes + 1_500 + operator
        found["cdg62"] += support(boxes) + (centre or 0)
        following = anniversary(held.since, day.year - held.since.year + 1)
        if held.more and day < held.more_on < following and held.more_on <= UNTIL:
            found["lfn"] += 2_000 * held.more
            found["cdg62"] += support(held.boxes + held.more) - support(held.boxes)
        day = following
    return found


def fill(count: int) -> dict[int, Holding]:
    """The communes, their services and both issuers, ready to bill; what each has, by its key."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then

    from tests.factories import billing, quotes, subscriptions  # noqa: PLC0415
    from tests.factories.accounts import TESTER  # noqa: PLC0415
    from tests.factories.revenue import SET  # noqa: PLC0415
    from tests.scenarios.filling import write_holdings  # noqa: PLC0415
    from tripartite.parties.queries.bodies import bodies_by_id  # noqa: PLC0415
    from tripartite.parties.queries.facts import facts_of, postal_address  # noqa: PLC0415
    from tripartite.parties.services.bodies import complete_body  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    quotes.offer()
    subscriptions.conventions.complete_offer()
    found = write_holdings(count, holding)
    for body in bodies_by_id(found):  # a commune of two postal codes: its own is not known
        if not postal_address(facts_of(body, on=AT.date())):
            address = f"Mairie, {body.postal_codes[:5]} {body.name}"
            complete_body(body_id=body.pk, changes={"address": address}, actor=TESTER, at=AT)
    for issuer in ISSUERS:
        billing.bills(issuer, on=FIRST, at=AT, first_billed_on=FIRST, **SET)
    return found


def run(count: int) -> None:
    """Fill, run, kill, resume, and hold what was issued to what was expected."""
    from tripartite.billing.services.running import start_run  # noqa: PLC0415 - Django is set up by then
    from tripartite.journal.services import Actor  # noqa: PLC0415

    held = fill(count)
    began = time.monotonic()
    for issuer in ISSUERS:
        start_run(issuer=issuer, until=UNTIL, on=UNTIL, actor=Actor("essai"), at=AT)
    listed = time.monotonic()
    print(f"{count} communes ; les deux campagnes listées en {listed - began:.0f} s", flush=True)
    before = sum(os.times()[2:4])
    _work(2 * count)
    spent = sum(os.times()[2:4]) - before
    print(f"émises en {time.monotonic() - listed:.0f} s, {spent:.0f} s de calcul des ouvriers", flush=True)
    check(held)
    order_all()


def _work(whole: int) -> None:
    """Two workers to the end; one is killed at a third of the way, the other at two thirds, each replaced at once."""
    workers = [_worker(), _worker()]
    try:
        for place, part in enumerate((whole // 3, 2 * whole // 3)):
            _wait(lambda part=part: _issued() >= part or _over())
            assert _issued() >= part, "les campagnes ont fini avant"
            workers[place].send_signal(signal.SIGKILL)
            workers[place].wait()
            print(f"ouvrier tué à {_issued()} factures", flush=True)
            workers.append(_worker())
        _wait(_over)
    finally:
        for one in workers:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        for one in workers:
            one.wait()


def _worker() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TRIPARTITE_DAILY_AT": "jamais"}
    return subprocess.Popen([COMMAND, "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait(true: Any) -> None:
    while not true():
        time.sleep(0.1)


def _issued() -> int:
    from tripartite.billing.models import Invoice  # noqa: PLC0415 - Django is set up by then

    return Invoice.objects.count()


def _over() -> bool:
    from tripartite.jobs.models import Job  # noqa: PLC0415 - Django is set up by then

    return not Job.objects.exclude(state__in=("done", "done-with-failures")).exists()


def check(held: dict[int, Holding]) -> None:
    """No gap, no double, no failure; every amount is that of the second computation and of what was due; every file
    validates.
    """
    from tests.billing.rules import facturx_findings  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.models import BilledItem, Invoice  # noqa: PLC0415
    from tripartite.billing.printout.cii import invoice_xml  # noqa: PLC0415
    from tripartite.billing.printout.reading import read_paper  # noqa: PLC0415
    from tripartite.billing.states import Profile  # noqa: PLC0415
    from tripartite.documents.models import Document  # noqa: PLC0415
    from tripartite.documents.queries import payload_of  # noqa: PLC0415
    from tripartite.following.queries.due import all_due  # noqa: PLC0415
    from tripartite.jobs.models import JobUnit  # noqa: PLC0415

    failed = Counter(JobUnit.objects.exclude(state="done").values_list("outcome", flat=True))
    assert not failed, failed
    wanted = {(key, issuer): cents for key, one in held.items() for issuer, cents in expected(one).items() if cents}
    due: dict[tuple[int, str], int] = defaultdict(int)
    for key, items in all_due(list(held), since=FIRST, until=UNTIL).items():
        for item in items:
            due[key, item.issuer] += item.amount_cents or 0
    issued = {(one.body_id, one.issuer): one.gross_cents for one in Invoice.objects.all()}
    assert dict(due) == wanted
    assert issued == wanted
    for issuer in ISSUERS:
        ranks = list(Invoice.objects.filter(issuer=issuer).order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(1, len(ranks) + 1))
    digests = list(BilledItem.objects.values_list("digest", flat=True))
    assert len(digests) == len(set(digests))
    assert Document.objects.filter(kind="invoice").count() == len(issued)
    for place, one in enumerate(Invoice.objects.select_related("document").iterator(), start=1):
        found = facturx_findings(invoice_xml(read_paper(payload_of(one.document)), Profile.EN16931), Profile.EN16931)
        assert not found, (one.number, found)
        if place % 200 == 0:
            print(f"{place} données conformes", flush=True)
    print(f"{len(issued)} factures, {sum(issued.values()) / 100:.2f} €, {len(digests)} lignes : tout concorde")


def order_all() -> None:
    """A slip of all the invoices of each issuer, and its flow: the schemas take it and each notice in it; its amounts
    are those of the invoices.
    """
    from tests.billing.pes.schemas import schema_errors  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.models import Invoice  # noqa: PLC0415
    from tripartite.billing.services.flow_content import flow_content  # noqa: PLC0415
    from tripartite.billing.services.flows import make_flow  # noqa: PLC0415
    from tripartite.billing.services.ordering import order_revenue  # noqa: PLC0415
    from tripartite.journal.services import Actor  # noqa: PLC0415

    for issuer in ISSUERS:
        began = time.monotonic()
        issued = dict(Invoice.objects.filter(issuer=issuer, state="issued").values_list("pk", "gross_cents"))
        slip = order_revenue(issuer=issuer, invoice_ids=list(issued), on=UNTIL, actor=Actor("essai"), at=AT)
        made = make_flow(slip_id=slip.pk, actor=Actor("essai"), at=AT)
        spent = time.monotonic() - began
        flow = flow_content(slip).flow
        assert made.titles == len(flow.titles) == len(flow.attachments) == len(issued)
        assert flow.net_cents + flow.vat_cents == sum(issued.values())
        assert not (errors := schema_errors(made.content)), errors[:3]
        for notice in flow.attachments:
            assert not (errors := schema_errors(notice.content)), (notice.file_name, errors[:3])
        size = len(made.content) / 1e6
        print(f"{issuer} : flux de {made.titles} titres, {size:.1f} Mo, {spent:.0f} s, conforme", flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    stop_in_order()
    run(int(sys.argv[1]) if sys.argv[1:] else 887)
