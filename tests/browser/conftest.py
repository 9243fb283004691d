"""The real application behind gunicorn on loopback, with its own database, and Debian's Chromium."""

import os
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

PASSWORD = "grille-devis-convention"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@contextmanager
def serve(var: Path) -> Iterator[str]:
    """Set the application up in the folder `var`, with its sample accounts and requests, and serve it; its address."""
    environment = {**os.environ, "TRIPARTITE_VAR": str(var), "TRIPARTITE_MODE": "local"}
    environment.pop("DATABASE_URL", None)
    command = str(Path(sys.executable).with_name("tripartite"))
    with closing(sqlite3.connect(var / "tripartite.sqlite3")) as base:  # migrating has tests of its own
        lay_kept(base)
    for words in (["setup"], ["demo"]):
        subprocess.run([command, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (var / "serve.log").open("wb") as log:
        words = [command, "serve", "--samples", "--workers=1", f"--port={port}"]
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application, set up from nothing."""
    with serve(tmp_path_factory.mktemp("var")) as address:
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


@pytest.fixture
def open_page(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site in a fresh profile; fails the test when the page's console complains."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, viewport: dict[str, int] = WIDE, account: str = "", **options: Any) -> Any:
        context = chromium.new_context(viewport=viewport, locale="fr-FR", base_url=site, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        if account:
            page.goto("/connexion/")
            page.fill("input[name=username]", account)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(lambda url: "/connexion/" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
