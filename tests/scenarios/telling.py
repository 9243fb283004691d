"""A story being told: the body, its files by name, what each step answers."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.scenarios.story import Step, StoryError
from tripartite.conventions.queries.conventions import convention_by_id, conventions_of_request
from tripartite.parties.queries.mandates import mandates_of
from tripartite.quotes.queries.requests import request_by_id

USUAL_FILE = "principal"


def plain(text: str) -> str:
    """A sentence with ordinary spaces, as one types it: no-break ones are for papers and screens."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Refused(Exception):  # noqa: N818 - a refusal is what a story may expect
    """What a door said when it refused, sentence by sentence."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = tuple(map(plain, sentences))
        super().__init__(" / ".join(self.sentences))


@dataclass
class Telling:
    """Where the story stands. `files` are the keys of the requests, by the name that the story gives them; `former` the
    bodies that were merged into the present one, `left` those from which the story turned to another.
    """

    body: Any
    files: dict[str, int] = field(default_factory=dict)
    current: str = USUAL_FILE
    former: list[Any] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)

    def open(self, step: Step) -> None:
        """Take the file that a step names; the last one otherwise."""
        self.current = step.said.get("file", self.current)

    def add(self, request: Any, name: str = "") -> None:
        self.current = name or self.current
        self.files[self.current] = request.pk

    @property
    def request(self) -> Any:
        """The request of the current file, read again."""
        if self.current not in self.files:
            raise StoryError(f"aucun dossier « {self.current} » : une étape « ask » l'ouvre.")
        return request_by_id(self.files[self.current])

    @property
    def convention(self) -> Any:
        """The latest convention of the current file, read again; None before there is one."""
        if self.current not in self.files:
            return None
        found = conventions_of_request(self.files[self.current])
        return convention_by_id(found[0].pk) if found else None

    @property
    def prepared(self) -> Any:
        """The convention that a step bears on."""
        if self.convention is None:
            raise StoryError(
                f"aucune convention dans le dossier « {self.current} » : une étape « prepare » la prépare."
            )
        return self.convention

    def signatory(self, role: str) -> Any:
        for one in self.prepared.signatories.all():
            if one.role == role:
                return one
        raise StoryError(f"« {role} » ne signe pas : écrire beneficiary, lfn ou cdg62.")

    def act(self, number: str, role: str = "beneficiary") -> Any:
        """The act of that number, of a party."""
        acts = mandates_of(body_id=self.body.pk) if role == "beneficiary" else mandates_of(issuer=role)
        for one in acts:
            if one.number == number:
                return one
        raise StoryError(f"aucun acte « {number} » : une étape « record-act » l'enregistre.")


def order_of(said: dict[str, Any]) -> dict[str, Any]:
    """The order that a step says, in the contract's shape."""
    return {"lines": _lines(said["lines"]), "in_service": _lines(said.get("in_service", {}))}


def _lines(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"service": code, **(_plain(said) if isinstance(said, dict) else {"quantity": _number(said)})}
        for code, said in table.items()
    ]


def _plain(value: Any) -> Any:
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else _number(value)


def _number(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else float(value)


def cents(amount: Decimal) -> int:
    """1200.00 as 120000, exactly."""
    return int(amount * 100)


def euros(whole: int) -> str:
    """120000 as 1200.00, as stories write it."""
    return f"{Decimal(whole) / 100:.2f}"
