"""What this installation lets the reading of one file take."""

from django.conf import settings

from tripartite.bounded.reading import MIB, Limits


def allowance(*, spare: int = 0, network: bool = False, answer: int = 4 * MIB) -> Limits:
    """The settings TRIPARTITE_READING_…, for a file that anybody may give; `spare` places, if there are as many, are
    left to others.
    """
    config = settings.CONFIG
    return Limits(
        folder=config.var / "readers",
        seconds=config.reading_seconds,
        memory=config.reading_memory * MIB,
        places=max(1, config.reading_places - spare),
        patience=config.reading_patience,
        answer=answer,
        network=network,
    )
