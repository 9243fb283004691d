"""Make .venv and install one list of packages in it, each checked by its hash: `python3 requirements/install.py run`.

Runs on a bare Python 3.11 or newer. Debian splits `venv` and `pip` off: whichever of pip, ensurepip or uv is there is
used, and when none is, one line says which package to install.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(name: str) -> int:
    """Install the list `name` (run or dev) and leave its stamp. Exit status 1, said in French, when it cannot be."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may run
        print("Tripartite demande Python 3.11 ou plus récent : installer le paquet « python3.11 ».", file=sys.stderr)
        return 1
    installer = _installer()
    if installer is None:
        print(
            "Il manque à Python de quoi installer des paquets : sudo apt install python3-venv (ou python3-pip).",
            file=sys.stderr,
        )
        return 1
    print("Installation des paquets dans .venv…", flush=True)
    steps = [
        [*installer, "--require-hashes", "-r", str(ROOT / "requirements" / f"{name}.txt")],
        [*installer, "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
        [str(PYTHON), "-m", "compileall", "-q", str(ROOT / "src")],  # whoever runs it may not be let write there
    ]
    for step in steps:
        done = subprocess.run(step, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
        if done.returncode:
            print(done.stdout, done.stderr, "L'installation a échoué : le réseau répond-il ?", file=sys.stderr)
            return 1
    for stamp in ("run", *(["dev"] if name == "dev" else [])):
        (VENV / f"{stamp}.stamp").touch()
    return 0


def _installer() -> list[str] | None:
    """The command that installs into .venv, which is made if it is not there; None when nothing can."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        if not _has_pip() and not _made("venv", "--clear"):
            return None
        return [str(PYTHON), "-m", "pip", "install", "--quiet"]
    if uv := shutil.which("uv"):
        if not PYTHON.exists():
            subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)  # noqa: S603
        os.environ.pop("VIRTUAL_ENV", None)
        return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    if importlib.util.find_spec("pip") and (PYTHON.exists() or _made("venv", "--clear", "--without-pip")):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet"]
    return None


def _has_pip() -> bool:
    return PYTHON.exists() and _works([str(PYTHON), "-c", "import pip"])


def _made(*arguments: str) -> bool:
    return _works([sys.executable, "-m", *arguments, str(VENV)])


def _works(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
