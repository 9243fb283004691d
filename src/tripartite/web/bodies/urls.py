"""The addresses of the directory."""

from django.urls import path

from tripartite.web.bodies import directory

urlpatterns = [
    path("collectivites/", directory.search, name="body-list"),
    path("collectivites/nouvelle/", directory.create, name="body-create"),
    path("collectivites/<code:siren>/", directory.show_body, name="body"),
    path("collectivites/<code:siren>/completer/", directory.complete, name="body-complete"),
    path("collectivites/<code:siren>/chiffre/", directory.declare, name="body-figure"),
]
