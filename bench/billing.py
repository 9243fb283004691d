"""A billing run at the size of a département, on the embedded database: its preview, then invoices one by one."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bench.daily import FACTS, SERVICES
from bench.measuring import line

ROOT = Path(__file__).resolve().parents[1]
BODIES, ISSUED = 900, 40
DAY = date(2028, 6, 15)
AT = datetime(2028, 6, 15, 3, 0, tzinfo=UTC)


def run() -> None:
    """Print how long a preview takes, and an invoice."""
    print(f"Une campagne ({BODIES} structures, {len(SERVICES)} services chacune, SQLite)")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "TRIPARTITE_MODE": "local",
            "TRIPARTITE_VAR": folder,
        }
        command = [sys.executable, "-m", "bench.billing"]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=900)
    found = json.loads(done.stdout.splitlines()[-1])
    line("l'aperçu entier", f"{found['preview']:.1f} s")
    line("l'aperçu entier, calcul seul", f"{found['preview_cpu']:.1f} s")
    line("une structure relue puis facturée", f"{1e3 * found['each']:.0f} ms")
    line("une structure relue puis facturée, calcul seul", f"{1e3 * found['each_cpu']:.0f} ms")


def _measure() -> dict[str, float]:
    from bench.filling import write_bodies, write_running  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.queries.preparing import Asked, prepare  # noqa: PLC0415
    from tripartite.billing.services.issuing import bill_unit  # noqa: PLC0415
    from tripartite.billing.services.settings import set_billing  # noqa: PLC0415
    from tripartite.journal.services import Actor  # noqa: PLC0415
    from tripartite.parties.models import PublicBody  # noqa: PLC0415
    from tripartite.parties.services.issuers import update_issuer  # noqa: PLC0415

    actor = Actor("mesure")
    bodies = write_bodies(BODIES, at=AT)
    for body in bodies:
        body.siret = f"{body.siren}00018"
    PublicBody.objects.bulk_update(bodies, ["siret"])
    write_running(bodies, services=SERVICES, facts=FACTS, day=DAY, at=AT)
    update_issuer(code="lfn", changes={"address": "1 rue de l'Exemple\n62000 Arras"}, actor=actor, at=AT)
    known = {"first_billed_on": date(2026, 1, 1), "vat_number": "FR25200039386"}
    set_billing(issuer="lfn", changes=known, applies_on=date(2026, 1, 1), actor=actor, at=AT)
    asked = Asked("lfn", DAY, DAY)
    start, spent = time.perf_counter(), time.process_time()
    found = list(prepare(asked))
    preview, preview_cpu = time.perf_counter() - start, time.process_time() - spent
    assert len(found) > ISSUED, len(found)
    bill_unit(asked=replace(asked, unit=found[0].unit), run=None, actor=actor, at=AT)
    start, spent = time.perf_counter(), time.process_time()
    for one in found[1 : ISSUED + 1]:
        papers, told = bill_unit(asked=replace(asked, unit=one.unit), run=None, actor=actor, at=AT)
        assert papers, told
    return {
        "preview": preview,
        "preview_cpu": preview_cpu,
        "each": (time.perf_counter() - start) / ISSUED,
        "each_cpu": (time.process_time() - spent) / ISSUED,
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    print(json.dumps(_measure()))
