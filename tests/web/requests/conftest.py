"""Who works on requests."""

import pytest


@pytest.fixture
def agent(log_in):
    """An agent of the CDG."""
    return log_in()


@pytest.fixture
def operator(log_in):
    """An agent of the operator, whose line the extra storage is."""
    return log_in(issuer_code="lfn")
