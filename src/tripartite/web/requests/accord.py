"""What the page of a request says of the answer in hand: whether it counts, and what changed before it."""

from datetime import date
from typing import Any

from tripartite.quotes.queries.accords import what_accords_lack
from tripartite.quotes.queries.identity import IdentityChange, contact_changes
from tripartite.quotes.states import RequestState


def changes_before_answer(asked: Any, versions: list[Any]) -> list[IdentityChange]:
    """How the contact's address changed before the quotes of the last version were answered online."""
    answers = [quote.answer for quote in versions[-1].quotes.all() if hasattr(quote, "answer")] if versions else []
    if not answers or answers[0].way != "online":
        return []
    return contact_changes(asked.pk, before=answers[0].recorded_at)


def what_answer_lacks(asked: Any, versions: list[Any], today: date) -> str:
    """Why the acceptance in hand does not count; « » when it does, or when there is none."""
    quotes = versions[-1].quotes.all() if versions and asked.state == RequestState.ACCEPTED else ()
    answers = [quote.answer for quote in quotes if hasattr(quote, "answer")]
    return what_accords_lack(asked, answers, on=today)
