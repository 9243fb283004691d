"""What cannot be done with a request or a quote."""


class QuoteError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""


class StaleError(QuoteError):
    """An edit made on what somebody has changed since: what changed, by whom. `seen` is the mark of what stands now:
    the same edit made on it goes through.
    """

    def __init__(self, what: str, told: str, seen: str) -> None:
        super().__init__(
            f"{what} a changé pendant que vous l'écriviez. {told} Ce que vous avez écrit est gardé ici : relisez, puis"
            " enregistrez de nouveau pour le mettre à la place."
        )
        self.seen = seen
