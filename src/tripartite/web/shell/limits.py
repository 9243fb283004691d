"""What a request may weigh, and how often what costs may be asked for: said before anything of it is read.

Nothing here depends on a front server. A body is measured by the length that it announces, which the server holds it
to; one that announces none is measured by `measured_bodies`, in front of Django.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.services.attempts import NO_WAIT, count_use, impatient
from tripartite.billing.services.returning import LARGEST as RETURNED
from tripartite.documents.authenticity import LARGEST_UPLOAD
from tripartite.documents.pictures import MAX_BYTES as PICTURE
from tripartite.documents.scans import MAX_BYTES as SCAN
from tripartite.limits import Costly
from tripartite.parties.services.reading import MAX_BYTES as OFFICIAL_FILE
from tripartite.parties.services.spreadsheets import MAX_BYTES as SPREADSHEET
from tripartite.pricing.french import counted
from tripartite.pricing.order import OrderError
from tripartite.pricing.order_text import TOO_BIG
from tripartite.web.shell.client_address import client_network

Answer = Callable[[HttpRequest], HttpResponseBase]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
API = "/api/"
MARGIN = 100_000
"""What a form weighs around the files that it carries."""
OFFICIAL_FILES = 10
FILES = {
    "verification": LARGEST_UPLOAD,
    "space-deposit": SCAN,
    "request-accept": SCAN,
    "request-refuse": SCAN,
    "request-justify": SCAN,
    "refuse-to-sign": SCAN,
    "sign-on-paper": SCAN,
    "sign-outside": SCAN,
    "body-mandates": SCAN,
    "own-mandates": SCAN,
    "mandate-complete": SCAN,
    "key-deposit": SCAN,
    "cohort-import": SPREADSHEET,
    "portal-read": SPREADSHEET,
    "return-read": RETURNED,
    "statement-send": SPREADSHEET,
    "issuer-look": PICTURE,
    "directory-updates": OFFICIAL_FILES * OFFICIAL_FILE,
}
"""The addresses that take files, and what they take together at most, in bytes."""
FOR_ALL = frozenset({"verification"})
"""Those of them that whoever comes may send files to; the others take them from people who are in."""


class Use(NamedTuple):
    """What a use of an address counts as, and the methods by which it is one."""

    costly: Costly
    methods: tuple[str, ...] = ("GET", "POST")


SENT = ("POST",)
USES = {
    "estimator": Use(Costly.ESTIMATE),
    "request-quotes": Use(Costly.ESTIMATE),
    "api-1:estimate": Use(Costly.ESTIMATE),
    "body-options": Use(Costly.SEARCH),
    "api-1:bodies": Use(Costly.SEARCH),
    "grid-current": Use(Costly.TARIFF),
    "api-1:grids": Use(Costly.TARIFF),
    "verification": Use(Costly.VERIFICATION, SENT),
    "calendar-feed": Use(Costly.FEED),
    "login": Use(Costly.LOG_IN, SENT),
    "login-factor": Use(Costly.LOG_IN, SENT),
    "login-passkey": Use(Costly.LOG_IN),
    "password-forgotten": Use(Costly.LINK, SENT),
    "password-reset": Use(Costly.LINK),
    "space-new-link": Use(Costly.LINK, SENT),
    "space-link": Use(Costly.LINK, SENT),
    "space-code": Use(Costly.CODE, SENT),
}
"""The addresses whose uses are counted, for whoever has no account. What a form that is sent brings about, a request
or a letter, is counted where it is done (`Costly.REQUEST`, accounts/services/attempts.py)."""
TOO_LARGE = "tripartite.body_too_large"
"""In the environment of a request whose body was let go of."""


class LimitsMiddleware:
    """Refuses what is too big (413) or asked for too often (429), before the view and the forgery check read it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """What is answered instead of the view, if anything."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        most = int(settings.CONFIG.form_bytes)
        if name in FILES and announced_length(request) > most:  # who sends is looked up for that alone
            most = most_bytes(name, known=_is_known(request, view))
        if request.META.get(TOO_LARGE) or announced_length(request) > most:
            return too_large(request, most)
        use = USES.get(name)
        if use is None or request.method not in use.methods or request.user.is_authenticated:
            return None
        wait = count_costly(request, use.costly)
        return too_often(request, use.costly, wait) if wait else None


def most_bytes(name: str, *, known: bool) -> int:
    """What may be sent to the address of that name, by people who are in or by whoever comes."""
    files = FILES.get(name, 0) if known or name in FOR_ALL else 0
    return files + MARGIN if files else int(settings.CONFIG.form_bytes)


def announced_length(request: HttpRequest) -> int:
    """The length that a request announces; 0 when it announces none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def count_costly(request: HttpRequest, costly: Costly) -> timedelta:
    """Count one use by the network of whoever asks: zero, or how long to wait. A base that is busy counts nothing: a
    page that only reads does not wait for whoever writes.
    """
    bounds = settings.CONFIG.limits.get(costly, ())
    if not bounds:
        return NO_WAIT
    try:
        with impatient():
            return count_use(purpose=costly, who=client_network(request), most=bounds, at=timezone.now())
    except OperationalError:
        return NO_WAIT


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """413: what was sent is let go of, unread; the server closes the connection. The API says what it says of any order
    that is too big, whatever its size: a program meets one code, at every door.
    """
    if request.path.startswith(API):
        return JsonResponse(OrderError("bad-order", TOO_BIG).as_json(), status=422)
    size = f"{most // 1_000_000} Mo" if most >= 1_000_000 else f"{most // 1000} ko"
    return _refusal(request, 413, "too-large", f"Cet envoi est trop gros : {size} au plus ici.", {"size": size})


def too_often(request: HttpRequest, costly: Costly, wait: timedelta) -> HttpResponse:
    """429, with how long to wait."""
    answer = _refusal(
        request,
        429,
        "too-often",
        f"Trop d'envois de votre réseau pour {costly.label}. Réessayez dans {wait_text(wait)}.",
        {"what": costly.label, "wait": wait_text(wait)},
    )
    answer["Retry-After"] = str(max(1, int(wait.total_seconds())))
    return answer


def wait_text(wait: timedelta) -> str:
    """« 45 secondes », « 12 minutes », « 3 heures »: rounded up."""
    seconds = max(1, int(wait.total_seconds()))
    for size, one in ((3600, "heure"), (60, "minute"), (1, "seconde")):
        if seconds >= 2 * size or size == 1:
            count = -(-seconds // size)
            return counted(count, one)
    return ""


def _is_known(request: HttpRequest, view: Any) -> bool:
    """Whether whoever sends is in: by an account, or, where none is asked for, by a session that a link opened."""
    if request.user.is_authenticated:
        return True
    return getattr(view, "action", None) is None and bool(request.session.keys())


def _refusal(request: HttpRequest, status: int, code: str, words: str, context: dict[str, str]) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse({"error": {"code": code, "message": words}}, status=status)
    answer = render(request, f"web/shell/errors/{status}.html", context | {"words": words}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


class Whole:
    """A body that announced its length, and must have it: cut on the way, the server gives what came as if it were all,
    and « 12000 » would be kept as « 12 ». What is read of it then raises ConnectionError: nothing is done.
    """

    def __init__(self, body: Any, length: int) -> None:
        """The body as the server gives it: a reading gives less than it is asked for only at the end."""
        self.body = body
        self.left = length

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all that is left."""
        wanted = self.left if size < 0 else min(size, self.left)
        return self._counted(self.body.read(wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        """A line, of so many bytes at most."""
        return self._counted(self.body.readline(size), min(self.left, 1))

    def _counted(self, found: bytes, least: int) -> bytes:
        if len(found) < least:
            raise ConnectionError("a body was cut on the way")
        self.left -= len(found)
        return found


def measured_bodies(application: Wsgi, most: int) -> Wsgi:
    """The same application, where a body that announces its length is whole or raises (`Whole`); one that does not is
    read in memory, `most` bytes at most, and then has one. Longer, it is let go of, and the application is told
    (`TOO_LARGE`). Django reads nothing of such a body.
    """

    def measured(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(most + 1)
            environ[TOO_LARGE] = len(body) > most
            body = b"" if len(body) > most else body
            environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(len(body)), BytesIO(body)
        elif (length := environ.get("CONTENT_LENGTH") or "0").isdecimal():
            environ["wsgi.input"] = Whole(environ["wsgi.input"], int(length))
        return application(environ, start)

    return measured
