"""What a form cannot accept, by field."""

from collections.abc import Mapping


class FieldErrors(Exception):  # noqa: N818 - several errors
    """Values that a rule refuses: `fields` gives, by argument name, a French message that says what to write."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)
