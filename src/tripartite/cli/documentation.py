"""`tripartite docs`: the pages of docs/ that the code makes."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from tripartite.accounts.rights import rights_as_markdown
from tripartite.billing import states as billing
from tripartite.config import ROOT, documented_settings
from tripartite.conventions import states as conventions
from tripartite.following import states as visits
from tripartite.going_live import states as going_live
from tripartite.jobs import states as jobs
from tripartite.messages import states as messages
from tripartite.quotes import states as quotes
from tripartite.tariffs import states as tariffs
from tripartite.upkeep.personal import register_as_markdown


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--check", action="store_true", help="dire seulement si elles sont à jour")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the generated pages, or with --check exit with status 1 when one of them is stale."""
    stale = [path for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if arguments.check:
        for path in stale:
            print(f"À refaire par « make docs » : {path.relative_to(ROOT)}")
        return 1 if stale else 0
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
    return 0


def pages() -> Iterator[tuple[Path, str]]:
    """Each generated page with its text."""
    folder = ROOT / "docs"
    yield folder / "configuration.md", _configuration()
    yield folder / "lifecycles.md", _lifecycles()
    yield folder / "rights.md", rights_as_markdown()
    yield folder / "personal-data.md", register_as_markdown()


def _configuration() -> str:
    rows = [f"| `{row['variable']}` | {row['default']} | {row['meaning']} |" for row in documented_settings()]
    head = [
        "# Configuration",
        "",
        "Tableau produit à partir de `config.py`. Chaque réglage est une variable d'environnement.",
        "",
        "| variable | par défaut | sens |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def _lifecycles() -> str:

    lines = [
        "# Cycles de vie",
        "",
        "Tableaux produits à partir des fichiers `states.py`. Un état ne change que par un service, sous verrou,",
        "et le journal le dit dans la même transaction.",
    ]
    for title, labels, transitions in (
        ("Grille", tariffs.LABELS, tariffs.TRANSITIONS),
        ("Demande", quotes.REQUEST_LABELS, quotes.REQUEST_TRANSITIONS),
        ("Devis", quotes.QUOTE_LABELS, quotes.QUOTE_TRANSITIONS),
        ("Convention et avenant", conventions.CONVENTION_LABELS, conventions.CONVENTION_TRANSITIONS),
        ("Modèle de texte", conventions.TEXT_LABELS, conventions.TEXT_TRANSITIONS),
        ("Courriel", messages.LABELS, messages.TRANSITIONS),
        ("Mise en service", going_live.ACTIVATION_LABELS, going_live.ACTIVATION_TRANSITIONS),
        ("Intervention", visits.INTERVENTION_LABELS, visits.INTERVENTION_TRANSITIONS),
        ("Clé de signature", going_live.KEY_LABELS, going_live.KEY_TRANSITIONS),
        ("Facture", billing.INVOICE_LABELS, billing.INVOICE_TRANSITIONS),
        ("Travail", jobs.JOB_LABELS, jobs.JOB_TRANSITIONS),
        ("Unité d'un travail", jobs.UNIT_LABELS, jobs.UNIT_TRANSITIONS),
    ):
        lines += ["", f"## {title}", "", "| état | code | devient |", "|---|---|---|"]
        for state, label in labels.items():
            following = ", ".join(sorted(labels[after] for after in transitions[state])) or "— (fin)"  # type: ignore[index]
            lines.append(f"| {label} | `{state}` | {following} |")
    return "\n".join(lines) + "\n"
