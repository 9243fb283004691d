"""Who the command line is, in the journal."""

import getpass

from tripartite.journal.services import Actor


def command_actor() -> Actor:
    """The person at the keyboard, by the name of the system's account."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "compte inconnu"
    return Actor(f"ligne de commande ({name})")
