"""Lists and files of what runs, at the size of a département: processor time of the server, and how it grows."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.measuring import line

ROOT = Path(__file__).resolve().parents[1]
SIZES = (300, 900)
MORNING = datetime(2028, 6, 15, 9, tzinfo=UTC)
DRAFT = "cdg62/2028-09-01"
PAGES = (
    ("échéances, la page", "/echeances/"),
    ("échéances, le tableur", "/echeances/?format=xlsx"),
    ("abonnements, la page", "/abonnements/"),
    ("abonnements, le tableur", "/abonnements/?format=xlsx"),
    ("effet d'un tarif, la page", f"/tarifs/{DRAFT}/effet/"),
    ("effet d'un tarif, ses sommes", f"/tarifs/{DRAFT}/effet/?sommes=1"),
    ("effet d'un tarif, le tableur", f"/tarifs/{DRAFT}/effet/?format=xlsx"),
    ("changements de catégorie", "/collectivites/categories/"),
    ("demandes, la page", "/demandes/"),
    ("conventions, la page", "/conventions/"),
    ("mises en service, la page", "/mises-en-service/"),
    ("prix à donner, tout restant à regarder", "/abonnements/prix/"),
    ("agenda, la page", "/agenda/"),
)
CALENDAR = "calendrier des échéances"


def run() -> None:
    """Print the processor time of each at each size (SQLite, eight services a body), and the ratio between them."""
    print("Listes et fichiers (SQLite, 8 services par structure ; temps de processeur)")
    found = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "TRIPARTITE_MODE": "local", "TRIPARTITE_VAR": folder}
            environment.pop("DATABASE_URL", None)
            command = [sys.executable, "-W", "ignore", "-m", "bench.lists", str(size)]
            done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=900)
            found.append(json.loads(done.stdout.splitlines()[-1]))
    small, large = found
    growth = SIZES[1] / SIZES[0]
    for what, seconds in large.items():
        line(
            f"{what}, {SIZES[1]} structures",
            f"{seconds:.3f} s",
            seconds / small[what],
            f"pour × {growth:.0f} structures",
        )


def _measure(size: int) -> dict[str, float]:
    import time_machine  # noqa: PLC0415 - Django is set up by then
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.daily import AT, fill  # noqa: PLC0415
    from tripartite.cli.samples import sample_accounts  # noqa: PLC0415
    from tripartite.collecting import collect_rarely  # noqa: PLC0415
    from tripartite.journal.services import Actor  # noqa: PLC0415
    from tripartite.tariffs.services import draft_grid  # noqa: PLC0415

    fill(size)
    call_command("collectstatic", interactive=False, verbosity=0)
    actor = Actor("mesure")
    draft_grid(text=_next_tariff(), actor=actor, at=AT)
    sample_accounts(actor=actor, at=AT)
    collect_rarely()  # as the server does
    client = Client(SERVER_NAME="127.0.0.1")
    with time_machine.travel(MORNING):
        client.force_login(get_user_model().objects.get(email="agent@cdg62.exemple.fr"))
        spent = {what: _seconds(client, path) for what, path in PAGES}
        feed = _calendar(client, actor)
        spent[CALENDAR] = _seconds(client, feed)
        known = {"If-None-Match": client.get(feed)["ETag"]}
        spent[f"{CALENDAR}, redemandé"] = _seconds(client, feed, status=304, headers=known)
        return spent


def _next_tariff() -> str:
    shipped = "cdg62/2024-03-26"
    text = (ROOT / f"grids/{shipped}.toml").read_text(encoding="utf-8")
    text = text.replace(f'code = "{shipped}"', f'code = "{DRAFT}"\nsupersedes = "{shipped}"', 1)
    text = text.replace(f"applies_from = {date(2024, 3, 26)}", f"applies_from = {date(2028, 9, 1)}", 1)
    return text.replace("{ per_unit = 20 }", "{ per_unit = 22 }", 1)


def _calendar(client: Any, actor: Any) -> str:
    """The address of the deadlines of whoever is logged in."""
    from tripartite.following.services.feeds import make_feed  # noqa: PLC0415 - Django is set up by then

    account = int(client.session["_auth_user_id"])
    return f"/calendriers/{make_feed(account_id=account, kind='deadlines', actor=actor, at=MORNING)}.ics"


def _seconds(client: Any, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> float:
    """The processor time of the best of three answers, read to the end."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        answer = client.get(path, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        best = min(best, time.process_time() - start)
        if answer.status_code != status or bool(body) != (status == 200):
            raise ValueError(f"{path}: {answer.status_code}")
    return best


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    print(json.dumps(_measure(int(sys.argv[1]))))
