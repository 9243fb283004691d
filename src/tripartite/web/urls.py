"""The addresses of the screens: each room lists its own."""

from django.urls import include, path

ROOMS = (
    "estimator",
    "requests",
    "conventions",
    "going_live",
    "keys",
    "running",  # before bodies: its lists stand where an identifier could
    "bodies",
    "shell",
    "office",
    "agenda",
    "verification",
    "space",
)

urlpatterns = [path("", include(f"tripartite.web.{room}.urls")) for room in ROOMS]
