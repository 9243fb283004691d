"""Addresses that fail, each in its way, under the site's own error pages."""

from django.core.exceptions import BadRequest
from django.urls import include, path

from tripartite.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def breaks(request):
    raise RuntimeError("le secret de la machine")


def misunderstands(request):
    raise BadRequest("détail technique")


urlpatterns = [
    path("panne/", breaks),
    path("mal-forme/", misunderstands),
    path("", include("tripartite.web.urls")),
]
