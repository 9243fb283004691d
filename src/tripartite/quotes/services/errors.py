"""What cannot be done with a request or a quote."""


class QuoteError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""


class AskedAlreadyError(QuoteError):
    """The same is asked for the same body, and still in hand, in the request `reference`: made again, knowingly or not
    at all."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"La demande {reference}, en cours, demande déjà cela pour cette structure. Pour en faire une autre"
            " quand même, cochez la case."
        )
        self.reference = reference
