"""Why a backup cannot be made, read or put back."""


class BackupError(Exception):
    """Said in French, for whoever keeps the backups."""
