"""What is written in the technical logs: one dated line for a refusal, and never a secret.

Links, feeds and resets carry their secret in their address: it is masked wherever an address may be written, by the
logs of Django and of the server alike.
"""

import logging
import re

from tripartite.busy import is_busy

MASK = "…"
SECRET_ADDRESSES = ("/espace/lien/", "/demander/recue/", "/calendriers/", "/mot-de-passe/")
"""The addresses whose next parts are secrets."""
_AFTER = re.compile(rf"((?:{'|'.join(map(re.escape, SECRET_ADDRESSES))}))[^\s?#\"'<>]+")
_ENCODED = re.compile(
    rf"((?:{'|'.join(address.replace('/', '%2F') for address in SECRET_ADDRESSES)}))[^\s?#&\"'<>]+", re.I
)
_RANDOM = re.compile(
    r"(?<![\w-])(?!TRIPARTITE_[A-Z0-9_]+(?![\w-]))(?=(?:[A-Za-z_-]*\d){2})(?=[\d_-]*[A-Za-z])[\w-]{20,}", re.ASCII
)
"""A long word of letters and figures, wherever it stands: a token, a session, a hash; not the name of a setting."""
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]+(?=@)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
REFUSED = frozenset(range(400, 500))


def masked(text: str) -> str:
    """The text without its secrets: addresses that carry one, random words, the name and password of a server."""
    for pattern in (_AFTER, _ENCODED):
        text = pattern.sub(rf"\1{MASK}", text)
    return _CREDENTIALS.sub(MASK, _RANDOM.sub(MASK, text))


def visible(text: str) -> str:
    """The text with its controls written out, so that nobody writes a line of the log by an address."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class LogLine(logging.Formatter):
    """Date, level, logger, words, and who asked, from where, for what a request caused."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return masked(visible(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging names it
        words = super().formatMessage(record)
        asked = who_asked(record)
        return (f"{words} · {asked}" if asked else words).replace("\n", "\\x0a")


class OneLine(logging.Filter):
    """Lets the trace go of what is refused, and of a base that was busy: nothing in the code is at fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if getattr(record, "status_code", 0) in REFUSED or is_busy(error):
            record.msg = f"{record.getMessage()} ({error})" if error else record.getMessage()
            record.args, record.exc_info, record.exc_text = None, None, None
        return True


def who_asked(record: logging.LogRecord) -> str:
    """« 403 GET, compte 12, 192.0.2.1 »; nothing for a line that no request caused. It asks the base nothing."""
    request = getattr(record, "request", None)
    if request is None or not hasattr(request, "META"):
        return ""
    from django.conf import settings  # noqa: PLC0415 - settings load this module

    from tripartite.web.shell.client_address import client_address  # noqa: PLC0415

    account = getattr(getattr(request, "_cached_user", None), "pk", None)
    unread = "compte non lu" if settings.SESSION_COOKIE_NAME in request.COOKIES else "sans compte"
    who = f"compte {account}" if account else unread
    return f"{getattr(record, 'status_code', '')} {request.method}, {who}, {client_address(request)}".strip()
