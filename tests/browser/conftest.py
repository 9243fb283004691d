"""The real application behind gunicorn on loopback, with its own database, and Debian's Chromium."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bounds import PATIENCE
from tests.conftest import CHROMIUM
from tests.migrated import lay_kept

TRIPARTITE = str(Path(sys.executable).with_name("tripartite"))
BASE = "tripartite.sqlite3"
PASSWORD = "grille-devis-convention"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def set_up(var: Path) -> None:
    """Set the application up in the folder `var`, with its sample accounts and requests."""
    with closing(sqlite3.connect(var / BASE)) as base:  # migrating has tests of its own
        lay_kept(base)
    for word in ("setup", "demo"):
        subprocess.run([TRIPARTITE, word], env=_environment(var), check=True, stdout=subprocess.DEVNULL)


def _environment(var: Path) -> dict[str, str]:
    environment = {**os.environ, "TRIPARTITE_VAR": str(var), "TRIPARTITE_MODE": "local"}
    environment.pop("DATABASE_URL", None)
    return environment


@contextmanager
def serve(var: Path) -> Iterator[str]:
    """Serve the application from the folder `var`, set up there if it is not; its address."""
    if not (var / BASE).exists():
        set_up(var)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (var / "serve.log").open("wb") as log:
        words = [TRIPARTITE, "serve", "--samples", "--workers=1", f"--port={port}"]
        server = subprocess.Popen(words, env=_environment(var), stdout=log, stderr=log)
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


@pytest.fixture(scope="session")
def new_var(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Answers a data folder set up from nothing: the first time it is; then it is copied as it was."""
    kept = tmp_path_factory.mktemp("kept")
    set_up(kept)

    def new_var() -> Path:
        return shutil.copytree(kept, tmp_path_factory.mktemp("var"), dirs_exist_ok=True)

    return new_var


@pytest.fixture(scope="session")
def site(new_var: Callable[[], Path]) -> Iterator[str]:
    """The address of the application, set up from nothing."""
    with serve(new_var()) as address:
        yield address


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the application did not start")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One browser for the tests of this folder.

    It is closed before other folders' tests: its driver keeps an event loop running in the thread, in which nothing
    else may start one.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - loaded where there is a browser to drive

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def logged_in() -> dict[tuple[str, str], Any]:
    """What the browser keeps of who logged in, by site and account."""
    return {}


@pytest.fixture
def open_page(chromium: Any, site: str, logged_in: dict[tuple[str, str], Any]) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site in a fresh profile; fails the test when the page's console complains. An account logs in
    the first time, then has its session already.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(*, viewport: dict[str, int] = WIDE, account: str = "", **options: Any) -> Any:
        known = logged_in.get((site, account))
        context = chromium.new_context(viewport=viewport, locale="fr-FR", base_url=site, storage_state=known, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        if account and not known:
            page.goto("/connexion/")
            page.fill("input[name=username]", account)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(lambda url: "/connexion/" not in url)
            logged_in[site, account] = context.storage_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
