"""Addresses that fail, each in its way, under the site's own error pages."""

from contextlib import closing
from sqlite3 import connect
from tempfile import TemporaryDirectory

import psycopg
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.urls import include, path

from tripartite.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def breaks(request, token=""):
    raise RuntimeError(f"le secret de la machine {token}")


def misunderstands(request):
    raise BadRequest("détail technique")


def forbids(request):
    raise PermissionDenied("Ce compte ne permet pas cela.")


def meets_a_locked_base(request):
    """As Django passes on what SQLite raises when another writes."""
    with (
        TemporaryDirectory() as folder,
        closing(connect(f"{folder}/base")) as one,
        closing(connect(f"{folder}/base", timeout=0)) as two,
    ):
        one.execute("BEGIN IMMEDIATE")
        with connection.wrap_database_errors:
            two.execute("BEGIN IMMEDIATE")


def meets_a_full_disk(request):
    with closing(connect(":memory:")) as one, connection.wrap_database_errors:
        one.execute("PRAGMA max_page_count = 1")
        one.execute("CREATE TABLE one (value)")


def loses_its_base(request):
    """As Django passes on what the driver raises when the server went away."""
    with connection.wrap_database_errors:
        raise psycopg.errors.AdminShutdown("terminating connection due to administrator command")


urlpatterns = [
    path("plein/", meets_a_full_disk),
    path("api/v1/plein/", meets_a_full_disk),
    path("coupe/", loses_its_base),
    path("api/v1/coupe/", loses_its_base),
    path("interdit/", forbids),
    path("occupe/", meets_a_locked_base),
    path("api/v1/occupe/", meets_a_locked_base),
    path("panne/", breaks),
    path("panne/<str:token>/", breaks),
    path("mal-forme/", misunderstands),
    path("", include("tripartite.web.urls")),
]
