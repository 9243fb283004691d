"""Why nothing can be done with a file or with the seal, in French."""


class UnreadablePdf(Exception):  # noqa: N818 - names what was found
    """Why a file cannot be verified, in French, for whoever gave it."""


class SealError(Exception):
    """Why nothing can be sealed; the message, in French, says what to do."""
