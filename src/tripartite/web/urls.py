"""The addresses of the screens: each room lists its own."""

from django.urls import URLPattern

from tripartite.web.agenda.urls import urlpatterns as agenda
from tripartite.web.billing.urls import urlpatterns as billing
from tripartite.web.bodies.urls import urlpatterns as bodies
from tripartite.web.conventions.urls import urlpatterns as conventions
from tripartite.web.estimator.urls import urlpatterns as estimator
from tripartite.web.going_live.urls import urlpatterns as going_live
from tripartite.web.keys.urls import urlpatterns as keys
from tripartite.web.office.urls import urlpatterns as office
from tripartite.web.requests.urls import urlpatterns as requests
from tripartite.web.running.urls import urlpatterns as running
from tripartite.web.shell.urls import urlpatterns as shell
from tripartite.web.space.urls import urlpatterns as space
from tripartite.web.verification.urls import urlpatterns as verification

urlpatterns: list[URLPattern] = [
    *estimator,
    *requests,
    *conventions,
    *going_live,
    *keys,
    *running,  # before bodies: its lists stand where an identifier could
    *bodies,
    *shell,
    *office,
    *agenda,
    *billing,
    *verification,
    *space,
]
