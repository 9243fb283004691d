"""Who works on conventions."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def agent(log_in: Callable[..., Client]) -> Client:
    """An agent of the CDG; each file says itself what is in force."""
    return log_in()
