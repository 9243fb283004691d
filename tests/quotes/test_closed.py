"""Which answers and changes a request is closed to, state by state."""

import pytest

from tripartite.quotes.models import Request
from tripartite.quotes.queries.closed import why_not_answered, why_not_revised
from tripartite.quotes.states import RequestState as State

NOTHING = "Demande « {} » : il n'y a pas de devis à accepter ou à refuser."


@pytest.mark.parametrize(
    ("state", "accepting", "refusing"),
    [
        (State.ACCEPTED, "C'est déjà fait : demande « devis acceptés ».", NOTHING.format("devis acceptés")),
        (State.CANCELLED, NOTHING.format("annulée"), NOTHING.format("annulée")),
        (State.ENGAGED, "C'est déjà fait : demande « convention signée ».", NOTHING.format("convention signée")),
        (State.QUOTED, "", ""),
        (State.RECEIVED, NOTHING.format("à émettre"), NOTHING.format("à émettre")),
        (State.REFUSED, NOTHING.format("devis refusés"), "C'est déjà fait : demande « devis refusés »."),
    ],
)
def test_an_answer_is_given_once_to_quotes_in_hand(state, accepting, refusing) -> None:
    request = Request(state=state)
    assert (why_not_answered(request, State.ACCEPTED), why_not_answered(request, State.REFUSED)) == (
        accepting,
        refusing,
    )


def test_what_is_asked_changes_until_it_is_signed_or_cancelled() -> None:
    assert {state for state in State if why_not_revised(Request(state=state))} == {State.CANCELLED, State.ENGAGED}
