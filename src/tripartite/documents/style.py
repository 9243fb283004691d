"""How the papers of an issuer look beside what they say: its colours and its logo, as a payload keeps them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Accent:
    """The colours of an issuer on a light ground (« #0b5a6e »): its own, one for large text, for lines, for grounds."""

    plain: str
    strong: str
    line: str
    tint: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that is kept (`sha256`), what stands for it when it is read aloud, and its size in pixels."""

    sha256: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PaperStyle:
    """The colours and logos of those whom a paper names, by their slot; an issuer that set none is in neither."""

    accents: tuple[tuple[int, Accent], ...] = ()
    logos: tuple[tuple[int, Logo], ...] = ()

    def as_payload(self) -> dict[str, Any]:
        """What a payload says of it: nothing where nothing is set."""
        found: dict[str, Any] = {}
        if self.accents:
            found["accents"] = {str(slot): asdict(accent) for slot, accent in self.accents}
        if self.logos:
            found["logos"] = {str(slot): asdict(logo) for slot, logo in self.logos}
        return found


PLAIN = PaperStyle()
"""Nothing is set: the colours that slots have of themselves."""


def read_style(payload: Mapping[str, Any]) -> PaperStyle:
    """The style that `PaperStyle.as_payload` put into a payload."""
    return PaperStyle(
        tuple((int(slot), Accent(**said)) for slot, said in payload.get("accents", {}).items()),
        tuple((int(slot), Logo(**said)) for slot, said in payload.get("logos", {}).items()),
    )
