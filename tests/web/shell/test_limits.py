"""What is too big, or asked for too often: refused in words, before anything is read."""

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.http import UnreadablePostError
from django.test import Client
from django.urls import resolve, reverse

import tripartite.web
from tests.factories.accounts import account
from tests.web.conftest import words
from tests.web.test_rights import DOORS
from tripartite.limits import HOUR, MINUTE, Bound, Costly
from tripartite.web.shell import limits
from tripartite.web.shell.limits import (
    FILES,
    FOR_ALL,
    MARGIN,
    TOO_LARGE,
    USES,
    Whole,
    measured_bodies,
    most_bytes,
    wait_text,
)

pytestmark = pytest.mark.django_db
ROOMS = Path(tripartite.web.__file__).parent


@pytest.fixture
def bounded(settings):
    """Two uses a minute by one, three by all."""
    settings.CONFIG = replace(settings.CONFIG, limits={costly: (Bound(MINUTE, 2, 3),) for costly in Costly})


def send_large(client: Client, name: str, size: int):
    """A form that announces `size` bytes, and of which nothing can be read."""
    stream = io.BytesIO()
    stream.read = stream.readline = pytest.fail  # type: ignore[method-assign,assignment]
    return client.generic(
        "POST",
        reverse(name, kwargs=DOORS[name].kwargs) if name in DOORS else name,
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(size), "wsgi.input": stream},
    )


def test_no_address_reads_three_hundred_megabytes_from_whoever_comes(client) -> None:
    answers = {name: send_large(client, name, 300_000_000) for name in DOORS}
    assert {answer.status_code for answer in answers.values()} == {413}
    assert [name for name, answer in answers.items() if "est trop gros" not in words(answer)] == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_taken_from_people_who_are_in_and_up_to_its_bound(client, name) -> None:
    whoever, most = Client(), FILES[name] + MARGIN
    if name not in FOR_ALL:
        assert send_large(whoever, name, 1_000_001).status_code == 413
    client.force_login(account())
    answer = send_large(client, name, most + 1)
    assert (answer.status_code, f"{most // 1_000_000} Mo au plus" in words(answer)) == (413, True)
    assert most_bytes(name, known=True) == most


def test_every_address_that_reads_files_has_its_bound() -> None:
    forms = {
        "tripartite.web." + ".".join(path.relative_to(ROOMS).with_suffix("").parts): count
        for path in ROOMS.rglob("*.py")
        if (count := path.read_text(encoding="utf-8").count("request.FILES"))
    }
    bound = Counter(resolve(reverse(name, kwargs=DOORS[name].kwargs)).func.__module__ for name in FILES)
    assert {module: count for module, count in forms.items() if bound[module] < count} == {}


def test_every_name_is_that_of_an_address() -> None:
    assert {name for name in [*FILES, *USES] if not name.startswith("api-1:")} <= set(DOORS)


def test_a_session_that_a_forged_cookie_names_is_nobody(client) -> None:
    client.cookies["sessionid"] = "x" * 32
    assert send_large(client, "space-deposit", 1_000_001).status_code == 413


@pytest.mark.parametrize("announced", ["-1", "1e9", "²", "", "abc"])
def test_an_absurd_length_is_no_length(announced) -> None:
    request = type("Asked", (), {"META": {"CONTENT_LENGTH": announced}})
    assert limits.announced_length(request) == 0  # type: ignore[arg-type]


def test_the_api_refuses_in_its_own_shape(client) -> None:
    answer = send_large(client, "/api/v1/estimates", 1_000_001)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad-order")


def test_too_many_files_or_fields_are_a_request_that_is_not_understood(client) -> None:
    files = {f"f{place}": SimpleUploadedFile("a.pdf", b"x") for place in range(21)}
    assert client.post("/verifier/", files).status_code == 400
    assert client.post("/verifier/", {f"f{place}": "" for place in range(2001)}).status_code == 400


@pytest.mark.parametrize("name", sorted(name for name in USES if name in DOORS))
def test_what_costs_is_refused_once_used_too_often(client, bounded, name) -> None:
    address = reverse(name, kwargs=DOORS[name].kwargs)
    method = client.post if USES[name].methods == ("POST",) else client.get
    statuses = [method(address, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    assert (429 in statuses[:2], statuses[2]) == (False, 429)
    answer = method(address, REMOTE_ADDR="192.0.2.1")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Trop d'envois sont partis de votre réseau" in words(answer)
    assert method(address, REMOTE_ADDR="192.0.2.2").status_code != 429
    assert method(address, REMOTE_ADDR="192.0.2.3").status_code == 429  # all together


@pytest.mark.usefixtures("bounded", "offer")
def test_the_api_counts_with_the_screens(client) -> None:
    def ask():
        return client.post("/api/v1/estimates", json.dumps({}), content_type="application/json")

    assert [client.get("/").status_code, ask().status_code] == [200, 422]
    answer = ask()
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too-often")
    assert answer["Retry-After"]


@pytest.mark.usefixtures("bounded", "offer")
def test_agents_are_not_counted(client) -> None:
    client.force_login(account())
    assert [client.get("/").status_code for _ in range(5)] == [200] * 5


@pytest.mark.usefixtures("bounded", "offer")
def test_a_neighbour_of_the_same_ipv6_network_is_the_same_and_a_forged_header_changes_nothing(client) -> None:
    def ask(address: str, forwarded: str = "") -> int:
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return client.get("/", REMOTE_ADDR=address, **headers).status_code

    assert [ask("2001:db8::1"), ask("2001:db8::ffff:2"), ask("2001:db8:0:0:abcd::3")] == [200, 200, 429]
    assert [ask("2001:db8::1", "203.0.113.9"), ask("2001:db8:0:1::1")] == [429, 200]


@pytest.mark.usefixtures("offer")
def test_without_limits_nothing_is_counted(client, settings, django_assert_num_queries) -> None:
    settings.CONFIG = replace(settings.CONFIG, limits={})
    client.get("/mentions-legales/")
    with django_assert_num_queries(0):
        assert limits.count_costly(None, Costly.ESTIMATE) == timedelta(0)  # type: ignore[arg-type]


@pytest.mark.usefixtures("offer")
def test_a_page_that_reads_waits_for_no_writer(client, monkeypatch) -> None:
    def busy(**_: object) -> timedelta:
        raise OperationalError("database is locked")

    monkeypatch.setattr(limits, "count_use", busy)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (timedelta(seconds=0.2), "1 seconde"),
        (timedelta(seconds=59), "59 secondes"),
        (timedelta(seconds=119), "119 secondes"),
        (timedelta(seconds=121), "3 minutes"),
        (HOUR, "60 minutes"),
        (timedelta(hours=2), "2 heures"),
    ],
)
def test_a_wait_is_said_in_words(wait, text) -> None:
    assert wait_text(wait) == text


class Chunks(io.BytesIO):
    """A body without a length, that notes how much of it was read."""

    asked = 0

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self.asked += len(content)
        return content


@pytest.mark.parametrize(
    ("size", "kept", "too_large"), [(0, 0, False), (10, 10, False), (11, 0, True), (5000, 0, True)]
)
def test_a_body_of_no_length_is_measured_and_read_no_further_than_its_bound(size, kept, too_large) -> None:
    seen: dict[str, object] = {}
    body = Chunks(b"x" * size)

    def application(environ, _start):
        seen.update(environ, body=environ["wsgi.input"].read())
        return []

    measured_bodies(application, 10)({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body}, lambda *_: None)
    assert (seen["CONTENT_LENGTH"], len(seen["body"]), seen[TOO_LARGE]) == (str(kept), kept, too_large)  # type: ignore[arg-type]
    assert body.asked == min(size, 11)


def test_a_body_that_announces_its_length_is_left_to_the_server() -> None:
    body = Chunks(b"xyz")
    measured_bodies(lambda *_: [], 1)({"CONTENT_LENGTH": "3", "wsgi.input": body}, lambda *_: None)
    assert body.asked == 0


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json"])
@pytest.mark.parametrize("came", [0, 1, 20, 21])
def test_a_body_cut_on_the_way_is_read_by_nobody_and_a_whole_one_is(content_type: str, came: int) -> None:
    sent = b"siren=1&amount=120000"

    def application(environ, _start):
        request = WSGIRequest(environ | {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type})
        return [request.body]

    ask = measured_bodies(application, 10)
    environ = {"CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent[:came]), "PATH_INFO": "/"}
    if came == len(sent):
        assert ask(environ, lambda *_: None) == [sent]
    else:
        with pytest.raises(UnreadablePostError):
            ask(environ, lambda *_: None)


def test_a_file_cut_on_the_way_is_not_taken_for_a_shorter_one() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n' + b"0" * 70_000
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(len(part) + 8),
        "wsgi.input": io.BytesIO(part),
    }
    with pytest.raises(UnreadablePostError):
        measured_bodies(lambda given, _: [*WSGIRequest(given).FILES], 10)(environ, lambda *_: None)


def test_lines_of_a_body_are_those_that_came() -> None:
    whole = Whole(io.BytesIO(b"a\nb"), 3)
    assert (whole.readline(), whole.readline(), whole.readline(), whole.read()) == (b"a\n", b"b", b"", b"")
    cut = Whole(io.BytesIO(b"a\n"), 3)
    assert cut.readline() == b"a\n"
    with pytest.raises(ConnectionError):
        cut.readline()


def test_a_measured_body_that_was_let_go_of_is_refused(client) -> None:
    answer = client.generic("POST", "/api/v1/estimates", b"", **{TOO_LARGE: True})
    assert answer.status_code == 422
