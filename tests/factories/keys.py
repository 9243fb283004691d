"""Signature keys in the register, through the services, their certificates made on the spot."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.documents.certificate_files import certificate
from tests.factories import parties
from tests.factories.accounts import AT, TESTER
from tripartite.going_live.services.keys import register_key

DAY = AT.date()
FIRST, LAST = date(2026, 11, 2), date(2029, 11, 1)


PARIS = ZoneInfo("Europe/Paris")


def end_of(day: date) -> datetime:
    """The last instant of a day in Paris: a certificate that ends then has it whole."""
    return datetime.combine(day, time(23, 59, 59), PARIS)


def file_of(first: date = FIRST, last: date = LAST, name: str = "Prénom NOM") -> bytes:
    """The certificate file of a new key that signs from a day to another, inclusive."""
    return certificate(name=name, start=datetime.combine(first, time(9), PARIS), end=end_of(last))


def registered(
    *,
    body: str = "62727",
    name: str = "Prénom NOM",
    function: str = "Maire",
    first: date = FIRST,
    last: date = LAST,
    at: datetime = AT,
    **more: Any,
) -> Any:
    """A key of a commune, Ruitz unless said otherwise, made in its mayor's name for three years."""
    return register_key(
        body_id=more.pop("body_id", None) or parties.body(body).pk,
        holder_name=name,
        holder_function=function,
        content=more.pop("content", None) or file_of(first, last, name),
        actor=TESTER,
        at=at,
        **more,
    )
