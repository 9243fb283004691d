"""The pure core: orders a second, against summing the same integers; and ten thousand orders through one process."""

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from bench.measuring import line, median_seconds
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

ROOT = Path(__file__).resolve().parents[1]
GRID = ROOT / "grids/cdg62/2024-03-26.toml"
ORDER = {
    "on": "2024-04-15",
    "grid": str(GRID),
    "beneficiary": {"kind": "commune", "department": "62", "population": 1850, "staff": 9},
    "lines": [
        {"service": "messagerie-5go", "quantity": 7},
        {"service": "messagerie-illimitee", "quantity": 1},
        {"service": "nom-de-domaine", "quantity": 2},
        {"service": "page-internet", "quantity": 1},
        {"service": "cle-signature-3-cdg", "quantity": 2},
        {"service": "sauvegarde", "quantity": 1},
        {"service": "stockage-supplementaire", "quantity": 20},
        {"service": "antivirus", "quantity": 5},
        {"service": "antivirus-intervention", "quantity": 5},
        {"service": "demarches-simplifiees", "quantity": 1},
    ],
}


def run() -> None:
    """Print the figures of pricing."""
    print("Prix (cœur pur), une demande de dix lignes")
    text = GRID.read_text(encoding="utf-8")
    grid = read_grid(text)
    order = parse_order(ORDER).order(on=date(2024, 4, 15))
    amounts = [entry.amount_cents or 0 for entry in price_order(grid, order).lines]
    floor = median_seconds(lambda: sum(amounts), runs=15, times=20_000)
    pure = median_seconds(lambda: price_order(grid, order), runs=15, times=2_000)
    full = median_seconds(
        lambda: price_order(grid, parse_order(ORDER).order(on=date(2024, 4, 15))).as_json(), runs=15, times=500
    )
    line("somme des mêmes entiers (plancher)", f"{floor * 1e6:.2f} µs")
    line("prix d'une demande de dix lignes", f"{pure * 1e6:.1f} µs", pure / floor, "le plancher")
    line("demandes chiffrées par seconde", f"{1 / pure:,.0f}".replace(",", " "))
    line("lecture du JSON, prix, explications, JSON", f"{full * 1e6:.0f} µs", full / pure, "le prix seul")
    line("lecture de la grille", f"{median_seconds(lambda: read_grid(text), runs=5) * 1e3:.1f} ms")
    _ten_thousand()


def _ten_thousand() -> None:
    """10 000 orders through `tripartite estimate --format jsonl -`, in one process."""
    with tempfile.TemporaryFile("w+") as orders:
        orders.write((json.dumps(ORDER) + "\n") * 10_000)

        def price_all() -> None:
            orders.seek(0)
            done = subprocess.run(
                [Path(sys.executable).with_name("tripartite"), "estimate", "--format", "jsonl", "-"],
                stdin=orders,
                stdout=subprocess.PIPE,
                check=True,
            )
            answered = done.stdout.count(b"\n")
            if answered != 10_000 or b'"error"' in done.stdout:
                raise RuntimeError(f"{answered} answers")

        seconds = median_seconds(price_all, runs=3)
    line("10 000 demandes par la ligne de commande (jsonl)", f"{seconds:.1f} s")
