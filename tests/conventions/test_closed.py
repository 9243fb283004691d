"""Which acts a convention is closed to, state by state."""

from datetime import date

import pytest

from tripartite.conventions.models import Convention
from tripartite.conventions.queries.closed import why_not_amended, why_not_ended
from tripartite.conventions.states import ConventionState as State


@pytest.mark.parametrize("why", [why_not_amended, why_not_ended])
def test_only_a_convention_in_force_whose_end_is_not_noted_is_amended_or_ended(why) -> None:
    assert {state for state in State if not why(Convention(state=state))} == {State.IN_FORCE}
    assert "30/06/2027" in why(Convention(state=State.IN_FORCE, ended_on=date(2027, 6, 30)))
    assert "avenant" in why(Convention(state=State.IN_FORCE, parent_id=1))
