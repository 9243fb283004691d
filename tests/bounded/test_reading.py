"""Whatever a reader does, its file is answered in words, and nothing of it remains."""

import os
import re
import socket
import threading
import time
from pathlib import Path

import pytest

from tripartite.bounded import starting
from tripartite.bounded.places import a_place
from tripartite.bounded.reading import MIB, Limits, read_bounded
from tripartite.bounded.refusals import Busy, NotRead, TooBig, TooLong

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def _with_the_readers_of_tests():
    as_it_is, starting.SOURCE = starting.SOURCE, f"{starting.SOURCE}{os.pathsep}{ROOT}"
    starting.SERVER.stop()
    yield
    starting.SERVER.stop()
    starting.SOURCE = as_it_is


@pytest.fixture
def limits(tmp_path):
    return Limits(tmp_path / "readers", seconds=1, memory=256 * MIB, answer=100_000, places=2, patience=60)


def ask(name, limits, answer=str, **given):
    return read_bounded(f"tests.bounded.readers:{name}", answer, limits=limits, **given)


def readers_alive():
    """The processes that come from the server."""
    server = starting.SERVER.process
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split() if server else []


def test_what_is_read_comes_back(limits):
    assert ask("echo", limits, said="« é » \ud800 \0") == "« é » \ud800 \0"


@pytest.mark.parametrize(
    ("reader", "given", "refusal"),
    [
        ("spin", {}, TooLong),
        ("swell", {}, TooBig),
        ("shout", {"size": 100_001}, TooBig),
        ("die", {}, TooBig),
        ("crash", {}, NotRead),
        ("fail", {}, NotRead),
        ("lie", {}, NotRead),
        ("deep", {}, NotRead),
        ("start", {}, NotRead),
        ("reach", {"port": 9}, NotRead),
        ("nobody", {}, NotRead),
    ],
)
def test_a_reader_that_misbehaves_is_one_refusal_and_leaves_nothing(limits, reader, given, refusal):
    with pytest.raises(NotRead) as refused:
        ask(reader, limits, **given)
    assert (type(refused.value), str(refused.value)) == (refusal, refusal.words)
    assert readers_alive() == []
    assert ask("echo", limits, said="et après") == "et après"


def test_one_that_waits_for_ever_is_ended(limits, monkeypatch):
    monkeypatch.setattr(Limits, "in_all", property(lambda _: 0.5))
    with pytest.raises(TooLong):
        ask("sleep", limits)
    assert readers_alive() == []


def test_what_failed_is_logged_without_a_word_of_the_file(limits, caplog):
    with pytest.raises(NotRead):
        ask("fail", limits)
    assert re.fullmatch(r"tests\.bounded\.readers:fail: KeyError, readers\.py:\d+", caplog.messages[0])


def test_no_file_is_written(limits, tmp_path):
    with pytest.raises(NotRead):
        ask("write", limits, path=str(tmp_path / "left"))
    assert not (tmp_path / "left").exists() or (tmp_path / "left").read_text() == ""


def test_the_network_is_there_only_where_it_is_asked_for(limits):
    with socket.create_server(("127.0.0.1", 0)) as heard:
        port = heard.getsockname()[1]
        with pytest.raises(NotRead):
            ask("reach", limits, port=port)
        assert ask("reach", Limits(limits.folder, network=True), port=port) == ""


def test_a_reader_knows_no_secret(limits, monkeypatch):
    for name in ("TRIPARTITE_SECRET_KEY", "DATABASE_URL", "TRIPARTITE_SEAL_PASSWORD"):
        monkeypatch.setenv(name, "secret")
    starting.SERVER.stop()
    found = ask("surroundings", limits, dict[str, str])
    assert sorted(found.keys() - {"pid"} - {"LC_CTYPE"}) == [
        "LANG",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONNOUSERSITE",
        "PYTHONPATH",
    ]
    assert "secret" not in found.values()


def test_more_than_a_reader_takes_is_not_sent(limits):
    with pytest.raises(TooBig):
        ask("echo", limits, said="0" * (64 * MIB))


def test_a_server_that_is_gone_is_started_anew(limits):
    ask("echo", limits, said="avant")
    starting.SERVER.process.kill()
    starting.SERVER.process.wait()
    assert ask("echo", limits, said="après") == "après"


def test_a_fork_has_a_server_of_its_own(limits):
    ask("echo", limits, said="avant")
    first = starting.SERVER.process.pid
    coming, going = os.pipe()
    child = os.fork()
    if child == 0:
        said = ask("echo", limits, said="dans la copie")
        os.write(going, f"{said}, {starting.SERVER.process.pid != first}".encode())
        starting.SERVER.stop()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(going)
    with os.fdopen(coming) as told:
        assert told.read() == "dans la copie, True"
    assert ask("echo", limits, said="après") == "après"


def test_so_many_at_once_and_the_others_are_told_that_we_are_busy(limits):
    """Four at once for two places: each has its own answer, none stands in the way of another page."""
    patient, hurried = limits, Limits(limits.folder, places=2, patience=0)
    answers = []

    def read():
        answers.append(ask("echo", patient, said="lu"))

    with a_place(limits.folder, places=2, patience=0), a_place(limits.folder, places=2, patience=0):
        with pytest.raises(Busy, match="réessayez dans un instant"):
            ask("echo", hurried, said="trop")
        waiting = [threading.Thread(target=read) for _ in range(4)]
        for one in waiting:
            one.start()
        time.sleep(0.1)
        assert answers == []
    for one in waiting:
        one.join()
    assert answers == ["lu"] * 4


def test_a_place_is_free_again_when_its_holder_dies(limits):
    child = os.fork()
    if child == 0:
        with a_place(limits.folder, places=1, patience=0):
            os._exit(1)
    os.waitpid(child, 0)
    with a_place(limits.folder, places=1, patience=0):
        pass
