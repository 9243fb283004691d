"""What this installation lets the reading of one file take."""

from django.conf import settings

from tripartite.bounded.reading import MIB, Limits


def allowance(*, public: bool = False, network: bool = False, answer: int = 4 * MIB) -> Limits:
    """The settings TRIPARTITE_READING_…, for a file that a person we know gives. For one from a `public` page, a place,
    if there are two, is left to those, and a process has one such file read at a time.
    """
    config = settings.CONFIG
    return Limits(
        folder=config.var / "readers",
        seconds=config.reading_seconds,
        memory=config.reading_memory * MIB,
        places=max(1, config.reading_places - public),
        patience=config.reading_patience,
        answer=answer,
        network=network,
        alone=public,
    )
