"""The secret key that local mode makes: one, however many processes start at once, and whatever one left behind."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tripartite.config import read_config


def key_of(var: Path) -> str:
    return read_config({"TRIPARTITE_VAR": str(var), "TRIPARTITE_MODE": "local"}).secret_key


def test_all_who_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starting:
        keys = set(starting.map(key_of, [tmp_path / "var"] * 40))
    assert keys == {(tmp_path / "var" / "secret-key").read_text()}
    assert len(keys.pop()) >= 50


def test_a_key_that_a_killed_process_left_empty_is_made(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch(0o600)
    made = key_of(tmp_path)
    assert (len(made) >= 50, key_of(tmp_path)) == (True, made)
