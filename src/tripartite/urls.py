"""Every address: the screens at the root, the HTTP door under /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("tripartite.api.urls")),
    path("", include("tripartite.web.urls")),
]

handler400 = "tripartite.web.shell.errors.bad_request"
handler403 = "tripartite.web.shell.errors.refused"
handler404 = "tripartite.web.shell.errors.not_found"
handler500 = "tripartite.web.shell.errors.broken"
