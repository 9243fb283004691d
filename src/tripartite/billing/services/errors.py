"""What cannot be done in billing."""


class BillingError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""
