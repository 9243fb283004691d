"""Every address: the screens at the root, the HTTP door under /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("tripartite.api.urls")),
    path("", include("tripartite.web.urls")),
]
