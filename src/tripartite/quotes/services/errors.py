"""What cannot be done with a request or a quote."""


class QuoteError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""
