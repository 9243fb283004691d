"""What fifty agents do before the screens: read by locust, in a place of its own (`make load`), and by nobody else.

Each logs in, then goes from screen to screen, thinks for LOAD_PAUSE seconds (0: not at all), writes now and then, and
leaves. What is counted is the screen, not its address.
"""

import itertools
import json
import os
import random
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from locust import HttpUser, constant, events, task

PASSWORD = "grille-devis-convention"
ACCOUNTS = [f"{role}@{issuer}.exemple.fr" for issuer in ("lfn", "cdg62") for role in ("agent", "manager")]
ESTIMATE = "?siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1"
PAUSE = float(os.environ.get("LOAD_PAUSE", "3"))


SERVER = os.environ.get("LOAD_SERVER", "").split()
"""The processes of the server, where one agent alone measures what each screen costs them."""
COSTS: defaultdict[str, list[float]] = defaultdict(list)
PAGES = int(os.environ.get("LOAD_PAGES", "0"))
"""After which the agents leave; 0: when their time is over."""
MARKS = [int(pages) for pages in os.environ.get("LOAD_MARKS", "").split()]
"""After so many pages, what each process of the server holds is noted."""
HELD: dict[int, list[int]] = {}


def spent() -> float:
    """Milliseconds of processor that the server has spent."""
    told = (one.read_text() for pid in SERVER for one in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(one.split()[0]) for one in told) / 1e6


def held(pid: str) -> int:
    """Bytes of memory that a process holds, what it shares with others included; 0 for one that is gone."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Rss:\s+(\d+) kB", told, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@events.quit.add_listener
def _say_costs(**_: Any) -> None:
    if SERVER:
        Path(os.environ["LOAD_TOLD"]).write_text(json.dumps({"costs": COSTS, "held": HELD}))


@events.init.add_listener
def _note_memory(environment: Any, **_: Any) -> None:
    answers = itertools.count(1)

    def note(**_: Any) -> None:
        if (answered := next(answers)) in MARKS:
            HELD[answered] = [held(pid) for pid in SERVER]

    if MARKS:
        environment.events.request.add_listener(note)


@events.init.add_listener
def _leave_in_time(environment: Any, **_: Any) -> None:
    if PAGES:
        environment.events.request.add_listener(
            lambda **_: environment.stats.total.num_requests >= PAGES and environment.runner.quit()
        )


class Agent(HttpUser):
    """One of them."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Log in, and note what the lists lead to."""
        self.client.trust_env = False
        self.pause = min(PAUSE, 3)  # coming in is quicker than the work
        self.email = random.choice(ACCOUNTS)
        self.log_in()
        self.requests = self.links("/demandes/", r'href="(/demandes/[A-Z]-?[^/"]+/)"')
        self.conventions = self.links("/conventions/", r'href="(/conventions/\d+/)"')
        self.bodies = self.links("/abonnements/", r'href="(/collectivites/\d{9}/)')
        self.pause = PAUSE

    def log_in(self) -> None:
        """The two steps of coming in."""
        page = self.see("/connexion/", "connexion, la page")
        fields = {"username": self.email, "password": PASSWORD}
        self.send(page, "/connexion/", "connexion", fields, "/demandes/")

    @task(12)
    def list_requests(self) -> None:
        self.see("/demandes/", "demandes, la liste")

    @task(12)
    def read_request(self) -> None:
        self.see(random.choice(self.requests), "une demande")

    @task(8)
    def estimate(self) -> None:
        self.see(f"/demandes/estimation/{ESTIMATE}", "l'estimateur")

    @task(6)
    def list_conventions(self) -> None:
        self.see("/conventions/", "conventions, la liste")

    @task(8)
    def read_convention(self) -> None:
        self.see(random.choice(self.conventions), "une convention")

    @task(6)
    def list_subscriptions(self) -> None:
        self.see("/abonnements/", "abonnements, la liste")

    @task(6)
    def read_body(self) -> None:
        self.see(random.choice(self.bodies), "une collectivité")

    @task(5)
    def billing(self) -> None:
        self.see("/facturation/", "facturation, l'accueil")

    @task(5)
    def invoices(self) -> None:
        self.see("/factures/", "factures, la liste")

    @task(4)
    def due(self) -> None:
        self.see("/echeances/", "échéances, la liste")

    @task(2)
    def duplicate(self) -> None:
        """A write: a request made again."""
        there = random.choice(self.requests)
        page = self.see(there, "une demande")
        if page:
            self.send(page, f"{there}dupliquer/", "dupliquer une demande (écrit)", {}, "/demandes/")

    @task(1)
    def come_again(self) -> None:
        """Two writes: out, and in."""
        page = self.see("/demandes/", "demandes, la liste")
        if not page:
            return  # the screen did not come, and is counted: what it would have sent has no key
        self.send(page, "/deconnexion/", "déconnexion (écrit)", {}, "/")
        self.log_in()

    def see(self, path: str, name: str) -> str:
        """A screen, then the time to read it; its text."""
        before = spent()
        with self.client.get(path, name=name, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")
            elif "/connexion/" in answer.url and path != "/connexion/":
                answer.failure("sent back to the log-in")
            text: str = answer.text
        COSTS[name].append(spent() - before)
        time.sleep(random.uniform(0.5, 1.5) * self.pause)
        return text

    def send(self, page: str, path: str, name: str, fields: dict[str, str], towards: str) -> None:
        """A form of that page; it leads somewhere, which is not followed."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        with self.client.post(path, fields, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 302 or not answer.headers["Location"].startswith(towards):
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')}")

    def links(self, path: str, pattern: str) -> list[str]:
        """What a list leads to."""
        found = sorted(set(re.findall(pattern, self.see(path, f"{path} (à l'arrivée)"))))
        if not found:
            raise ValueError(f"{path} leads nowhere")
        return found
