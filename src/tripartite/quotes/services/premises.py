"""What later steps verify of a request before its quotes are issued, or accepted (`settings.QUOTE_CHECKS`)."""

from importlib import import_module
from typing import Any

from django.conf import settings


def check_premises(request: Any) -> None:
    """Ask every step that has a say. Raises QuoteError when one of them refuses."""
    for name in settings.QUOTE_CHECKS:
        import_module(name).check_request(request)
