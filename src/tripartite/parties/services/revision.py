"""Telling search indexes that the directory has changed."""

from uuid import uuid4

from tripartite.parties.models import DirectoryRevision


def mark_changed() -> None:
    """Change the directory's token, in the caller's transaction. A token never comes back, even after a rollback."""
    DirectoryRevision.objects.update_or_create(id=1, defaults={"token": uuid4().hex})
