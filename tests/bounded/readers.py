"""Readers that misbehave, as a library might on a file made for it. They are called apart."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def echo(said: str) -> str:
    return said


def spin() -> str:
    while True:
        pass


def sleep() -> str:
    time.sleep(60)
    return ""


def swell() -> str:
    return "0" * 2_000_000_000


def shout(size: int) -> str:
    return "0" * size


def die() -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def crash() -> str:
    os.abort()


def fail() -> str:
    raise KeyError("what the file says")


def lie() -> int:
    return 3


def deep() -> str:
    return deep()


def write(path: str) -> str:
    Path(path).write_text("said", encoding="utf-8")
    return ""


def reach(port: int) -> str:
    socket.create_connection(("127.0.0.1", port))
    return ""


def start() -> str:
    return subprocess.check_output([sys.executable, "-V"], text=True)


def surroundings() -> dict[str, str]:
    return dict(os.environ) | {"pid": str(os.getpid())}
