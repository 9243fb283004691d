"""What cannot be done with a convention."""


class ConventionError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""
