"""What a day brings to issuers: the names that they set for that day."""

from collections.abc import Iterator
from datetime import date, datetime

from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.looks import to_be_renamed
from tripartite.parties.services.looks import take_name


def units(on: date) -> Iterator[Unit]:
    """The issuers that take another name, by their code."""
    for one in to_be_renamed(on):
        yield Unit(one.code, f"Nom d'un émetteur : {one.short_name}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Take one of these names; whether something changed."""
    return take_name(code=key, on=on, actor=actor, at=at)
