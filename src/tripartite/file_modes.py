"""Which files of an installation the other accounts of the machine may open, and closing them."""

from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from tripartite.config import Config

OTHERS, WRITTEN_BY_OTHERS = 0o077, 0o022
UMASK = 0o077
"""What is made is its owner's alone: set at the start of every process (cli/main.py, wsgi.py)."""


@dataclass(frozen=True, slots=True)
class ModeFinding:
    """A file or a folder that others may open: its mode, and what to do, in French."""

    path: Path
    mode: int
    words: str


def file_mode_findings(config: Config) -> list[ModeFinding]:
    """What others of the machine may read or write of the data folder, the embedded base, the seal and the secret key;
    and who may add an authority to the trusted ones. Nothing when all is closed.

    A data folder that is closed closes all that it holds.
    """
    var_open = _open(config.var, OTHERS)
    private = [config.var, *(_inside(config.var) if var_open else ()), *_outside(config)]
    found = [
        ModeFinding(path, _mode(path), f"ouvert à d'autres comptes de la machine : chmod {closed:o} {path}")
        for path in private
        if _open(path, OTHERS)
        for closed in [0o700 if path.is_dir() else 0o600]
    ]
    trusted = [config.trust_folder, *_inside(config.trust_folder)]
    return found + [
        ModeFinding(path, _mode(path), f"d'autres comptes peuvent y changer une autorité : chmod go-w {path}")
        for path in trusted
        if _open(path, WRITTEN_BY_OTHERS) and not path.is_relative_to(config.var)
    ]


def close_files(config: Config) -> list[Path]:
    """Close the data folder and the embedded base to others, and answer what was open. The seal is left as whoever
    keeps it put it.
    """
    own = [config.var, *_inside(config.var), *_base(config)]
    opened = [path for path in own if _open(path, OTHERS)]
    for path in opened:
        path.chmod(_mode(path) & ~OTHERS)
    return opened


def _outside(config: Config) -> list[Path]:
    seal = [Path(config.seal_file)] if config.seal_file else []
    return [path for path in (*_base(config), *seal) if not path.is_relative_to(config.var)]


def _base(config: Config) -> list[Path]:
    if not config.database_url.startswith("sqlite:///"):
        return []
    base = config.database_url.removeprefix("sqlite:///")
    return [Path(base + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_symlink()) if folder.is_dir() else []


def _open(path: Path, bits: int) -> bool:
    return path.exists() and bool(_mode(path) & bits)


def _mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)
