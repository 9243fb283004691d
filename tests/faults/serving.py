"""The commands of the application that stay, on a base under attack: servers, workers; and who speaks to them."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from tests.bounds import PATIENCE

COMMAND = str(Path(sys.executable).with_name("tripartite"))


@contextmanager
def running(environment: Mapping[str, str], *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that goes on until the end of the block, where it is told to stop."""
    process = subprocess.Popen(
        [COMMAND, *words], env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def served(environment: Mapping[str, str], *words: str) -> Iterator[str]:
    """The screens, served on a port of loopback; their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(environment, "serve", "--no-worker", f"--port={port}", *words) as process:
        wait_for(lambda: _answers(port) or process.poll() is not None)
        assert process.poll() is None, "the server did not start"
        yield f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(true: Callable[[], object]) -> None:
    """Wait until it is true, as long as a test may."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


class Visitor:
    """Somebody before the screens, with the cookies of one session."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({}))

    def get(self, path: str) -> tuple[int, str]:
        """The status and the page."""
        return self._ask(path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """The status and the page that comes of a form: its page is opened first, which gives what proves the form."""
        _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        return self._ask(path, urlencode({**fields, "csrfmiddlewaretoken": token[1]}).encode())

    def _ask(self, path: str, body: bytes | None) -> tuple[int, str]:
        try:
            with self._open.open(f"{self.address}{path}", body, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()
