"""No secret is written in a log, whatever address carries it and whoever writes the line."""

import logging
import secrets
from types import SimpleNamespace

import pytest
from django.urls import URLPattern, get_resolver, reverse
from gunicorn.config import Config
from hypothesis import given
from hypothesis import strategies as st

from tripartite.web.shell.log_lines import LogLine, masked, visible
from tripartite.web.shell.server_log import ServerLog
from tripartite.web.urls import urlpatterns

SECRET_NAMES = {"token", "secret", "sealed", "uidb64", "key64"}
"""What the parameter of an address that carries a secret is called."""
NO_SECRET = {"code", "reference", "siren", "issuer", "number", "key", "kind", "form", "sha256"}
CARRIERS = [
    pattern
    for pattern in urlpatterns
    if isinstance(pattern, URLPattern) and SECRET_NAMES & set(pattern.pattern.converters)
]


def test_every_text_of_an_address_is_said_to_be_a_secret_or_not() -> None:
    texts = {
        name
        for pattern in urlpatterns
        for name, converter in pattern.pattern.converters.items()
        if type(converter).__name__ != "IntConverter"
    }
    assert texts <= SECRET_NAMES | NO_SECRET
    assert {"space-link", "calendar-feed", "request-received"} <= {pattern.name for pattern in CARRIERS}


@pytest.mark.parametrize("pattern", CARRIERS, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("secret", ["a" * 43, "x", "aB3-_x" * 7])
def test_an_address_that_carries_a_secret_is_written_without_it(pattern: URLPattern, secret: str) -> None:
    address = reverse(pattern.name, kwargs=dict.fromkeys(pattern.pattern.converters, secret))
    for line in (address, f'"GET {address}?x=1 HTTP/1.1" 200', f"http://ici{address}", f"/connexion/?next={address}"):
        assert secret not in masked(line).replace("HTTP", "").replace("next", "").replace("connexion", "").replace(
            "x=1", ""
        )
    assert "aB3-_x" not in masked(f"/connexion/?next={address.replace('/', '%2F')}")


@given(st.data())
def test_a_random_word_is_masked_wherever_it_stands(data: st.DataObject) -> None:
    word = "".join(data.draw(st.lists(st.sampled_from("abcdefXYZ0123456789-_"), min_size=40, max_size=60)))
    line = masked(f"cookie sessionid={word}; suite")
    if sum(letter.isdigit() for letter in word) >= 2 and any(letter.isalpha() for letter in word):
        assert word not in line
    assert line.startswith("cookie sessionid=")


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /demandes/D-2026-00005/convention/",
        "File /srv/tripartite/subscriptions/services/announcing_differences.py, line 120, in announce_differences_of",
        "django.core.exceptions.ImproperlyConfigured: TRIPARTITE_MAIL_RETRIES",
        "La clé de TRIPARTITE_SEAL_PKCS11 ne répond pas.",
        "2026-11-27 20:43:12,669 WARNING django.request Not Found: /annuaire-2026/",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked(line) == line


def test_what_begins_as_the_name_of_a_setting_is_no_name() -> None:
    assert masked("TRIPARTITE_SEAL_PKCS11-a1b2c3d4e5f6") == "…"


def test_the_password_of_a_server_is_masked() -> None:
    assert masked("postgresql://tripartite:secret@base:5432/x") == "postgresql://…@base:5432/x"


def test_controls_are_written_out() -> None:
    assert visible("a\rb\x1b[31m\u202ec") == "a\\x0db\\x1b[31m\\x202ec"
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", ("/a\nERROR faux",), None)
    assert "\n" not in LogLine().format(record)


def test_the_log_of_the_server_writes_no_secret_either(capsys: pytest.CaptureFixture[str]) -> None:
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", '%(h)s "%(r)s" %(U)s %(q)s "%(f)s" "%({cookie}i)s"')
    log = ServerLog(config)
    token = secrets.token_urlsafe(32)
    path = f"/espace/lien/{token}/"
    asked = SimpleNamespace(
        headers=[("REFERER", f"http://ici{path}"), ("COOKIE", "sessionid=0abcdefghijklmnopqrstuvwxyz12345")],
        method="GET", path=path, query=f"next={path}", uri=path, version=(1, 1),
    )  # fmt: skip
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": path, "SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": path,
        "QUERY_STRING": f"next={path}", "REMOTE_ADDR": "192.0.2.1", "HTTP_REFERER": f"http://ici{path}",
    }  # fmt: skip
    answered = SimpleNamespace(status="200 OK", sent=3, headers=[])
    log.access(answered, asked, environ, SimpleNamespace(seconds=0, microseconds=3, days=0))
    log.error("Error handling request %s", path, exc_info=RuntimeError(path))
    written = "".join(capsys.readouterr())
    assert (written.count("/espace/lien/…") >= 5, "RuntimeError" in written) == (True, True)
    assert token not in written
    assert "0abcdefghijklmnopqrstuvwxyz12345" not in written


def test_the_resolver_knows_no_other_door_with_a_secret() -> None:
    api = [str(pattern.pattern) for pattern in get_resolver().url_patterns if str(pattern.pattern).startswith("api")]
    assert api == ["api/v1/"]
