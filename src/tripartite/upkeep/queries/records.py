"""When the installation was last kept safe, as the journal tells it."""

from datetime import datetime

from tripartite.journal.queries import last_told

BACKUP = "backup"
"""The kind of subject under which the journal tells of backups."""


def last_backup() -> datetime | None:
    """When the last backup was made."""
    return last_told(BACKUP, "upkeep.backup")


def last_drill() -> datetime | None:
    """When a backup was last put back, for real or apart."""
    found = [at for action in ("upkeep.drill", "upkeep.restore") if (at := last_told(BACKUP, action)) is not None]
    return max(found, default=None)
