"""`make bench`: every measure, by hand; name some to run only those (`python -m bench pricing issue`). `load` is apart:
it wants locust, which `make load` installs.
"""

import importlib
import sys

from bench.stopping import stop_in_order

MEASURES = ("start", "pricing", "directory", "paper", "invoices", "issue", "billing", "pages", "lists", "daily")


def main() -> None:
    """Run the measures named on the command line, or all."""
    for name in sys.argv[1:] or MEASURES:
        importlib.import_module(f"bench.{name}").run()
        print()


stop_in_order()
try:
    main()
except KeyboardInterrupt:
    sys.exit("Mesure interrompue : ce qu'elle avait lancé est arrêté.")
