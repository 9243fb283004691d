"""What a supervisor reads: whether all runs, and figures. The detail is for the machine itself, or a token's bearer."""

from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tripartite.upkeep.queries.health import health, worst
from tripartite.upkeep.queries.metrics import CONTENT_TYPE, metrics
from tripartite.upkeep.states import PART_LABELS, PartState
from tripartite.version import VERSION
from tripartite.web.office.health_log import HEALTH_LOG


@never_cache
@require_GET
def show_health(request: HttpRequest) -> HttpResponse:
    """200 when everything does what it is there for, 503 when a part does not; which one, to those who may know."""
    at = timezone.now()
    parts = health(at=at)
    HEALTH_LOG.note(parts, at=at)
    whole = worst(parts)
    told: dict[str, object] = {"status": whole}
    if may_watch(request):
        told["version"] = VERSION
        told["parts"] = {
            part.code: {"status": part.state, "label": PART_LABELS[part.state], "words": part.words} for part in parts
        }
    status = 503 if whole is PartState.FAILING else 200
    return _logged(JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False}))


@never_cache
@require_GET
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The figures, as Prometheus reads them; this address is not there for anybody else."""
    if not may_watch(request):
        raise Http404
    at = timezone.now()
    try:
        return HttpResponse(metrics(at=at), content_type=CONTENT_TYPE)
    except DatabaseError:
        HEALTH_LOG.note(health(at=at), at=at)
        answer = HttpResponse("La base ne répond pas.\n", status=503, content_type="text/plain; charset=utf-8")
        return _logged(answer)


def _logged(answer: HttpResponse) -> HttpResponse:
    """An answer of which the log has its line, where one was due: Django writes none at each probe that finds it so."""
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - as Django marks it
    return answer


def may_watch(request: HttpRequest) -> bool:
    """The token of the settings, or a request of this machine that came through no front server."""
    expected: str = settings.CONFIG.supervision_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if expected and scheme.lower() == "bearer" and constant_time_compare(given.strip(), expected):
        return True
    return "X-Forwarded-For" not in request.headers and _is_here(request.META.get("REMOTE_ADDR", ""))


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
