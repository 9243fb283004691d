"""The addresses of the directory."""

from django.urls import path

from tripartite.web.bodies import directory, updates

urlpatterns = [
    path("collectivites/", directory.search, name="body-list"),
    path("collectivites/nouvelle/", directory.create, name="body-create"),
    path("collectivites/mises-a-jour/", updates.list_updates, name="directory-updates"),
    path("collectivites/mises-a-jour/<int:update_id>/", updates.show_update, name="directory-update"),
    path("collectivites/mises-a-jour/<int:update_id>/appliquer/", updates.apply, name="directory-apply"),
    path("collectivites/mises-a-jour/<int:update_id>/completer/", updates.complete, name="directory-complete"),
    path("collectivites/mises-a-jour/<int:update_id>/abandonner/", updates.give_up, name="directory-give-up"),
    path("collectivites/<code:siren>/fin/", updates.end, name="body-end"),
    path("collectivites/<code:siren>/", directory.show_body, name="body"),
    path("collectivites/<code:siren>/confirmer/", directory.confirm, name="body-confirm"),
    path("collectivites/<code:siren>/reunir/", directory.merge, name="body-merge"),
    path("collectivites/<code:siren>/completer/", directory.complete, name="body-complete"),
    path("collectivites/<code:siren>/chiffre/", directory.declare, name="body-figure"),
]
