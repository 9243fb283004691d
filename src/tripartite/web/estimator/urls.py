"""The addresses of the estimator, of what follows from it, of the voted tariff."""

from django.urls import path

from tripartite.web.estimator import page, public_request, tariff

urlpatterns = [
    path("", page.estimator, name="estimator"),
    path("demandes/estimation/", page.agents_estimator, name="request-estimate"),
    path("demandes/estimation/propositions/", page.agents_options, name="request-options"),
    path("propositions/", page.body_options, name="body-options"),
    path("demander/", public_request.request_quotes, name="request-quotes"),
    path("demander/recue/<str:sealed>/", public_request.request_received, name="request-received"),
    path("tarif/", tariff.tariff, name="grid-current"),
]
